import { Anchor } from '@mantine/core';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatRoute } from '../../store/route';
import { rem } from '../../format/text-scale';
import { useAnswer } from '../../hooks/use-answer';
import { useAppState } from '../../hooks/use-app';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { Section } from '../../kit/Facts';
import { Ago } from '../../kit/times';
import { OutcomeMark } from '../incidents/OutcomeMark';

const SHOWN = 8;
const ASK_AFTER_MS = 400;

/** The newest incidents of a watch, each a press away. */
export function WatchIncidents({ status }: { status: WatchStatus }) {
  const { name } = status.watch;
  const newest = useAppState(
    (state) => state.live.events.findLast((event) => event.watch === name && event.incident !== null)?.id ?? 0,
  );
  const answer = useAnswer(
    `${name}/${newest}`,
    (client, signal) => client.incidents.list({ watch: name, limit: SHOWN }, { signal }),
    ASK_AFTER_MS,
  );
  const incidents = answer.kind === 'answered' ? answer.value : [];
  return (
    <Section title="Incidents">
      {answer.kind === 'answered' && incidents.length === 0 ? (
        <span className={table.dim}>The history has no incidents of this watch.</span>
      ) : null}
      <ul className={table.plainList} style={{ display: 'grid', gap: rem(6), fontSize: rem(14) }}>
        {incidents.map(({ id, outcome, summary, startedAt }) => (
          <li key={id} style={{ display: 'grid', gridTemplateColumns: '6.75rem minmax(0, 1fr) auto', gap: rem(10) }}>
            <OutcomeMark outcome={outcome} />
            <Anchor href={formatRoute({ tab: 'incidents', item: String(id) })} c="var(--hd-link)" size="sm">
              <Clip text={summary} />
            </Anchor>
            <span className={table.dim}>
              <Ago at={Date.parse(startedAt)} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
