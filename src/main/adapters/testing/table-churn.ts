import type { ProcessRow } from '../../../shared/model/process';

/** A process table that lives: made of chance that is the same in every run. */
export interface TableChurn {
  /** The table as it is now. */
  rows(): readonly ProcessRow[];
  /** Lets some time pass. */
  pass(ms: number): void;
}

const PROGRAMS: readonly (readonly string[])[] = [
  [
    '/usr/lib/postgresql/15/bin/postgres',
    '-D',
    '/var/lib/postgresql/15/main',
    '-c',
    'config_file=/etc/postgresql.conf',
  ],
  ['nginx: worker process'],
  ['node', '/srv/shop/server.mjs', '--port=8080'],
  [
    'java',
    '-Xmx2g',
    '-XX:+UseG1GC',
    ...Array.from({ length: 60 }, (_, i) => `-Dproperty.number.${i}=/opt/app/lib/${i}.jar`),
  ],
  ['/usr/lib/chromium/chromium', '--type=renderer', '--lang=en-GB', '--num-raster-threads=2', '--enable-main-frame'],
  ['python3', '/opt/jobs/worker.py', '--queue', 'mail'],
];

/**
 * `count` processes as on a busy machine: a fifth threads of the kernel, some that always work, many that now and then do,
 * the rest asleep; memory that creeps and trembles; and `birthsPerSecond` short-lived ones with arguments of their own.
 */
export function createTableChurn(options: { count: number; birthsPerSecond: number; startAt: number }): TableChurn {
  const random = mulberry32(42);
  let now = options.startAt;
  let nextPid = 300;
  let births = 0;
  const living = new Map<number, { row: ProcessRow; busy: number; endsAt: number }>();

  const begin = (kernel: boolean, argv: readonly string[], endsAt: number): void => {
    const pid = (nextPid += 1 + Math.floor(random() * 3));
    const busy = kernel ? 0 : endsAt < Infinity ? 0.9 : random() < 0.08 ? 0.9 : random() < 0.3 ? 0.1 : 0.005;
    const row: ProcessRow = {
      ...{ pid, startTime: Math.floor(now / 10) - 170_000_000_000, ppid: kernel ? 2 : 1, pgid: pid, session: pid },
      ...{ name: kernel ? `kworker/${pid % 8}:${pid % 3}` : (argv[0]?.split('/').at(-1) ?? '').slice(0, 15) },
      ...{
        state: kernel ? 'idle' : 'sleeping',
        cpuPercent: 0,
        rssBytes: kernel ? 0 : 4096 * Math.floor(random() ** 3 * 2e5),
      },
      ...{ threads: kernel ? 1 : 1 + Math.floor(random() * 30), kernel, uid: pid % 4, user: `user${pid % 4}`, argv },
      ...{ startedAt: now, watchId: pid % 50 === 0 ? `watch-${pid % 5}` : null, protectionReason: null },
    };
    living.set(pid, { row, busy, endsAt });
  };
  for (let i = 0; i < options.count; i += 1) {
    const argv = PROGRAMS[Math.floor(random() * PROGRAMS.length)] ?? [];
    begin(i % 5 === 0, i % 5 === 0 ? [] : [...argv, ...(random() < 0.3 ? [`--id=${i}`] : [])], Infinity);
  }

  return {
    rows: () => [...living.values()].map(({ row }) => row),
    pass(ms) {
      now += ms;
      for (births += (options.birthsPerSecond * ms) / 1000; births >= 1; births -= 1) {
        const lifeMs = 500 + random() ** 3 * 60_000;
        begin(
          false,
          ['/bin/sh', '-c', `backup --since ${Math.floor(now / 1000)} --part ${Math.floor(random() * 1000)}`],
          now + lifeMs,
        );
      }
      for (const [pid, one] of living) {
        if (one.endsAt <= now) living.delete(pid);
        else if (random() < one.busy) one.row = { ...one.row, ...working(one.row, random) };
        else if (one.row.cpuPercent !== 0) one.row = { ...one.row, cpuPercent: 0, state: 'sleeping' };
      }
    },
  };
}

function working(row: ProcessRow, random: () => number): Partial<ProcessRow> {
  const grows = random() < 0.1 ? Math.floor(random() * 2000) : Math.floor((random() - 0.5) * 8);
  return {
    cpuPercent: Math.round(random() ** 3 * 1200) / 10,
    rssBytes: Math.max(4096, row.rssBytes + 4096 * grows),
    state: random() < 0.2 ? 'running' : 'sleeping',
    threads: random() < 0.02 ? row.threads + 1 : row.threads,
  };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
