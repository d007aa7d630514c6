import { beforeEach, describe, expect, it } from 'vitest';
import type { WatchStatus } from '../../../shared/model/snapshot';
import type { WatchSpecInput } from '../../../shared/model/watch';
import { commandSpec, TestBench } from '../testing/test-engine';

let bench: TestBench;

beforeEach(async () => {
  bench = await TestBench.started();
});

const WEB = {
  target: {
    kind: 'command',
    command: { argv: ['server', '--port', '{8000+instance}'], cwd: '/srv', env: { NUMBER: '{instance}' } },
  },
} as const satisfies Partial<WatchSpecInput>;

async function addWeb(count: number, change: Partial<WatchSpecInput> = {}): Promise<void> {
  await bench.through(bench.add({ ...WEB, instances: { min: 1, max: 4, count }, ...change }));
}

const phases = (): readonly string[] => bench.engine.watches.list().map(({ watch, phase }) => `${watch.name} ${phase}`);
const ports = (): readonly (string | undefined)[] => running().map(({ argv }) => argv[2]);
const running = () => [...bench.world.processes.values()].filter(({ name }) => name === 'server');

function scale(change: { to: number } | { by: number }): WatchStatus {
  return bench.engine.watches.scale({ watch: 'web', change, actor: 'cli' });
}

function edit(change: Partial<WatchSpecInput>): void {
  const [kept] = bench.config.watches();
  if (kept === undefined) throw new Error('expected a watch');
  const { id: _id, revision, ...spec } = kept;
  bench.engine.watches.edit({
    ...{ watch: spec.name, revision, actor: 'cli' },
    spec: commandSpec({ ...spec, ...change }),
  });
}

describe('a watch with instances', () => {
  it('runs each with its number, as a watch of its own that says of what it is one', async () => {
    await addWeb(3);
    expect(phases()).toEqual(['web#1 running', 'web#2 running', 'web#3 running']);
    expect(ports()).toEqual(['8001', '8002', '8003']);
    expect(bench.world.launches.map(({ env }) => env['NUMBER'])).toEqual(['1', '2', '3']);
    expect(bench.status('web#2').instance).toMatchObject({ number: 2, of: { name: 'web', instances: { count: 3 } } });
    expect(bench.config.watches()).toHaveLength(1);
  });

  it('heals one that crashes, and leaves the others alone', async () => {
    await addWeb(2);
    const other = bench.pid('web#1');
    bench.world.exit(bench.pid('web#2'));
    await bench.clock.advance(5000);
    expect(phases()).toEqual(['web#1 running', 'web#2 running']);
    expect(bench.pid('web#1')).toBe(other);
    expect(bench.reported('crash_detected').map(({ watch }) => watch)).toEqual(['web#2']);
  });

  it('is started, edited and removed as one, and an instance is not edited', async () => {
    await addWeb(2);
    expect(() => bench.engine.watches.edit({ watch: 'web#2', revision: 1, spec: commandSpec(), actor: 'cli' })).toThrow(
      'web#2 is an instance of web and has no definition of its own; expected web',
    );
    await expect(bench.engine.watches.endPreview('web')).rejects.toThrow(
      'web is kept as 2 instances; expected one of them: web#1, web#2',
    );
    const pids = running().map(({ pid }) => pid);
    edit({ name: 'site' });
    expect(phases()).toEqual(['site#1 running', 'site#2 running']);
    const { leftRunning } = bench.engine.watches.remove({ watch: 'site', actor: 'cli' });
    expect(leftRunning).toEqual(pids);
    expect(phases()).toEqual([]);
    await bench.engine.watches.restore('site', 'cli');
    expect(phases()).toEqual(['site#1 running', 'site#2 running']);
    expect(running().map(({ pid }) => pid)).toEqual(pids);
  });

  it('keeps the program that runs when it becomes several, and when it is one again', async () => {
    await bench.add();
    const pid = bench.pid('web');
    edit({ instances: { min: 2, max: 2, count: 2 } });
    await bench.clock.advance(1000);
    expect(phases()).toEqual(['web#1 running', 'web#2 running']);
    expect(bench.pid('web#1')).toBe(pid);
    edit({ instances: undefined });
    await bench.clock.advance(20_000);
    expect(phases()).toEqual(['web running']);
    expect(bench.pid('web')).toBe(pid);
    expect(running()).toHaveLength(1);
  });

  it('is refused where its instances would claim one program, or nobody fills a number in', async () => {
    const target = { kind: 'match', by: 'name', pattern: 'server' } as const;
    await expect(bench.add({ target, instances: { min: 2, max: 2, count: 2 } })).rejects.toThrow(
      'Expected {instance} in the pattern of web: without it its instances would all claim the same program',
    );
    const probes = [{ name: 'port', check: { kind: 'tcp' as const, port: 9000, plusInstance: true as const } }];
    await expect(bench.add({ probes })).rejects.toThrow(
      'Expected instances for probe port, which asks each by its number, as in: --instances 2',
    );
    expect(bench.engine.watches.list()).toEqual([]);
  });
});

describe('two instances that claim one port', () => {
  it('do not take turns: the second waits in a cooldown, and names the first', async () => {
    bench.world.onLaunch = ({ pid }) =>
      bench.clock.after(50, () => {
        const [first] = running();
        if (first === undefined || first.pid === pid || !bench.world.processes.has(pid)) return;
        bench.output.lines.set('web#2', ['Error: listen EADDRINUSE: address already in use 0.0.0.0:8000']);
        bench.world.exit(pid, { exitCode: 1, signal: null });
      });
    bench.scenes.answer = () => {
      const [first] = running();
      if (first === undefined) return {};
      const { pid, startTime, name, uid, startedAt } = first;
      return { holders: [{ protocol: 'tcp', port: 8000, uid: 0, process: { pid, startTime, name, uid, startedAt } }] };
    };
    const target = { kind: 'command' as const, command: { argv: ['server', '--port', '8000'], cwd: '/srv' } };
    await addWeb(2, { target, restart: 'always' });
    const first = bench.pid('web#1');
    await bench.clock.advance(20_000);
    expect(bench.pid('web#1')).toBe(first);
    expect(bench.status('web#2')).toMatchObject({
      phase: 'cooldown',
      reason: `Not restarted until the cooldown ends: port 8000 is in use by pid ${first} (server of the watch "web#1")`,
    });
  });
});

describe('scaling', () => {
  it('starts those that are missing, and ends those with the highest numbers', async () => {
    await addWeb(1);
    const first = bench.pid('web#1');
    scale({ to: 3 });
    await bench.clock.advance(1000);
    expect(ports()).toEqual(['8001', '8002', '8003']);
    expect(bench.reported('watch_edited').at(-1)?.data.changes).toEqual([
      { field: 'instances', before: '1 of 1..4', after: '3 of 1..4' },
    ]);
    scale({ by: -1 });
    expect(bench.status('web#3').instance?.leaving).toBe(true);
    await bench.clock.advance(20_000);
    expect(phases()).toEqual(['web#1 running', 'web#2 running']);
    expect(bench.pid('web#1')).toBe(first);
    expect(bench.config.watches()[0]?.instances).toEqual({ min: 1, max: 4, count: 2 });
    expect(bench.reported('stopped').map(({ watch }) => watch)).toEqual(['web#3']);
  });

  it('is refused outside of what the watch allows, with what it allows', async () => {
    await addWeb(1);
    expect(() => scale({ to: 6 })).toThrow(
      'Expected 1..4 instances of web, got 6; to allow others: healdeck edit "web" --instances 1..6',
    );
    expect(() => scale({ by: -1 })).toThrow('Expected 1..4 instances of web, got 0');
    expect(() => scale({ to: 1000 })).toThrow('Expected at most 64 instances of web, got 1000');
    await bench.add({ name: 'api' });
    expect(() => bench.engine.watches.scale({ watch: 'api', change: { to: 2 }, actor: 'cli' })).toThrow(
      'api has no instances; expected some, as in: healdeck edit "api" --instances 1..4',
    );
  });

  it('ends what runs beyond a lower maximum', async () => {
    await addWeb(4);
    edit({ instances: { min: 1, max: 2, count: 2 } });
    await bench.clock.advance(20_000);
    expect(ports()).toEqual(['8001', '8002']);
  });

  it('starts one that was still ending once it has ended, and never beside itself', async () => {
    await addWeb(2);
    const leaving = bench.world.processes.get(bench.pid('web#2'));
    leaving?.ignores.add('SIGTERM');
    scale({ to: 1 });
    await bench.clock.advance(500);
    await expect(bench.engine.watches.start({ watch: 'web#2', actor: 'cli' })).rejects.toThrow(
      'web#2 is being ended; scale web up to have it back',
    );
    scale({ to: 2 });
    expect(ports()).toEqual(['8001', '8002']);
    await bench.clock.advance(30_000);
    expect(ports()).toEqual(['8001', '8002']);
    expect(bench.pid('web#2')).not.toBe(leaving?.pid);
  });

  it('goes on under the next engine, where it was killed in between', async () => {
    await addWeb(3);
    for (const { pid } of running()) bench.world.processes.get(pid)?.ignores.add('SIGTERM');
    const kept = [bench.pid('web#1'), bench.pid('web#2')];
    scale({ to: 2 });
    await bench.clock.advance(500);
    await bench.replaceEngine();
    expect(ports()).toEqual(['8001', '8002', '8003']);
    await bench.clock.advance(30_000);
    expect(running().map(({ pid }) => pid)).toEqual(kept);
    expect(phases()).toEqual(['web#1 running', 'web#2 running']);
    await bench.replaceEngine();
    await bench.clock.advance(5000);
    expect(running().map(({ pid }) => pid)).toEqual(kept);
  });

  it('can be undone', async () => {
    await addWeb(1);
    const { instance } = scale({ to: 2 });
    bench.engine.watches.undo({ watch: 'web', revision: instance?.of.revision ?? 0, actor: 'cli' });
    await bench.clock.advance(20_000);
    expect(ports()).toEqual(['8001']);
  });

  it('comes from config.json as well', async () => {
    await addWeb(1);
    bench.config.saveWatches(
      bench.config.watches().map((watch) => ({ ...watch, instances: { min: 1, max: 4, count: 3 } })),
    );
    bench.engine.config.reload();
    await bench.clock.advance(1000);
    expect(ports()).toEqual(['8001', '8002', '8003']);
  });
});

describe('a watch that starts after one with instances', () => {
  it('waits until as many as there are to be at least meet its condition', async () => {
    const ready = new Set<number>();
    bench.prober.answer = (check) => ({ passed: check.kind === 'tcp' && ready.has(check.port ?? 0) });
    const probe = { name: 'port', role: 'readiness', check: { kind: 'tcp', port: 9000, plusInstance: true } } as const;
    await addWeb(3, { probes: [probe], instances: { min: 2, max: 4, count: 3 } });
    await bench.through(bench.add({ name: 'api', after: [{ watch: 'web' }] }));
    expect(bench.status('api')).toMatchObject({
      phase: 'blocked',
      reason: 'Waiting for other watches: web#1 is not ready; web#2 is not ready; web#3 is not ready',
    });
    ready.add(9001);
    await bench.clock.advance(15_000);
    expect(bench.status('api').phase).toBe('blocked');
    ready.add(9003);
    await bench.clock.advance(15_000);
    expect(bench.status('api').phase).toBe('running');
  });

  it('can wait for all of it only', async () => {
    await addWeb(1);
    await expect(bench.add({ name: 'api', after: [{ watch: 'web#1' }] })).rejects.toThrow(
      'Expected api to wait for web as a whole, not for one of its instances',
    );
  });
});

describe('an id that was damaged in config.json', () => {
  it('is restored with all instances: none is started a second time', async () => {
    await addWeb(3);
    const pids = running().map(({ pid }) => pid);
    const damage = () =>
      bench.config.saveWatches(
        bench.config.watches().map((watch) => ({ ...watch, id: 'ffffffff-ffff-4fff-8fff-ffffffffffff' })),
      );
    await bench.replaceEngine(damage);
    await bench.clock.advance(20_000);
    expect(running().map(({ pid }) => pid)).toEqual(pids);
    damage();
    bench.engine.config.reload();
    await bench.clock.advance(20_000);
    expect(running().map(({ pid }) => pid)).toEqual(pids);
    expect(phases()).toEqual(['web#1 running', 'web#2 running', 'web#3 running']);
  });
});
