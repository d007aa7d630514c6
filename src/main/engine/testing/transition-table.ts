import type { LaunchFailure } from '../ports';
import type { Watch } from '../../../shared/model/watch';
import { resolveSettings } from '../../../shared/model/settings';
import type {
  Death,
  HealContext,
  HealInput,
  HealMachine,
  HealState,
  Recovery,
  Sightings,
  Takeover,
} from '../heal/heal-state';
import { initialMachine } from '../heal/heal-state';
import { transition } from '../heal/transition';
import { healPolicyOf } from '../heal/heal-policy';
import { commandSpec } from './test-engine';

const NOW_MS = 1_000_000;
const IDENTITY = { pid: 1, startTime: 1 };
const PROGRAM = { ...IDENTITY, origin: 'child', startedAtMs: NOW_MS - 60_000 } as const;
const STORY: Recovery = { openedAtMs: NOW_MS - 5000, downSinceMs: NOW_MS - 5000, oldPid: 1, attempts: 1 };
const FORBIDDEN = { ...PROGRAM, origin: 'match' } as const;
const SIGHTINGS: Sightings = { firstAtMs: NOW_MS - 5000, times: 1, startedBy: 'cron (pid 9)' };
const WATCH: Watch = { ...commandSpec({ restart: 'on-failure' }), id: 'w', revision: 1 };
/** The one whose program must not run, for the phases that only such a watch has. */
const FORBIDDING: Watch = {
  ...WATCH,
  target: { kind: 'forbidden', by: 'name', pattern: 'miner', user: null },
  restart: null,
};
const FAILURE: LaunchFailure = { reason: 'ENOENT', message: 'no such file' };
const OBSTACLE = { protocol: 'tcp', port: 80, holder: 'pid 3 (nginx)' } as const;
const DEATH: Death = {
  ...{ stderrTail: [], stderrOf: 'this_run', leftovers: false, strays: false },
  ...{ whileEngineWasDown: false, crash: null, oomKills: 0, endedBy: null },
};

/** One state of each phase, at its due time: a program that crashed once, or is in that phase for the first time. */
const STATES: { readonly [P in HealState['phase']]: HealState & { phase: P } } = {
  stopped: { phase: 'stopped', sinceMs: 0, reason: 'operator' },
  waiting: { phase: 'waiting', sinceMs: 0, recovery: STORY },
  starting: {
    ...{ phase: 'starting', sinceMs: 0, cause: { kind: 'heal', actor: 'engine' }, recovery: STORY },
    ...{ appearByMs: NOW_MS, overdue: null, shortage: null },
  },
  blocked: {
    ...{ phase: 'blocked', sinceMs: 0, cause: { kind: 'start', actor: 'cli' }, recovery: null, shortage: null },
  },
  running: {
    ...{ phase: 'running', sinceMs: 0, processes: [PROGRAM], recovery: STORY },
    health: { ready: 'unknown', live: 'unknown' },
  },
  stopping: {
    ...{ phase: 'stopping', sinceMs: 0, processes: [PROGRAM], ending: [PROGRAM], recovery: null },
    next: { kind: 'stop', actor: 'cli' },
  },
  backoff: { phase: 'backoff', sinceMs: 0, dueMs: NOW_MS, recovery: STORY, shortage: null },
  cooldown: { phase: 'cooldown', sinceMs: 0, recovery: STORY },
  held: { phase: 'held', sinceMs: 0, recovery: STORY },
  suspended: { phase: 'suspended', sinceMs: 0, processes: [PROGRAM], reason: 'CPU limit', recovery: null },
  failed: { phase: 'failed', sinceMs: 0, reason: 'it could not be ended', processes: [] },
  absent: { phase: 'absent', sinceMs: 0, sightings: SIGHTINGS },
  present: { phase: 'present', sinceMs: 0, processes: [FORBIDDEN], standing: 'ending', sightings: SIGHTINGS },
};

const TAKEOVERS: readonly Takeover[] = [
  { kind: 'adopt', processes: [PROGRAM], gone: [], inIncident: false, suspended: false },
  { kind: 'stay_stopped', reason: 'operator', gone: [] },
  { kind: 'start_again', inIncident: true, strays: false, countedAtMs: null },
  { kind: 'start_lost', inIncident: true, strays: false },
  { kind: 'died_meanwhile', gone: [PROGRAM], startLost: false },
  { kind: 'cool_down', inIncident: true },
  { kind: 'start', strays: false },
  { kind: 'heal_on', strays: false },
  { kind: 'still_starting', inIncident: true },
  { kind: 'leave_alone', reason: 'another engine keeps it' },
  { kind: 'wait' },
  { kind: 'rest' },
  { kind: 'forbid', inIncident: false },
];

const exited = (exitCode: number, more: Partial<Death> = {}): HealInput => ({
  ...{ type: 'exited', identity: IDENTITY, exit: { exitCode, signal: null } },
  death: { ...DEATH, ...more },
});

/** What it is restarted with has begun another run. */
const RENEWED = 'dependency renewed';

/** What can happen, each in the forms that lead to different ends. */
const INPUTS: Readonly<Record<string, HealInput>> = {
  start: { type: 'start', actor: 'cli', strays: false },
  'start beside strays': { type: 'start', actor: 'cli', strays: true },
  stop: { type: 'stop', actor: 'cli' },
  restart: { type: 'restart', actor: 'cli' },
  launched: { type: 'launched', identity: IDENTITY },
  'launch failed': { type: 'launch_failed', failure: FAILURE },
  'launch refused by the machine': { type: 'launch_failed', failure: { reason: 'EAGAIN', message: 'no processes' } },
  'start overdue': { type: 'start_overdue', failure: FAILURE },
  found: { type: 'found', processes: [{ ...PROGRAM, pid: 2, startTime: 2, origin: 'match' }] },
  'exited, crash': exited(1),
  'exited, crash with leftovers': exited(1, { leftovers: true }),
  'exited, clean': exited(0),
  'exited, by the operator': exited(1, { endedBy: 'cli' }),
  succeeded: {
    ...{ type: 'succeeded', identity: IDENTITY, others: [] },
    heir: { ...PROGRAM, pid: 2, startTime: 2, heir: { how: 'replaced', probation: null } },
  },
  cleared: { type: 'cleared', result: { pids: [1], forced: [], survivors: [] } },
  'cleared, but for one': { type: 'cleared', result: { pids: [1], forced: [1], survivors: [1] } },
  sighted: {
    type: 'sighted',
    programs: [
      {
        process: { ...FORBIDDEN, pid: 2, startTime: 2 },
        facts: { name: 'miner', argv: ['miner'], user: 'web', startTime: 2 },
        startedBy: null,
      },
    ],
  },
  'sighted no more': { type: 'sighted', programs: [] },
  'remedy, restart': { type: 'remedy', action: 'restart', reason: 'memory limit', metric: 'memory' },
  'remedy, kill': { type: 'remedy', action: 'kill', reason: 'fork bomb', metric: null },
  'remedy, suspend': { type: 'remedy', action: 'suspend', reason: 'CPU limit', metric: 'cpu' },
  'limit holds': { type: 'limit_holds' },
  'became ready': { type: 'became_ready', probe: 'health', answer: '200 OK', afterMs: 2000 },
  'readiness lost': { type: 'readiness_lost', probe: 'health', answer: '503 Service Unavailable' },
  'never ready': { type: 'never_ready', withinMs: 60_000, probe: 'health', answer: 'connection refused' },
  'liveness failed': {
    type: 'liveness_failed',
    failure: { probe: 'health', role: 'liveness', of: 5, attempts: [] },
  },
  'liveness holds': { type: 'liveness_holds' },
  'dependencies changed': { type: 'dependencies_changed' },
  [RENEWED]: { type: 'dependencies_changed' },
  'observe over': { type: 'observe_over' },
  'reset cooldown': { type: 'reset_cooldown', actor: 'cli' },
  'extend cooldown': { type: 'extend_cooldown', actor: 'cli', byMs: 60_000 },
  'storm over': { type: 'storm_over' },
  obstructed: { type: 'obstructed', obstacle: OBSTACLE },
  'leftovers found': { type: 'leftovers_found' },
  'cause gone': { type: 'cause_gone', end: { freed: OBSTACLE } },
  due: { type: 'due' },
};

/**
 * What `transition()` makes of each input in each phase, as lines of text: phases with the same end share one, and those in
 * which nothing changes are left out.
 */
export function transitionTable(): string {
  const rows = Object.entries(INPUTS).flatMap(([name, input]) => rowsOf(name, input));
  const takeovers = TAKEOVERS.map((takeover) => [
    `taken over: ${takeover.kind}`,
    'stopped',
    ...outcome(initialMachine(0), { type: 'taken_over', takeover, replaced: null }),
  ]);
  const all = [['input', 'in phase', 'next phase', 'effects'], ...rows, ...takeovers];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowsOf(name: string, input: HealInput): readonly string[][] {
  const phases = new Map<string, string[]>();
  for (const state of Object.values(STATES)) {
    const [next, effects] = outcome({ ...initialMachine(0), state }, input, name === RENEWED);
    if (next === state.phase && effects === '') continue;
    const end = `${next === state.phase ? '' : next}\0${effects}`;
    phases.set(end, [...(phases.get(end) ?? []), state.phase]);
  }
  return [...phases].flatMap(([end, from], at) => {
    const [next = '', effects = ''] = end.split('\0');
    return wrapped(from).map((line, part) => [
      at === 0 && part === 0 ? name : '',
      line,
      ...(part === 0 ? [next === '' ? '(the same)' : next, effects] : ['', '']),
    ]);
  });
}

/** Phases in lines of at most four. */
function wrapped(phases: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < phases.length; at += 4) {
    lines.push(phases.slice(at, at + 4).join(', ') + (at + 4 < phases.length ? ',' : ''));
  }
  return lines;
}

function outcome(machine: HealMachine, input: HealInput, isRenewed = false): [next: string, effects: string] {
  const isForbidding = machine.state.phase === 'absent' || machine.state.phase === 'present';
  const watch = isForbidding ? FORBIDDING : WATCH;
  const followed = isRenewed ? [{ id: 'db', watch: 'db', until: 'ready', run: '2:2', isSettled: true } as const] : [];
  const ledger = isRenewed ? { ...machine.ledger, ranWith: { db: '1:1' } } : machine.ledger;
  const { state, effects } = transition({ ...machine, ledger }, input, { ...context(watch), followed });
  return [
    state.phase,
    effects.map((effect) => (effect.type === 'emit' ? effect.draft.type : effect.type.toUpperCase())).join(', '),
  ];
}

function context(watch: Watch): HealContext {
  return {
    ...{ nowMs: NOW_MS, wallMs: NOW_MS, shuttingDown: false, healingPaused: false, blockers: [], followed: [] },
    watch,
    policy: healPolicyOf(watch, resolveSettings(), 0.5),
  };
}
