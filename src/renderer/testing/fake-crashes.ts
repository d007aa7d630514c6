import type { EventData, HealdeckEvent } from '../../shared/model/event';
import { seeded } from './fake-random';

/** Crashes of the fake world: each kind with its last words, and how it came in the month before. */

type CrashData = EventData['crash_detected'];

interface FakeCrash {
  id: string;
  title: string;
  stderrTail: readonly string[];
  signal?: string;
}

const CRASHES = {
  type: {
    id: '3f2a91bc00d1e2f4',
    title: "TypeError: Cannot read properties of undefined (reading 'id') in handler (server.mjs)",
    stderrTail: [
      'file:///srv/shop/server.mjs:41',
      '  const { id } = request.session.user;',
      '                                 ^',
      '',
      "TypeError: Cannot read properties of undefined (reading 'id')",
      '    at handler (file:///srv/shop/server.mjs:41:34)',
      '    at Server.<anonymous> (file:///srv/shop/server.mjs:17:5)',
      '    at Server.emit (node:events:518:28)',
      '    at parserOnIncoming (node:_http_server:1155:12)',
      '',
      'Node.js v20.19.0',
    ],
  },
  port: {
    id: '7be01944ac5502d8',
    title: 'Error: listen EADDRINUSE: address already in use in Server.setupListenHandle (net.js)',
    stderrTail: [
      'Error: listen EADDRINUSE: address already in use :::8080',
      '    at Server.setupListenHandle [as _listen2] (node:net:1817:16)',
      '    at listenInCluster (node:net:1865:12)',
      '    at Server.listen (node:net:1953:7)',
    ],
  },
  segv: {
    id: 'c81d4e2ef0a7b365',
    title: 'encoder: SIGSEGV (segmentation fault)',
    stderrTail: ['[h264 @ 0x55d0c4] error while decoding MB 41 22, bytestream -7'],
    signal: 'SIGSEGV',
  },
  database: {
    id: 'e0557a31d9c6482b',
    title: 'OperationalError: server closed the connection unexpectedly in fetch (worker.py)',
    stderrTail: [
      'Traceback (most recent call last):',
      '  File "/opt/jobs/worker.py", line 88, in <module>',
      '    main()',
      '  File "/opt/jobs/worker.py", line 31, in fetch',
      '    rows = cursor.fetchall()',
      'psycopg2.OperationalError: server closed the connection unexpectedly',
    ],
  },
  heap: {
    id: '15c9d0f7734be6a2',
    title: 'OutOfMemoryError: Java heap space in SegmentMerger.merge (SegmentMerger.java)',
    stderrTail: [
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
      '\tat org.example.search.SegmentMerger.merge(SegmentMerger.java:207)',
      '\tat org.example.search.Main.main(Main.java:19)',
    ],
  },
  syntax: {
    id: '90ab3c51e7f2d846',
    title: "SyntaxError: Unexpected token '}' (importer.mjs)",
    stderrTail: [
      'file:///srv/shop/importer.mjs:12',
      '  });',
      '  ^',
      '',
      "SyntaxError: Unexpected token '}'",
      '    at compileSourceTextModule (node:internal/modules/esm/utils:344:16)',
      '',
      'Node.js v20.19.0',
    ],
  },
} as const satisfies Readonly<Record<string, FakeCrash>>;
type CrashName = keyof typeof CRASHES;

export function titleOf(name: CrashName): string {
  return CRASHES[name].title;
}

/** What an event reports of a crash. */
export function crashData({ id, title, stderrTail, signal }: FakeCrash): CrashData {
  return {
    ...{ exitCode: signal === undefined ? 1 : null, signal: signal ?? null, uptimeSeconds: 314, stderrTail },
    ...{ policy: 'always', remaining: 0, whileEngineWasDown: false, crash: { id, title } },
  };
}

/** Why it was. */
export function explanationOf({ id, signal }: FakeCrash): EventData['death_explained'] {
  const how = { topic: 'how', text: signal ?? 'exit code 1', source: 'exit status' } as const;
  const changed = {
    topic: 'changed',
    text: 'server.mjs was changed 4 min before its end: /srv/shop/server.mjs',
    source: 'file status',
  } as const;
  if (id === CRASHES.port.id) {
    const holder = 'port 8080 is in use by pid 812 (nginx)';
    return {
      reason: 'it could not bind port 8080, which is in use by pid 812 (nginx)',
      certainty: 'certain',
      evidence: [how, { topic: 'around', text: `${holder}, running for 3 h 12 min`, source: '/proc/net' }],
    };
  }
  return {
    reason:
      signal === undefined
        ? 'it failed with its own error; server.mjs was changed 4 min before its end'
        : 'it used memory that is not its own, or its stack overflowed',
    certainty: signal === undefined ? 'likely' : 'very_likely',
    evidence: [
      how,
      { topic: 'around', text: '1.2 GB of 8 GB of memory available', source: '/proc/meminfo' },
      { topic: 'around', text: 'within seconds these ended, too: mail-queue, importer', source: 'other watches' },
      changed,
      { topic: 'changed', text: 'openssl 3.0.15 → 3.0.17', source: 'log of packages' },
    ],
  };
}

/** The crash of the nth story of the last hours, in this watch. */
export function recentCrash(watch: string, nth: number): FakeCrash {
  switch (watch) {
    case 'encoder':
      return CRASHES.segv;
    case 'search':
      return CRASHES.heap;
    case 'importer':
    case 'metrics':
      return CRASHES.syntax;
    default:
      return CRASHES[nth % 3 === 0 ? 'port' : 'type'];
  }
}

/** On which days before today, in which watches and how often each came. */
const PAST: readonly (readonly [name: CrashName, watches: readonly string[], days: readonly number[], most: number])[] =
  [
    ['type', ['web', 'api', 'web'], [27, 26, 24, 21, 20, 19, 17, 14, 13, 12, 10, 8, 7, 6, 5, 3, 2], 14],
    ['port', ['web', 'proxy', 'metrics'], [22, 15, 9, 4, 2], 2],
    ['segv', ['encoder'], [28, 27, 26], 3],
    ['database', ['worker-1', 'mail-queue', 'importer'], [25, 24, 23, 22, 18, 16, 15, 12, 11], 5],
    ['heap', ['search'], [29, 23, 16, 9, 3], 1],
  ];

interface PastCrash {
  at: number;
  watch: string;
  crash: FakeCrash;
}

/** Each time that something crashed in the month before yesterday; `at` counts from `now`. */
function pastTimes(now: number): PastCrash[] {
  const random = seeded(13);
  return PAST.flatMap(([name, watches, days, most]) =>
    days.flatMap((day) =>
      Array.from({ length: 1 + Math.floor(random() * most) }, (): PastCrash => ({
        at: now - day * 86_400_000 - Math.floor(random() * 36_000_000),
        watch: watches[Math.floor(random() * watches.length)] ?? 'web',
        crash: CRASHES[name],
      })),
    ),
  ).sort((one, other) => one.at - other.at);
}

/** How many events `pastCrashes` has, however late it is. */
export const PAST_CRASHES = pastTimes(0).length;

/** The crashes of the month before yesterday, oldest first; the first event has this number. */
export function pastCrashes(firstId: number, now: number): HealdeckEvent[] {
  return pastTimes(now).map(({ at, watch, crash }, index): HealdeckEvent => {
    const id = firstId + index;
    return {
      ...{ id, at: new Date(at).toISOString(), watch, pid: 3000 + index, incident: id },
      ...{ type: 'crash_detected', severity: 'high', message: `${watch} crashed: ${crash.title}` },
      data: crashData(crash),
    };
  });
}

/** A crash with a text as nasty as a process can make it. */
export function hostileCrash(id: number, now: number, text: string): HealdeckEvent {
  return {
    ...{ id, at: new Date(now).toISOString(), watch: 'W'.repeat(64), pid: 4000, incident: id },
    ...{ type: 'crash_detected', severity: 'high', message: text },
    data: crashData({ id: 'deadbeefdeadbeef', title: text, stderrTail: text.split('\n') }),
  };
}
