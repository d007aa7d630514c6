import type { Dependency } from '../../shared/model/dependency';
import type { HealdeckEvent } from '../../shared/model/event';
import type { ProcessRow } from '../../shared/model/process';
import type { HistoryPoint, MachineSample, WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import { crashData, explanationOf, recentCrash } from './fake-crashes';
import { decidedStatus, ownSettings } from './fake-decisions';
import { fakeProbes } from './fake-probes';
import { seeded } from './fake-random';
import type { Reading } from './fake-use';
import { eventOf, machineSample, processRow, watchOf, watchStatus } from './samples';

/** Which world the fake engine shows. */
export type Scenario = 'empty' | 'busy' | 'storm' | 'hostile';

const PROGRAMS: readonly (readonly string[])[] = [
  ['node', '/srv/shop/server.mjs', '--port=8080'],
  ['/usr/lib/postgresql/15/bin/postgres', '-D', '/var/lib/postgresql/15/main'],
  ['python3', '/opt/jobs/worker.py', '--queue', 'mail'],
  ['nginx: worker process'],
  ['/usr/bin/redis-server', '127.0.0.1:6379'],
  ['/usr/sbin/sshd', '-D'],
  ['java', '-Xmx2g', '-jar', '/opt/search/search.jar'],
];

/** A table of this many processes, the first of them protected. */
export function fakeProcesses(count: number, now: number): ProcessRow[] {
  const random = seeded(7);
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) {
      return processRow({
        pid: 1,
        name: 'systemd',
        user: 'root',
        uid: 0,
        argv: ['/sbin/init'],
        startedAt: now - 9e8,
        protectionReason: 'It is the first process of the machine; nothing lives without it.',
      });
    }
    if (index === 1) {
      return processRow({
        ...{ pid: 2, ppid: 0, name: 'kthreadd', kernel: true, user: 'root', uid: 0, argv: [], rssBytes: 0, threads: 1 },
        ...{ startedAt: now - 9e8, protectionReason: 'It is a kernel thread.' },
      });
    }
    const kernel = index < count * 0.05;
    const argv = kernel ? [] : [...(PROGRAMS[Math.floor(random() * PROGRAMS.length)] ?? [])];
    const program = argv[0]?.split('/').at(-1) ?? '';
    // Families of up to seven, in three generations: a leader, its children, and a child of each second one.
    const place = kernel ? 0 : index % 7;
    const leader = index - place;
    const parent = place === 0 || leader < count * 0.05 ? 1 : 300 + 3 * (place % 2 === 1 ? leader : index - 1);
    return processRow({
      pid: 300 + index * 3,
      ppid: kernel ? 2 : parent,
      name: kernel ? `kworker/${index % 8}:${index % 3}` : program.slice(0, 15),
      kernel,
      user: kernel ? 'root' : (['ada', 'postgres', 'www-data', 'root'][Math.floor(random() * 4)] ?? 'ada'),
      argv,
      threads: 1 + Math.floor(random() * 30),
      rssBytes: kernel ? 0 : 2e6 + Math.floor(random() ** 3 * 9e8),
      cpuPercent: random() < 0.7 ? 0 : random() ** 12 * 130,
      state: random() < 0.05 ? 'running' : 'sleeping',
      startedAt: now - Math.floor(random() * 5e8),
      protectionReason: kernel ? 'It is a kernel thread.' : null,
    });
  });
}

const BUSY_WATCHES: readonly (readonly [name: string, phase: WatchPhase, reason: string])[] = [
  ['api', 'backoff', 'Waiting before the next attempt'],
  ['billing', 'failed', 'Failed: gave up after 50 restarts'],
  ['cache', 'running', 'Running'],
  ['crawler', 'cooldown', 'Too many restarts; it is not restarted until the cooldown ends'],
  ['database', 'running', 'Running'],
  ['encoder', 'suspended', 'Suspended: CPU usage was above 300 % of one core; start it to resume it'],
  ['importer', 'stopped', 'Stopped by the operator'],
  ['mail-queue', 'running', 'Running; the heal is being verified'],
  ['metrics', 'running', 'Running'],
  ['nightly', 'stopped', 'Ended by itself, cleanly'],
  ['proxy', 'running', 'Running'],
  ['scheduler', 'starting', 'Starting'],
  ['search', 'running', 'Running'],
  ['web', 'running', 'Running'],
  ['worker-1', 'blocked', 'Waiting for other watches: api is not ready'],
  ['worker-2', 'waiting', 'No process matches, and there is no start command; waiting for a match'],
];

/** What is wrong with those that are in trouble. */
const CAUSES: Readonly<Record<string, string>> = {
  api: 'crashed (SIGSEGV)',
  billing: 'crashed 51 times (exit code 1): Error: Cannot find module "stripe"',
  crawler: 'crashed 5 times (exit code 1): port 8101 is in use by python3 (pid 4711)',
};

/** Groups of the busy watches: one in trouble, one that has been stopped, and one of which all is well. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  shop: ['api', 'billing', 'database', 'web'],
  nightly: ['importer', 'nightly'],
  search: ['cache', 'database', 'search'],
};

/** What the busy watches start after: chains, a job that ends first, and a watch that others share. */
const DEPENDENCIES: Readonly<Record<string, readonly Dependency[]>> = {
  api: [
    { watch: 'database', until: 'ready', restart: true },
    { watch: 'cache', until: 'started', restart: false },
  ],
  billing: [{ watch: 'database', until: 'ready', restart: true }],
  search: [
    { watch: 'cache', until: 'ready', restart: false },
    { watch: 'importer', until: 'completed', restart: false },
  ],
  web: [{ watch: 'api', until: 'ready', restart: false }],
  'worker-1': [{ watch: 'api', until: 'ready', restart: false }],
};

function groupsOfWatch(name: string): string[] {
  return Object.keys(GROUPS).filter((group) => GROUPS[group]?.includes(name));
}

/** Watches in every phase. */
export function fakeWatches(scenario: Scenario, now: number): WatchStatus[] {
  if (scenario === 'empty') return [];
  if (scenario === 'hostile') return [hostileWatch(now)];
  return BUSY_WATCHES.map(([name, standard, detail], index) => {
    // In a storm everything that was about to be restarted is held.
    const isHeld = scenario === 'storm' && (standard === 'backoff' || name.startsWith('worker'));
    const phase = isHeld ? 'held' : standard;
    const reason = isHeld ? 'Healing is paused: too many restarts over all watches' : detail;
    const isUp = phase === 'running' || phase === 'starting' || phase === 'suspended';
    const status = watchStatus({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      phase,
      reason,
      cause: CAUSES[name] ?? null,
      sinceAt: now - 1000 * (20 + index * 977),
      restarts: (index * 7) % 5,
      lastRestartAt: index % 2 === 0 ? now - 120_000 * (index + 1) : null,
      nextAttemptAt: phase === 'backoff' ? now + 8000 : phase === 'cooldown' ? now + 14_000 : null,
      processes: isUp ? 1 + (index % 3 === 2 ? 2 : 0) : 0,
      ...decidedStatus(name, now),
    });
    const argv = [...(PROGRAMS[index % PROGRAMS.length] ?? ['true'])];
    const { definitions, status: probed } = fakeProbes(name, now);
    return {
      ...{ ...status, ...probed },
      watch: watchOf(status.watch.id, {
        ...{ name, probes: [...definitions] },
        groups: groupsOfWatch(name),
        after: [...(DEPENDENCIES[name] ?? [])],
        overrides: ownSettings(name),
        target:
          index % 4 === 3
            ? { kind: 'match', by: 'cmdline', pattern: `^${argv.join(' ')}`, user: null, start: null }
            : { kind: 'command', command: { argv, cwd: '/srv/shop', env: { PORT: '8080' }, user: null } },
      }),
      processes: status.processes.map((process, nth) => ({
        ...process,
        pid: 4000 + index * 10 + nth,
        rssBytes: 40_000_000 * (1 + ((index * 5) % 11)),
        startedAt: now - 60_000 * (1 + index * index * 13),
      })),
    };
  });
}

/** Text as nasty as a process can make it. */
export const HOSTILE = `<script>alert(1)</script>\u001b[31m\u202eevil\n${'4 kB '.repeat(800)}`;

function hostileWatch(now: number): WatchStatus {
  const status = watchStatus({ id: '00000000-0000-4000-8000-00000000000f', reason: HOSTILE, sinceAt: now - 5000 });
  return {
    ...status,
    watch: watchOf(status.watch.id, {
      name: 'W'.repeat(64),
      groups: ['G'.repeat(64), `${'word '.repeat(12)}end`],
      target: {
        kind: 'command',
        command: { argv: ['sh', '-c', HOSTILE], cwd: '/tmp', env: { X: HOSTILE }, user: null },
      },
    }),
    processes: status.processes.map((process) => ({ ...process, name: HOSTILE, startedAt: now - 5000 })),
  };
}

/** A past of so many events, ending now; the first has this number. */
export function fakeEvents(firstId: number, count: number, now: number): HealdeckEvent[] {
  const random = seeded(3);
  let watch = 'api';
  return Array.from({ length: count }, (_, index): HealdeckEvent => {
    // A crash, its restart and its recovery are one story.
    // Every other crash is explained.
    const isExplanation = index % 10 === 8;
    if (index % 5 === 0 || (index % 5 > 2 && !isExplanation))
      watch = BUSY_WATCHES[Math.floor(random() * BUSY_WATCHES.length)]?.[0] ?? 'api';
    const base = {
      id: firstId + index,
      at: new Date(now - (count - index) * 47_000).toISOString(),
      watch,
      pid: 4000 + index,
      incident: index % 5 > 2 && !isExplanation ? null : firstId + index - (index % 5),
    };
    switch (index % 5) {
      case 0:
        return {
          ...base,
          type: 'crash_detected',
          severity: 'high',
          message: `${watch} crashed: exit code 1 after 5 min 14 s`,
          data: crashData(recentCrash(watch, index / 5)),
        };
      case 1:
        return {
          ...base,
          type: 'restarted',
          severity: 'info',
          message: `Restarted ${watch} as pid ${base.pid}, 12 ms after its end`,
          data: { actor: 'engine', attempt: 1, oldPid: base.pid - 1, afterMs: 12 },
        };
      case 2:
        return {
          ...base,
          type: 'recovered',
          severity: 'info',
          message: `${watch} has recovered`,
          data: { attempts: 1, durationMs: 10_012 },
        };
      case 3:
        if (isExplanation) {
          const explanation = explanationOf(recentCrash(watch, (index - 3) / 5));
          return {
            ...{ ...base, type: 'death_explained', severity: 'info' },
            message: `${watch}: ${explanation.reason}`,
            data: explanation,
          };
        }
        return {
          ...base,
          type: 'restart_failed',
          severity: 'critical',
          message: `Could not restart ${watch}: no such program (ENOENT)`,
          data: {
            actor: 'engine',
            operation: 'restart',
            reason: 'ENOENT',
            tried: { argv: ['nodee', 'server.mjs'], cwd: '/srv/shop' },
            nextAttemptInMs: 4000,
          },
        };
      default:
        return {
          ...eventOf(index + 1),
          at: base.at,
          severity: 'warning',
          message: 'healing.log could not be written: no space left on device',
        } as HealdeckEvent;
    }
  });
}

/** The machine at this moment. */
export function fakeMachine(at: number): MachineSample {
  const wave = (period: number, offset: number) => 0.5 + 0.5 * Math.sin(at / period + offset);
  return {
    ...machineSample(at),
    corePercents: [0, 1, 2, 3].map((core) => 8 + 50 * wave(47_000, core) * wave(9000, core * 2)),
    memoryUsedBytes: 6e9 + 2.5e9 * wave(200_000, 1),
    swapUsedBytes: 3e8,
    loadAverages: [0.4 + 1.1 * wave(60_000, 2), 1.1, 0.87],
    diskReadBytesPerSecond: 3e6 * wave(30_000, 3),
    diskWriteBytesPerSecond: 8e6 * wave(20_000, 1),
    networkInBytesPerSecond: 9e5 * wave(15_000, 2),
    networkOutBytesPerSecond: 2e5 * wave(25_000, 0),
  };
}

/** The machine at a moment, as a reading of its history. */
export function machineReading(at: number): Reading {
  const { corePercents, memoryUsedBytes, loadAverages } = fakeMachine(at);
  const [load] = loadAverages;
  return { cpuPercent: corePercents.reduce((sum, one) => sum + one, 0) / 4, memoryBytes: memoryUsedBytes, load };
}

/** Readings of the past, with a gap in the middle; null: at that moment there was nothing to read. */
export function fakeHistory(sinceAt: number, now: number, readingAt: (at: number) => Reading | null): HistoryPoint[] {
  const step = Math.max(2000, (now - sinceAt) / 400);
  const points: HistoryPoint[] = [];
  for (let at = sinceAt; at < now; at += step) {
    const share = (at - sinceAt) / (now - sinceAt);
    const reading = share > 0.4 && share < 0.47 ? null : readingAt(at);
    if (reading === null) continue;
    const { cpuPercent, memoryBytes } = reading;
    const spread = {
      spanMs: step,
      cpuPercent: [cpuPercent * 0.6, cpuPercent * 1.5],
      memoryBytes: [memoryBytes * 0.9, memoryBytes * 1.2],
    } as const;
    points.push({ at, ...reading, ...(step >= 60_000 && { spread }) });
  }
  return points;
}
