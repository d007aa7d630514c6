import { incidentsOf } from '../../../shared/lib/events/incidents';
import type { HealdeckEvent } from '../../../shared/model/event';
import { DEFAULT_SETTINGS } from '../../../shared/model/settings';
import type { HistoryPoint, WatchStatus } from '../../../shared/model/snapshot';
import type { MessageFacts } from '../message';

const WATCH = 'web-worker';
const FIRST_EVENT = 4711;
/** How long ago the example began. */
const AGO_MS = 20_000;

/** Example incident: what a message looks like when there is none to show. */
export function exampleAt(now: number): {
  facts: MessageFacts;
  status: WatchStatus;
  readings: readonly HistoryPoint[];
  now: number;
} {
  const events = exampleEvents(now - AGO_MS);
  const facts: MessageFacts = {
    kind: 'incident',
    severity: 'high',
    watch: WATCH,
    incident: incidentsOf(events)[0] ?? null,
    events,
    eventCount: events.length,
    counts: [
      { watch: WATCH, type: 'crash_detected', count: 1 },
      { watch: WATCH, type: 'restarted', count: 1 },
    ],
    suppressed: 0,
    lastWords: null,
  };
  return { facts, status: exampleStatus(now), readings: exampleReadings(now), now };
}

function exampleEvents(crashedAt: number): HealdeckEvent[] {
  const common = { watch: WATCH, incident: FIRST_EVENT };
  return [
    {
      ...common,
      id: FIRST_EVENT,
      at: new Date(crashedAt).toISOString(),
      type: 'crash_detected',
      severity: 'high',
      pid: 20_417,
      message: `${WATCH} (pid 20417) crashed after 3 h 12 min: SIGSEGV`,
      data: {
        ...{ exitCode: null, signal: 'SIGSEGV', uptimeSeconds: 11_520 },
        ...{ policy: 'on-failure', remaining: 0, whileEngineWasDown: false },
        stderrTail: [
          'listening on 127.0.0.1:8080',
          'connected to postgres://web:hunter2@db.internal/shop',
          'thread 7: out of memory while decoding /srv/media/in/holiday.mov',
          'Segmentation fault (core dumped)',
        ],
      },
    },
    {
      ...common,
      id: FIRST_EVENT + 1,
      at: new Date(crashedAt + 112).toISOString(),
      type: 'restarted',
      severity: 'warning',
      pid: 20_988,
      message: `${WATCH} restarted as pid 20988, 112 ms after it went down`,
      data: { actor: 'engine', attempt: 1, oldPid: 20_417, afterMs: 112 },
    },
  ];
}

function exampleStatus(now: number): WatchStatus {
  const settings = { ...DEFAULT_SETTINGS, 'memory.limitBytes': 800_000_000 };
  return {
    watch: {
      ...{
        id: '00000000-0000-4000-8000-000000000000',
        revision: 1,
        name: WATCH,
        groups: [],
        probes: [],
        after: [],
        schedule: null,
        autostart: true,
        restart: null,
      },
      target: { kind: 'command', command: { argv: ['web-worker'], cwd: '/srv/shop', env: {}, user: null } },
      success: { exitCodes: [0], signals: [] },
      overrides: { 'memory.limitBytes': 800_000_000 },
    },
    phase: 'running',
    reason: 'Running; the heal is being verified',
    readiness: null,
    programStatus: null,
    cause: null,
    probes: [],
    sinceAt: now - AGO_MS,
    processes: [],
    use: { cpuPercent: 0, memoryBytes: 0 },
    restarts: 1,
    lastRestartAt: now - AGO_MS,
    nextAttemptAt: null,
    nextRun: null,
    incident: FIRST_EVENT,
    budget: {
      windows: [
        { restarts: settings['restart.limit'], used: 1, windowMs: settings['restart.windowMs'] },
        { restarts: 20, used: 1, windowMs: settings['restart.longWindowMs'] },
      ],
      cooldown: null,
      trips: 0,
    },
    observed: false,
    settings,
  };
}

/** Calm, then more and more memory, then the crash, then a fresh start. */
function exampleReadings(now: number): HistoryPoint[] {
  const begin = now - 620_000;
  const crashedAt = now - AGO_MS;
  return Array.from({ length: 207 }, (_, index) => {
    const at = begin + index * 3000;
    const wave = Math.sin(index / 3) + Math.sin(index / 7.3);
    const climb = Math.max(0, (at - crashedAt + 150_000) / 150_000);
    if (at >= crashedAt) return { at, cpuPercent: 35 + 6 * wave, memoryBytes: 96_000_000 };
    return {
      at,
      cpuPercent: Math.max(2, 14 + 5 * wave + 70 * climb),
      memoryBytes: 210_000_000 + 3_000_000 * wave + 520_000_000 * climb ** 2,
    };
  });
}
