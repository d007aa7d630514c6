import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract';
import type { DrillScenario, DrillStep } from '../../shared/model/drill';
import type { Actor } from '../../shared/model/event';
import type { HistoryPoint, WatchStatus } from '../../shared/model/snapshot';
import type { Engine } from '../engine/engine';
import type { Clock, ReportError } from '../engine/ports';
import type { AlertsControl, SecretsControl } from './alerts-control';
import { Refusal, unknownWatch } from '../engine/refusal';
import { toClientError } from './errors';
import { followEvents, pastEvents, type EventHistory } from './events-feed';
import { crashGroups, type CrashHistory } from './crashes-feed';
import { pastIncidents, type IncidentHistory } from './incidents-feed';
import { liveFeed } from './live-feed';
import { backtestOf, type ReadingHistory } from './backtest';
import { OperatorActs } from './operator-acts';
import { followOutput, type OutputHistory } from './output-feed';
import { recordedTime, tableOfPast, type TableHistory } from './past-feed';
import { probeBacktestOf, probeHistoryOf, type AttemptHistory } from './probe-past';
import { processesFeed } from './processes-feed';
import { findByReference, severalText } from '../../shared/lib/watch-reference';

/** What every call knows of its caller: each transport stands for one kind of client. */
export interface CallContext {
  actor: Actor;
}

/** The drill as the API needs it: its steps, until it has ended or the signal is aborted. One at a time. */
export interface DrillControl {
  run(scenarios: readonly DrillScenario[], signal: AbortSignal | undefined): AsyncGenerator<DrillStep, void>;
}

export interface RouterDeps {
  engine: Engine;
  history: EventHistory &
    IncidentHistory &
    CrashHistory &
    ReadingHistory &
    AttemptHistory &
    TableHistory & {
      /** Readings of one watch, or of the machine (null), oldest first, at most `points`. */
      samples(query: { watchId: string | null; sinceAt: number; points: number }): Promise<readonly HistoryPoint[]>;
    };
  output: OutputHistory;
  alerts: AlertsControl;
  secrets: SecretsControl;
  drill: DrillControl;
  /** Rejects with a `Refusal` when the disk of the data directory does not take a file now. */
  proveDisk: () => Promise<void>;
  /** Links to the web dashboard; null when this engine serves none. */
  dashboard: () => DashboardLinks | null;
  clock: Clock;
  report: ReportError;
}

/** Ways into the web dashboard. Each works once, within a minute. */
export interface DashboardLinks {
  newUrl(): string;
  /** Writes a page that leads there, readable by the engine's user only; resolves to its absolute path. */
  newPage(): Promise<string>;
}
/** What is saved by the engine's own thread: a disk that hangs would hang it, too. */
const SAVING_CALLS: ReadonlySet<string> = new Set([
  ...['watches.add', 'watches.addAll', 'watches.edit', 'watches.observe', 'watches.remove', 'watches.restore'],
  ...['watches.undo', 'watches.scale', 'settings.undo'],
  ...['settings.set', 'settings.setAll', 'config.import', 'secrets.set'],
]);

/** The contract, served by an engine. */
export function createRouter(deps: RouterDeps) {
  const { engine, history, output, alerts, secrets, drill, dashboard, clock, report } = deps;
  const acts = new OperatorActs({ engine, alerts });
  const base = implement(contract).$context<CallContext>();
  const api = base.use(async ({ next, path }) => {
    const call = path.join('.');
    try {
      if (SAVING_CALLS.has(call)) await deps.proveDisk();
      return await next();
    } catch (error) {
      throw toClientError(call, error, report);
    }
  });

  /** Streams fail after their call has returned, so the middleware never sees it. */
  async function* guarded<T>(where: string, stream: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
    try {
      yield* stream;
    } catch (error) {
      throw toClientError(where, error, report);
    }
  }

  function watchStatus(reference: string): WatchStatus {
    const all = engine.watches.list();
    const found = findByReference(all, reference);
    if (found !== undefined) return found;
    const members = all.filter(({ instance }) => instance?.of.name === reference);
    if (members.length === 0) throw unknownWatch(reference);
    const names = members.map(({ watch }) => watch.name);
    throw new Refusal('invalid', severalText(reference, names));
  }

  function dashboardLinks(): DashboardLinks {
    const links = dashboard();
    if (links === null)
      throw new ORPCError('NOT_FOUND', { message: 'this engine serves no web dashboard: it has a window' });
    return links;
  }

  const watchId = (reference: string): string => watchStatus(reference).watch.id;

  return api.router({
    live: api.live.handler(({ signal }) => guarded('live', liveFeed({ engine, alerts, clock }, signal))),
    engine: {
      info: api.engine.info.handler(() => engine.snapshot().engine),
      dashboardUrl: api.engine.dashboardUrl.handler(() => ({ url: dashboardLinks().newUrl() })),
      dashboardPage: api.engine.dashboardPage.handler(async () => ({ path: await dashboardLinks().newPage() })),
    },
    processes: {
      list: api.processes.list.handler(() => engine.processes.list()),
      live: api.processes.live.handler(({ signal }) => guarded('processes.live', processesFeed(engine, clock, signal))),
      at: api.processes.at.handler(({ input }) => tableOfPast(engine, history, input.at)),
      recorded: api.processes.recorded.handler(() => recordedTime(engine, history)),
      readings: api.processes.readings.handler(({ input }) => history.readingsOf(input, input)),
      describe: api.processes.describe.handler(({ input }) => engine.processes.describe(input)),
      endPreview: api.processes.endPreview.handler(({ input }) => engine.processes.endPreview(input)),
      end: api.processes.end.handler(({ input, context }) => engine.processes.end({ ...input, actor: context.actor })),
    },
    watches: {
      list: api.watches.list.handler(() => engine.watches.list()),
      preview: api.watches.preview.handler(({ input }) => engine.watches.preview(input.target, input.watch)),
      tryProbe: api.watches.tryProbe.handler(({ input }) => engine.watches.tryProbe(input)),
      add: api.watches.add.handler(({ input, context }) =>
        engine.watches.add(input.spec, context.actor, input.hiddenFrom),
      ),
      edit: api.watches.edit.handler(({ input, context }) => engine.watches.edit({ ...input, actor: context.actor })),
      undo: api.watches.undo.handler(({ input, context }) => engine.watches.undo({ ...input, actor: context.actor })),
      restore: api.watches.restore.handler(({ input, context }) => engine.watches.restore(input.watch, context.actor)),
      remove: api.watches.remove.handler(({ input, context }) =>
        engine.watches.remove({ ...input, actor: context.actor }),
      ),
      ports: api.watches.ports.handler(({ input }) => engine.watches.ports(input.watch)),
      endPreview: api.watches.endPreview.handler(({ input }) => engine.watches.endPreview(input.watch)),
      start: api.watches.start.handler(({ input, context }) =>
        engine.watches.start({ ...input, actor: context.actor }),
      ),
      stop: api.watches.stop.handler(({ input, context }) => engine.watches.stop({ ...input, actor: context.actor })),
      restart: api.watches.restart.handler(({ input, context }) =>
        engine.watches.restart({ ...input, actor: context.actor }),
      ),
      scale: api.watches.scale.handler(({ input, context }) =>
        engine.watches.scale({ ...input, actor: context.actor }),
      ),
      rollingRestart: api.watches.rollingRestart.handler(({ input, context }) =>
        engine.watches.rollingRestart({ ...input, keep: input.keep, actor: context.actor }),
      ),
      resetCooldown: api.watches.resetCooldown.handler(({ input, context }) =>
        engine.watches.resetCooldown(input.watch, context.actor),
      ),
      extendCooldown: api.watches.extendCooldown.handler(({ input, context }) =>
        engine.watches.extendCooldown(input.watch, input.byMs, context.actor),
      ),
      observe: api.watches.observe.handler(({ input, context }) =>
        engine.watches.observe(input.watch, input.on, context.actor),
      ),
      backtest: api.watches.backtest.handler(({ input: { watch, overrides, hours } }) =>
        backtestOf(watchStatus(watch), overrides, { hours, now: clock.wallMs() }, history),
      ),
      addAll: api.watches.addAll.handler(({ input, context }) => engine.watches.addAll(input.specs, context.actor)),
    },
    probes: {
      history: api.probes.history.handler(({ input: { watch, ...query } }) =>
        probeHistoryOf(watchStatus(watch), query, history),
      ),
      backtest: api.probes.backtest.handler(({ input: { watch, hours, ...tried } }) =>
        probeBacktestOf(watchStatus(watch), tried, { hours, now: clock.wallMs() }, history),
      ),
    },
    graph: {
      observed: api.graph.observed.handler(({ input }) => engine.graph.observed(input)),
    },
    incidents: {
      list: api.incidents.list.handler(({ input }) => pastIncidents(engine, history, input)),
    },
    crashes: {
      list: api.crashes.list.handler(({ input }) => crashGroups(engine, history, input, clock.wallMs())),
    },
    events: {
      list: api.events.list.handler(({ input }) => pastEvents(engine, history, input)),
      follow: api.events.follow.handler(({ input, signal }) =>
        guarded('events.follow', followEvents(engine, history, input, signal)),
      ),
    },
    history: {
      samples: api.history.samples.handler(({ input: { watch, sinceAt, points } }) =>
        history.samples({ watchId: watch === null ? null : watchId(watch), sinceAt, points }),
      ),
    },
    output: {
      tail: api.output.tail.handler(({ input: { watch, stream, lines, before } }) =>
        output.page(watchStatus(watch).watch.name, stream, { lines, before }),
      ),
      follow: api.output.follow.handler(({ input: { watch, streams, lines }, signal }) =>
        guarded(
          'output.follow',
          followOutput({ engine, output, clock }, { watchId: watchId(watch), streams, lines }, signal),
        ),
      ),
    },
    alerts: {
      status: api.alerts.status.handler(() => alerts.status()),
      list: api.alerts.list.handler(({ input }) => alerts.outbox.list(input)),
      retry: api.alerts.retry.handler(({ input }) => alerts.outbox.retry(input.id)),
      drop: api.alerts.drop.handler(({ input }) => alerts.outbox.drop(input.id)),
      sendHeld: api.alerts.sendHeld.handler(() => alerts.sendHeld()),
      test: api.alerts.test.handler(({ input }) => alerts.channels.test(input.channel)),
      check: api.alerts.check.handler(({ input }) => alerts.channels.check(input.channel)),
      preview: api.alerts.preview.handler(({ input }) => alerts.preview(input)),
      templates: api.alerts.templates.handler(() => alerts.templates()),
      acknowledge: api.alerts.acknowledge.handler(({ input, context }) =>
        acts.acknowledge(input.incident, context.actor),
      ),
      snooze: api.alerts.snooze.handler(({ input, context }) =>
        acts.snooze({ ...input, watch: input.watch === null ? null : watchId(input.watch), actor: context.actor }),
      ),
      unmute: api.alerts.unmute.handler(({ input, context }) => acts.unmute(input.id, context.actor)),
    },
    secrets: {
      list: api.secrets.list.handler(() => secrets.list()),
      set: api.secrets.set.handler(({ input, context }) => acts.setSecret(secrets, { ...input, actor: context.actor })),
    },
    config: {
      export: api.config.export.handler(() => engine.config.export()),
      import: api.config.import.handler(({ input, context }) =>
        engine.config.import({ ...input, actor: context.actor }),
      ),
    },
    drill: {
      run: api.drill.run.handler(({ input, signal }) => guarded('drill.run', drill.run(input.scenarios, signal))),
    },
    settings: {
      get: api.settings.get.handler(() => engine.settings.shown()),
      set: api.settings.set.handler(({ input, context }) =>
        engine.settings.set({ [input.key]: input.value }, context.actor),
      ),
      setAll: api.settings.setAll.handler(({ input, context }) => engine.settings.set(input.values, context.actor)),
      undo: api.settings.undo.handler(({ input, context }) => engine.settings.undo(input.keys, context.actor)),
    },
  });
}

/** The router as transports take it. */
export type HealdeckRouter = ReturnType<typeof createRouter>;
