import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract';
import { changedBefore, countedCrashes, countOfEvent, crashGroup } from '../../shared/lib/crash/crash-groups';
import { incidentsOf } from '../../shared/lib/events/incidents';
import type { EventDraft, HealdeckEvent } from '../../shared/model/event';
import { ancestorsOf, buildForest, subtree, type ProcessNode } from '../../shared/lib/process/process-tree';
import {
  identityKey,
  type EndPreview,
  type EndScope,
  type ProcessIdentity,
  type ProcessRow,
  type Relative,
} from '../../shared/model/process';
import type { Probe } from '../../shared/model/probe';
import { resolveSettings, SETTINGS, type SettingKey, type Settings } from '../../shared/model/settings';
import { probeAnswerWords } from '../../shared/model/testing/probe-answers';
import type { EngineInfo, LiveMessage, ProcessesMessage, WatchStatus } from '../../shared/model/snapshot';
import { membersOf } from '../../shared/lib/instances';
import { scaledTo } from '../../shared/lib/scaled-to';
import { startCommandOf, type Watch } from '../../shared/model/watch';
import { matches } from '../features/log/log-rows';
import { createFakeAlerts, FAKE_ALERT_SETTINGS } from './fake-alerts';
import { hostileCrash, PAST_CRASHES, pastCrashes } from './fake-crashes';
import { decidingEvents, pastFindings } from './fake-decisions';
import { fakeDrill } from './fake-drill';
import { seeded } from './fake-random';
import {
  fakeEvents,
  fakeHistory,
  fakeMachine,
  fakeProcesses,
  fakeWatches,
  HOSTILE,
  machineReading,
  type Scenario,
} from './fake-world';
import { FAKE_OUTPUT_LINES, fakeBacktest, fakeOutputLine, fakeOutputPage } from './fake-output';
import { fakePast, fakeRecorded } from './fake-past';
import { fakeConnections, fakePorts } from './fake-ports';
import { fakeProbeBacktest, fakeProbeHistory } from './fake-probe-history';
import { createUses, diskRates } from './fake-use';
import { budgetStatus, engineInfo, processRow, watchStatus } from './samples';
import { findByReference, unknownWatchText } from '../../shared/lib/watch-reference';

/** What the fake is started with. */
export interface FakeOptions {
  scenario: Scenario;
  processes: number;
  /** How much was found wrong over the day before: 160 times. */
  findings?: number;
  /** Wall time, ms since the epoch. */
  now: () => number;
  /** Resolves at the next tick; rejects when the signal is aborted. */
  nextTick: (signal: AbortSignal | undefined) => Promise<void>;
}

type Change = Omit<Extract<LiveMessage, { kind: 'delta' }>, 'kind' | 'seq'>;

/** A working engine without a machine: it answers the whole contract from memory, the same in every run. */
export function createFakeEngine({ scenario, processes: processCount, findings = 160, now, nextTick }: FakeOptions) {
  const random = seeded(11);
  const uses = createUses();
  const watches = new Map(fakeWatches(scenario, now()).map((status) => [status.watch.id, status]));
  const removed = new Map<string, WatchStatus>();
  const edited = new Map<string, WatchStatus>();
  const events: HealdeckEvent[] =
    scenario === 'empty'
      ? []
      : [
          ...pastCrashes(1, now()),
          ...pastFindings(PAST_CRASHES + 1, findings, now()),
          ...fakeEvents(PAST_CRASHES + findings + 1, 240, now()),
          ...decidingEvents(PAST_CRASHES + findings + 241, now()),
        ];
  if (scenario === 'hostile') events.push(hostileCrash(events.length + 1, now(), HOSTILE));
  let rows: ProcessRow[] = fakeProcesses(processCount, now());
  if (scenario === 'hostile')
    rows.push(processRow({ pid: 66_666, name: HOSTILE, argv: ['sh', HOSTILE], cpuPercent: 99, startedAt: now() }));
  const listeners = new Set<(change: Change) => void>();

  let overrides: Partial<Settings> = scenario === 'empty' ? {} : FAKE_ALERT_SETTINGS;
  let overridesBefore = overrides;
  let pausedUntil = scenario === 'storm' ? now() + 252_000 : null;
  const info = (): EngineInfo =>
    engineInfo({
      startedAt: now() - 4_000_000,
      unwrittenEvents: scenario === 'hostile' ? 3 : 0,
      unwrittenSince: scenario === 'hostile' ? Date.now() - 12_000 : null,
      healingPausedUntil: pausedUntil,
      settings: resolveSettings(overrides),
    });

  const emit = (draft: EventDraft): HealdeckEvent => {
    const event = { ...draft, id: (events.at(-1)?.id ?? 0) + 1, at: new Date(now()).toISOString() } as HealdeckEvent;
    events.push(event);
    return event;
  };
  const notify = (change: Partial<Change>) => {
    for (const listener of listeners) listener({ watches: [], removedWatchIds: [], events: [], ...change });
  };
  const alerts = createFakeAlerts({ scenario, now, onChange: (status) => notify({ alerts: status }) });
  const setSettings = (values: Partial<Record<SettingKey, unknown>>): Settings => {
    for (const [key, value] of Object.entries(values) as [SettingKey, unknown][]) {
      const parsed = SETTINGS[key].schema.safeParse(value);
      if (!parsed.success)
        throw new ORPCError('BAD_REQUEST', { message: `${key}: ${parsed.error.issues[0]?.message}` });
    }
    overridesBefore = overrides;
    overrides = { ...overrides, ...(values as Partial<Settings>) };
    notify({ engine: info() });
    return resolveSettings(overrides);
  };
  const find = (ref: string): WatchStatus => {
    const found = findByReference(watches.values(), ref);
    if (found === undefined) throw new ORPCError('NOT_FOUND', { message: unknownWatchText(ref) });
    return found;
  };
  const findProbe = (input: { watch: string; probe: string }): Probe => {
    const found = find(input.watch).watch.probes.find(({ name }) => name === input.probe);
    if (found === undefined) throw new ORPCError('NOT_FOUND', { message: `no probe is called "${input.probe}"` });
    return found;
  };
  const keptOf = (ref: string): Watch => {
    const of = [...watches.values()].find(({ instance }) => instance?.of.id === ref || instance?.of.name === ref);
    if (of?.instance === undefined) throw new ORPCError('NOT_FOUND', { message: unknownWatchText(ref) });
    return of.instance.of;
  };
  const checkExpected = (status: WatchStatus, expect: readonly ProcessIdentity[] | undefined) => {
    const running = status.processes.map(identityKey).join();
    if (expect !== undefined && expect.map(identityKey).join() !== running) {
      throw new ORPCError('CONFLICT', { message: 'Other processes run by now than those that were shown.' });
    }
  };
  const update = (status: WatchStatus, message: string): WatchStatus => {
    watches.set(status.watch.id, status);
    const base = { watch: status.watch.name, pid: null, incident: null, severity: 'info', message } as const;
    const event = emit({ ...base, type: 'notice', data: { topic: 'watch', detail: message } });
    notify({ watches: [status], events: [event] });
    return status;
  };
  const running = (status: WatchStatus): WatchStatus => ({
    ...status,
    phase: 'running',
    reason: 'Running',
    sinceAt: now(),
    nextAttemptAt: null,
    processes: [
      {
        ...base.processes[0],
        pid: 9000 + Math.floor(random() * 9000),
        startedAt: now(),
      } as WatchStatus['processes'][number],
    ],
  });
  const base = watchStatus({ id: 'base' });
  /** Its budget is full again; who is down because of the cooldown runs. */
  const reset = (status: WatchStatus): WatchStatus => {
    const fresh = { ...status, budget: budgetStatus() };
    return status.phase === 'cooldown' ? running(fresh) : fresh;
  };

  const findNode = (identity: ProcessIdentity): ProcessNode<ProcessRow> => {
    const node = buildForest(rows).nodes.find(({ row }) => identityKey(row) === identityKey(identity));
    if (node === undefined)
      throw new ORPCError('NOT_FOUND', { message: `There is no process ${identity.pid} any more.` });
    return node;
  };
  const previewEnd = ({ scope, ...identity }: ProcessIdentity & { scope: EndScope }): EndPreview => {
    const node = findNode(identity);
    const members = (scope === 'tree' ? subtree(node) : [node]).map(({ row }) => ({
      ...row,
      watch: row.watchId === null ? null : (watches.get(row.watchId)?.watch.name ?? null),
    }));
    return {
      scope,
      ends: members.filter((row) => row.protectionReason === null),
      refused: members.flatMap((row) =>
        row.protectionReason === null ? [] : [{ ...row, reason: row.protectionReason }],
      ),
      warnings: members.flatMap(({ watch }) =>
        watch === null ? [] : [`The watch ${watch} starts it again at once; stop the watch to keep it down`],
      ),
    };
  };

  const endWhatIsOver = () => {
    for (const status of watches.values()) {
      if ((status.budget.cooldown?.until ?? Infinity) <= now()) update(reset(status), `${status.watch.name} may run`);
    }
    if (pausedUntil === null || pausedUntil > now()) return;
    pausedUntil = null;
    for (const status of watches.values()) if (status.phase === 'held') update(running(status), 'Healing resumed');
  };

  const tick = () => {
    endWhatIsOver();
    for (const status of watches.values()) {
      const processes = status.processes.map((process) => ({ ...process, ...uses.at(process, now()) }));
      const use = {
        cpuPercent: processes.reduce((sum, process) => sum + process.cpuPercent, 0),
        memoryBytes: processes.reduce((sum, process) => sum + process.rssBytes, 0),
        ...diskRates(status.settings, now()),
      };
      watches.set(status.watch.id, { ...status, processes, use });
    }
    rows = rows.map((row) => (random() < 0.25 && !row.kernel ? { ...row, ...uses.at(row, now()) } : row));
    notify({ engine: info(), machine: fakeMachine(now()), watches: [...watches.values()] });
  };

  const os = implement(contract);
  const router = os.router({
    live: os.live.handler(async function* ({ signal }) {
      const pending: Change[] = [];
      let wake: (() => void) | null = null;
      const listener = (change: Change) => {
        pending.push(change);
        wake?.();
      };
      listeners.add(listener);
      signal?.addEventListener('abort', () => wake?.());
      try {
        let seq = 0;
        yield {
          kind: 'snapshot',
          seq,
          engine: info(),
          machine: fakeMachine(now()),
          alerts: alerts.status(),
          watches: [...watches.values()],
          events: events.slice(-200),
        } satisfies LiveMessage;
        while (!signal?.aborted) {
          const change = pending.shift();
          if (change === undefined) await new Promise<void>((resolve) => (wake = resolve));
          else yield { kind: 'delta', seq: ++seq, ...change } satisfies LiveMessage;
        }
      } finally {
        listeners.delete(listener);
      }
    }),
    engine: {
      info: os.engine.info.handler(info),
      dashboardUrl: os.engine.dashboardUrl.handler(() => ({ url: 'http://127.0.0.1:7710/?token=x' })),
      dashboardPage: os.engine.dashboardPage.handler(() => ({ path: '/data/open-x.html' })),
    },
    processes: {
      list: os.processes.list.handler(() => rows),
      live: os.processes.live.handler(async function* ({ signal }) {
        let seq = 0;
        let sent = rows;
        yield { kind: 'table', seq, rows } satisfies ProcessesMessage;
        while (!signal?.aborted) {
          await nextTick(signal);
          const before = new Map(sent.map((row) => [identityKey(row), row]));
          const changed = rows.filter((row) => before.get(identityKey(row)) !== row);
          const now = new Set(rows.map(identityKey));
          const ended = sent.filter((row) => !now.has(identityKey(row)));
          sent = rows;
          yield { kind: 'delta', seq: ++seq, changed, ended } satisfies ProcessesMessage;
        }
      }),
      at: os.processes.at.handler(({ input }) => {
        if (scenario === 'empty')
          throw new ORPCError('NOT_FOUND', { message: 'the process table is not recorded yet' });
        return fakePast(rows, events, input.at);
      }),
      readings: os.processes.readings.handler(({ input: { sinceAt, ...identity } }) => {
        const { row } = findNode(identity);
        return fakeHistory(Math.max(sinceAt, row.startedAt), now(), (at) => {
          const { cpuPercent, rssBytes } = uses.at(row, at);
          return { cpuPercent, memoryBytes: rssBytes };
        });
      }),
      recorded: os.processes.recorded.handler(() =>
        scenario === 'empty' ? { from: null, to: null, marks: [] } : fakeRecorded(events, now()),
      ),
      describe: os.processes.describe.handler(({ input }) => {
        const node = findNode(input);
        const { row } = node;
        return {
          ...row,
          cwd: '/srv/shop',
          executable: row.argv[0] ?? null,
          openFiles: 3 + (row.pid % 40),
          ancestors: ancestorsOf(node).map(relative),
          children: node.children.map(relative),
        };
      }),
      endPreview: os.processes.endPreview.handler(({ input }) => previewEnd(input)),
      end: os.processes.end.handler(({ input }) => {
        const { ends, refused } = previewEnd(input);
        const shown = new Set(input.expect.map(identityKey));
        if (refused.length > 0) throw new ORPCError('FORBIDDEN', { message: refused[0]?.reason ?? '' });
        if (ends.some((one) => !shown.has(identityKey(one)))) {
          throw new ORPCError('CONFLICT', { message: 'The tree has grown since it was shown; nothing was done.' });
        }
        const gone = new Set(ends.map(identityKey));
        rows = rows.filter((row) => !gone.has(identityKey(row)));
        const pids = ends.map(({ pid }) => pid);
        return { pids, forced: input.force ? pids : [], survivors: [] };
      }),
    },
    watches: {
      list: os.watches.list.handler(() => [...watches.values()]),
      ports: os.watches.ports.handler(({ input: { watch } }) =>
        (watch === null ? [...watches.values()] : [find(watch)]).map(fakePorts),
      ),
      endPreview: os.watches.endPreview.handler(({ input: { watch } }) => {
        const { processes, watch: spec } = find(watch);
        const argv = startCommandOf(spec.target)?.argv ?? [];
        const ends = processes.map(({ pid, startTime, name }) => ({
          ...{ pid, startTime, name, argv, ppid: 1, user: 'ada', watch: spec.name },
        }));
        return { ends, refused: [] };
      }),
      tryProbe: os.watches.tryProbe.handler(({ input: { probe } }) => ({
        ...{ passed: true, words: probeAnswerWords(probe.check, true), latencyMs: 12 },
      })),
      preview: os.watches.preview.handler(({ input: { target } }) => {
        if (target.kind === 'command') return { candidates: [], problem: null };
        try {
          const expression = new RegExp(target.pattern);
          const found = rows.filter((row) =>
            target.by === 'name'
              ? row.name === target.pattern
              : row.argv.length > 0 && expression.test(row.argv.join(' ')),
          );
          const candidates = found.map((row) => ({
            ...row,
            verdict: row.protectionReason === null ? ('taken' as const) : ('protected' as const),
            reason: row.protectionReason ?? `it was started as ${row.argv[0] ?? row.name}`,
          }));
          return { candidates, problem: null };
        } catch {
          throw new ORPCError('BAD_REQUEST', { message: 'Expected a regular expression in RE2 syntax.' });
        }
      }),
      add: os.watches.add.handler(({ input: { spec } }) => {
        if ([...watches.values()].some(({ watch }) => watch.name === spec.name)) {
          throw new ORPCError('CONFLICT', { message: `The name "${spec.name}" is in use.` });
        }
        if (spec.target.kind === 'command' && spec.target.command.argv[0] === 'missing') {
          throw new ORPCError('BAD_REQUEST', {
            message: 'spec.target.command.argv.0: expected a program on the PATH, "missing" is none',
          });
        }
        const id = `00000000-0000-4000-9000-${String(watches.size).padStart(12, '0')}`;
        const watch = { ...spec, id, revision: 1 };
        return update(running({ ...base, watch, settings: resolveSettings(spec.overrides) }), `Added ${spec.name}`);
      }),
      edit: os.watches.edit.handler(({ input: { watch, revision, spec } }) => {
        const status = find(watch);
        edited.set(status.watch.id, status);
        if (status.watch.revision !== revision)
          throw new ORPCError('CONFLICT', { message: 'It was edited meanwhile.' });
        return update(
          {
            ...status,
            watch: { ...spec, id: status.watch.id, revision: revision + 1 },
            settings: resolveSettings(spec.overrides),
          },
          `Edited ${spec.name}`,
        );
      }),
      undo: os.watches.undo.handler(({ input: { watch, revision } }) => {
        const { id } = find(watch).watch;
        const before = edited.get(id);
        if (before === undefined) throw new ORPCError('CONFLICT', { message: 'It was not edited.' });
        edited.delete(id);
        return update({ ...before, watch: { ...before.watch, revision: revision + 1 } }, `Edited ${before.watch.name}`);
      }),
      remove: os.watches.remove.handler(({ input }) => {
        const status = find(input.watch);
        checkExpected(status, input.expect);
        watches.delete(status.watch.id);
        removed.set(status.watch.id, status);
        notify({ removedWatchIds: [status.watch.id] });
        return { leftRunning: status.processes.map((process) => process.pid) };
      }),
      restore: os.watches.restore.handler(({ input }) => {
        const status = removed.get(input.watch);
        if (status === undefined) throw new ORPCError('NOT_FOUND', { message: 'It was not removed.' });
        removed.delete(input.watch);
        return update(status, `${status.watch.name} is watched from now on`);
      }),
      start: os.watches.start.handler(({ input }) => update(running(find(input.watch)), 'Started')),
      stop: os.watches.stop.handler(({ input }) => {
        const status = find(input.watch);
        checkExpected(status, input.expect);
        return update(
          { ...status, phase: 'stopped', reason: 'Stopped by the operator', processes: [], nextAttemptAt: null },
          `Stopped ${status.watch.name}`,
        );
      }),
      restart: os.watches.restart.handler(({ input }) => {
        const status = find(input.watch);
        checkExpected(status, input.expect);
        return update(running(status), `Restarted ${status.watch.name}`);
      }),
      scale: os.watches.scale.handler(({ input: { watch, change } }) => {
        const of = keptOf(watch);
        const scaled = scaledTo(of, change);
        if (!scaled.ok) throw new ORPCError('BAD_REQUEST', { message: scaled.error });
        const kept = { ...of, instances: scaled.instances, revision: of.revision + 1 };
        const before = [...watches.values()].filter(({ instance }) => instance?.of.id === of.id);
        const { instance: _, ...first } = find(of.id);
        const members = membersOf(kept).map((member, at): WatchStatus => {
          const status = before.find((one) => one.watch.id === member.id) ?? running({ ...first, watch: member });
          return { ...status, watch: member, instance: { number: at + 1, of: kept } };
        });
        for (const status of before) watches.delete(status.watch.id);
        for (const status of members) watches.set(status.watch.id, status);
        const isGone = ({ watch: { id } }: WatchStatus) => !members.some((member) => member.watch.id === id);
        notify({ watches: members, removedWatchIds: before.filter(isGone).map((status) => status.watch.id) });
        return find(of.id);
      }),
      rollingRestart: os.watches.rollingRestart.handler(({ input: { watch } }) => {
        const { id } = keptOf(watch);
        const members = [...watches.values()].filter(({ instance }) => instance?.of.id === id);
        for (const member of members) update(running(member), `Restarted ${member.watch.name}`);
        return { restarted: members.map((member) => member.watch.name), left: [], problem: null };
      }),
      resetCooldown: os.watches.resetCooldown.handler(({ input }) => {
        const those = input.watch === null ? [...watches.values()] : [find(input.watch)];
        const cooling = those.filter((status) => status.budget.cooldown !== null);
        for (const status of cooling) update(reset(status), `${status.watch.name}: its cooldown was reset`);
        if (input.watch === null && pausedUntil !== null) {
          pausedUntil = now();
          endWhatIsOver();
          notify({ engine: info() });
        }
        return { reset: cooling.map((status) => status.watch.name) };
      }),
      extendCooldown: os.watches.extendCooldown.handler(({ input }) => {
        const status = find(input.watch);
        const { cooldown } = status.budget;
        if (cooldown === null) throw new ORPCError('CONFLICT', { message: `${status.watch.name} is in no cooldown.` });
        const until = cooldown.until + input.byMs;
        const extended = { ...status, budget: { ...status.budget, cooldown: { ...cooldown, until } } };
        return update(extended, `${status.watch.name}: its cooldown was extended`);
      }),
      observe: os.watches.observe.handler(({ input }) => {
        const status = find(input.watch);
        return update({ ...status, observed: input.on }, `${status.watch.name} is ${input.on ? '' : 'not '}observed`);
      }),
      backtest: os.watches.backtest.handler(({ input }) =>
        fakeBacktest({ ...find(input.watch).settings, ...input.overrides }, now() - input.hours * 3_600_000, now()),
      ),
      addAll: os.watches.addAll.handler(({ input }) =>
        input.specs.map((spec, index) => {
          const id = `00000000-0000-4000-a000-${String(watches.size + index).padStart(12, '0')}`;
          return update(running({ ...base, watch: { ...spec, id, revision: 1 } }), `Added ${spec.name}`);
        }),
      ),
    },
    probes: {
      history: os.probes.history.handler(({ input }) => fakeProbeHistory(findProbe(input), input, now())),
      backtest: os.probes.backtest.handler(({ input }) => {
        const probe = findProbe(input);
        return fakeProbeBacktest(probe, input.rule.failures ?? probe.failures, input.hours, now());
      }),
    },
    graph: {
      observed: os.graph.observed.handler(({ input }) => ({
        ...{ ...input, ...fakeConnections([...watches.values()]) },
        watches: [...watches.values()].map(fakePorts),
      })),
    },
    incidents: {
      list: os.incidents.list.handler(({ input }) =>
        incidentsOf(events)
          .filter(({ id, watch }) => (input.id ?? id) === id && (input.watch ?? watch) === watch)
          .slice(0, input.limit),
      ),
    },
    crashes: {
      list: os.crashes.list.handler(({ input: { id, watch, limit } }) =>
        countedCrashes(
          events.flatMap((event) => countOfEvent(event) ?? []),
          now(),
        )
          .filter((crash) => crash.id.startsWith(id ?? '') && (watch === undefined || crash.watches.includes(watch)))
          .slice(0, limit)
          .map((crash) => ({
            ...crashGroup(crash, events.filter((event) => countOfEvent(event)?.id === crash.id).reverse()),
            firstAfter: id === undefined ? null : changedBefore(crash.id, events),
          })),
      ),
    },
    events: {
      list: os.events.list.handler(({ input }) => {
        const filter = {
          text: input.text ?? '',
          types: input.types ?? [],
          watch: input.watch ?? null,
          untilAt: input.untilAt ?? null,
        };
        return events.filter((event) => matches(event, filter)).slice(-input.limit);
      }),
      follow: os.events.follow.handler(async function* () {
        yield* events.slice(-10);
      }),
    },
    history: {
      samples: os.history.samples.handler(({ input }) =>
        scenario === 'empty' && input.watch !== null
          ? []
          : fakeHistory(
              input.sinceAt,
              now(),
              input.watch === null ? machineReading : uses.ofWatch(find(input.watch), events),
            ),
      ),
    },
    output: {
      tail: os.output.tail.handler(({ input }) => fakeOutputPage(input.stream, input.lines, input.before ?? null)),
      follow: os.output.follow.handler(async function* ({ input, signal }) {
        for (const stream of input.streams) {
          const { lines } = fakeOutputPage(stream, Math.min(input.lines, FAKE_OUTPUT_LINES), null);
          if (lines.length > 0) yield { stream, text: `${lines.join('\n')}\n`, skippedBytes: 0 };
        }
        for (let line = FAKE_OUTPUT_LINES; !signal?.aborted; line += 1) {
          await nextTick(signal);
          for (const stream of input.streams)
            yield { stream, text: `${fakeOutputLine(stream, line)}\n`, skippedBytes: 0 };
        }
      }),
    },
    alerts: {
      status: os.alerts.status.handler(alerts.status),
      list: os.alerts.list.handler(({ input }) => alerts.list(input)),
      retry: os.alerts.retry.handler(({ input }) => alerts.retry(input.id)),
      drop: os.alerts.drop.handler(({ input }) => alerts.drop(input.id)),
      sendHeld: os.alerts.sendHeld.handler(alerts.sendHeld),
      test: os.alerts.test.handler(({ input }) => alerts.test(input.channel)),
      check: os.alerts.check.handler(({ input }) => alerts.check(input.channel)),
      preview: os.alerts.preview.handler(({ input }) => alerts.preview(input.templates)),
      templates: os.alerts.templates.handler(alerts.templates),
      acknowledge: os.alerts.acknowledge.handler(({ input }) => alerts.acknowledge(input.incident)),
      snooze: os.alerts.snooze.handler(({ input }) => alerts.snooze(input.watch, input.incident, input.forMs)),
      unmute: os.alerts.unmute.handler(({ input }) => alerts.unmute(input.id)),
    },
    secrets: {
      list: os.secrets.list.handler(alerts.secrets),
      set: os.secrets.set.handler(({ input }) => alerts.setSecret(input.name, input.value)),
    },
    config: {
      export: os.config.export.handler(() => ({
        ...{ healdeck: 'configuration' as const, version: 1 as const, settings: {}, leftOut: [] },
        watches: [...watches.values()].map(({ watch: { id: _id, revision: _revision, ...spec } }) => spec),
      })),
      import: os.config.import.handler(({ input }) => ({
        applied: !input.dryRun,
        added: input.file.watches.map(({ name }) => name),
        ...{ replaced: [], kept: [], unchanged: [], settings: [], keptSettings: [], toFill: [], keptElsewhere: [] },
      })),
    },
    drill: { run: os.drill.run.handler(({ input, signal }) => fakeDrill(input.scenarios, nextTick, signal)) },
    settings: {
      get: os.settings.get.handler(() => resolveSettings(overrides)),
      set: os.settings.set.handler(({ input }) => setSettings({ [input.key]: input.value })),
      setAll: os.settings.setAll.handler(({ input }) => setSettings(input.values)),
      undo: os.settings.undo.handler(() => {
        overrides = overridesBefore;
        notify({ engine: info() });
        return resolveSettings(overrides);
      }),
    },
  });

  return {
    router,
    tick,
    emit: (draft: EventDraft) => notify({ events: [emit(draft)] }),
    kill: (name: string) =>
      update({ ...find(name), phase: 'backoff', processes: [], nextAttemptAt: now() + 4000 }, `${name} crashed`),
  };
}

function relative({ row: { pid, startTime, name } }: ProcessNode<ProcessRow>): Relative {
  return { pid, startTime, name };
}
