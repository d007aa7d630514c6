import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../../../shared/model/process';
import type { InetSocket, SocketReading, UnixSocket } from '../../../engine/ports';
import { createSystemClock } from '../../clock';
import { identifyByProc, lives, temporaryFolder } from '../../testing/children';
import { loadSystemCalls } from '../pidfd/system-calls';
import type { SockDiag } from '../sock-diag/dump';
import { DirectReader } from './procfs-reader';
import { ProcfsSocketReader } from './socket-reader';

const loaded = loadSystemCalls();
const netlink = loaded.available ? loaded.netlink : null;
const diag: SockDiag | null = netlink === null ? null : { calls: netlink, close: closeSync };
/** A kernel that answers nothing. */
const deaf: SockDiag = { calls: { open: () => -1, send: () => -1, receive: () => -1 }, close: () => undefined };
const mayUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;
const AMPLE_MS = 20_000;

let folder: ReturnType<typeof temporaryFolder>;
let servers: Server[];
let clients: Socket[];
let child: ChildProcess | null;
beforeEach(() => {
  folder = temporaryFolder();
  [servers, clients, child] = [[], [], null];
});
afterEach(async () => {
  clients.forEach((client) => client.destroy());
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  child?.kill('SIGKILL');
  folder.remove();
});

function read(how: SockDiag | null, ...processes: readonly ProcessIdentity[]): Promise<SocketReading> {
  const isAlive = ({ pid }: ProcessIdentity): boolean => lives(pid);
  const reader = new ProcfsSocketReader({ clock: createSystemClock(), reader: new DirectReader(), isAlive, diag: how });
  return reader.read(processes, AMPLE_MS, true);
}
const own = (): ProcessIdentity => identifyByProc(process.pid)!;

async function listen(place: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((socket) => clients.push(socket));
  servers.push(server);
  server.listen(place);
  await once(server, 'listening');
  return server;
}

/** Connects, and waits until that was accepted. */
async function connectTo(server: Server, place: { port: number; host: string } | { path: string }): Promise<void> {
  const accepted = once(server, 'connection');
  clients.push(connect(place));
  await accepted;
}

const heldBy = ({ processes }: SocketReading, { pid }: ProcessIdentity): readonly string[] =>
  processes.find((one) => one.pid === pid)?.inodes ?? [];

describe.runIf(process.platform === 'linux')('the sockets of a process', () => {
  it.each([
    ['that the kernel is asked for', diag],
    ['that only /proc shows', null],
    ['that the kernel does not answer for', deaf],
  ])('of TCP are those %s', async (_what, how) => {
    for (const host of ['127.0.0.1', '::1']) {
      const server = await listen({ port: 0, host });
      const { port } = server.address() as AddressInfo;
      await connectTo(server, { port, host });
      const reading = await read(how, own());
      const held = new Set(heldBy(reading, own()));
      const tcp = reading.sockets.filter((socket): socket is InetSocket => socket.protocol === 'tcp');
      const mine = tcp.filter(({ inode }) => inode !== null && held.has(inode));
      const address = host === '::1' ? '[::1]' : host;
      const place = { address, port };
      expect(mine.filter(({ local, remote }) => local.port === port && remote === null)).toMatchObject([
        { local: place, namespace: reading.ownNamespace },
      ]);
      expect(mine.filter(({ remote }) => remote?.port === port)).toMatchObject([{ remote: place }]);
      expect(mine.filter(({ local, remote }) => local.port === port && remote !== null)).toMatchObject([
        { local: place, remote: { address } },
      ]);
      // Each once, whoever was asked first.
      expect(new Set(mine.map(({ inode }) => inode)).size).toBe(mine.length);
    }
  });

  it('of UDP and those that listen on a path are from /proc', async () => {
    const path = join(folder.path, 'x.sock');
    await listen({ path });
    const { sockets, processes } = await read(diag, own());
    expect(processes).toEqual([{ pid: process.pid, inodes: expect.any(Array) as string[], isCut: false }]);
    expect(sockets).toContainEqual(expect.objectContaining({ protocol: 'unix', path, isListening: true, peer: null }));
  });

  it.runIf(diag !== null)('of the unix family have their other end', async () => {
    const path = join(folder.path, 'x.sock');
    const server = await listen({ path });
    await connectTo(server, { path });
    const { sockets } = await read(diag, own());
    const unix = sockets.filter((socket): socket is UnixSocket => socket.protocol === 'unix');
    const accepted = unix.find((socket) => socket.path === path && !socket.isListening);
    expect(unix.find(({ inode }) => inode === accepted?.peer)).toMatchObject({ path: null, peer: accepted?.inode });
    const blind = await read(null, own());
    expect(blind.sockets).toContainEqual({ ...accepted, peer: null });
  });

  it('are nothing of what is gone, and unknown where no time is left', async () => {
    const gone = { pid: 0x7fff_ffff, startTime: 1 };
    expect((await read(diag, gone)).processes).toEqual([]);
    const isAlive = (): boolean => true;
    const reader = new ProcfsSocketReader({ clock: createSystemClock(), reader: new DirectReader(), isAlive, diag });
    expect((await reader.read([own()], 0, true)).processes).toEqual([{ pid: process.pid, inodes: null, isCut: true }]);
  });

  it.runIf(mayUnshare)('in another network namespace are those of that', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.address() as AddressInfo;
    const program = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('listening'))`;
    child = spawn('unshare', ['-n', process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout!, 'data');
    const reading = await read(diag, own(), identifyByProc(child.pid!)!);
    const listening = reading.sockets.filter((socket) => socket.protocol === 'tcp' && socket.local.port === port);
    expect(new Set(listening.map(({ namespace }) => namespace)).size).toBe(2);
    const inner = listening.find(({ namespace }) => namespace !== reading.ownNamespace);
    expect(heldBy(reading, { pid: child.pid!, startTime: 0 })).toContain(inner?.inode);
  });
});
