import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity, ProcessSample } from '../../../../shared/model/process';
import { createSystemClock } from '../../clock';
import { bundleForNode, bundleThreads } from '../../testing/bundle';
import { startNode } from '../../testing/child';
import { eventually } from '../../testing/children';
import { compileHolder, startHolder, type HeldPart, type Holder } from '../../testing/holder';
import { createProcfsTable, type DisposableProcessTable } from './index';
import { ProcfsLastWordsReader } from './last-words-reader';
import { ReaderThread } from './reader-thread';
import { ProcfsSocketReader } from './socket-reader';

const folder = mkdtempSync(join(tmpdir(), 'healdeck-reader-'));
const program = compileHolder(folder);
const clock = createSystemClock();

let threads: Awaited<ReturnType<typeof bundleThreads>>;
let scanner: Awaited<ReturnType<typeof bundleForNode>>;
beforeAll(async () => {
  threads = await bundleThreads();
  scanner = await bundleForNode('src/main/adapters/testing/table-scanner.ts');
});
afterAll(() => {
  threads.dispose();
  scanner.dispose();
  rmSync(folder, { recursive: true, force: true });
});

let reader: ReaderThread;
let table: DisposableProcessTable;
let reported: string[];
let holders: Holder[];

beforeEach(() => {
  [reported, holders] = [[], []];
  open(join(threads.dir, 'reader-worker.js'));
});
afterEach(async () => {
  for (const holder of holders) await holder.end();
  await close();
});

function open(file: string): void {
  reader = new ReaderThread({ file, clock, report: (_, error) => reported.push(String(error)) });
  table = createProcfsTable({ clock, reader });
}

async function close(): Promise<void> {
  table.dispose();
  await reader.dispose((text) => expect.unreachable(text));
}

function hold(part: HeldPart): Holder {
  const holder = startHolder(program!, part);
  holders.push(holder);
  return holder;
}

/** A scan, and how long it took. */
async function timedScan(): Promise<{ samples: readonly ProcessSample[]; tookMs: number }> {
  const startedMs = performance.now();
  const { samples } = await table.scan();
  return { samples, tookMs: performance.now() - startedMs };
}

async function identityOf({ pid }: Holder): Promise<ProcessIdentity> {
  return await eventually('its reading', async () => (await table.scan()).samples.find((one) => one.pid === pid));
}

const threadsOf = (pid: number | 'self'): number => readdirSync(`/proc/${pid}/task`).length;

describe.runIf(program !== null)('a process that holds up its readers', () => {
  it.each(['memory', 'exec'] as const)('does not hold up a scan: %s', async (part) => {
    const holder = hold(part);
    const before = await identityOf(holder);
    await holder.held;
    const { samples, tookMs } = await timedScan();
    expect(tookMs).toBeLessThan(2000);
    const own = samples.find(({ pid }) => pid === process.pid);
    expect(own?.argv.length).toBeGreaterThan(0);
    expect(samples).toContainEqual(expect.objectContaining({ pid: holder.pid, startTime: before.startTime }));
    expect((await timedScan()).tookMs).toBeLessThan(1000);
    expect(reported).toEqual([]);
  });

  it.each(['memory', 'exec'] as const)('holds up nobody who asks about it: %s', async (part) => {
    const holder = hold(part);
    const { pid, startTime } = await identityOf(holder);
    const identity = { pid, startTime };
    // As a watched one, whose memory is read at each tick.
    table.privateBytes(identity);
    await holder.held;
    const startedMs = performance.now();
    expect(table.isAlive(identity)).toBe(true);
    expect(table.identify(pid)).toEqual(identity);
    expect(table.environment(identity)).toBeNull();
    expect(table.facts(identity)).toMatchObject({ argv: [] });
    expect(table.privateBytes(identity)).toBeGreaterThan(0);
    for (const read of ['ioBytes', 'openFiles', 'sockets', 'paths', 'proportionalBytes'] as const)
      table[read](identity);
    const words = new ProcfsLastWordsReader({ clock, reader, identify: (of) => table.identify(of), mask: String });
    await words.read([identity], 1000);
    const sockets = new ProcfsSocketReader({ clock, reader, isAlive: (of) => table.isAlive(of), diag: null });
    const own = table.identify(process.pid)!;
    const { processes } = await sockets.read([identity, own], 1000, false);
    expect(processes).toEqual([
      { pid, inodes: null, isCut: true },
      { pid: own.pid, inodes: expect.any(Array) as string[], isCut: false },
    ]);
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });

  it('holds up none of the others that are read with it', async () => {
    const holder = hold('exec');
    const { pid } = await identityOf(holder);
    await holder.held;
    const startedMs = performance.now();
    const pids = [process.pid, pid, process.pid];
    const [first, held, last] = reader.readEach(pids, 'heldSockets', (of) => [`/proc/${of}`, 1000]);
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(held).toBeNull();
    expect([first, last]).toEqual([first, first]);
    expect(first?.inodes).toBeInstanceOf(Array);
    expect(reader.holders).toEqual([pid]);
  });

  it('is read again once it lets others read it, and not taken for another one', { timeout: 60_000 }, async () => {
    const holder = startHolder(program!, 'exec', 3);
    holders.push(holder);
    const before = await identityOf(holder);
    await holder.held;
    await table.scan();
    const after = await eventually('it executes', async () => {
      const { samples } = await table.scan();
      return samples.find(({ pid, name }) => pid === holder.pid && name === 'sleep') ?? !table.isAlive(before);
    });
    if (after !== true) expect(after.startTime).toBe(before.startTime);
    await eventually('its end', () => !table.isAlive(before));
    expect((await table.scan()).samples.some(({ pid }) => pid === holder.pid)).toBe(false);
  });

  it('costs others nothing with any number of its kind', { timeout: 60_000 }, async () => {
    await table.scan();
    const before = threadsOf('self');
    const crowd = Array.from({ length: 8 }, () => hold('memory'));
    await Promise.all(crowd.map(({ held }) => held));
    for (let pass = 0; pass < 3; pass += 1) await table.scan();
    // Two of one user, and the one that reads; each has some of Node's own.
    expect(threadsOf('self') - before).toBeLessThanOrEqual(4);
    const { samples, tookMs } = await timedScan();
    expect(tookMs).toBeLessThan(1000);
    const own = samples.find(({ pid }) => pid === process.pid)!;
    expect(table.environment(own)).toEqual(expect.objectContaining({}));
    await Promise.all(crowd.map((holder) => holder.end()));
    await eventually('all threads are free', () => threadsOf('self') <= before);
  });

  it('does not keep an engine from ending', async () => {
    const holder = hold('memory');
    await holder.held;
    const child = startNode(scanner.file, [join(threads.dir, 'reader-worker.js'), 'dispose']);
    expect(await child.ended).toMatch(/^seen \d+\nA process does not let the kernel read it/);
  });
});
