import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InetSocket } from '../ports';
import { TestBench } from '../testing/test-engine';

let bench: TestBench;
beforeEach(async () => {
  bench = await TestBench.started();
});
afterEach(() => bench.engine.dispose('the test is over'));

const LISTENING: InetSocket = {
  ...{ protocol: 'tcp', namespace: 'net', inode: 'l', local: { address: '127.0.0.1', port: 80 } },
  remote: null,
};

describe('the ports of a watch', () => {
  it('are read when somebody asks, for the processes of that watch only', async () => {
    await bench.add();
    await bench.add({ name: 'other' });
    await bench.clock.advance(10_000);
    expect(bench.sockets.asked).toEqual([]);
    bench.sockets.answer = (processes) => ({
      processes: processes.map(({ pid }) => ({ pid, inodes: ['l'], isCut: false })),
      sockets: [LISTENING],
    });
    const [web, none] = await bench.engine.watches.ports('web');
    expect(bench.sockets.asked).toEqual([[bench.pid('web')]]);
    expect(web).toMatchObject({ watch: 'web', sockets: [{ address: '127.0.0.1', port: 80 }] });
    expect(none).toBeUndefined();
    expect((await bench.engine.watches.ports(null)).map(({ watch }) => watch)).toEqual(['web', 'other']);
    await expect(bench.engine.watches.ports('nobody')).rejects.toThrow('No watch');
  });

  it('are those of children that have come since the last scan', async () => {
    await bench.add();
    const child = bench.world.add({ ppid: bench.pid('web') });
    await bench.clock.advance(1500);
    await bench.engine.watches.ports(null);
    expect(bench.sockets.asked.at(-1)).toEqual([bench.pid('web'), child.pid]);
  });
});

describe('an observation', () => {
  const observe = (looks: number, overMs: number) =>
    bench.through(bench.engine.graph.observed({ looks, overMs }), overMs + 100);

  it('looks evenly over its time', async () => {
    await bench.add();
    const graph = await observe(5, 2000);
    expect(graph).toMatchObject({ looks: 5, overMs: 2000, edges: [], outside: [], unseen: [] });
    expect(bench.sockets.asked).toHaveLength(5);
    expect(await observe(1, 2000)).toMatchObject({ looks: 1, overMs: 0 });
  });

  it('looks more often while connections come and go in between', async () => {
    await bench.add();
    const ended = (look: number): InetSocket => ({
      ...{ ...LISTENING, inode: null, remote: { address: '127.0.0.1', port: 40_000 + look } },
    });
    bench.sockets.answer = (processes, look) => ({
      processes: processes.map(({ pid }) => ({ pid, inodes: ['l'], isCut: false })),
      sockets: [LISTENING, ended(look)],
    });
    const graph = await observe(5, 2000);
    expect(graph.looks).toBeGreaterThan(100);
    expect(graph.unseen).toMatchObject([{ watch: 'web', port: 80 }]);
  });

  it('names who has what is not watched, where that is on this machine', async () => {
    await bench.add();
    const out = (inode: string, address: string, port: number): InetSocket => ({
      ...{ protocol: 'tcp', namespace: 'net', inode, local: { address: '127.0.0.1', port: 40_000 } },
      remote: { address, port },
    });
    bench.sockets.answer = (processes) => ({
      processes: processes.map(({ pid }) => ({ pid, inodes: ['a', 'b'], isCut: false })),
      sockets: [out('a', '127.0.0.1', 5432), out('b', '93.184.216.34', 443)],
    });
    bench.scenes.answer = ({ ports }) => ({
      holders: ports.map((port) => ({
        ...{ ...port, uid: 33 },
        process: { pid: 712, startTime: 1, name: 'postgres', uid: 33, startedAt: 0 },
      })),
    });
    const { outside } = await observe(1, 0);
    expect(outside).toMatchObject([
      { from: 'web', port: 5432, holders: [{ pid: 712, name: 'postgres' }] },
      { from: 'web', port: 443, holders: [] },
    ]);
    expect(bench.scenes.requests.at(-1)?.ports).toEqual([{ protocol: 'tcp', port: 5432 }]);
  });

  it('ends with the engine, with what was seen', async () => {
    await bench.add();
    const observation = bench.engine.graph.observed({ looks: 2, overMs: 60_000 });
    await bench.clock.advance(100);
    bench.engine.dispose('ends');
    expect(await observation).toMatchObject({ looks: 2 });
  });
});
