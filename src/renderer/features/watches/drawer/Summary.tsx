import { Group } from '@mantine/core';
import { lastStderrOf } from '../../../../shared/lib/events/event-facts';
import { restartWords } from '../../../../shared/lib/format/restart-words';
import type { WatchStatus } from '../../../../shared/model/snapshot';
import { useAppState } from '../../../hooks/use-app';
import card from '../../../kit/Card.module.css';
import { Whole } from '../../../kit/Clip';
import { Facts } from '../../../kit/Facts';
import { Ago } from '../../../kit/times';
import { NextRun } from '../../../parts/NextRun';
import { NextTry } from '../../../parts/NextTry';
import { AcknowledgeButton, MutedNote, SnoozeMenu } from '../../../parts/SnoozeMenu';
import { CooldownPanel } from '../CooldownPanel';
import { InstanceSection } from '../InstanceSection';
import { PortsSection } from '../PortsSection';
import { ProbesSection } from '../ProbesSection';
import { WatchCharts } from '../WatchCharts';
import { WatchedProcesses } from './WatchedProcesses';

/** How a watch is now, what is wrong with it first. */
export function Summary({ status }: { status: WatchStatus }) {
  return (
    <>
      <CauseCard status={status} />
      <AlertsOfWatch status={status} />
      {status.instance === undefined ? null : <InstanceSection instance={status.instance} />}
      <CooldownPanel status={status} />
      <ProbesSection status={status} />
      <WatchCharts status={status} />
      <WatchedProcesses processes={status.processes} />
      <PortsSection status={status} />
    </>
  );
}

/** What is wrong, the last that it wrote, what was done and what is next; of a watch that is well the last two. */
function CauseCard({ status }: { status: WatchStatus }) {
  const { cause, reason, restarts, lastRestartAt, nextRun, budget } = status;
  const lastLine = useLastLine(status);
  return (
    <section className={card.card} aria-label={cause === null ? 'State' : 'Cause'}>
      <Facts
        items={[
          ...(cause === null ? [] : [['Cause', <Whole key="cause" text={cause} />] as const]),
          ...(lastLine === null ? [] : [['Last error output', <Whole key="line" text={lastLine} code />] as const]),
          ['State', <Whole key="reason" text={reason} />],
          [
            'Restarts',
            <span key="restarts">
              {restarts}
              {lastRestartAt === null ? null : (
                <>
                  , the last <Ago at={lastRestartAt} />
                </>
              )}
              ; {restartWords(status)}
            </span>,
          ],
          // The cooldown has a card of its own.
          ...(budget.cooldown === null
            ? [['Next attempt', <NextTry key="next" status={status} otherwise="none planned" />] as const]
            : []),
          ...(nextRun === null
            ? []
            : [['Next run', <NextRun key="run" status={status} otherwise="none planned" />] as const]),
        ]}
      />
    </section>
  );
}

/** The last line that it wrote to its standard error before it ended; null where nothing is wrong, or where the cause has it. */
function useLastLine({ watch: { name }, cause }: WatchStatus): string | null {
  return useAppState(({ live: { events } }) => {
    if (cause === null) return null;
    const line = lastStderrOf(events.filter(({ watch }) => watch === name)).findLast((one) => one.trim() !== '');
    return line === undefined || cause.includes(line.trim()) ? null : line;
  });
}

/** Whether alerts of it are sent, and the ways not to get them for a while. */
function AlertsOfWatch({ status }: { status: WatchStatus }) {
  const { id, name } = status.watch;
  return (
    <Group gap="xs" role="group" aria-label="Alerts">
      <SnoozeMenu target={{ kind: 'watch', id, name }} />
      {status.incident === null ? null : <AcknowledgeButton incident={status.incident} />}
      <MutedNote watchId={id} />
    </Group>
  );
}
