import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { groupStatus } from '../../shared/lib/format/watch-groups';
import { rem } from '../format/text-scale';
import { Clip } from '../kit/Clip';
import table from '../kit/DataTable.module.css';
import type { WatchSection } from '../words/watch-sections';
import { GroupActions } from './GroupActions';
import classes from './GroupRow.module.css';
import { StateBadge } from './StateBadge';
import { hiding, type WatchColumn, type WatchSelection } from './watch-column';

interface GroupRowProps {
  section: WatchSection;
  columns: readonly WatchColumn[];
  selection: WatchSelection | undefined;
  isFolded: boolean;
  onFold: () => void;
}

/**
 * The head of a group in a table of watches: its name folds it, beside it stand its state and what can be done to it. It covers as many
 * columns as never leave, and has a cell for each that may: a cell that covers more than there are would make new ones.
 */
export function GroupRow({ section, columns, selection, isFolded, onFold }: GroupRowProps) {
  const { group, members } = section;
  const { phase, text } = groupStatus(members);
  const inner = columns.slice(0, -1);
  const last = columns.at(-1);
  const Chevron = isFolded ? IconChevronRight : IconChevronDown;
  return (
    <tr className={classes.row}>
      {selection === undefined ? null : (
        <td className={classes.rest}>
          <ChooseSection section={section} selection={selection} isFolded={isFolded} />
        </td>
      )}
      <th scope="rowgroup" colSpan={inner.filter(({ from }) => from === undefined).length} className={classes.head}>
        <div className={classes.line}>
          <UnstyledButton className={classes.fold} aria-expanded={!isFolded} onClick={onFold}>
            <Chevron size={rem(16)} aria-hidden="true" />
            <Clip text={group ?? 'No group'} />
          </UnstyledButton>
          <span className={classes.badge}>
            <StateBadge phase={phase} />
          </span>
          <span className={classes.state}>
            <Clip text={text} />
          </span>
        </div>
      </th>
      {inner.flatMap(({ id, from }) =>
        from === undefined ? [] : [<td key={id} className={`${classes.rest} ${hiding(from)}`} />],
      )}
      <td className={[classes.rest, table.end, hiding(last?.from)].filter(Boolean).join(' ')}>
        {group === null ? null : <GroupActions name={group} watches={members} />}
      </td>
    </tr>
  );
}

/** Chooses what is seen of a group. */
function ChooseSection({
  section,
  selection,
  isFolded,
}: Pick<GroupRowProps, 'section' | 'isFolded'> & { selection: WatchSelection }) {
  const { chosen, chooseOnly } = selection;
  const ids = section.shown.map(({ watch }) => watch.id);
  const count = ids.filter((id) => chosen.has(id)).length;
  const isAll = count === ids.length;
  const others = [...chosen].filter((id) => !ids.includes(id));
  return (
    <Checkbox
      size="xs"
      aria-label={section.group === null ? 'Choose all without a group' : `Choose all of group ${section.group}`}
      checked={isAll && !isFolded}
      indeterminate={count > 0 && !isAll && !isFolded}
      disabled={isFolded}
      onChange={() => chooseOnly(isAll ? others : [...others, ...ids])}
    />
  );
}
