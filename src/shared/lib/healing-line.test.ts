import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventData, type EventType, type HealdeckEvent } from '../model/event';
import { HEALING_LINE_LIMIT, healingLine } from './healing-line';

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

const DATA: { [T in EventType]: fc.Arbitrary<EventData[T]> } = {
  engine_started: fc.record({ version: text, shell: fc.constantFrom('desktop', 'headless'), enginePid: pid }),
  engine_stopped: fc.record({ reason: text }),
  watch_added: fc.record({ actor, watchId: text }),
  watch_edited: fc.record({ actor, watchId: text, changed: fc.array(text) }),
  watch_removed: fc.record({ actor, watchId: text, leftRunning: pids }),
  started: fc.record({ actor, argv: fc.array(text), cwd: text }),
  adopted: fc.record({ how: fc.constantFrom('child', 'match'), uptimeSeconds: fc.nat() }),
  stopped: fc.record({ actor, pids, forced: pids }),
  exited: fc.record({ ...exit, because: fc.constantFrom('clean_exit', 'shutdown') }),
  crash_detected: fc.record({ ...exit, policy: text, remaining: fc.nat(), whileEngineWasDown: fc.boolean() }),
  restarted: fc.record({ actor, attempt: fc.nat(), oldPid: fc.option(pid), afterMs: fc.option(fc.nat()) }),
  restart_failed: fc.record({
    actor,
    operation: fc.constantFrom('start', 'restart', 'stop'),
    reason: text,
    tried: fc.option(fc.record({ argv: fc.array(text), cwd: text })),
    nextAttemptInMs: fc.option(fc.nat()),
  }),
  recovered: fc.record({ attempts: fc.nat(), durationMs: fc.nat() }),
  killed: fc.record({ actor, because: text, pids, forced: pids, survivors: pids }),
  signal_refused: fc.record({
    because: fc.constantFrom('pid_reused', 'protected', 'not_permitted'),
    signal: text,
    detail: text,
  }),
  notice: fc.record({ topic: text, detail: text }),
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
  it.each<[HealdeckEvent, string]>([
    [
      event('killed', { actor: 'engine', because: 'high CPU usage', pids: [4711], forced: [4711], survivors: [] }),
      `${at} Killed web-worker pid=4711 due to high CPU usage pids 4711 forced 4711`,
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
      event(
        'restart_failed',
        { actor: 'engine', operation: 'restart', reason: 'ENOENT', tried: null, nextAttemptInMs: 1000 },
        { pid: null, message: 'No such program: web' },
      ),
      `${at} Restart failed web-worker (ENOENT) No such program: web next attempt in 1000 ms`,
    ],
    [
      event('started', { actor: 'cli', argv: ['node', 'a\nb'], cwd: '/srv' }),
      `${at} Started web-worker pid=4711 by cli in /srv: node a\\nb`,
    ],
    [event('stopped', { actor: 'cli', pids: [1, 2], forced: [] }), `${at} Stopped web-worker pid=4711 by cli pids 1,2`],
    [
      event('adopted', { how: 'child', uptimeSeconds: 60 }),
      `${at} Adopted web-worker pid=4711 started by an earlier engine (up 60 s)`,
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
