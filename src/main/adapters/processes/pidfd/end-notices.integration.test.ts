import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../../../shared/model/process';
import type { ChildExit } from '../../../engine/ports';
import { createSystemClock } from '../../clock';
import { bundleForNode, bundleThreads } from '../../testing/bundle';
import { startNode } from '../../testing/child';
import { eventually, identifyByProc, lives } from '../../testing/children';
import type { DisposableEndNotices } from './end-notices';
import { openEndNotices } from './open-end-notices';
import { openPidfds } from './pidfds';

const kernel = openPidfds();
const [major = 0, minor = 0] = release().split('.').map(Number);
const reportsExits = major > 6 || (major === 6 && minor >= 15);

let threads: Awaited<ReturnType<typeof bundleThreads>>;
let watcherBundle: Awaited<ReturnType<typeof bundleForNode>>;
let folder: string;
let threadFile: string;

beforeAll(async () => {
  threads = await bundleThreads();
  watcherBundle = await bundleForNode('src/main/adapters/testing/end-watcher.ts');
  folder = threads.dir;
  threadFile = join(folder, 'end-worker.js');
});
afterAll(() => {
  threads.dispose();
  watcherBundle.dispose();
});

let notices: DisposableEndNotices;
let noticed: string[];
/** Leaders of process groups of this test. */
let groups: ChildProcess[];

beforeEach(() => {
  [noticed, groups] = [[], []];
  notices = open(threadFile);
});
afterEach(() => {
  notices.dispose();
  for (const { pid = 0 } of groups) if (lives(pid)) process.kill(-pid, 'SIGKILL');
});

function open(file: string, maxFollowed = 100, identify = identifyByProc): DisposableEndNotices {
  return openEndNotices({
    ...{ kernel, threadFile: file, maxFollowed, clock: createSystemClock(), identify },
    notify: ({ detail }) => noticed.push(detail),
    report: (where, error) => noticed.push(`${where}: ${String(error)}`),
  });
}

/** A process that is no child of this one and ends like this at a word; its parent then does that, whose group ends with the test. */
async function strangerThat(
  ends: string,
  parentDoes = 'wait; exec sleep 60',
): Promise<{ pid: number; end: () => void }> {
  const fifo = join(folder, `fifo-${randomUUID()}`);
  execFileSync('mkfifo', [fifo]);
  const parent = spawn('sh', ['-c', `(read line < "$0"; ${ends}) & echo "pid $!."; ${parentDoes}`, fifo], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  groups.push(parent);
  let said = '';
  parent.stdout.on('data', (data: Buffer) => (said += data.toString()));
  const pid = await eventually('its pid', () => /pid (\d+)\./.exec(said)?.[1]);
  return { pid: Number(pid), end: () => writeFileSync(fifo, 'end\n') };
}

/** Follows a process; what is reported of it, with the time. */
function follow(pid: number) {
  const identity = identifyByProc(pid);
  if (identity === null) throw new Error(`no process ${pid}`);
  return followIdentity(identity);
}

function followIdentity(identity: ProcessIdentity) {
  const ends: { exit: ChildExit | null; atMs: number }[] = [];
  const followed = notices.follow(identity, (exit) => ends.push({ exit, atMs: performance.now() }));
  return { followed, ends };
}

/** What may be reported of one end: before Linux 6.15 its parent may have reaped it before it could be asked. */
const known = (exit: ChildExit) => [[exit], ...(reportsExits ? [] : [[null]])];

const pidfdsOpen = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('pidfd');
    } catch {
      return false;
    }
  }).length;

describe.runIf(kernel.available)('the end of a process that is not a child', () => {
  it('is reported as it happens, with its exit code', async () => {
    const { pid, end } = await strangerThat('exit 7');
    const { ends } = follow(pid);
    end();
    await eventually('its end', () => ends.length > 0);
    expect(known({ exitCode: 7, signal: null })).toContainEqual(ends.map(({ exit }) => exit));
    expect(noticed).toEqual([]);
    expect(pidfdsOpen()).toBe(0);
  });

  it('is reported with a signal, long before a look would have found it', async () => {
    const { pid } = await strangerThat('exit 0');
    const { ends } = follow(pid);
    process.kill(pid, 'SIGKILL');
    const killedAtMs = performance.now();
    await eventually('its end', () => ends.length > 0);
    expect(known({ exitCode: null, signal: 'SIGKILL' })).toContainEqual(ends.map(({ exit }) => exit));
    expect(ends[0]!.atMs - killedAtMs).toBeLessThan(1000);
  });

  it('is reported with its exit at once, also while its parent does not reap it', async () => {
    // The shell becomes a program that waits for nobody.
    const { pid } = await strangerThat('exit 7', 'exec sleep 60');
    const { ends } = follow(pid);
    process.kill(pid, 'SIGKILL');
    await eventually('its end', () => ends.length > 0);
    expect(ends.map(({ exit }) => exit)).toEqual([{ exitCode: null, signal: 'SIGKILL' }]);
    expect(lives(pid)).toBe(false);
  });

  it('is reported while its thread crashes again and again, which is reported once', async () => {
    const broken = join(folder, 'broken.js');
    writeFileSync(broken, 'process.exit(3);');
    notices.dispose();
    notices = open(broken);
    const [one, another] = [await strangerThat('exit 0'), await strangerThat('exit 0')];
    const first = follow(one.pid);
    await eventually('a second thread', () => noticed.length > 0);
    const second = follow(another.pid);
    for (const { end } of [one, another]) end();
    await eventually('both ends', () => first.ends.length + second.ends.length === 2);
    expect(noticed).toHaveLength(1);
    expect(noticed[0]).toMatch(/^The thread that waits for the ends of processes ended unexpectedly \(exit code 3\)\./);
  });

  it('is reported by the next thread when one crashes', async () => {
    const once = join(folder, 'once.js');
    const flag = join(folder, 'flag');
    const crash = `if (!fs.existsSync('${flag}')) { fs.writeFileSync('${flag}', ''); throw new Error('struck'); }`;
    writeFileSync(once, `const fs = require('node:fs'); ${crash} require('./end-worker.js');`);
    notices.dispose();
    notices = open(once);
    const { pid, end } = await strangerThat('exit 7');
    const { ends } = follow(pid);
    await eventually('the report', () => noticed.length > 0);
    expect(notices.status.by).toBe('polling');
    await eventually('the next thread', () => notices.status.by === 'kernel');
    end();
    await eventually('its end', () => ends.length > 0);
    expect(noticed).toHaveLength(1);
    expect(noticed[0]).toContain('struck');
  });

  it('is not reported of a process that was never there', () => {
    expect(notices.follow({ pid: 2 ** 22 + 1, startTime: 1 }, () => undefined)).toBeNull();
  });

  it('is not reported of one that is gone before its descriptor is open', async () => {
    const { pid } = await strangerThat('exit 0');
    const identity = identifyByProc(pid)!;
    process.kill(pid, 'SIGKILL');
    await eventually('it is reaped', () => identifyByProc(pid) === null);
    expect(notices.follow(identity, () => undefined)).toBeNull();
    expect(pidfdsOpen()).toBe(0);
  });

  it('is reported of one that had ended before, and is not reaped', async () => {
    const { pid } = await strangerThat('exit 0', 'exec sleep 60');
    process.kill(pid, 'SIGKILL');
    await eventually('it is a zombie', () => !lives(pid));
    const { ends } = follow(pid);
    await eventually('its end', () => ends.length > 0);
    expect(ends.map(({ exit }) => exit)).toEqual([{ exitCode: null, signal: 'SIGKILL' }]);
    expect(pidfdsOpen()).toBe(0);
  });
});

const [soft = 0, hard = 0] = (/^Max open files\s+(\d+)\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [])
  .slice(1)
  .map(Number);
/** 20,000 where the hard limit leaves them, beside what a test has open itself. */
const MANY = Math.min(20_000, hard - 500);
const limitTo = (most: number): boolean =>
  spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${most}:${hard}`]).status === 0;

describe.runIf(kernel.available && MANY >= 1000)(`${MANY} descriptors`, () => {
  beforeAll(() => expect(limitTo(hard)).toBe(true));
  afterAll(() => expect(limitTo(soft)).toBe(true));

  it('report their end once each, and those that are not its own stay', { timeout: 120_000 }, async () => {
    notices.dispose();
    notices = open(threadFile, MANY);
    const [one, other] = [await strangerThat('exit 7'), await strangerThat('exit 3')];
    // One process may be followed many times, so that the test needs no 20,000 of them.
    const survivors = Array.from({ length: MANY / 2 }, () => follow(other.pid));
    const dead = Array.from({ length: MANY / 2 }, () => follow(one.pid));
    expect(pidfdsOpen()).toBe(MANY);
    expect(follow(one.pid).followed).toBeNull();
    expect(notices.status).toMatchObject({ by: 'kernel', atMost: MANY });
    one.end();
    await eventually('all ends', () => dead.every(({ ends }) => ends.length > 0));
    expect(dead.filter(({ ends }) => ends.length !== 1)).toEqual([]);
    expect(dead.filter(({ ends }) => (ends[0]?.exit ?? null) === null).length).toBe(reportsExits ? 0 : dead.length);
    expect(survivors.some(({ ends }) => ends.length > 0)).toBe(false);
    expect(pidfdsOpen()).toBe(MANY / 2);
    expect(notices.status).not.toHaveProperty('atMost');
  });

  it('that are more than the system has left leave the rest to polling', async () => {
    const { pid, end } = await strangerThat('exit 7');
    const identity = identifyByProc(pid)!;
    notices.dispose();
    // As a table that has the process's file open already.
    notices = open(threadFile, MANY, () => identity);
    const first = followIdentity(identity);
    const highest = Math.max(...readdirSync('/proc/self/fd').map(Number));
    const further: (typeof first)[] = [];
    expect(limitTo(highest + 50)).toBe(true);
    try {
      do further.push(followIdentity(identity));
      while (further.at(-1)?.followed !== null);
      expect(notices.status).toEqual({ by: 'kernel', exits: reportsExits, atMost: further.length });
    } finally {
      // prlimit(1) needs some to be started.
      for (const { followed } of further) followed?.dispose();
      expect(limitTo(hard)).toBe(true);
    }
    expect(notices.status).not.toHaveProperty('atMost');
    end();
    await eventually('its end', () => first.ends.length > 0);
    expect(further.flatMap(({ ends }) => ends)).toEqual([]);
  });
});

describe.runIf(kernel.available)('a thread that waits', () => {
  it.each(['exit', 'nothing left to do'])('keeps no process from ending: %s', async (ending) => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
    groups.push(child);
    const watcher = startNode(watcherBundle.file, [threadFile, String(child.pid), ending]);
    const output = await watcher.ended;
    expect(output).toMatch(/^followed\nending at \d+\n$/);
    // Less than the longest wait of the thread.
    expect(Date.now() - Number(/\d+/.exec(output)?.[0])).toBeLessThan(900);
  });
});
