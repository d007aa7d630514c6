import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ObservedGraph } from '../shared/model/ports';
import { watchSpecSchema } from '../shared/model/watch';
import { eventually } from './adapters/testing/children';
import { prepareEngines, type ComposedEngines } from './testing/composed';
import { EngineBench } from './testing/engine-bench';
import { freePorts } from './testing/free-ports';

const REQUEST_INTERVAL_MS = 100;

let engines: ComposedEngines;
let bench: EngineBench;
let requests: NodeJS.Timeout | undefined;

beforeAll(async () => {
  engines = await prepareEngines();
});
afterAll(() => engines.dispose());
beforeEach(async () => {
  bench = new EngineBench(engines);
  await bench.start();
});
afterEach(async () => {
  clearInterval(requests);
  await bench.dispose();
});

/** Starts a tier as a watch; resolves to its pid. */
async function addTier(name: string, ...args: readonly string[]): Promise<number> {
  const argv = [process.execPath, resolve(`demo/tiers/${name}.mjs`), ...args, '--max-seconds', '120'];
  const status = await bench.engine.watches.add(
    watchSpecSchema.parse({ name, target: { kind: 'command', command: { argv, cwd: bench.path } } }),
    'cli',
  );
  return status.processes[0]!.pid;
}

function ask(port: string): Promise<number | null> {
  return new Promise((done) => {
    const request = get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume().once('end', () => done(response.statusCode ?? null));
    });
    request.once('error', () => done(null));
  });
}

/** Three programs, and one request after the other to the first: each is a connection of its own, which lasts some ms. */
async function startTiers(db: string, api: string, web: string) {
  const pids = { db: await addTier('db', db), api: await addTier('api', api, db), web: await addTier('web', web, api) };
  await eventually('all three answer', async () => (await ask(web)) === 200);
  requests = setInterval(() => void ask(web), REQUEST_INTERVAL_MS);
  return pids;
}

/** What is seen in one request, on a machine that is so busy that it takes more than one: in the first that has both edges. */
function observed(): Promise<ObservedGraph> {
  return eventually(
    'both edges',
    async () => {
      const graph = await bench.engine.graph.observed({ looks: 5, overMs: 5000 });
      return graph.edges.length >= 2 && graph;
    },
    60_000,
  );
}

/** Evidence of an edge without its count, which is as the looks happen to meet it. */
const seen = (socket: object, client: number, server: number) => ({
  ...socket,
  connections: expect.any(Number) as number,
  pids: { client: [client], server: [server] },
});

describe.runIf(process.platform === 'linux')('what real programs show', { timeout: 120_000 }, () => {
  it('is what depends on what, exactly, though no connection lasts', async () => {
    const [db, api, web] = (await freePorts(3)) as [string, string, string];
    const pids = await startTiers(db, api, web);

    const { edges, outside, looks } = await observed();

    const tcp = (port: string) => ({ protocol: 'tcp', address: '127.0.0.1', port: Number(port) });
    expect(edges).toEqual([
      { from: 'api', to: 'db', evidence: [seen(tcp(db), pids.api, pids.db)] },
      { from: 'web', to: 'api', evidence: [seen(tcp(api), pids.web, pids.api)] },
    ]);
    expect(outside).toEqual([]);
    // Connections that came and went have made it look more often.
    expect(looks).toBeGreaterThan(5);
  });

  it('is the same over a unix socket', async () => {
    const [api, web] = (await freePorts(2)) as [string, string];
    const db = join(bench.path, 'db.sock');
    const pids = await startTiers(db, api, web);

    const { edges } = await observed();

    expect(edges).toEqual([
      { from: 'api', to: 'db', evidence: [seen({ protocol: 'unix', address: db, port: null }, pids.api, pids.db)] },
      {
        ...{ from: 'web', to: 'api' },
        evidence: [seen({ protocol: 'tcp', address: '127.0.0.1', port: Number(api) }, pids.web, pids.api)],
      },
    ]);
  });

  it('is where they listen', async () => {
    const [api, web] = (await freePorts(2)) as [string, string];
    const db = join(bench.path, 'db.sock');
    const pids = await startTiers(db, api, web);
    clearInterval(requests);

    const ports = await bench.engine.watches.ports(null);

    const listening = (watch: 'db' | 'api' | 'web', socket: object) => ({
      ...{ watch, unread: [] },
      sockets: [
        { ...socket, processes: [{ pid: pids[watch], name: expect.stringMatching(/node|MainThread/) as string }] },
      ],
    });
    expect(ports).toEqual([
      listening('db', { protocol: 'unix', address: db, port: null }),
      listening('api', { protocol: 'tcp', address: '127.0.0.1', port: Number(api) }),
      listening('web', { protocol: 'tcp', address: '127.0.0.1', port: Number(web) }),
    ]);
    expect(await bench.engine.watches.ports('web')).toEqual([ports[2]]);
    await expect(bench.engine.watches.ports('nobody')).rejects.toThrow('No watch');
  });

  it('names who is outside of all watches', async () => {
    const [api] = (await freePorts(1)) as [string];
    const stranger = createServer(() => undefined);
    await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
    const { port } = stranger.address() as AddressInfo;
    const pid = await addTier('api', api, String(port));
    await eventually('it listens', async () => (await bench.engine.watches.ports('api'))[0]?.sockets.length === 1);
    // It waits for an answer for some seconds.
    void ask(api);
    const graph = await eventually('the connection', async () => {
      const observed = await bench.engine.graph.observed({ looks: 1, overMs: 0 });
      return observed.outside.length > 0 && observed;
    });
    stranger.close();

    expect(graph.edges).toEqual([]);
    expect(graph.outside).toEqual([
      {
        ...{ protocol: 'tcp', address: '127.0.0.1', port, from: 'api', connections: 1, pids: [pid] },
        holders: [{ pid: process.pid, name: expect.any(String) as string }],
      },
    ]);
  });
});
