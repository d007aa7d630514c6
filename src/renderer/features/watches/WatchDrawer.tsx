import { Group, UnstyledButton } from '@mantine/core';
import { memo, useDeferredValue } from 'react';
import { dependencyText } from '../../../shared/lib/text/dependency-text';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { WatchedProcess, WatchStatus } from '../../../shared/model/snapshot';
import { startCommandOf, type Watch } from '../../../shared/model/watch';
import type { Schedule } from '../../../shared/model/schedule';
import { schedulePartTexts } from '../../../shared/lib/format/schedule-words';
import { formatArgv } from '../../../shared/lib/text/argv';
import { formatEnvLines } from '../../drafts/env-lines';
import { formatBytes, formatPercent } from '../../format/format';
import { presentPolicy, presentTarget } from '../../words/present-watch';
import { showSetting } from '../../drafts/setting-fields';
import { SETTING_FIELDS } from '../../drafts/settings-groups';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { openWatchId } from '../../store/route';
import { rem } from '../../format/text-scale';
import { navigate, useRoute } from '../../hooks/use-route';
import { Clip, Whole } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { EventList } from '../../parts/EventList';
import { Facts, Section } from '../../kit/Facts';
import { NextRun } from '../../parts/NextRun';
import { NextTry } from '../../parts/NextTry';
import { ObservedBadge } from '../../parts/ObservedBadge';
import { SideDrawer } from '../../kit/SideDrawer';
import { AcknowledgeButton, MutedNote, SnoozeMenu } from '../../parts/SnoozeMenu';
import { ReadinessSign } from '../../parts/ReadinessSign';
import { StateBadge } from '../../parts/StateBadge';
import { Ago, Since } from '../../kit/times';
import { WatchActions } from '../../parts/WatchActions';
import { logRows } from '../log/log-rows';
import { CooldownPanel } from './CooldownPanel';
import { Healing } from './Healing';
import { InstanceSection } from './InstanceSection';
import { OutputTail } from './OutputTail';
import { PortsSection } from './PortsSection';
import { ProbesSection } from './ProbesSection';
import { WatchCharts } from './WatchCharts';
import { WatchIncidents } from './WatchIncidents';

const EVENTS_SHOWN = 30;
const NO_EVENTS: readonly HealdeckEvent[] = [];

/** One watch, whole: its state, processes, readings, events and definition. */
export function WatchDrawer() {
  const route = useRoute();
  const watchId = openWatchId(route);
  const opened = useAppState((state) => (watchId === null ? null : (state.live.watches.get(watchId) ?? null)));
  // Drawn as a transition, which gives way to clicks and keys.
  const status = useDeferredValue(useLast(opened));
  return (
    <SideDrawer
      opened={opened !== null}
      title={status === null ? '' : <Clip text={status.watch.name} />}
      width="min(96vw, max(50rem, 55vw))"
      onClose={() => navigate({ tab: route.tab, item: null })}
    >
      {status === null ? null : <Details key={status.watch.id} status={status} />}
    </SideDrawer>
  );
}

/** Not made again while the drawer closes: with its charts it takes longer than that. */
const Details = memo(function Details({ status }: { status: WatchStatus }) {
  const startedAt = Math.min(...status.processes.map((process) => process.startedAt));
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs">
          <StateBadge phase={status.phase} />
          {status.readiness === null ? null : <ReadinessSign readiness={status.readiness} inWords />}
          {status.observed ? <ObservedBadge inWords /> : null}
        </Group>
        <WatchActions status={status} withEdit />
      </Group>
      {status.instance === undefined ? null : <InstanceSection instance={status.instance} />}
      <Facts
        items={[
          ['State', <Whole key="reason" text={status.reason} />],
          ['In this state for', <Since key="since" at={status.sinceAt} />],
          ['Uptime', status.processes.length === 0 ? 'not running' : <Since key="up" at={startedAt} />],
          [
            'Restarts',
            <span key="restarts">
              {status.restarts}
              {status.lastRestartAt === null ? null : (
                <>
                  , the last <Ago at={status.lastRestartAt} />
                </>
              )}
            </span>,
          ],
          ['Next run', <NextRun key="run" status={status} otherwise="none planned" />],
          ['Next attempt', <NextTry key="next" status={status} otherwise="none planned" />],
        ]}
      />
      <AlertsOfWatch status={status} />
      <CooldownPanel status={status} />
      <ProbesSection status={status} />
      <WatchCharts status={status} />
      <OutputTail status={status} />
      <WatchIncidents status={status} />
      <Healing status={status} />
      <Section title="Processes">
        <Processes processes={status.processes} />
      </Section>
      <PortsSection status={status} />
      <Section title="Events">
        <Events watch={status.watch.name} />
      </Section>
      <Section title="Definition">
        <Definition status={status} />
      </Section>
    </>
  );
});

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

const ORIGINS: Readonly<Record<WatchedProcess['origin'], string>> = {
  child: 'started here',
  adopted: 'adopted',
  match: 'found',
};

function Processes({ processes }: { processes: readonly WatchedProcess[] }) {
  const { ui } = useApp();
  if (processes.length === 0) return <span className={table.dim}>None is running.</span>;
  return (
    <div className={table.wrap}>
      <table className={table.table} style={{ minWidth: rem(510) }} aria-label="Processes of this watch">
        <colgroup>
          <col />
          <col style={{ width: rem(104) }} />
          <col style={{ width: rem(86) }} />
          <col style={{ width: rem(84) }} />
          <col style={{ width: rem(104) }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">Origin</th>
            <th scope="col" className={table.end}>
              CPU <small>% of one core</small>
            </th>
            <th scope="col" className={table.end}>
              Memory
            </th>
            <th scope="col" className={table.end}>
              Uptime
            </th>
          </tr>
        </thead>
        <tbody>
          {processes.map((process) => (
            <tr key={`${process.pid}:${process.startTime}`}>
              <td>
                <UnstyledButton
                  className={table.name}
                  onClick={() => ui.show({ process: { pid: process.pid, startTime: process.startTime } })}
                >
                  <Clip text={`${process.pid} ${process.name}`} />
                </UnstyledButton>
                <span className={table.sub}>
                  {process.threads} threads, {process.descendants} descendants
                </span>
              </td>
              <td>{ORIGINS[process.origin]}</td>
              <td className={table.end}>{formatPercent(process.cpuPercent)}</td>
              <td className={table.end}>{formatBytes(process.rssBytes)}</td>
              <td className={table.end}>
                <Since at={process.startedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Events({ watch }: { watch: string }) {
  const live = useAppState((state) => state.live.events);
  const asked = useAnswer(watch, (client, signal) => client.events.list({ watch, limit: EVENTS_SHOWN }, { signal }));
  const { rows } = logRows(live, asked.kind === 'answered' ? asked.value : NO_EVENTS, {
    text: '',
    types: [],
    watch,
    untilAt: null,
    pausedAtId: null,
  });
  if (rows.length === 0) return <span className={table.dim}>No events yet.</span>;
  return <EventList events={rows.slice(0, EVENTS_SHOWN)} />;
}

function Definition({ status }: { status: WatchStatus }) {
  const { watch } = status;
  const target = presentTarget(watch.target);
  const command = startCommandOf(watch.target);
  const env = command === null ? '' : formatEnvLines(command.env, command.hiddenEnv);
  return (
    <Facts
      items={[
        ['Groups', watch.groups.join(', ') || 'none'],
        ['Starts after', watch.after.map(dependencyText).join(', ') || 'nothing'],
        [target.kind, <Whole key="target" text={target.text} code />],
        ...(watch.target.kind === 'forbidden' ? ([['User', watch.target.user ?? "Healdeck's own"]] as const) : []),
        ...(watch.target.kind === 'match'
          ? ([
              ['User', watch.target.user ?? 'anyone'],
              [
                'Start command',
                command === null ? 'none: only watched' : <Whole key="start" text={formatArgv(command.argv)} code />,
              ],
            ] as const)
          : []),
        ...(command === null
          ? []
          : ([
              ['Directory', <Whole key="cwd" text={command.cwd} code />],
              [
                'Environment',
                env === '' ? (
                  'nothing added'
                ) : (
                  <span key="env">
                    {env.split('\n').map((line) => (
                      <Whole key={line} text={line} code />
                    ))}
                  </span>
                ),
              ],
              ['Run as', command.user ?? "the engine's user"],
            ] as const)),
        ...(watch.target.kind === 'forbidden' ? [] : factsOfRun(watch)),
        ['Own settings', <OwnSettings key="own" overrides={watch.overrides} />],
        ['Revision', `${watch.revision}`],
      ]}
    />
  );
}

/** What only a program that is to run has. */
function factsOfRun(watch: Watch) {
  return [
    ['Restart', presentPolicy(watch)],
    [
      'Clean exits',
      [...watch.success.exitCodes.map((code) => `code ${code}`), ...watch.success.signals].join(', ') || 'none',
    ],
    ['At engine start', watch.autostart ? 'started' : 'left stopped'],
    ['Schedule', <ScheduleParts key="schedule" schedule={watch.schedule} />],
  ] as const;
}

function ScheduleParts({ schedule }: { schedule: Schedule | null }) {
  const parts = Object.entries(schedulePartTexts(schedule)).filter(([, text]) => text !== null);
  if (parts.length === 0) return 'none';
  return (
    <ul className={table.plainList}>
      {parts.map(([part, text]) => (
        <li key={part}>
          {part}: {text}
        </li>
      ))}
    </ul>
  );
}

function OwnSettings({ overrides }: { overrides: Partial<Settings> }) {
  const own = SETTING_FIELDS.filter(({ key }) => overrides[key] !== undefined);
  if (own.length === 0) return 'none: as for all watches';
  return (
    <ul className={table.plainList}>
      {own.map(({ key, label }) => (
        <li key={key}>
          {label}: {showSetting(key, overrides[key] ?? null)}
        </li>
      ))}
    </ul>
  );
}
