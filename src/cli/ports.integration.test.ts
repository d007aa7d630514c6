import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeEngine } from '../main/api/testing/fake-engine';
import type { WatchPorts } from '../shared/model/ports';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
let engine: FakeEngine;
beforeEach(async () => {
  bench = new CliBench();
  ({ engine } = await bench.startEngine());
  await bench.run('add', 'web', '--', 'node', 'x');
  await bench.run('add', 'db', '--', 'node', 'y');
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);

const WEB: WatchPorts = {
  watch: 'web',
  sockets: [
    { protocol: 'tcp', address: '127.0.0.1', port: 8080, processes: [10, 11].map((pid) => ({ pid, name: 'nginx' })) },
  ],
  unread: [],
};
const DB: WatchPorts = {
  watch: 'db',
  sockets: [
    { protocol: 'unix', address: '/run/db\u001b[2J.sock', port: null, processes: [{ pid: 20, name: 'postgres' }] },
  ],
  unread: [{ pid: 21, name: 'worker' }],
};

describe('ports', () => {
  it('are a table of all watches, or of one, and what is not in it', async () => {
    engine.ports = [WEB, DB];
    expect((await run('ports')).out).toBe(
      'WATCH  PROTOCOL  ADDRESS              PORT    PID  PROGRAM\n' +
        'web    tcp       127.0.0.1            8080  10 +1  nginx\n' +
        'db     unix      /run/db\\x1b[2J.sock     -     20  postgres\n' +
        'db: not all sockets of worker (pid 21) can be read\n',
    );
    expect((await run('ports', 'web')).out.split('\n')).toHaveLength(3);
    expect(JSON.parse((await run('ports', '--json')).out)).toEqual([WEB, DB]);
  });

  it('may be none, and are those of watches only', async () => {
    expect((await run('ports')).out).toBe('No watched program listens.\n');
    expect(await run('ports', 'nobody')).toMatchObject({ exitCode: 1, err: expect.stringContaining('"nobody"') });
  });
});

describe('graph --observed', () => {
  beforeEach(() => {
    engine.ports = [WEB, { ...DB, watch: 'db "1"', unread: [] }];
    const address = { protocol: 'tcp', address: '127.0.0.1', port: 5432 } as const;
    const pids = { client: [10], server: [20] };
    engine.observation = {
      edges: [{ from: 'web', to: 'db "1"', evidence: [{ ...address, connections: 4, pids }] }],
      outside: [
        { ...address, port: 6379, from: 'web', connections: 1, pids: [10], holders: [{ pid: 712, name: 'redis' }] },
        { ...address, address: '93.184.216.34', port: 443, from: 'web', connections: 2, pids: [10], holders: [] },
      ],
      unseen: [{ ...address, port: 8080, watch: 'web', connections: 23 }],
    };
  });

  it('is a line for each edge with its evidence, and what is known beside', async () => {
    expect((await run('graph', '--observed')).out).toBe(
      'web → db "1"  tcp 127.0.0.1:5432, 4 connections\n' +
        '\nNot watched:\n' +
        'web → tcp 127.0.0.1:6379, 1 connection, held by redis (pid 712), not watched\n' +
        'web → tcp 93.184.216.34:443, 2 connections, not watched\n' +
        '\nThe other end of these was not seen:\n' +
        '→ web  tcp 127.0.0.1:8080, 23 connections\n',
    );
  });

  it('is a graph for Graphviz', async () => {
    expect((await run('graph', '--observed', '--dot')).out).toBe(
      'digraph watches {\n  "web";\n  "db \\"1\\"";\n  "web" -> "db \\"1\\"" [label="tcp 127.0.0.1:5432"];\n}\n',
    );
  });

  it('is asked for with looks and a time', async () => {
    const json = async (...argv: string[]): Promise<unknown> =>
      JSON.parse((await run('graph', '--observed', '--json', ...argv)).out);
    expect(await json()).toMatchObject({ looks: 5, overMs: 2000, ...engine.observation });
    expect(await json('--looks', '100', '--over', '10s')).toMatchObject({ looks: 100, overMs: 10_000 });
  });

  it.each([
    [[], '--observed'],
    [['--observed', '--looks', '0'], 'from 1 to 1000'],
    [['--observed', '--over', '2h'], 'as in 10s'],
    [['--observed', '--dot', '--json'], 'not both'],
  ])('%j is refused', async (words, problem) => {
    expect(await run('graph', ...words)).toMatchObject({ exitCode: 2, err: expect.stringContaining(problem) });
  });

  it('may be nothing', async () => {
    engine.observation = { edges: [], outside: [], unseen: [] };
    expect((await run('graph', '--observed')).out).toBe('No connection between watches was seen.\n');
  });
});
