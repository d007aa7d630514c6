import { describe, expect, it } from 'vitest';
import { TestBench } from '../../testing/test-engine';

/** An engine on a kernel that reports the ends of processes that it did not start. */
async function started(): Promise<TestBench> {
  const bench = new TestBench();
  bench.world.reportsEnds = true;
  await bench.engine.start();
  return bench;
}

const target = { kind: 'match' as const, by: 'cmdline' as const, pattern: 'app\\.jar' };
const argv = ['java', '-jar', 'app.jar'];

describe('the end of a process that this engine did not start', () => {
  it('is reported at once, with its exit code, where the kernel tells', async () => {
    const bench = await started();
    const { pid } = bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target });
    bench.world.exit(pid, { exitCode: 7, signal: null });
    await bench.clock.advance(1);
    expect(bench.reported('crash_detected')).toMatchObject([{ pid, data: { exitCode: 7, signal: null } }]);
    expect(bench.world.followed).toEqual([]);
  });

  it('is reported with its signal, for a child of an earlier engine too', async () => {
    const bench = await started();
    await bench.add();
    await bench.replaceEngine();
    const pid = bench.pid();
    bench.world.exit(pid, { exitCode: null, signal: 'SIGRTMIN+1' });
    await bench.clock.advance(1);
    expect(bench.reported('crash_detected')).toMatchObject([{ pid, data: { exitCode: null, signal: 'SIGRTMIN+1' } }]);
    expect(bench.pid()).not.toBe(pid);
  });

  it('is judged by its exit code, as the end of a child is', async () => {
    const bench = await started();
    await bench.add({ success: { exitCodes: [0, 3], signals: [] } });
    await bench.replaceEngine();
    bench.world.exit(bench.pid(), { exitCode: 3, signal: null });
    await bench.clock.advance(1000);
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.reported('exited')).toMatchObject([{ data: { exitCode: 3 } }]);
    expect(bench.status().phase).toBe('stopped');
  });

  it('is reported once when a pass sees it first', async () => {
    const bench = await started();
    const { pid } = bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target });
    bench.world.noticesEndsAlone = false;
    bench.world.exit(pid, { exitCode: 7, signal: null });
    await bench.clock.advance(10_000);
    expect(bench.reported('crash_detected')).toMatchObject([{ pid, data: { exitCode: 7 } }]);
  });

  it('is noticed between ticks where the kernel reports no ends, and its exit is unknown', async () => {
    const bench = await TestBench.started();
    const { pid } = bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target });
    bench.world.exit(pid, { exitCode: 7, signal: null });
    await bench.clock.advance(100);
    expect(bench.reported('crash_detected')).toMatchObject([{ pid, data: { exitCode: null, signal: null } }]);
  });

  it('before the wish of an operator keeps its exit code', async () => {
    const bench = await started();
    const { pid } = bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target });
    bench.world.noticesEndsAlone = false;
    bench.world.exit(pid, { exitCode: 7, signal: null });
    await bench.through(bench.engine.watches.stop({ watch: 'app', actor: 'cli' }));
    expect(bench.reported('crash_detected')).toMatchObject([{ pid, data: { exitCode: 7 } }]);
  });

  it('of a found program that ended cleanly is no end of the watch: it may come back by other hands', async () => {
    const bench = await started();
    const first = bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target, restart: 'on-failure' });
    bench.world.exit(first.pid, { exitCode: 0, signal: null });
    await bench.clock.advance(1);
    expect(bench.reported('exited')).toMatchObject([{ pid: first.pid, data: { exitCode: 0 } }]);
    expect(bench.status('app').phase).toBe('waiting');
    const second = bench.world.add({ name: 'java', argv });
    await bench.clock.advance(10_000);
    expect(bench.pid('app')).toBe(second.pid);
  });
});

describe('what is followed', () => {
  it('are processes of a watch that this engine did not start, as long as it has them', async () => {
    const bench = await started();
    const { pid } = bench.world.add({ name: 'java', argv });
    await bench.add();
    await bench.add({ name: 'app', target });
    expect(bench.world.followed).toEqual([pid]);
    bench.engine.watches.remove({ watch: 'app', actor: 'cli' });
    expect(bench.world.followed).toEqual([]);
  });

  it('is nothing after the engine has ended', async () => {
    const bench = await started();
    bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target });
    bench.engine.dispose('done');
    expect(bench.world.followed).toEqual([]);
  });

  it('leaves nobody to be looked at between ticks', async () => {
    const bench = await started();
    bench.world.add({ name: 'java', argv });
    await bench.add({ name: 'app', target });
    await bench.clock.advance(1000);
    const before = bench.world.livenessChecks;
    await bench.clock.advance(1000);
    expect(bench.world.livenessChecks).toBe(before);
  });
});
