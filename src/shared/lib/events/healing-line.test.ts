import fc from 'fast-check';
import { ALERT_CHANNELS } from '../../model/delivery';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventData, type EventType, type HealdeckEvent } from '../../model/event';
import { HEALING_LINE_LIMIT, HealingCauses, healingLine } from './healing-line';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('\n', '\r\n', '\x1b[2J', '\u202e', '\ud800', '\u2028', '<script>', 'x'.repeat(4096)),
);
const pid = fc.integer({ min: 1, max: 4_194_304 });
const pids = fc.array(pid, { maxLength: 5 });
const actor = fc.constantFrom('engine' as const, 'window' as const, 'browser' as const, 'cli' as const);
const exit = {
  exitCode: fc.option(fc.integer({ min: 0, max: 255 })),
  signal: fc.option(fc.constantFrom('SIGSEGV', 'SIGKILL')),
  uptimeSeconds: fc.option(fc.nat()),
  stderrTail: fc.array(text, { maxLength: 3 }),
};

const change = fc.record({ field: text, before: fc.option(text), after: fc.option(text) });
/** A word of a union, as another version may have written it. */
const anyOf = <T>(...words: readonly string[]) =>
  fc.oneof(text, fc.constantFrom('constructor', ...words)) as fc.Arbitrary<never> as fc.Arbitrary<T>;
const asked = { probe: fc.option(text), answer: text };
const runKind = fc.constantFrom('start' as const, 'restart' as const);
const channelOf = fc.constantFrom(...ALERT_CHANNELS);
const DATA: { [T in EventType]: fc.Arbitrary<EventData[T]> } = {
  engine_started: fc.record({ version: text, shell: fc.constantFrom('desktop', 'headless'), enginePid: pid }),
  engine_stopped: fc.record({ reason: text }),
  watch_added: fc.record({ actor, watchId: text }),
  watch_edited: fc.record(
    { actor, watchId: text, changed: fc.array(text), changes: fc.array(change) },
    { requiredKeys: ['actor', 'watchId', 'changed'] },
  ),
  watch_removed: fc.record({ actor, watchId: text, leftRunning: pids }),
  settings_changed: fc.record({ actor, changes: fc.array(change) }),
  config_imported: fc.record({
    actor,
    added: fc.array(text),
    replaced: fc.array(text),
    kept: fc.array(text),
    settings: fc.array(text),
  }),
  secret_changed: fc.record({ actor, name: text, changes: fc.array(change) }),
  incident_acknowledged: fc.record({ actor, incident: fc.nat(), changes: fc.array(change) }),
  alerts_snoozed: fc.record({ actor, changes: fc.array(change) }),
  mute_ended: fc.record({ actor, changes: fc.array(change) }),
  forbidden_found: fc.record({
    process: fc.record({ name: text, argv: fc.array(text), user: text, startTime: fc.nat() }),
    startedBy: fc.option(text),
    times: fc.nat(),
    answer: anyOf('ended'),
  }),
  machine_distress: fc.record({ kind: anyOf('memory'), subject: fc.option(text), detail: text }),
  machine_relieved: fc.record({
    kind: anyOf('disk_space'),
    subject: fc.option(text),
    detail: text,
    durationMs: fc.nat(),
  }),
  forbidden_gone: fc.record({ times: fc.nat(), durationMs: fc.nat(), startedBy: fc.option(text) }),
  started: fc.record({ actor, argv: fc.array(text), cwd: text }),
  adopted: fc.record({ how: fc.constantFrom('child', 'match', 'heir'), uptimeSeconds: fc.nat() }),
  became_ready: fc.record({ ...asked, afterMs: fc.option(fc.nat()) }),
  readiness_lost: fc.record(asked),
  probe_failed: fc.record({
    ...asked,
    role: anyOf('liveness'),
    failures: fc.nat(),
    of: fc.nat(),
    attempts: fc.array(fc.record({ at: fc.nat(), passed: fc.boolean(), words: text, latencyMs: fc.nat() })),
    action: fc.constantFrom('restart', 'notify'),
    observed: fc.boolean(),
  }),
  stopped: fc.record({ actor, pids, forced: pids }),
  exited: fc.record({ ...exit, reason: fc.constantFrom('clean_exit', 'shutdown') }),
  crash_detected: fc.record({ ...exit, policy: anyOf(), remaining: fc.nat(), whileEngineWasDown: fc.boolean() }),
  death_explained: fc.record({
    reason: text,
    certainty: anyOf('certain'),
    evidence: fc.array(fc.record({ topic: anyOf('who'), text, source: text })),
  }),
  last_words: fc.record({
    readings: fc.array(fc.record({ at: fc.nat(), cpuPercent: fc.double(), memoryBytes: fc.nat() })),
    processes: fc.constant([]),
    dump: fc.option(fc.record({ signal: text, text, truncated: fc.boolean() })),
    tookMs: fc.nat(),
  }),
  incident_attributed: fc.record({ cause: fc.record({ watch: text, incident: fc.nat() }) }),
  dependant_affected: fc.record({ watch: text, incident: fc.option(fc.nat()), how: anyOf() }),
  restarted: fc.record({ actor, attempt: fc.nat(), oldPid: fc.option(pid), afterMs: fc.option(fc.nat()) }),
  run_missed: fc.record({
    ...{ what: runKind, count: fc.nat(), isMore: fc.boolean(), firstDueAt: fc.nat(), lastDueAt: fc.nat() },
    isCaughtUp: fc.boolean(),
  }),
  run_overrun: fc.record({ dueAt: fc.nat(), runningForMs: fc.nat() }),
  run_skipped: fc.record({ what: runKind, dueAt: fc.nat(), reason: anyOf('observed', 'cooldown') }),
  scheduled_restart: fc.record({
    reason: fc.oneof(
      fc.record({ kind: fc.constant('due' as const), dueAt: fc.nat() }),
      fc.record({ kind: fc.constant('max_uptime' as const), uptimeMs: fc.nat() }),
      fc.record({ kind: fc.constant('file_change' as const), paths: fc.array(text) }),
    ),
    observed: fc.boolean(),
  }),
  rolling_restart_started: fc.record({ actor, watchId: text, instances: fc.array(text), keep: fc.nat() }),
  rolling_restart_completed: fc.record({ actor, watchId: text, keep: fc.nat(), restarted: fc.array(text) }),
  rolling_restart_stopped: fc.record({
    ...{ actor, watchId: text, keep: fc.nat(), restarted: fc.array(text), left: fc.array(text), problem: text },
  }),
  restart_failed: fc.record({
    actor,
    operation: fc.constantFrom('start', 'restart', 'stop'),
    reason: anyOf(),
    tried: fc.option(fc.record({ argv: fc.array(text), cwd: text })),
    nextAttemptInMs: fc.option(fc.nat()),
  }),
  limit_exceeded: fc.record({
    metric: anyOf('cpu', 'memory'),
    level: fc.constantFrom('warn', 'act'),
    value: fc.double(),
    limit: fc.double(),
    unit: anyOf('bytes', '% of one core'),
    scope: fc.constantFrom('process', 'tree'),
    action: anyOf(),
    observed: fc.boolean(),
    violations: fc.nat(),
    values: fc.array(fc.double()),
  }),
  anomaly_detected: fc.record({
    anomaly: anyOf('zombie', 'memory_leak'),
    action: anyOf(),
    observed: fc.boolean(),
    evidence: fc.record({
      rule: text,
      threshold: text,
      windowSeconds: fc.nat(),
      samples: fc.array(fc.record({ at: fc.nat(), value: fc.double() })),
      unit: anyOf(),
      numbers: fc.dictionary(text, fc.oneof(fc.double(), text)),
    }),
  }),
  cooldown_started: fc.record({
    restarts: fc.nat(),
    windowSeconds: fc.nat(),
    durationMs: fc.nat(),
    untilAt: text,
    commonExit: fc.option(text),
  }),
  cooldown_ended: fc.record({ durationMs: fc.nat() }),
  cooldown_reset: fc.record({ actor, remainingMs: fc.nat() }),
  cooldown_extended: fc.record({ actor, byMs: fc.nat(), untilAt: text }),
  suspended: fc.record({ reason: text, pids }),
  priority_lowered: fc.record({ reason: text, nice: fc.nat(), pids }),
  healing_paused: fc.record({ restarts: fc.nat(), windowSeconds: fc.nat(), untilAt: text }),
  healing_resumed: fc.record({ actor }),
  gap: fc.record({ seconds: fc.nat(), clockJumpSeconds: fc.integer() }),
  recovered: fc.record({ attempts: fc.nat(), durationMs: fc.nat() }),
  killed: fc.record({ actor, reason: text, pids, forced: pids, survivors: pids }),
  signal_refused: fc.record({
    reason: fc.constantFrom('pid_reused', 'protected', 'not_permitted'),
    signal: text,
    detail: text,
  }),
  alert_sent: fc.record({ channel: channelOf, recipient: text, subject: text, outboxId: fc.nat(), events: fc.nat() }),
  alert_failed: fc.record({
    channel: channelOf,
    recipient: text,
    subject: text,
    outboxId: fc.nat(),
    events: fc.nat(),
    problem: fc.record({
      step: fc.constantFrom('login', 'timeout'),
      message: text,
      advice: text,
      temporary: fc.boolean(),
    }),
  }),
  notice: fc.record({ topic: text, detail: text }),
};

const CPU_LIMIT: EventData['limit_exceeded'] = {
  metric: 'cpu',
  level: 'act',
  value: 97.2,
  limit: 80,
  unit: '% of one core',
  scope: 'tree',
  action: 'restart',
  observed: false,
  violations: 3,
  values: [97, 96, 20, 99, 97.2],
};
const LEAK: EventData['anomaly_detected'] = {
  anomaly: 'memory_leak',
  action: 'restart',
  observed: false,
  evidence: {
    rule: 'trend',
    threshold: 'rises by 2 MB a minute',
    windowSeconds: 300,
    samples: [],
    unit: 'bytes',
    numbers: {},
  },
};

const anyEvent: fc.Arbitrary<HealdeckEvent> = fc.constantFrom(...EVENT_TYPES).chain(
  (type) =>
    fc.record({
      id: fc.nat(),
      at: fc.constant('2026-11-22T23:05:10.123Z'),
      type: fc.constant(type),
      severity: fc.constantFrom('info', 'warning', 'high', 'critical'),
      watch: fc.option(text),
      pid: fc.option(pid),
      incident: fc.constant(null),
      message: text,
      data: DATA[type],
    }) as fc.Arbitrary<HealdeckEvent>,
);

function event<T extends EventType>(type: T, data: EventData[T], more: Partial<HealdeckEvent> = {}): HealdeckEvent {
  return {
    id: 1,
    at: '2026-11-22T23:05:10.123Z',
    type,
    severity: 'info',
    watch: 'web-worker',
    pid: 4711,
    incident: null,
    message: '',
    ...more,
    data,
  } as HealdeckEvent;
}

describe('a line of healing.log', () => {
  const at = '2026-11-22T23:05:10.123Z';
  const chosen = { name: 'job', argv: ['python3', 'job.py'], user: 'ada', startTime: 7 };
  it.each<[HealdeckEvent, string]>([
    [
      event('killed', { actor: 'engine', reason: 'high CPU usage', pids: [4711], forced: [4711], survivors: [] }),
      `${at} Killed web-worker pid=4711 due to high CPU usage pids 4711 forced 4711`,
    ],
    [
      event('killed', {
        ...{ actor: 'engine', reason: 'high CPU usage (97.2 % > 80 %)', pids: [4711], forced: [], survivors: [] },
      }),
      `${at} Killed web-worker pid=4711 due to high CPU usage (97.2 % > 80 %) pids 4711`,
    ],
    [
      event('limit_exceeded', CPU_LIMIT),
      `${at} Limit web-worker pid=4711 high CPU usage (97.2 % > 80 %) 3 of 5 readings whole tree action: restart`,
    ],
    [
      event('limit_exceeded', {
        ...CPU_LIMIT,
        ...{ metric: 'memory', level: 'warn', value: 512e6, limit: 500e6, unit: 'bytes', scope: 'process' },
        ...{ action: 'notify', values: [512e6] },
      }),
      `${at} Limit web-worker pid=4711 high memory usage (512 MB > 500 MB) warning action: notify`,
    ],
    [
      event('anomaly_detected', { ...LEAK, observed: true }),
      `${at} Anomaly web-worker pid=4711 memory leak (trend: rises by 2 MB a minute) over 5 min would have: restart`,
    ],
    [
      event(
        'cooldown_started',
        {
          restarts: 5,
          windowSeconds: 60,
          durationMs: 120_000,
          untilAt: '2026-11-22T23:07:10.123Z',
          commonExit: 'SIGSEGV',
        },
        { pid: null },
      ),
      `${at} Cooldown web-worker for 2 min until 2026-11-22T23:07:10.123Z after 5 restarts in 1 min mostly SIGSEGV`,
    ],
    [event('cooldown_ended', { durationMs: 120_000 }, { pid: null }), `${at} Cooldown ended web-worker after 2 min`],
    [
      event('cooldown_reset', { actor: 'cli', remainingMs: 34_000 }, { pid: null }),
      `${at} Cooldown reset web-worker by cli 34 s before its end`,
    ],
    [
      event('cooldown_extended', { actor: 'window', byMs: 600_000, untilAt: 'T' }, { pid: null }),
      `${at} Cooldown extended web-worker by window 10 min longer until T`,
    ],
    [
      event('suspended', { reason: 'high CPU usage (97.2 % > 80 %)', pids: [4711] }),
      `${at} Suspended web-worker pid=4711 due to high CPU usage (97.2 % > 80 %) pids 4711`,
    ],
    [
      event('healing_paused', { restarts: 21, windowSeconds: 60, untilAt: 'T' }, { watch: null, pid: null }),
      `${at} Healing paused until T after 21 restarts in 1 min`,
    ],
    [event('healing_resumed', { actor: 'cli' }, { watch: null, pid: null }), `${at} Healing resumed by cli`],
    [
      event('gap', { seconds: 30, clockJumpSeconds: -3600 }, { watch: null, pid: null }),
      `${at} Gap 30 s without monitoring the clock jumped back by 1 h`,
    ],
    [
      event('restarted', { actor: 'engine', attempt: 2, oldPid: 4710, afterMs: 35 }),
      `${at} Restarted web-worker pid=4711 was pid=4710 attempt 2 after 35 ms`,
    ],
    [
      event('crash_detected', {
        exitCode: 1,
        signal: null,
        uptimeSeconds: 12,
        stderrTail: [],
        policy: 'on-failure',
        remaining: 0,
        whileEngineWasDown: false,
      }),
      `${at} Detected crash web-worker pid=4711 exit code 1 after 12 s policy on-failure`,
    ],
    [
      event('crash_detected', {
        ...{ exitCode: null, signal: 'SIGKILL', uptimeSeconds: 12, stderrTail: [] },
        ...{ policy: 'always', remaining: 0, whileEngineWasDown: false, oomKills: 1 },
      }),
      `${at} Detected crash web-worker pid=4711 signal SIGKILL after 12 s while the OOM killer ended 1 process policy always`,
    ],
    [
      event(
        'restart_failed',
        { actor: 'engine', operation: 'restart', reason: 'ENOENT', tried: null, nextAttemptInMs: 1000 },
        { pid: null, message: 'No such program: web' },
      ),
      `${at} Restart failed web-worker (ENOENT) No such program: web next attempt in 1 s`,
    ],
    [
      event('started', { actor: 'cli', argv: ['node', 'a\nb'], cwd: '/srv' }),
      `${at} Started web-worker pid=4711 by cli in /srv: node a\\nb`,
    ],
    [event('stopped', { actor: 'cli', pids: [1, 2], forced: [] }), `${at} Stopped web-worker pid=4711 by cli pids 1,2`],
    [
      { ...event('stopped', { actor: 'window', pids: [4711], forced: [], process: chosen }), watch: null },
      `${at} Stopped job pid=4711 by window pids 4711 of ada: python3 job.py`,
    ],
    [
      event('killed', {
        ...{ actor: 'cli', reason: "the operator's request", process: chosen },
        ...{ pids: [4711], forced: [4711], survivors: [] },
      }),
      `${at} Killed web-worker pid=4711 by cli due to the operator's request pids 4711 forced 4711 of ada: python3 job.py`,
    ],
    [
      event('adopted', { how: 'child', uptimeSeconds: 60 }),
      `${at} Adopted web-worker pid=4711 started by an earlier engine (up 1 min)`,
    ],
    [
      event('adopted', { how: 'heir', uptimeSeconds: 0 }),
      `${at} Adopted web-worker pid=4711 as the successor of the process that ended (up 0 s)`,
    ],
    [
      event('engine_started', { version: '0.1.0', shell: 'headless', enginePid: 99 }, { watch: null, pid: null }),
      `${at} Engine started pid=99 version 0.1.0 (headless)`,
    ],
    [
      event('notice', { topic: 'config.json', detail: 'set aside' }, { watch: null, pid: null }),
      `${at} Notice config.json set aside`,
    ],
  ])('%#', (what, line) => {
    expect(healingLine(what)).toBe(line);
  });

  it('is one line of printable text, bounded, for any event', () => {
    fc.assert(
      fc.property(anyEvent, (what) => {
        const line = healingLine(what);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(Array.from(line).length).toBeLessThanOrEqual(HEALING_LINE_LIMIT);
        expect(line.startsWith('2026-11-22T23:05:10.123Z ')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the line of a restart', () => {
  const restarted = (incident: number | null) =>
    event('restarted', { actor: 'engine', attempt: 1, oldPid: 4710, afterMs: 35 }, { incident });
  const limit = (data: Partial<EventData['limit_exceeded']> = {}) =>
    event('limit_exceeded', { ...CPU_LIMIT, ...data }, { incident: 7 });
  const crash = event(
    'crash_detected',
    {
      ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail: [], policy: 'always', remaining: 0 },
      whileEngineWasDown: false,
    },
    { incident: 7 },
  );
  const causeAfter = (...events: HealdeckEvent[]): string | null => {
    const causes = new HealingCauses();
    return events.map((each) => causes.take(each)).at(-1) ?? null;
  };

  it('says the number that led to it', () => {
    const cause = causeAfter(limit(), restarted(7));
    expect(healingLine(restarted(7), cause)).toContain(
      'Restarted web-worker pid=4711 due to high CPU usage (97.2 % > 80 %) was pid=4710',
    );
    expect(causeAfter(event('anomaly_detected', LEAK, { incident: 7 }), restarted(7))).toBe(
      'memory leak (trend: rises by 2 MB a minute)',
    );
  });

  it('says it of the kill before it, too', () => {
    const reason = 'web-worker: CPU usage too high; action: restart';
    const killed = event('killed', { actor: 'engine', reason, pids: [1], forced: [], survivors: [] }, { incident: 7 });
    expect(healingLine(killed, causeAfter(limit(), killed))).toContain(
      'Killed web-worker pid=4711 due to high CPU usage (97.2 % > 80 %) pids 1',
    );
    expect(causeAfter(limit(), killed, restarted(7))).not.toBe(null);
    expect(causeAfter(limit(), crash, killed)).toBe(null);
  });

  it('says nothing of what did not lead to it', () => {
    expect(causeAfter(limit(), restarted(8))).toBe(null);
    expect(causeAfter(limit(), restarted(null))).toBe(null);
    expect(causeAfter(limit({ level: 'warn' }), restarted(7))).toBe(null);
    expect(causeAfter(limit({ action: 'notify' }), restarted(7))).toBe(null);
    expect(causeAfter(limit({ observed: true }), restarted(7))).toBe(null);
    expect(causeAfter(limit(), crash, restarted(7))).toBe(null);
    expect(causeAfter(limit(), restarted(7), restarted(7))).toBe(null);
  });

  it('forgets the oldest causes of stories that never ended', () => {
    const causes = new HealingCauses();
    for (let incident = 1; incident <= 5000; incident += 1) causes.take({ ...limit(), incident });
    expect(causes.take(restarted(1))).toBe(null);
    expect(causes.take(restarted(5000))).not.toBe(null);
  });
});
