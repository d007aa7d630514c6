import { Modal } from '@mantine/core';
import type { Severity } from '../../../shared/model/event';
import type { Command } from '../commands';
import { SEVERITIES } from '../../words/present-event';
import { URGENCY } from '../../../shared/lib/format/phases';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { SeverityMark } from '../../parts/SeverityMark';
import { StateBadge } from '../../parts/StateBadge';
import { Keys } from './Palette';
import classes from './Palette.module.css';

/** Keys of a table that has the focus. */
const IN_TABLES: readonly (readonly [what: string, keys: readonly string[]])[] = [
  ['Next or previous row', ['↑', '↓']],
  ['A page up or down', ['Page Up', 'Page Down']],
  ['First or last row', ['Home', 'End']],
  ['Details of the row', ['Enter']],
  ['Fold and unfold, in a tree', ['←', '→']],
  ['Follow a process', ['f']],
  ['End a process (asks first)', ['Delete']],
  ['Close the dialog or drawer', ['Esc']],
];

/** Keys of the timeline of anomalies when it has the focus. */
const ON_THE_TIMELINE: readonly (readonly [what: string, keys: readonly string[]])[] = [
  ['Earlier or later', ['←', '→']],
  ['Zoom in or out', ['+', '-']],
  ['Back to now', ['Home']],
];

/** All keys, from the list of commands itself, and what the signs mean. */
export function HelpSheet({ commands }: { commands: readonly Command[] }) {
  const { ui } = useApp();
  const opened = useUiState((state) => state.over === 'help');
  const withKeys = commands.flatMap(({ title, keys }) => (keys === undefined ? [] : [[title, keys] as const]));
  return (
    <Modal
      opened={opened}
      onClose={() => ui.show({ over: null })}
      title="Keyboard shortcuts and symbols"
      size={780}
      transitionProps={{ duration: 80 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 650, fontSize: rem(17) } }}
    >
      <div className={classes.columns}>
        <section>
          <h3>Everywhere, except while typing</h3>
          <KeyList items={withKeys} />
          <h3>On the timeline of anomalies</h3>
          <KeyList items={ON_THE_TIMELINE} />
          <p className={classes.sign}>A filled mark means high or critical, a hollow one less.</p>
        </section>
        <section>
          <h3>In a table</h3>
          <KeyList items={IN_TABLES} />
          <h3>States of a watch</h3>
          <ul className={classes.signs}>
            {URGENCY.map((phase) => (
              <li key={phase}>
                <StateBadge phase={phase} />
              </li>
            ))}
          </ul>
          <h3>Event severities</h3>
          <ul className={classes.signs}>
            {(Object.keys(SEVERITIES) as Severity[]).map((severity) => (
              <li key={severity}>
                <SeverityMark severity={severity} />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Modal>
  );
}

function KeyList({ items }: { items: readonly (readonly [what: string, keys: readonly string[]])[] }) {
  return (
    <dl className={classes.facts}>
      {items.map(([what, keys]) => (
        <div key={what} style={{ display: 'contents' }}>
          <dt>{what}</dt>
          <dd>
            <Keys keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
