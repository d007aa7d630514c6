import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessEvidence } from '../../../../shared/model/last-words';
import type { ProcessIdentity } from '../../../../shared/model/process';
import { createSystemClock } from '../../clock';
import { eventually } from '../../testing/children';
import { createProcfsTable, type DisposableProcessTable } from './index';
import { ProcfsLastWordsReader } from './last-words-reader';
import { DirectReader } from './procfs-reader';

/** It listens on TCP and on a path, has a file open, and says so. */
const PROGRAM = `
const { openSync } = require('node:fs');
const { createServer } = require('node:net');
openSync(process.argv[1], 'w');
createServer().listen(process.argv[1] + '.sock');
const server = createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const AMPLE_MS = 20_000;

let folder: string;
let child: ChildProcess;
let table: DisposableProcessTable;
let identity: ProcessIdentity;
let port: string;
const clock = createSystemClock();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-words-'));
  child = spawn(process.execPath, ['-e', PROGRAM, join(folder, 'token=0123456789abcdef')]);
  table = createProcfsTable({ clock });
  [port] = (await once(child.stdout!, 'data')).map((data) => String(data).trim()) as [string];
  identity = table.identify(child.pid!)!;
});
afterEach(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  table.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const reader = (mask: (text: string) => string = (text) => text) =>
  new ProcfsLastWordsReader({ reader: new DirectReader(), clock, identify: (pid) => table.identify(pid), mask });

/** What the child is doing once it waits for connections. */
function whenIdle(): Promise<ProcessEvidence> {
  return eventually('it waits', async () => {
    const [found] = await reader().read([identity], AMPLE_MS);
    const main = found?.threads[0];
    // Where the kernel shows it to root only, it waits somewhere.
    const waits = main?.state === 'sleeping' && (main.waitChannel === null || main.waitChannel.includes('epoll'));
    return waits ? found : null;
  });
}

describe.runIf(process.platform === 'linux')('what a process is doing', () => {
  it('is what each of its threads does, and what it has open', async () => {
    const found = await whenIdle();
    expect(found).toMatchObject({ pid: child.pid, isCut: false });
    expect(found!.threads[0]).toMatchObject({ tid: child.pid, name: found!.name, state: 'sleeping' });
    expect(found!.threads.length).toBeGreaterThan(1);
    expect(found!.files).toContainEqual({ fd: expect.any(Number), target: join(folder, 'token=0123456789abcdef') });
    expect(found!.sockets).toContainEqual(
      expect.objectContaining({ local: `127.0.0.1:${port}`, remote: null, state: 'LISTEN' }),
    );
    // That on a path is in no table of TCP.
    expect(found!.sockets).toContainEqual(expect.objectContaining({ local: null, remote: null, state: null }));
  });

  it.runIf(process.getuid?.() === 0)('is where its threads are in the kernel, for root', async () => {
    const [main] = (await whenIdle()).threads;
    expect(main?.kernelStack.join(' ')).toMatch(/epoll/);
    expect(main?.waitChannel).toMatch(/epoll/);
    expect(main?.systemCall).toBeGreaterThan(0);
  });

  it('has no secret', async () => {
    const mask = (text: string): string => text.replaceAll('0123456789abcdef', '•••');
    const [found] = await reader(mask).read([identity], AMPLE_MS);
    expect(JSON.stringify(found)).not.toContain('0123456789abcdef');
    expect(found!.files).toContainEqual(expect.objectContaining({ target: join(folder, 'token=•••') }));
  });

  it('is not that of another process with its pid', async () => {
    expect(await reader().read([{ ...identity, startTime: identity.startTime + 1 }], AMPLE_MS)).toEqual([]);
  });

  it('is nothing where no time is left', async () => {
    expect(await reader().read([identity], 0)).toEqual([]);
  });

  it('lacks the ends of its sockets where their table can not be read', async () => {
    const procDir = join(folder, 'proc');
    const processDir = join(procDir, String(child.pid));
    mkdirSync(processDir, { recursive: true });
    for (const name of ['task', 'fd']) symlinkSync(`/proc/${child.pid}/${name}`, join(processDir, name));
    const identify = (pid: number) => table.identify(pid);
    const blind = new ProcfsLastWordsReader({
      reader: new DirectReader(),
      clock,
      identify,
      mask: (text) => text,
      procDir,
    });
    const [found] = await blind.read([identity], AMPLE_MS);
    expect(found?.sockets.length).toBeGreaterThan(1);
    expect(found?.sockets.map(({ local }) => local)).toEqual(found?.sockets.map(() => null));
  });

  it('is cut off when the time is over', async () => {
    let atMs = 0;
    const slow = { ...clock, monotonicMs: () => (atMs += 1) };
    const late = new ProcfsLastWordsReader({
      reader: new DirectReader(),
      clock: slow,
      identify: (pid) => table.identify(pid),
      mask: (text) => text,
    });
    const [found, another] = await late.read([identity, identity], 5);
    expect(found?.isCut).toBe(true);
    expect(found?.threads.length).toBeGreaterThan(0);
    expect(another).toBeUndefined();
  });
});
