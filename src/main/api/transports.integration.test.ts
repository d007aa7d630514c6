import { chmodSync, existsSync, linkSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveMessage } from '../../shared/model/snapshot';
import { serveMessagePort } from './message-port';
import { fakeRouter, openUnixClient, type ApiClient } from './testing/api-client';
import { UnixSocketServer } from './unix-socket';
import { eventually } from '../adapters/testing/children';

let folder: string;
let malformed = 0;
const undo: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-api-'));
  malformed = 0;
});
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
  rmSync(folder, { recursive: true, force: true });
});

const spec = { name: 'web', target: { kind: 'command' as const, command: { argv: ['node', 'x'], cwd: '/' } } };

async function overUnixSocket() {
  const { engine, router } = fakeRouter();
  const server = await UnixSocketServer.open({
    router,
    path: join(folder, 'engine.sock'),
    onMalformed: () => malformed++,
  });
  undo.push(() => server.dispose());
  const { client, socket } = await openUnixClient(server.path);
  undo.push(() => socket.terminate());
  return { engine, router, server, client, socket };
}

function overMessagePort() {
  const { engine, router } = fakeRouter();
  const { port1, port2 } = new MessageChannel();
  // Electron's port hands over an event, Node's the bare message.
  const adapted = {
    on: (event: string, listener: (event: { data: unknown }) => void) => port1.on(event, (data) => listener({ data })),
    postMessage: (message: unknown) => port1.postMessage(message),
    start: () => port1.start(),
    close: () => port1.close(),
  };
  const close = serveMessagePort({ router, port: adapted });
  undo.push(close);
  const client: ApiClient = createORPCClient(new RPCLink({ port: port2 as never }));
  port2.start();
  undo.push(() => port2.close());
  return { engine, client, close, port2 };
}

describe.each([
  ['a unix socket', 'cli', overUnixSocket],
  ['a message port', 'window', async () => overMessagePort()],
] as const)('the API over %s', (_name, actor, connect) => {
  it(`answers calls and says that the ${actor} made them`, async () => {
    const { client, engine } = await connect();
    const added = await client.watches.add({ spec });
    expect(added.watch).toMatchObject({ name: 'web', autostart: true });
    expect(engine.calls).toMatchObject([{ call: 'add', request: { actor } }]);
    expect(await client.watches.list()).toHaveLength(1);
    expect(await client.settings.set({ key: 'stop.graceMs', value: 500 })).toMatchObject({ 'stop.graceMs': 500 });
  });

  it('carries errors with their code and message', async () => {
    const { client } = await connect();
    await expect(client.watches.stop({ watch: 'nobody' })).rejects.toMatchObject({
      ...{ code: 'NOT_FOUND', message: expect.stringContaining('No watch is called "nobody"; expected') },
    });
    await expect(client.settings.set({ key: 'stop.graceMs', value: 'many' })).rejects.toMatchObject({
      ...{ code: 'BAD_REQUEST', message: expect.stringContaining('expected a whole number') },
    });
    await expect(client.watches.add({ spec: { ...spec, name: '' } })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('says of settings of a watch which one is wrong, and what was expected', async () => {
    const { client } = await connect();
    const add = (overrides: object) => client.watches.add({ spec: { ...spec, overrides } });
    for (const [overrides, problem] of [
      [{ 'cpuSpik.rule': 'off' }, 'spec.overrides: no setting is called "cpuSpik.rule"'],
      [{ 'sampling.intervalMs': 500 }, 'sampling.intervalMs applies to all watches'],
      [{ 'cpu.limitPercent': 0 }, 'spec.overrides.cpu.limitPercent: expected a number from 1 to 100000'],
      [{ 'memory.limitBytes': NaN }, 'spec.overrides.memory.limitBytes: expected a number from 1000000'],
      [{ 'cpu.action': 'explode' }, 'spec.overrides.cpu.action: expected one of notify, restart'],
    ] as const) {
      await expect(add(overrides)).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining(problem),
      });
    }
    expect(await client.watches.list()).toEqual([]);
  });

  it('ends cooldowns, observes, adds many at once and tells stories', async () => {
    const { client, engine } = await connect();
    const names = ['web', 'api'];
    expect(await client.watches.addAll({ specs: names.map((name) => ({ ...spec, name })) })).toHaveLength(2);
    await expect(client.watches.addAll({ specs: [{ ...spec, name: 'new' }, spec] })).rejects.toMatchObject({
      ...{ code: 'CONFLICT', message: 'a watch is called "web" already' },
    });
    expect(await client.watches.list()).toHaveLength(2);
    expect(await client.watches.observe({ watch: 'web', on: true })).toMatchObject({ observed: true });
    const cooldown = { startedAt: 0, until: 1000, restarts: 5, windowMs: 60_000 };
    engine.change('web', { budget: { windows: [], cooldown, trips: 1 } });
    expect(await client.watches.extendCooldown({ watch: 'web', byMs: 5000 })).toMatchObject({
      budget: { cooldown: { until: 6000 } },
    });
    expect(await client.watches.resetCooldown({ watch: null })).toEqual({ reset: ['web'] });
    await expect(client.watches.extendCooldown({ watch: 'web', byMs: 5000 })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const opened = engine.report('cooldown_ended', { durationMs: 1000 }, { watch: 'web', incident: 'opens' });
    expect(await client.incidents.list({ watch: 'web' })).toMatchObject([{ id: opened.id, events: [opened] }]);
    expect(await client.incidents.list({ id: opened.id + 1 })).toEqual([]);
    expect(engine.calls.filter(({ call }) => /ooldown|observe/.test(call)).map(({ request }) => request)).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ actor }) as object),
    );
  });

  it('streams, and stops on the server when the client breaks off', async () => {
    const { client, engine } = await connect();
    const abort = new AbortController();
    const stream = await client.live(undefined, { signal: abort.signal });
    expect((await stream.next()).value).toMatchObject({ kind: 'snapshot', seq: 0 });
    engine.happen('something');
    expect((await stream.next()).value).toMatchObject({ kind: 'delta', seq: 1, events: [{ message: 'something' }] });
    expect(engine.listeners.size).toBe(1);
    abort.abort();
    await eventually('the stream has ended', () => engine.listeners.size === 0);
  });

  it('stops a stream whose reader returns', async () => {
    const { client, engine } = await connect();
    const stream = await client.events.follow({});
    engine.happen('one');
    expect((await stream.next()).value).toMatchObject({ message: 'one' });
    await stream.return?.();
    await eventually('the stream has ended', () => engine.listeners.size === 0);
  });
});

describe('the unix socket', () => {
  it('is for its owner only, and gone after the end', async () => {
    const { server } = await overUnixSocket();
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
    await server.dispose();
    expect(existsSync(server.path)).toBe(false);
  });

  it('ends the streams of a client that dies', async () => {
    const { client, engine, socket } = await overUnixSocket();
    await (await client.processes.live()).next();
    expect(engine.listeners.size).toBe(1);
    socket.terminate();
    await eventually('the stream has ended', () => engine.listeners.size === 0);
  });

  it('ends the streams and connections when the server ends', async () => {
    const { client, engine, server, socket } = await overUnixSocket();
    await (await client.live()).next();
    await server.dispose();
    await eventually('all is closed', () => engine.listeners.size === 0 && socket.readyState === WebSocket.CLOSED);
  });

  it('takes the place of a socket that a dead engine left', async () => {
    const path = join(folder, 'engine.sock');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(path, resolve));
    // The name stays behind, as after a kill: Node would remove it in an orderly close.
    const kept = join(folder, 'kept');
    linkSync(path, kept);
    await new Promise<void>((resolve) => dead.close(() => resolve()));
    renameSync(kept, path);

    const { client } = await overUnixSocket();
    expect(await client.watches.list()).toEqual([]);
  });

  it('is bound anew when its file was removed, and clients that are connected stay', async () => {
    const { client, engine, server } = await overUnixSocket();
    expect(await server.refresh()).toBe(false);
    rmSync(server.path);
    expect(await server.refresh()).toBe(true);
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
    const second = await openUnixClient(server.path);
    undo.push(() => second.socket.terminate());
    expect(await second.client.watches.list()).toEqual([]);
    expect(await client.watches.list()).toEqual([]);
    expect(engine.listeners.size).toBe(0);
    await server.dispose();
    expect(existsSync(server.path)).toBe(false);
  });

  it('leaves the socket of another engine alone when it ends', async () => {
    const { server, socket } = await overUnixSocket();
    rmSync(server.path);
    const { server: other, client } = await overUnixSocket();
    socket.terminate();
    await server.dispose();
    expect(await client.watches.list()).toEqual([]);
    expect(existsSync(other.path)).toBe(true);
  });

  it('refuses to replace what is no socket', async () => {
    const path = join(folder, 'engine.sock');
    writeFileSync(path, 'mine');
    chmodSync(path, 0o600);
    await expect(
      UnixSocketServer.open({ router: fakeRouter().router, path, onMalformed: () => malformed++ }),
    ).rejects.toThrow('it is not a socket');
    expect(existsSync(path)).toBe(true);
  });

  it('does not fill up for a client that does not read: it gets merged deltas', async () => {
    const { client, engine, socket } = await overUnixSocket();
    const stream = await client.live();
    await stream.next();
    socket.pause();
    const text = 'x'.repeat(100_000);
    for (let count = 0; count < 200; count++) engine.happen(text);
    socket.resume();
    let last = 0;
    let messages = 0;
    while (last < 200) {
      const { value } = await stream.next();
      last = (value as LiveMessage).events.at(-1)?.id ?? last;
      messages++;
    }
    expect(messages).toBeLessThan(10);
  });
});
