import { probeAnswerWords } from '../../../shared/model/testing/probe-answers';
import { runsAfter } from '../../../shared/lib/format/cron';
import { cronTimeOf } from '../../../shared/lib/format/schedule-runs';
import { eventFits } from '../../../shared/lib/events/event-query';
import { buildForest, subtree } from '../../../shared/lib/process/process-tree';
import { scaledTo } from '../../../shared/lib/scaled-to';
import type {
  Actor,
  EventData,
  EventDraft,
  EventQuery,
  EventType,
  HealdeckEvent,
  Severity,
} from '../../../shared/model/event';
import type { EndedRow } from '../../../shared/model/past';
import {
  identityKey,
  sameIdentity,
  type EndPreview,
  type WatchEndPreview,
  type EndResult,
  type MatchPreview,
  type ProcessIdentity,
  type ProcessRow,
} from '../../../shared/model/process';
import type { Observation, ObservedGraph, WatchPorts } from '../../../shared/model/ports';
import type { PortableConfig } from '../../../shared/model/portable';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import type {
  Distress,
  EngineInfo,
  EngineState,
  NextRun,
  RollingResult,
  WatchStatus,
} from '../../../shared/model/snapshot';
import type { WatchSpec } from '../../../shared/model/watch';
import type {
  ConfirmedKill,
  EditRequest,
  UndoRequest,
  OperatorKillRequest,
  Engine,
  EngineChange,
  ImportRequest,
  RollingRequest,
  ScaleRequest,
  ConfigControl,
  GraphControl,
  ProcessControl,
  SettingsControl,
  WatchControl,
  WatchActionRequest,
} from '../../engine/engine';
import { exportConfig, planImport } from '../../engine/config/portable-config';
import type { PastReading } from '../../engine/detect/backtest';
import { FakeAttempts } from './fake-attempts';
import { FakeOutput } from './fake-output';
import { Refusal, unknownWatch } from '../../engine/refusal';
import { changeSettings, type SettingValues } from '../../engine/settings-change';
import { incidentFits, type IncidentQuery } from '../incidents-feed';
import { findByReference } from '../../../shared/lib/watch-reference';

/** An engine without processes: it keeps watches, settings and events in memory and notifies its listeners. */
export class FakeEngine implements Engine {
  readonly listeners = new Set<(change: EngineChange) => void>();
  readonly calls: { call: string; request: unknown }[] = [];
  table: ProcessRow[] = [];
  /** What a preview comes to; null: everything in the table matches. */
  previewed: MatchPreview | null = null;
  /** What sockets show. */
  ports: WatchPorts[] = [];
  observation: Omit<ObservedGraph, 'watches' | 'looks' | 'overMs'> = { edges: [], outside: [], unseen: [] };
  events: HealdeckEvent[] = [];
  /** How many of the newest events a snapshot holds. */
  snapshotEvents = 100;
  healingPausedUntil: number | null = null;
  machineDistress: readonly Distress[] = [];
  /** The watches as they stand. */
  list: WatchStatus[] = [];
  private removed: WatchStatus[] = [];
  private overrides: Partial<Settings> = {};
  private overridesBefore: Partial<Settings> = {};
  private seq = 0;

  start(): Promise<void> {
    return Promise.resolve();
  }
  dispose(): void {
    this.listeners.clear();
  }
  subscribe(listener: (change: EngineChange) => void): () => void {
    const own = (change: EngineChange): void => listener(change);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }
  emit(change: EngineChange): void {
    this.seq++;
    for (const listener of [...this.listeners]) listener(change);
  }
  /** Something happened: one event more. */
  happen(message: string, watch: string | null = null): HealdeckEvent {
    return this.record(fakeEvent((this.events.at(-1)?.id ?? 0) + 1, message, watch));
  }
  /** The same with an event of any type; `incident: 'opens'` opens a story. */
  report<T extends EventType>(
    type: T,
    data: EventData[T],
    more: { watch?: string; pid?: number; severity?: Severity; message?: string; incident?: number | 'opens' } = {},
  ): HealdeckEvent {
    const blank = fakeEvent((this.events.at(-1)?.id ?? 0) + 1, type);
    const incident = more.incident === 'opens' ? blank.id : (more.incident ?? null);
    return this.record({ ...blank, ...more, type, data, incident } as HealdeckEvent);
  }
  private record(event: HealdeckEvent): HealdeckEvent {
    this.events.push(event);
    this.emit({ events: [event] });
    return event;
  }
  /** Puts a watch in another state. */
  change(reference: string, changes: Partial<WatchStatus>): void {
    this.put({ ...this.find(reference), ...changes });
  }
  /** A new scan over the process table. */
  pass(rows: ProcessRow[]): void {
    this.table = rows;
    this.emit({ processesChanged: true });
  }
  distress(): readonly Distress[] {
    return this.machineDistress;
  }

  snapshot(): EngineState {
    const events = this.events.slice(-this.snapshotEvents);
    return {
      seq: this.seq,
      engine: {
        ...fakeInfo(),
        settings: this.settings.inForce(),
        healingPausedUntil: this.healingPausedUntil,
        distress: this.machineDistress,
      },
      machine: null,
      watches: this.list,
      events,
    };
  }
  private present() {
    return { overrides: this.overrides, watches: this.list.map(({ watch }) => watch) };
  }
  publish(draft: EventDraft): void {
    this.happen(draft.message, draft.watch);
  }
  note({ detail }: { topic: string; detail: string }): void {
    this.happen(detail);
  }
  readonly processes: ProcessControl = {
    list: (): readonly ProcessRow[] => this.table,
    describe: (identity: { pid: number; startTime: number }) => {
      const row = this.table.find(({ pid, startTime }) => pid === identity.pid && startTime === identity.startTime);
      if (row === undefined) throw new Refusal('not_found', `process ${identity.pid} is gone`);
      return { ...row, cwd: '/', executable: null, openFiles: null, ancestors: [], children: [] };
    },
    endPreview: async ({ pid, startTime, scope }: OperatorKillRequest): Promise<EndPreview> => {
      const node = buildForest(this.table).nodes.find(({ row }) => row.pid === pid && row.startTime === startTime);
      if (node === undefined) throw new Refusal('not_found', `process ${pid} is gone`);
      const members = (scope === 'tree' ? subtree(node) : [node]).map(({ row }) => row);
      const named = (row: ProcessRow) => ({ ...row, watch: row.watchId });
      return {
        scope,
        ends: members.filter((row) => row.protectionReason === null).map(named),
        refused: members.flatMap((row) =>
          row.protectionReason === null ? [] : [{ ...named(row), reason: row.protectionReason }],
        ),
        warnings: members.some((row) => row.watchId !== null) ? ['a watch starts it again'] : [],
      };
    },
    end: async (request: ConfirmedKill): Promise<EndResult> => {
      this.calls.push({ call: 'end', request });
      const { ends, refused } = await this.processes.endPreview(request);
      const [forbidden] = refused;
      if (forbidden !== undefined) throw new Refusal('protected', `process ${forbidden.pid}: ${forbidden.reason}`);
      const shown = new Set(request.expect.map(identityKey));
      if (ends.some((one) => !shown.has(identityKey(one)))) throw new Refusal('conflict', 'the tree has grown');
      const pids = ends.map(({ pid }) => pid);
      this.pass(this.table.filter((row) => !pids.includes(row.pid)));
      return { pids, forced: request.force ? pids : [], survivors: [] };
    },
  };
  /** What the next rolling restarts come to. */
  rolled: RollingResult = { restarted: ['web#1'], left: [], problem: null };
  readonly graph: GraphControl = {
    observed: ({ looks, overMs }: Observation): Promise<ObservedGraph> =>
      Promise.resolve({ looks, overMs, watches: this.ports, ...this.observation }),
  };
  readonly watches: WatchControl = {
    list: (): readonly WatchStatus[] => this.list,
    preview: (): Promise<MatchPreview> => {
      if (this.previewed !== null) return Promise.resolve(this.previewed);
      const candidates = this.table.map((row) => ({ ...row, verdict: 'taken' as const, reason: 'it is there' }));
      return Promise.resolve({ candidates, problem: null });
    },
    tryProbe: (trial) => {
      this.calls.push({ call: 'tryProbe', request: trial });
      return Promise.resolve({ passed: true, words: probeAnswerWords(trial.probe.check, true), latencyMs: 12 });
    },
    add: (spec: WatchSpec, actor: Actor): Promise<WatchStatus> => {
      this.calls.push({ call: 'add', request: { spec, actor } });
      if (this.list.some(({ watch }) => watch.name === spec.name)) {
        return Promise.reject(new Refusal('conflict', `a watch is called "${spec.name}" already`));
      }
      const status = fakeStatus(spec, this.list.length + 1);
      this.list = [...this.list, status];
      this.emit({ watches: [status] });
      return Promise.resolve(status);
    },
    addAll: async (specs: readonly WatchSpec[], actor: Actor): Promise<readonly WatchStatus[]> => {
      this.calls.push({ call: 'addAll', request: { specs, actor } });
      const taken = specs.find((spec) => this.list.some(({ watch }) => watch.name === spec.name));
      if (taken !== undefined) throw new Refusal('conflict', `a watch is called "${taken.name}" already`);
      const added: WatchStatus[] = [];
      for (const spec of specs) added.push(await this.watches.add(spec, actor));
      return added;
    },
    edit: (request: EditRequest): WatchStatus => {
      this.calls.push({ call: 'edit', request });
      const current = this.find(request.watch);
      if (request.revision !== current.watch.revision) throw new Refusal('conflict', 'it was edited meanwhile');
      return this.put({ ...current, watch: { ...current.watch, ...request.spec, revision: request.revision + 1 } });
    },
    undo: (request: UndoRequest): WatchStatus => {
      this.calls.push({ call: 'undo', request });
      const current = this.find(request.watch);
      if (request.revision !== current.watch.revision) throw new Refusal('conflict', 'it was edited meanwhile');
      return this.put({ ...current, watch: { ...current.watch, revision: request.revision + 1 } });
    },
    ports: (watch: string | null): Promise<readonly WatchPorts[]> => {
      const name = watch === null ? null : this.find(watch).watch.name;
      return Promise.resolve(this.ports.filter((ports) => name === null || ports.watch === name));
    },
    observe: (watch: string, on: boolean, actor: Actor): WatchStatus => {
      this.calls.push({ call: 'observe', request: { watch, on, actor } });
      return this.put({ ...this.find(watch), observed: on });
    },
    remove: (request: WatchActionRequest): { leftRunning: readonly number[] } => {
      this.calls.push({ call: 'remove', request });
      const { watch, processes } = this.find(request.watch);
      this.removed = this.list.filter((status) => status.watch.id === watch.id);
      this.list = this.list.filter((status) => status.watch.id !== watch.id);
      this.emit({ removedWatchIds: [watch.id] });
      return { leftRunning: processes.map(({ pid }) => pid) };
    },
    restore: (watch: string, actor: Actor): Promise<WatchStatus> => {
      this.calls.push({ call: 'restore', request: { watch, actor } });
      const [status] = this.removed;
      if (status === undefined || status.watch.name !== watch) {
        return Promise.reject(new Refusal('not_found', `"${watch}" was not removed`));
      }
      this.removed = [];
      this.list = [...this.list, status];
      this.emit({ watches: [status] });
      return Promise.resolve(status);
    },
    endPreview: (): Promise<WatchEndPreview> => Promise.resolve({ ends: [], refused: [] }),
    start: async (request: WatchActionRequest): Promise<WatchStatus> => {
      this.calls.push({ call: 'start', request });
      return this.put({ ...this.find(request.watch), phase: 'running', reason: 'started' });
    },
    stop: async (request: WatchActionRequest): Promise<WatchStatus> => {
      this.calls.push({ call: 'stop', request });
      return this.put({ ...this.find(request.watch), phase: 'stopped', reason: 'stopped by the operator' });
    },
    restart: async (request: WatchActionRequest): Promise<WatchStatus> => {
      this.calls.push({ call: 'restart', request });
      throw new Refusal('protected', 'pid 1 is protected: it is the init process');
    },
    scale: (request: ScaleRequest): WatchStatus => {
      this.calls.push({ call: 'scale', request });
      const { watch, ...status } = this.find(request.watch);
      const scaled = scaledTo(watch, request.change);
      if (!scaled.ok) throw new Refusal('invalid', scaled.error);
      return this.put({ ...status, watch: { ...watch, instances: scaled.instances } });
    },
    rollingRestart: (request: RollingRequest): Promise<RollingResult> => {
      this.calls.push({ call: 'rollingRestart', request });
      return Promise.resolve(this.rolled);
    },
    resetCooldown: (watch: string | null, actor: Actor): { reset: readonly string[] } => {
      this.calls.push({ call: 'resetCooldown', request: { watch, actor } });
      const cooling = (watch === null ? this.list : [this.find(watch)]).filter(
        ({ budget }) => budget.cooldown !== null,
      );
      for (const status of cooling) this.put({ ...status, budget: { ...status.budget, cooldown: null } });
      this.healingPausedUntil = watch === null ? null : this.healingPausedUntil;
      return { reset: cooling.map((status) => status.watch.name) };
    },
    extendCooldown: (watch: string, byMs: number, actor: Actor): WatchStatus => {
      this.calls.push({ call: 'extendCooldown', request: { watch, byMs, actor } });
      const { budget, ...status } = this.find(watch);
      if (budget.cooldown === null) throw new Refusal('conflict', `${status.watch.name} is in no cooldown`);
      const cooldown = { ...budget.cooldown, until: budget.cooldown.until + byMs };
      return this.put({ ...status, budget: { ...budget, cooldown } });
    },
  };
  readonly settings: SettingsControl = {
    inForce: (): Settings => resolveSettings(this.overrides),
    shown: (): Settings => this.settings.inForce(),
    set: (values: SettingValues): Settings => {
      this.overridesBefore = this.overrides;
      this.overrides = changeSettings(this.overrides, values);
      return this.settings.inForce();
    },
    undo: (): Settings => {
      this.overrides = this.overridesBefore;
      return this.settings.inForce();
    },
  };
  readonly config: ConfigControl = {
    export: (): PortableConfig => exportConfig(this.present()),
    import: async (request: ImportRequest) => {
      this.calls.push({ call: 'import', request });
      const { file, conflict, dryRun } = request;
      const plan = planImport({ present: this.present(), file, conflict, newId: () => '' });
      if (dryRun) return { applied: false, ...plan.report, keptElsewhere: [] };
      this.overrides = plan.overrides;
      for (const watch of plan.replaced) this.change(watch.id, { watch });
      for (const { id: _id, revision: _revision, ...spec } of plan.added) await this.watches.add(spec, request.actor);
      return { applied: true, ...plan.report, keptElsewhere: [] };
    },
    reload: (): void => {
      this.calls.push({ call: 'reload', request: null });
    },
  };
  /** The history that belongs to it: everything that happened. */
  listEvents = (query: EventQuery): Promise<readonly HealdeckEvent[]> =>
    Promise.resolve(this.events.filter((event) => eventFits(event, query)).slice(-query.limit));

  listIncidentEvents = (query: IncidentQuery): Promise<readonly HealdeckEvent[]> => {
    const stories = this.events.filter((event) => incidentFits(event, query));
    const ids = new Set([...new Set(stories.map(({ incident }) => incident))].slice(-query.limit));
    return Promise.resolve(this.events.filter(({ incident }) => incident !== null && ids.has(incident)));
  };

  /** The recording that belongs to it: the tables that were passed, by their moment. */
  readonly recorded = new Map<number, { rows: ProcessRow[]; ended: EndedRow[] }>();

  tableAt = (at: number) => {
    const moment = [...this.recorded.keys()].filter((recorded) => recorded <= at).at(-1);
    const table = moment === undefined ? undefined : this.recorded.get(moment);
    return Promise.resolve(moment === undefined || table === undefined ? null : { at: moment, ...table });
  };

  recordedSpan = () => {
    const moments = [...this.recorded.keys()];
    return Promise.resolve({ from: moments[0] ?? null, to: moments.at(-1) ?? null });
  };

  /** The single readings of every watch. */
  readings: PastReading[] = [];

  eachReading = (query: { sinceAt: number }, onPage: (readings: readonly PastReading[]) => void) => {
    onPage(this.readings.filter(({ at }) => at > query.sinceAt));
    return Promise.resolve();
  };

  /** The attempts of every probe. */
  readonly attempts = new FakeAttempts();

  readonly output = new FakeOutput();

  readingsOf = (identity: ProcessIdentity, { sinceAt, points }: { sinceAt: number; points: number }) => {
    const readings = [...this.recorded].flatMap(([at, { rows }]) => {
      const row = at < sinceAt ? undefined : rows.find((one) => sameIdentity(one, identity));
      return row === undefined ? [] : [{ at, cpuPercent: row.cpuPercent, memoryBytes: row.rssBytes }];
    });
    return Promise.resolve(readings.slice(-points));
  };

  private find(reference: string): WatchStatus {
    const found = findByReference(this.list, reference);
    if (found === undefined) throw unknownWatch(reference);
    return found;
  }
  private put(status: WatchStatus): WatchStatus {
    this.list = this.list.map((other) => (other.watch.id === status.watch.id ? status : other));
    this.emit({ watches: [status] });
    return status;
  }
}

export function fakeEvent(id: number, message: string, watch: string | null = null): HealdeckEvent {
  const at = new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString();
  const data = { topic: 'test', detail: message };
  return { id, at, type: 'notice', severity: 'info', watch, pid: null, incident: null, message, data };
}

export function fakeRow(pid: number, changes: Partial<ProcessRow> = {}): ProcessRow {
  return {
    ...{
      pid,
      startTime: pid * 10,
      ppid: 1,
      pgid: pid,
      session: pid,
      name: `program-${pid}`,
      state: 'sleeping',
      cpuPercent: 0,
    },
    ...{
      rssBytes: 1000,
      threads: 1,
      kernel: false,
      uid: 1000,
      user: 'ada',
      argv: ['program', String(pid)],
      startedAt: 0,
    },
    ...{ watchId: null, protectionReason: null },
    ...changes,
  };
}

export function fakeStatus(spec: WatchSpec, number: number): WatchStatus {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return {
    watch: { ...spec, id, revision: 1 },
    ...{ readiness: null, programStatus: null, cause: null, probes: [] },
    ...{ phase: 'running', reason: 'started', sinceAt: 0, processes: [], restarts: 0 },
    use: { cpuPercent: 0, memoryBytes: 0 },
    ...{
      lastRestartAt: null,
      nextAttemptAt: null,
      nextRun: firstRun(spec),
      incident: null,
      observed: spec.overrides.observe ?? false,
    },
    budget: { windows: [{ restarts: 5, used: 0, windowMs: 60_000 }], cooldown: null, trips: 0 },
    settings: resolveSettings(spec.overrides),
  };
}

/** The first start by its schedule after the epoch. */
function firstRun({ schedule }: WatchSpec): NextRun | null {
  const start = schedule?.start ?? null;
  const [at] = start === null ? [] : runsAfter(cronTimeOf(start, 'UTC'), 0, 1);
  return at === undefined ? null : { at, what: 'start' };
}

function fakeInfo(): Omit<EngineInfo, 'settings' | 'healingPausedUntil'> {
  return {
    ...{
      version: '0.1.0',
      pid: 4711,
      shell: 'headless',
      hostname: 'test',
      platform: 'linux',
      timeZone: 'UTC',
      dataDir: '/data',
      startedAt: 0,
    },
    ...{
      ownCpuPercent: 0,
      ownRssBytes: 0,
      tickDelayMs: 0,
      tickDurationMs: 0,
      samplingIntervalMs: 2000,
      unwrittenEvents: 0,
      unwrittenSince: null,
      historyProblem: null,
    },
  };
}
