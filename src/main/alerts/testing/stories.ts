import { incidentsOf } from '../../../shared/lib/events/incidents';
import type { LastWordsEvent } from '../../../shared/lib/events/last-words';
import type { EventData, EventType, HealdeckEvent, Severity } from '../../../shared/model/event';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/model/settings';
import type { HistoryPoint, WatchStatus } from '../../../shared/model/snapshot';
import type { ComposerSources, MessageFacts } from '../message';

/** When the messages are made: 2026-11-22 22:05:12 in Berlin. */
export const REPORTED_AT = Date.parse('2026-11-22T21:05:12.000Z');

/** A sample message: what is reported, where the watch stands, and its readings. */
export interface Story {
  facts: MessageFacts;
  status: WatchStatus | null;
  readings: readonly HistoryPoint[];
}

/** An event of the watch `watch`, so many ms before it is reported. */
export function storyEvent<T extends EventType>(
  type: T,
  data: EventData[T],
  fields: Partial<Omit<HealdeckEvent, 'type' | 'data' | 'at'>> & { agoMs?: number } = {},
): HealdeckEvent {
  const { agoMs = 10_000, id = 4711, watch = 'web-worker', ...rest } = fields;
  const at = new Date(REPORTED_AT - agoMs).toISOString();
  const base = {
    id,
    at,
    severity: 'high' as Severity,
    watch,
    pid: 20_417,
    incident: 4711,
    message: `${watch}: ${type}`,
  };
  return { ...base, ...rest, type, data } as HealdeckEvent;
}

/** A crash as the engine reports it. */
export function crash(
  facts: Partial<EventData['crash_detected']> = {},
  fields: Parameters<typeof storyEvent>[2] = {},
): HealdeckEvent {
  const data: EventData['crash_detected'] = {
    ...{ exitCode: null, signal: 'SIGSEGV', uptimeSeconds: 250, stderrTail: [] },
    ...{ policy: 'on-failure', remaining: 0, whileEngineWasDown: false },
    ...facts,
  };
  return storyEvent('crash_detected', data, {
    message: 'web-worker (pid 20417) crashed after 4 min 10 s: SIGSEGV',
    ...fields,
  });
}

/** What the program did before it ended. */
export function lastWords(data: Partial<EventData['last_words']> = {}): LastWordsEvent {
  const event = storyEvent('last_words', { readings: [], processes: [], dump: null, tookMs: 200, ...data });
  return event as LastWordsEvent;
}

/** An automatic restart. */
export function restart(
  facts: Partial<EventData['restarted']> = {},
  fields: Parameters<typeof storyEvent>[2] = {},
): HealdeckEvent {
  const data: EventData['restarted'] = { actor: 'engine', attempt: 1, oldPid: 20_417, afterMs: 112, ...facts };
  const words = { id: 4712, agoMs: 9888, pid: 20_988, severity: 'warning' as const };
  return storyEvent('restarted', data, {
    ...words,
    message: 'web-worker restarted as pid 20988, 112 ms after it went down',
    ...fields,
  });
}

/** A watch as it stands. */
export function statusOf(name: string, change: Partial<WatchStatus> = {}, own: Partial<Settings> = {}): WatchStatus {
  const settings = { ...DEFAULT_SETTINGS, ...own };
  return {
    watch: {
      ...{
        id: '00000000-0000-4000-8000-000000000001',
        revision: 1,
        name,
        groups: [],
        probes: [],
        after: [],
        schedule: null,
        autostart: true,
        restart: null,
      },
      target: { kind: 'command', command: { argv: ['node', 'server.mjs'], cwd: '/srv/shop', env: {}, user: null } },
      success: { exitCodes: [0], signals: [] },
      overrides: own,
    },
    phase: 'running',
    reason: 'Running; the heal is being verified',
    readiness: null,
    programStatus: null,
    cause: null,
    probes: [],
    sinceAt: REPORTED_AT - 10_000,
    processes: [],
    use: { cpuPercent: 0, memoryBytes: 0 },
    restarts: 1,
    lastRestartAt: REPORTED_AT - 10_000,
    nextAttemptAt: null,
    nextRun: null,
    incident: 4711,
    budget: {
      windows: [
        { restarts: 5, used: 2, windowMs: 60_000 },
        { restarts: 20, used: 2, windowMs: 3_600_000 },
      ],
      cooldown: null,
      trips: 0,
    },
    observed: false,
    settings,
    ...change,
  };
}

/** The facts of one incident, or of counts when there are no events of an incident. */
export function messageFactsOf(events: readonly HealdeckEvent[], change: Partial<MessageFacts> = {}): MessageFacts {
  const byKind = new Map<string, MessageFacts['counts'][number]>();
  for (const { watch, type } of events) {
    const key = `${watch} ${type}`;
    byKind.set(key, { watch, type, count: (byKind.get(key)?.count ?? 0) + 1 });
  }
  return {
    kind: 'incident',
    severity: 'high',
    watch: events[0]?.watch ?? null,
    incident: incidentsOf(events)[0] ?? null,
    events,
    eventCount: events.length,
    counts: [...byKind.values()],
    suppressed: 0,
    lastWords: null,
    ...change,
  };
}

const SHORT_LIVED = 'web-worker (pid 20417) crashed after 2 s: exit code 137, as a shell reports SIGKILL';

const STDERR = [
  '2026-11-22T21:05:01Z INFO  listening on 127.0.0.1:8080',
  '2026-11-22T21:05:02Z WARN  pool exhausted, url=postgres://web:hunter2@db.internal/shop',
  '\u001b[31mfatal\u001b[0m: out of memory in decode() <frame 1207>',
  '    at Decoder.next (/srv/shop/decoder.mjs:118:9)',
  '    at async Worker.run (/srv/shop/worker.mjs:42:5)',
];

/** Ten minutes with a pause in which nothing was read. */
function readings(memory: (share: number) => number, cpu: (share: number) => number): HistoryPoint[] {
  return Array.from({ length: 230 }, (_, index) => ({
    at: REPORTED_AT - 600_000 + index * 2600,
    cpuPercent: Math.max(0, cpu(index / 230) + 4 * Math.sin(index * 1.7) * Math.sin(index / 5)),
    memoryBytes: memory(index / 230) + 2_000_000 * Math.sin(index / 2.1),
  })).filter(({ at }) => at < REPORTED_AT - 420_000 || at > REPORTED_AT - 370_000);
}

const MB = 1_000_000;

/** What previews and tests show. */
export const STORIES = {
  crash: {
    facts: messageFactsOf([crash({ stderrTail: STDERR }), restart()]),
    status: statusOf('web-worker'),
    readings: readings(
      (share) => (share < 0.985 ? 180 * MB + 40 * MB * share : 60 * MB),
      (share) => (share > 0.9 && share < 0.98 ? 96 : 22),
    ),
  },
  memoryLimit: {
    facts: messageFactsOf([
      storyEvent(
        'limit_exceeded',
        {
          ...{ metric: 'memory', level: 'act', value: 612 * MB, limit: 500 * MB, unit: 'bytes', scope: 'tree' },
          ...{
            action: 'restart',
            observed: false,
            violations: 3,
            values: [488, 505, 551, 590, 612].map((mb) => mb * MB),
          },
        },
        {
          watch: 'api',
          agoMs: 12_400,
          message: 'api: memory usage too high (612 MB > 500 MB, 4 of the last 5 readings); action: restart',
        },
      ),
      restart(
        { afterMs: 1700 },
        { watch: 'api', agoMs: 9000, message: 'api restarted as pid 20988, 1.7 s after it went down' },
      ),
    ]),
    status: statusOf('api', {}, { 'memory.limitBytes': 500 * MB }),
    readings: readings(
      (share) => (share < 0.98 ? 300 * MB + 312 * MB * share ** 3 : 90 * MB),
      () => 31,
    ),
  },
  cooldown: {
    facts: messageFactsOf(
      [
        ...[0, 1, 2, 3, 4].flatMap((nth) => [
          crash(
            { signal: null, exitCode: 137, uptimeSeconds: 2, stderrTail: nth === 4 ? STDERR : [] },
            {
              id: 4711 + 2 * nth,
              agoMs: 52_000 - nth * 11_000,
              message: SHORT_LIVED,
            },
          ),
          restart({ attempt: nth + 1 }, { id: 4712 + 2 * nth, agoMs: 51_800 - nth * 11_000 }),
        ]),
        crash({ signal: null, exitCode: 137, uptimeSeconds: 2 }, { id: 4730, agoMs: 2100, message: SHORT_LIVED }),
        storyEvent(
          'cooldown_started',
          {
            ...{
              restarts: 5,
              windowSeconds: 60,
              durationMs: 120_000,
              commonExit: 'exit code 137, as a shell reports SIGKILL',
            },
            untilAt: new Date(REPORTED_AT + 118_000).toISOString(),
          },
          {
            ...{ id: 4731, agoMs: 2000, pid: null, severity: 'critical' },
            message: 'web-worker is not restarted for 2 min: 5 restarts within 1 min',
          },
        ),
      ],
      { severity: 'critical', suppressed: 3 },
    ),
    status: statusOf('web-worker', {
      phase: 'cooldown',
      reason: 'Too many restarts; it is not restarted until the cooldown ends',
      nextAttemptAt: REPORTED_AT + 118_000,
      budget: {
        windows: [{ restarts: 5, used: 5, windowMs: 60_000 }],
        cooldown: { startedAt: REPORTED_AT - 2000, until: REPORTED_AT + 118_000, restarts: 5, windowMs: 60_000 },
        trips: 1,
      },
    }),
    readings: [],
  },
  leak: {
    facts: messageFactsOf(
      [
        storyEvent(
          'anomaly_detected',
          {
            ...{ anomaly: 'memory_leak', action: 'restart', observed: true },
            evidence: {
              ...{
                rule: 'trend',
                threshold: 'the lowest readings of 5 epochs of 2 min: growth of at least 64 MB',
                windowSeconds: 600,
              },
              samples: Array.from({ length: 20 }, (_, nth) => ({
                at: REPORTED_AT - 600_000 + nth * 30_000,
                value: (200 + nth * 21) * MB,
              })),
              unit: 'bytes',
              numbers: { threshold: 264 * MB, bytesPerSecond: 687_000, tau: 0.98 },
            },
          },
          {
            watch: 'importer',
            message: 'importer: memory leak: memory has risen by 399 MB in 10 min; observed only, would have: restart',
          },
        ),
      ],
      { severity: 'high' },
    ),
    status: statusOf('importer', { incident: null, observed: true, reason: 'Running' }),
    readings: readings(
      (share) => 200 * MB + 399 * MB * share,
      () => 12,
    ),
  },
  digest: {
    facts: messageFactsOf(
      Array.from({ length: 12 }, (_, nth) =>
        nth % 2 === 0
          ? crash(
              { exitCode: 1, signal: null },
              {
                id: 5000 + nth,
                watch: `worker-${1 + (nth % 5)}`,
                agoMs: 1_800_000 - nth * 60_000,
                message: `worker-${1 + (nth % 5)} (pid ${300 + nth}) crashed after 2 s: exit code 1`,
              },
            )
          : restart(
              {},
              {
                id: 5000 + nth,
                watch: `worker-${1 + ((nth - 1) % 5)}`,
                agoMs: 1_799_900 - (nth - 1) * 60_000,
                message: `worker-${1 + ((nth - 1) % 5)} restarted as pid ${300 + nth}, 112 ms after it went down`,
              },
            ),
      ),
      {
        ...{ kind: 'digest', severity: 'critical', watch: null, incident: null, eventCount: 412, suppressed: 1 },
        counts: [1, 2, 3, 4, 5].flatMap((nth) => [
          { watch: `worker-${nth}`, type: 'crash_detected', count: 40 + nth },
          { watch: `worker-${nth}`, type: 'restarted', count: 36 },
          { watch: `worker-${nth}`, type: 'cooldown_started', count: nth === 5 ? 5 : 3 },
        ]),
      },
    ),
    status: null,
    readings: [],
  },
  recovery: {
    facts: messageFactsOf(
      [
        crash({}, { agoMs: 12_100 }),
        restart({}, { agoMs: 12_000 }),
        storyEvent(
          'recovered',
          { attempts: 1, durationMs: 12_000 },
          {
            ...{ id: 4713, agoMs: 100, pid: 20_988, severity: 'info' },
            message: 'web-worker has recovered: alive for 10 s after 1 restart',
          },
        ),
      ],
      { kind: 'recovery', severity: 'info' },
    ),
    status: statusOf('web-worker', { incident: null, reason: 'Running' }),
    readings: readings(
      (share) => (share < 0.97 ? 180 * MB : 60 * MB),
      () => 20,
    ),
  },
} as const satisfies Record<string, Story>;

/** Sources of a composer on the machine `kiosk-3` in Berlin, at the time of the stories. */
export function storySources(story: Story, change: Partial<ComposerSources> = {}): ComposerSources {
  return {
    hostname: 'kiosk-3',
    nowMs: () => REPORTED_AT,
    timeZone: 'Europe/Berlin',
    howToOpen: (incident) => (incident === null ? 'healdeck open' : `healdeck incidents ${incident}\nhealdeck open`),
    watch: (name) => (story.status?.watch.name === name ? story.status : null),
    samples: async () => story.readings,
    templates: () => ({ subject: null, text: null, html: null }),
    secretValues: () => [],
    ...change,
  };
}
