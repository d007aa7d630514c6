import { BYSTANDER_NAME, BYSTANDER_SHOWS, DRILL_SCENARIOS, type DrillScenario } from '../../shared/model/drill';
import type { AnomalyKind } from '../../shared/model/event';
import type { ProbeInput } from '../../shared/model/probe';
import type { Settings } from '../../shared/model/settings';
import { step, type DemoProgram, type HealScenario, type QuietScenario, type Scenario, type Step } from './scenario';

/** Time between two readings of the scratch engine: the shortest there is. */
export const DRILL_INTERVAL_MS = 500;

const TIMEOUT_MS = 120_000;
/** A mail takes about a second; one that fails is tried again after a minute, and by then the way itself is what is broken. */
const MAIL_TIMEOUT_MS = 30_000;

/** The waiting of the real settings is shortened; what is tolerated (3 of 5 readings, 5 restarts) is as it is for everybody. */
const FAST: Partial<Settings> = {
  'start.graceMs': 1000,
  'stop.graceMs': 1000,
  'heal.verifyMs': 1000,
  'heal.healthyMs': 1000,
  'restart.delays': false,
};

/** It is well for a while first: a start is no misbehaviour. */
const WELL_MS = 2500;
const WELL = ['--after', String(WELL_MS)];

/** The past that a surge is compared with. Readings of a busy machine are no past, so that the first surge may come too early. */
const SURGE_LEARNING_MS = 10_000;
const SURGE_AFTER_MS = SURGE_LEARNING_MS + 4000;
const SURGE_MS = 6000;
/** Long enough to learn all of the past between two surges. */
const SURGE_INTERVAL_MS = SURGE_AFTER_MS + SURGE_MS;

const node = (file: string, ...args: readonly string[]): DemoProgram => ({ runtime: 'node', file, args });
const restarted = step('restarted');
const killed = step('killed', { says: 'no survivors', where: ({ survivors }) => survivors.length === 0 });

function drilled(name: DrillScenario): Pick<Scenario, 'name' | 'shows'> {
  return { name, shows: DRILL_SCENARIOS[name] };
}

/** Asks a server of answers.mjs for its health, as often and as impatiently as fits a drill. */
function healthProbe({ failures, of }: Pick<ProbeInput, 'failures' | 'of'>): (port: number) => readonly ProbeInput[] {
  return (port) => [
    {
      ...{ name: 'health', intervalMs: 500, timeoutMs: 300, failures, of },
      check: { kind: 'http', url: `http://127.0.0.1:${port}/health` },
    },
  ];
}

/** How long what others need takes to be ready, and how long it lives. */
const READY_AFTER_MS = 2000;
const NEEDED_FOR_MS = 6000;

function readyProbe(port: number): readonly ProbeInput[] {
  const check = { kind: 'http', url: `http://127.0.0.1:${port}/ready` } as const;
  return [{ name: 'ready', role: 'readiness', intervalMs: 500, timeoutMs: 500, check }];
}

function failedProbe(answer: string): Step {
  return step('probe_failed', { says: answer, where: (data) => data.answer.startsWith(answer) });
}

/** The first event of an incident has its number. */
const failsAgain: Step = {
  says: 'probe_failed (the same incident goes on)',
  times: 1,
  matches: ({ type, id, incident }) => type === 'probe_failed' && incident !== null && incident !== id,
};

function limit(metric: string): Step {
  return step('limit_exceeded', {
    says: metric,
    where: (data) => data.metric === metric && data.level === 'act' && data.value > data.limit,
  });
}

/** An anomaly that carries reason: what was compared with what, and the numbers named here. */
function anomaly(kind: AnomalyKind, ...numbers: readonly string[]): Step {
  return step('anomaly_detected', {
    says: [kind, ...(numbers.length > 0 ? [`evidence with ${numbers.join(', ')}`] : [])].join(', '),
    where: (data) =>
      data.anomaly === kind &&
      data.evidence.threshold !== '' &&
      numbers.every((name) => data.evidence.numbers[name] !== undefined),
  });
}

function heal(
  scenario: Pick<HealScenario, 'name' | 'shows' | 'program' | 'detected' | 'healed'> & Partial<HealScenario>,
): HealScenario {
  return {
    kind: 'heal',
    restart: 'always',
    misbehavesAfterMs: WELL_MS,
    operator: null,
    leavesNothing: false,
    timeoutMs: TIMEOUT_MS,
    mailTimeoutMs: MAIL_TIMEOUT_MS,
    ...scenario,
    overrides: { ...FAST, ...scenario.overrides },
  };
}

/** Processes of the bystander: a parent and its pool. */
export const BYSTANDER_PROCESSES = 21;

/** Runs beside all others and must be left alone: what they are healed by may touch nothing else. */
export const BYSTANDER: QuietScenario = {
  kind: 'quiet',
  name: BYSTANDER_NAME,
  shows: BYSTANDER_SHOWS,
  program: node('fork-many.mjs', '--children', String(BYSTANDER_PROCESSES - 1), '--seconds', '600'),
  restart: 'always',
  overrides: FAST,
  peakCpuPercent: null,
  quietMs: 0,
  timeoutMs: TIMEOUT_MS,
};

/** What is drilled, each on its own. The bystander comes on top. */
export const SCENARIOS: readonly Scenario[] = [
  // First, as it takes long: the rule compares with the program's own past.
  heal({
    ...drilled('surge'),
    program: node(
      'spin.mjs',
      ...['--threads', '4', '--after', String(SURGE_AFTER_MS), '--for', String(SURGE_MS)],
      ...['--every', String(SURGE_INTERVAL_MS), '--max-seconds', '600'],
    ),
    misbehavesAfterMs: SURGE_AFTER_MS,
    overrides: {
      'cpuSpike.learningMs': SURGE_LEARNING_MS,
      'cpuSpike.minRunMs': 1000,
      'cpuSpike.action': 'restart',
    },
    detected: [anomaly('cpu_spike', 'medianPercent')],
    healed: [killed, restarted],
  }),
  // Each start of it is well for a while, so that its heal holds before it fails again.
  heal({
    ...drilled('flapping'),
    program: node('answers.mjs', '--mode-after', String(WELL_MS), '--then', '500'),
    probes: healthProbe({ failures: 2, of: 3 }),
    detected: [failedProbe('500 Internal Server Error')],
    healed: [killed, restarted, step('recovered'), failsAgain, killed, restarted],
  }),
  heal({
    ...drilled('crash'),
    program: node('crasher.mjs', '--after', '4000', '--code', '3'),
    misbehavesAfterMs: 4000,
    detected: [step('crash_detected', { says: 'exit code 3', where: ({ exitCode }) => exitCode === 3 })],
    healed: [restarted, step('recovered')],
  }),
  heal({
    ...drilled('loop'),
    program: node('exit-with.mjs', '1'),
    misbehavesAfterMs: 0,
    overrides: { 'cooldown.durationMs': TIMEOUT_MS },
    detected: [
      step('restarted', { times: 5 }),
      anomaly('rapid_crashes'),
      step('cooldown_started', { says: '5 restarts', where: ({ restarts }) => restarts === 5 }),
    ],
    operator: 'reset_cooldown',
    healed: [step('cooldown_reset'), restarted],
  }),
  heal({
    ...drilled('leak'),
    program: node('leak.mjs', '--mb-per-second', '8', '--max-mb', '400', ...WELL),
    overrides: { 'memoryLeak.action': 'restart', 'memoryLeak.rule': 'strict' },
    detected: [anomaly('memory_leak', 'grownBytes')],
    healed: [killed, restarted],
  }),
  heal({
    ...drilled('spin'),
    program: node('spin.mjs', '--threads', '2', ...WELL),
    overrides: { 'cpu.limitPercent': 25 },
    detected: [limit('cpu')],
    healed: [killed, restarted],
  }),
  {
    kind: 'quiet',
    ...drilled('spike'),
    program: node('spike.mjs', '--after', String(WELL_MS), '--for', '400', '--every', '6000'),
    restart: 'always',
    overrides: { ...FAST, 'cpu.limitPercent': 25 },
    peakCpuPercent: 25,
    quietMs: 5000,
    timeoutMs: TIMEOUT_MS,
  },
  heal({
    ...drilled('hog'),
    program: node('hog-children.mjs', '--children', '3', '--mb', '80', ...WELL),
    overrides: { 'memory.limitBytes': 220_000_000 },
    detected: [limit('memory')],
    healed: [killed, restarted],
  }),
  heal({
    ...drilled('hang'),
    program: node('hang.mjs', '--mb', '150', ...WELL),
    overrides: { 'memory.limitBytes': 120_000_000 },
    detected: [limit('memory')],
    healed: [step('killed', { says: 'by KILL', where: ({ forced }) => forced.length > 0 }), restarted],
  }),
  heal({
    ...drilled('unanswered'),
    program: node('answers.mjs', '--mode-after', String(WELL_MS), '--then', 'hang'),
    probes: healthProbe({ failures: 3, of: 5 }),
    detected: [failedProbe('no answer within 300 ms')],
    healed: [killed, restarted],
  }),
  heal({
    ...drilled('unhealthy'),
    program: node('answers.mjs', '--mode-after', String(WELL_MS), '--then', 'every-other'),
    probes: healthProbe({ failures: 2, of: 4 }),
    detected: [failedProbe('500 Internal Server Error')],
    healed: [killed, restarted],
  }),
  heal({
    ...drilled('dependency'),
    program: node('needs.mjs'),
    hasPort: true,
    needs: {
      program: node('answers.mjs', '--ready-after', String(READY_AFTER_MS), '--exit-after', String(NEEDED_FOR_MS)),
      probes: readyProbe,
      overrides: FAST,
    },
    misbehavesAfterMs: NEEDED_FOR_MS - READY_AFTER_MS,
    detected: [step('crash_detected', { says: 'exit code 1', where: ({ exitCode }) => exitCode === 1 })],
    healed: [
      step('restarted', {
        says: 'not before what it needs is ready',
        where: ({ afterMs }) => afterMs !== null && afterMs > READY_AFTER_MS / 2,
      }),
    ],
  }),
  heal({
    ...drilled('port'),
    program: node('server.mjs'),
    hasPort: true,
    stranger: node('answers.mjs'),
    misbehavesAfterMs: 0,
    // Who holds the port is found out beside the first restart, and the delay before the next one is what it calls off.
    overrides: { 'cooldown.durationMs': TIMEOUT_MS, 'restart.delays': true },
    detected: [
      step('crash_detected', { says: 'exit code 1', where: ({ exitCode }) => exitCode === 1 }),
      step('cooldown_started', {
        says: 'who holds the port, without a loop',
        where: ({ obstacle, restarts }) => /^pid \d+ /.test(obstacle?.holder ?? '') && restarts < 5,
      }),
    ],
    operator: 'end_stranger',
    healed: [
      step('cooldown_ended', { says: 'the port is free', where: ({ freed }) => freed !== undefined }),
      restarted,
    ],
  }),
  heal({
    ...drilled('fork'),
    program: node('fork-many.mjs', '--generations', '7', '--seconds', '10', '--every', '15', ...WELL),
    detected: [anomaly('fork_bomb', 'descendants')],
    healed: [killed],
    leavesNothing: true,
  }),
  heal({
    ...drilled('zombie'),
    program: { runtime: 'sh', file: 'zombie.sh', args: ['2', '300'] },
    misbehavesAfterMs: 2000,
    overrides: { 'zombie.afterMs': 1000, 'zombie.action': 'restart' },
    detected: [anomaly('zombie', 'parentPid', 'parentName')],
    healed: [restarted],
  }),
];
