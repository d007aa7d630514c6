import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Fragment, memo } from 'react';
import type { WatchStatus } from '../../shared/model/snapshot';
import { rem } from '../format/text-scale';
import type { WatchSort } from '../store/ui';
import type { WatchTablePreferences } from '../store/watch-table-preferences';
import table from '../kit/DataTable.module.css';
import { useApp } from '../hooks/use-app';
import { isFoldedAway, tableItems } from '../words/table-items';
import type { WatchSection } from '../words/watch-sections';
import { GroupRow } from './GroupRow';
import { InstanceSetRow } from './InstanceSetRow';
import { hiding, type WatchColumn, type WatchSelection } from './watch-column';

/** What a column without a width keeps at least, in px at the normal text size. */
const LEAST_WIDTH = 130;

/** And what those keep that a phone makes narrower. */
const SMALL_WIDTH: Readonly<Record<NonNullable<WatchColumn['small']>, number>> = { shares: 100, sign: 34 };

interface WatchTableProps {
  /** Those that are seen, each once. */
  watches: readonly WatchStatus[];
  /** All watches, for the heads of instances of which only some are seen; left out: those. */
  all?: Iterable<WatchStatus>;
  /** The groups that the table is divided into; left out: it is a list. */
  sections?: readonly WatchSection[] | undefined;
  /** Keys of the sections, and of the instances of watches, that are folded. */
  folded?: ReadonlySet<string>;
  columns: readonly WatchColumn[];
  /** `compact`: rows of one line. */
  density?: WatchTablePreferences['density'];
  sort?: WatchSort;
  onSort?: (sort: WatchSort) => void;
  selection?: WatchSelection;
}

const NONE_FOLDED: ReadonlySet<string> = new Set();

/** Watches, one a row. It fits every width: columns leave, names don't. */
export function WatchTable(props: WatchTableProps) {
  const {
    watches,
    all = watches,
    sections,
    folded = NONE_FOLDED,
    columns,
    density = 'comfortable',
    sort,
    onSort,
    selection,
  } = props;
  const { ui } = useApp();
  const row = (status: WatchStatus) => (
    <Row
      key={status.watch.id}
      status={status}
      columns={columns}
      chosen={selection?.chosen.has(status.watch.id)}
      onToggle={selection?.toggle}
    />
  );
  const rows = (those: readonly WatchStatus[]) =>
    tableItems(those, all).map((item) => {
      if (item.kind === 'watch') return row(item.status);
      const isFolded = folded.has(item.key);
      return (
        <Fragment key={item.key}>
          <InstanceSetRow
            set={item.set}
            columns={columns}
            hasSelection={selection !== undefined}
            isFolded={isFolded}
            onFold={() => ui.toggleGroup(item.key)}
          />
          {isFolded ? null : item.shown.map(row)}
        </Fragment>
      );
    });
  const seen = watches.filter((status) => !isFoldedAway(status, folded));
  return (
    <div className={table.wrap}>
      <table
        className={table.table}
        style={{ minWidth: rem(leastWidth(columns)) }}
        data-density={density}
        aria-label="Watches"
      >
        <colgroup>
          {selection === undefined ? null : <col style={{ width: rem(44) }} />}
          {columns.map(({ id, width, from, small }) => (
            <col
              key={id}
              style={width === undefined ? {} : { width: rem(width) }}
              className={[small && table[small], hiding(from)].filter(Boolean).join(' ')}
            />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selection === undefined ? null : <ChooseAll watches={seen} selection={selection} />}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {sections === undefined ? (
          <tbody>{rows(watches)}</tbody>
        ) : (
          sections.map((section) => (
            <tbody key={section.key}>
              <GroupRow
                section={section}
                columns={columns}
                selection={selection}
                isFolded={folded.has(section.key)}
                onFold={() => ui.toggleGroup(section.key)}
              />
              {folded.has(section.key) ? null : rows(section.shown)}
            </tbody>
          ))
        )}
      </table>
    </div>
  );
}

/** Names and the columns that never leave, in px at the normal text size: below it the table scrolls sideways. */
function leastWidth(columns: readonly WatchColumn[]): number {
  const always = columns.filter(({ from }) => from === undefined);
  return always.reduce(
    (sum, { width, small }) => sum + (small === undefined ? (width ?? LEAST_WIDTH) : SMALL_WIDTH[small]),
    0,
  );
}

function Head({
  column,
  sort,
  onSort,
}: {
  column: WatchColumn;
  sort: WatchSort | undefined;
  onSort: ((sort: WatchSort) => void) | undefined;
}) {
  const { id, header, label, sub, end, from, small, compare } = column;
  const isSorted = sort?.column === id;
  const descending = isSorted && sort.descending;
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={[end && table.end, small && table[small], hiding(from)].filter(Boolean).join(' ')}
      title={label}
      aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : undefined}
    >
      {compare === undefined || onSort === undefined ? (
        header
      ) : (
        <button
          type="button"
          className={table.sort}
          onClick={() => onSort({ column: id, descending: isSorted && !descending })}
        >
          {header}
          <Arrow size={rem(13)} aria-hidden="true" style={{ visibility: isSorted ? 'visible' : 'hidden' }} />
        </button>
      )}
      {sub === undefined ? null : <small>{sub}</small>}
    </th>
  );
}

function ChooseAll({ watches, selection }: { watches: readonly WatchStatus[]; selection: WatchSelection }) {
  const { chosen, chooseOnly } = selection;
  const count = watches.filter(({ watch }) => chosen.has(watch.id)).length;
  const isAll = count === watches.length && count > 0;
  return (
    <th scope="col">
      <Checkbox
        size="xs"
        aria-label="Choose all that are shown"
        checked={isAll}
        indeterminate={count > 0 && !isAll}
        onChange={() => chooseOnly(isAll ? [] : watches.map(({ watch }) => watch.id))}
      />
    </th>
  );
}

interface RowProps {
  status: WatchStatus;
  columns: readonly WatchColumn[];
  /** undefined: nothing can be chosen. */
  chosen: boolean | undefined;
  onToggle: ((id: string) => void) | undefined;
}

/** Drawn again only when its watch, its columns or its choice changed. */
const Row = memo(
  function Row({ status, columns, chosen, onToggle }: RowProps) {
    return (
      <tr data-chosen={chosen || undefined}>
        {chosen === undefined ? null : (
          <td>
            <Checkbox
              size="xs"
              aria-label={`Choose ${status.watch.name}`}
              checked={chosen}
              onChange={() => onToggle?.(status.watch.id)}
            />
          </td>
        )}
        {columns.map(({ id, end, from, small, cell }) => (
          <td key={id} className={[end && table.end, small && table[small], hiding(from)].filter(Boolean).join(' ')}>
            {cell(status)}
          </td>
        ))}
      </tr>
    );
  },
  (before, after) =>
    before.status === after.status &&
    before.columns === after.columns &&
    before.chosen === after.chosen &&
    before.onToggle === after.onToggle,
);
