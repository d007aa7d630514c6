import { Group, SegmentedControl, UnstyledButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { WatchedProcess, WatchStatus } from '../../../shared/model/snapshot';
import { startCommandOf } from '../../../shared/model/watch';
import { formatArgv } from '../../lib/argv';
import { formatEnvLines } from '../../lib/env-lines';
import { formatBytes, formatPercent } from '../../lib/format';
import { presentPolicy, presentTarget } from '../../lib/present-watch';
import { useAnswer } from '../../lib/use-answer';
import { useApp, useAppState } from '../../lib/use-app';
import { useLast } from '../../lib/use-last';
import { navigate, useRoute } from '../../lib/use-route';
import { useSeries } from '../../lib/use-series';
import { chartRows, watchUse } from '../../store/series';
import { Clip, Whole } from '../../ui/Clip';
import table from '../../ui/DataTable.module.css';
import { EventList } from '../../ui/EventList';
import { Facts, Section } from '../../ui/Facts';
import { SideDrawer } from '../../ui/SideDrawer';
import { StateBadge } from '../../ui/StateBadge';
import { TimeChart } from '../../ui/TimeChart';
import { Ago, Countdown, Since } from '../../ui/times';
import { WatchActions } from '../../ui/WatchActions';
import { RANGES } from '../overview/MachineCharts';
import overview from '../overview/OverviewTab.module.css';
import { logRows } from '../log/log-rows';

const EVENTS_SHOWN = 30;
const NO_EVENTS: readonly HealdeckEvent[] = [];

/** One watch, whole: its state, processes, readings, events and definition. */
export function WatchDrawer() {
  const { tab, watchId } = useRoute();
  const opened = useAppState((state) => (watchId === null ? null : (state.live.watches.get(watchId) ?? null)));
  const status = useLast(opened);
  return (
    <SideDrawer
      opened={opened !== null}
      title={status === null ? '' : <Clip text={status.watch.name} />}
      onClose={() => navigate({ tab, watchId: null })}
    >
      {status === null ? null : <Details key={status.watch.id} status={status} />}
    </SideDrawer>
  );
}

function Details({ status }: { status: WatchStatus }) {
  const startedAt = Math.min(...status.processes.map((process) => process.startedAt));
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <StateBadge phase={status.phase} />
        <WatchActions status={status} withEdit />
      </Group>
      <Facts
        items={[
          ['State', <Whole key="reason" text={status.reason} />],
          ['For', <Since key="since" at={status.sinceAt} />],
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
          [
            'Next attempt',
            status.nextAttemptAt === null ? 'none planned' : <Countdown key="next" at={status.nextAttemptAt} />,
          ],
        ]}
      />
      <Charts status={status} />
      <Section title="Processes">
        <Processes processes={status.processes} />
      </Section>
      <Section title="Events">
        <Events watch={status.watch.name} />
      </Section>
      <Section title="Definition">
        <Definition status={status} />
      </Section>
    </>
  );
}

function Charts({ status }: { status: WatchStatus }) {
  const [range, setRange] = useState<string>(RANGES[0].value);
  const rangeMs = Number(range);
  const series = useSeries(status.watch.id, rangeMs);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const use = watchUse(status);
  const loaded = series?.loaded ?? false;
  return (
    <Section title="Readings">
      <SegmentedControl
        size="xs"
        aria-label="Time span of the readings"
        value={range}
        onChange={setRange}
        data={RANGES.map(({ value, label }) => ({ value, label }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <div className={overview.cardHead} style={{ margin: 0 }}>
        <span>CPU</span>
        <span className={overview.value}>
          {status.processes.length === 0 ? '–' : formatPercent(use.cpuPercent)}{' '}
          <span className={overview.unit}>of one core</span>
        </span>
      </div>
      <TimeChart
        label={`CPU of ${status.watch.name}`}
        rows={rows}
        metric="cpuPercent"
        rangeMs={rangeMs}
        format={(value) => `${Math.round(value * 10) / 10} %`}
        height={110}
        loaded={loaded}
      />
      <div className={overview.cardHead} style={{ margin: 0 }}>
        <span>Memory</span>
        <span className={overview.value}>
          {status.processes.length === 0 ? '–' : formatBytes(use.memoryBytes)}{' '}
          <span className={overview.unit}>resident</span>
        </span>
      </div>
      <TimeChart
        label={`Memory of ${status.watch.name}`}
        rows={rows}
        metric="memoryBytes"
        rangeMs={rangeMs}
        format={formatBytes}
        height={110}
        loaded={loaded}
      />
    </Section>
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
      <table className={table.table} aria-label="Processes of this watch">
        <colgroup>
          <col />
          <col style={{ width: 104 }} />
          <col style={{ width: 86 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 104 }} />
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
    pausedAtId: null,
  });
  if (rows.length === 0) return <span className={table.dim}>Nothing has happened to it yet.</span>;
  return <EventList events={rows.slice(0, EVENTS_SHOWN)} />;
}

function Definition({ status }: { status: WatchStatus }) {
  const { watch } = status;
  const target = presentTarget(watch.target);
  const command = startCommandOf(watch.target);
  const env = command === null ? '' : formatEnvLines(command.env);
  return (
    <Facts
      items={[
        [target.kind, <Whole key="target" text={target.text} code />],
        ...(watch.target.kind === 'match'
          ? ([
              ['Of user', watch.target.user ?? 'anyone'],
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
              ['Run as', command.user ?? 'the engine’s user'],
            ] as const)),
        ['Restart', presentPolicy(watch)],
        [
          'Clean exits',
          [...watch.success.exitCodes.map((code) => `code ${code}`), ...watch.success.signals].join(', ') || 'none',
        ],
        ['At engine start', watch.autostart ? 'started' : 'left stopped'],
        ['Stop grace', watch.stopGraceMs === null ? 'the setting' : `${watch.stopGraceMs / 1000} s`],
        ['Revision', `${watch.revision}`],
      ]}
    />
  );
}
