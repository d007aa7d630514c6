import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndPreview, ProcessIdentity } from '../../../shared/model/process';
import type { ConfirmedKill } from '../engine';
import { planEnd } from './end-plan';
import { Protection } from '../processes/protection';
import { indexOf } from '../testing/sample';
import { TestBench } from '../testing/test-engine';

/** What a client sends once the operator has confirmed what the preview showed. */
function confirmed(
  { pid, startTime }: ProcessIdentity,
  { ends, scope }: EndPreview,
  force = false,
): Omit<ConfirmedKill, 'actor'> & { actor: 'window' } {
  return { pid, startTime, scope, force, expect: ends, actor: 'window' };
}

/** A shell with a worker, which has two children: one has moved to a session of its own, one lost its parent. */
function family(bench: TestBench) {
  const { world } = bench;
  const root = world.add({ name: 'worker', argv: ['worker', '--all'] });
  const child = world.add({ ppid: root.pid, session: root.pid, pgid: root.pid });
  const moved = world.add({ ppid: child.pid });
  const orphan = world.add({ ppid: 1, session: root.pid, pgid: root.pid });
  const innocent = world.add({ name: 'innocent' });
  return { root, child, moved, orphan, innocent, pids: [root, child, moved, orphan].map(({ pid }) => pid) };
}

describe('a process that the operator ends', () => {
  it('is ended with exactly those that the preview listed, and that is reported', async () => {
    const bench = await TestBench.started();
    const { root, innocent, pids } = family(bench);
    const preview = await bench.engine.processes.endPreview({ ...root, scope: 'tree' });
    expect(preview.ends.map(({ pid }) => pid)).toEqual(pids);
    expect(preview.ends[0]).toMatchObject({ name: 'worker', argv: ['worker', '--all'], user: 'root', watch: null });
    expect(preview).toMatchObject({ refused: [], warnings: [] });
    expect(bench.world.signals).toEqual([]);

    const result = await bench.through(bench.engine.processes.end(confirmed(root, preview)));
    expect([...result.pids].sort()).toEqual([...pids].sort());
    expect(result).toMatchObject({ forced: [], survivors: [] });
    expect(pids.filter((pid) => bench.world.processes.has(pid))).toEqual([]);
    expect(bench.world.processes.has(innocent.pid)).toBe(true);
    expect(bench.reported('stopped')[0]).toMatchObject({
      watch: null,
      pid: root.pid,
      message: `worker (pid ${root.pid}) and 3 more stopped by the operator (window)`,
      data: { actor: 'window', process: { argv: ['worker', '--all'], startTime: root.startTime } },
    });
  });

  it('is ended alone when only it was chosen: its children go on', async () => {
    const bench = await TestBench.started();
    const { root, child, moved, orphan } = family(bench);
    const preview = await bench.engine.processes.endPreview({ ...root, scope: 'process' });
    expect(preview.ends.map(({ pid }) => pid)).toEqual([root.pid]);
    await bench.through(bench.engine.processes.end(confirmed(root, preview, true)));
    expect(bench.world.processes.has(root.pid)).toBe(false);
    for (const one of [child, moved, orphan]) expect(bench.world.processes.has(one.pid)).toBe(true);
    expect(bench.reported('killed')[0]?.data).toMatchObject({ actor: 'window', pids: [root.pid], forced: [root.pid] });
  });

  it('gets KILL once its grace is over, or at once by force', async () => {
    const bench = await TestBench.started();
    const stubborn = bench.world.add({ ignores: new Set(['SIGTERM']) });
    const preview = await bench.engine.processes.endPreview({ ...stubborn, scope: 'tree' });
    const result = await bench.through(bench.engine.processes.end(confirmed(stubborn, preview)), 12_000);
    expect(result.forced).toEqual([stubborn.pid]);
    expect(bench.world.signals.map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL']);
    expect(bench.reported('killed')[0]?.data.reason).toContain('within the grace');

    const other = bench.world.add();
    const second = await bench.engine.processes.endPreview({ ...other, scope: 'process' });
    await bench.through(bench.engine.processes.end(confirmed(other, second, true)));
    expect(bench.world.signals.slice(2).map(({ signal }) => signal)).not.toContain('SIGTERM');
    expect(bench.world.processes.has(other.pid)).toBe(false);
  });

  it('is left alone when its pid is another process by now', async () => {
    const bench = await TestBench.started();
    const chosen = bench.world.add();
    const preview = await bench.engine.processes.endPreview({ ...chosen, scope: 'tree' });
    bench.world.reuse(chosen.pid);
    await expect(bench.engine.processes.end(confirmed(chosen, preview))).rejects.toMatchObject({ code: 'conflict' });
    await expect(bench.engine.processes.endPreview({ ...chosen, scope: 'tree' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(bench.world.signals).toEqual([]);
  });

  it('is left alone when its tree has grown; a tree that has shrunk is ended', async () => {
    const bench = await TestBench.started();
    const { root, child, moved } = family(bench);
    const preview = await bench.engine.processes.endPreview({ ...root, scope: 'tree' });
    const born = bench.world.add({ ppid: child.pid });
    await expect(bench.engine.processes.end(confirmed(root, preview))).rejects.toThrow(
      `(pid ${born.pid}); nothing was done`,
    );
    expect(bench.world.signals).toEqual([]);

    bench.world.exit(born.pid);
    bench.world.exit(moved.pid);
    expect((await bench.through(bench.engine.processes.end(confirmed(root, preview)))).pids).toHaveLength(3);
  });

  it('is refused as a whole when one of its tree is protected', async () => {
    const bench = await TestBench.started();
    const { root, child } = family(bench);
    const display = bench.world.add({ name: 'Xorg', ppid: child.pid });
    const preview = await bench.engine.processes.endPreview({ ...root, scope: 'tree' });
    expect(preview.refused).toMatchObject([{ pid: display.pid, reason: 'it is the display server' }]);
    await expect(bench.engine.processes.end(confirmed(root, preview))).rejects.toMatchObject({ code: 'protected' });

    const engine = bench.world.processes.get(bench.world.enginePid);
    if (engine === undefined) throw new Error('no engine');
    const own = await bench.engine.processes.endPreview({ ...engine, scope: 'process' });
    expect(own).toMatchObject({ ends: [], refused: [{ reason: 'it is Healdeck itself' }] });
    const request = { ...confirmed(engine, own), expect: [engine] };
    await expect(bench.engine.processes.end(request)).rejects.toMatchObject({ code: 'protected' });
    expect(bench.world.signals).toEqual([]);
  });

  it('that has already ended is no process to end', async () => {
    const bench = await TestBench.started();
    const zombie = bench.world.add({ state: 'zombie' });
    const preview = await bench.engine.processes.endPreview({ ...zombie, scope: 'tree' });
    expect(preview.ends).toEqual([]);
    expect(preview.refused[0]?.reason).toContain('already ended');
  });

  it('is reported with what could not be ended', async () => {
    const bench = await TestBench.started();
    const stuck = bench.world.add({ ignores: new Set(['SIGTERM', 'SIGKILL']) });
    const preview = await bench.engine.processes.endPreview({ ...stuck, scope: 'process' });
    const result = await bench.through(bench.engine.processes.end(confirmed(stuck, preview)), 15_000);
    expect(result.survivors).toEqual([stuck.pid]);
    expect(bench.reported('killed')[0]?.message).toContain('could not be ended');
  });
});

describe('a watched process that the operator ends', () => {
  async function end(bench: TestBench, force = false): Promise<EndPreview> {
    const process = bench.world.processes.get(bench.pid());
    if (process === undefined) throw new Error('no process');
    const preview = await bench.engine.processes.endPreview({ ...process, scope: 'tree' });
    await bench.through(bench.engine.processes.end(confirmed(process, preview, force)), 1000);
    return preview;
  }

  it('is replaced as by a restart of the operator: no crash, no incident, no budget used', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const first = bench.pid();
    const { ends, warnings } = await end(bench);
    expect(ends[0]?.watch).toBe('web');
    expect(warnings).toEqual(['The watch web starts it again at once; stop the watch to keep it down']);
    expect(bench.pid()).not.toBe(first);
    expect(bench.status()).toMatchObject({ phase: 'running', restarts: 0, incident: null });
    expect(bench.status().budget.windows[0]?.used).toBe(0);
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(bench.reported('exited')[0]?.data.reason).toBe('operator');
    expect(bench.reported('restarted')[0]?.data).toMatchObject({ actor: 'window', attempt: 0 });
    expect(bench.reported('stopped')[0]).toMatchObject({ watch: 'web', pid: first });
  });

  it.each(['tree', 'process'] as const)(
    'is shown with all that its restart ends, children, group and strays, when the %s is chosen',
    async (scope) => {
      const bench = await TestBench.started();
      await bench.add();
      const root = bench.world.processes.get(bench.pid());
      if (root === undefined) throw new Error('no process');
      const { pid, env } = root;
      const child = bench.world.add({ ppid: pid, session: pid, pgid: pid });
      const stray = bench.world.add({ name: 'deploy', env });
      const innocent = bench.world.add({ name: 'innocent' });
      const preview = await bench.engine.processes.endPreview({ ...root, scope });
      expect(preview.ends.map((one) => one.pid).sort()).toEqual([pid, child.pid, stray.pid].sort());
      expect(preview.warnings[1]).toContain(`${stray.pid}`);
      // A stop or restart of the watch ends the same.
      const ofWatch = await bench.engine.watches.endPreview('web');
      expect(ofWatch.ends.map((one) => one.pid).sort()).toEqual([pid, child.pid, stray.pid].sort());
      await bench.through(bench.engine.processes.end(confirmed(root, preview)), 5000);
      const ended = [
        ...(bench.reported('stopped')[0]?.data.pids ?? []),
        ...(bench.reported('restarted')[0]?.data.ended ?? []),
      ];
      expect([...new Set(ended)].sort()).toEqual([pid, child.pid, stray.pid].sort());
      for (const one of [child, stray]) expect(bench.world.processes.has(one.pid)).toBe(false);
      expect(bench.world.processes.has(innocent.pid)).toBe(true);
    },
  );

  it('is shown with its tree only where nothing restarts it', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'never' });
    const root = bench.world.processes.get(bench.pid());
    if (root === undefined) throw new Error('no process');
    bench.world.add({ name: 'deploy', env: root.env });
    const preview = await bench.engine.processes.endPreview({ ...root, scope: 'tree' });
    expect(preview.ends.map(({ pid }) => pid)).toEqual([root.pid]);
  });

  it('stays down when it is never restarted', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'never' });
    expect((await end(bench, true)).warnings[0]).toContain('is stopped by this');
    expect(bench.status()).toMatchObject({ phase: 'stopped', reason: 'Stopped by the operator' });
    expect(bench.world.launches).toHaveLength(1);
  });

  it('is waited for when nothing can start it', async () => {
    const bench = await TestBench.started();
    bench.world.add({ name: 'found' });
    await bench.add({ target: { kind: 'match', by: 'name', pattern: 'found' } });
    expect((await end(bench)).warnings[0]).toContain('waits for it to come back');
    expect(bench.status()).toMatchObject({ phase: 'waiting', incident: null });
    expect(bench.reported('crash_detected')).toEqual([]);
  });

  it('crashes as ever when it dies later by itself, although the operator once tried to end it', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => void (process.ignores = new Set(['SIGTERM', 'SIGKILL']));
    await bench.add();
    const process = bench.world.processes.get(bench.pid());
    if (process === undefined) throw new Error('no process');
    const preview = await bench.engine.processes.endPreview({ ...process, scope: 'process' });
    await bench.through(bench.engine.processes.end(confirmed(process, preview)), 15_000);
    bench.world.exit(process.pid, { exitCode: 1, signal: null });
    await bench.clock.advance(0);
    expect(bench.reported('crash_detected')).toHaveLength(1);
  });

  it('is named as the family of a process that it started', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const child = bench.world.add({ ppid: bench.pid(), session: bench.pid() });
    const preview = await bench.engine.processes.endPreview({ ...child, scope: 'tree' });
    expect(preview.warnings).toEqual([`It belongs to the tree of the watch web (pid ${bench.pid()})`]);
  });
});

describe('an end', () => {
  it('never lists a protected process among those that would be ended, whatever the tree', () => {
    const table = fc.array(fc.tuple(fc.nat(14), fc.boolean()), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(table, fc.nat(13), (parents, chosen) => {
        const samples = parents.map(([parent, display], at) => ({
          pid: at + 2,
          startTime: at + 2,
          ppid: 1 + (parent % (at + 1)),
          session: at + 2,
          name: display ? 'Xorg' : 'program',
        }));
        const index = indexOf({ pid: 1, startTime: 1, ppid: 0 }, ...samples);
        const root = index.samples[chosen % index.samples.length];
        if (root === undefined) return;
        const plan = planEnd(index, { ...root, scope: 'tree' }, new Protection(index, 3), []);
        const descendants = [root, ...index.descendantsOf(root.pid)].map(({ pid }) => pid).sort();
        const protectedPids = new Set(
          index.samples.filter((one) => new Protection(index, 3).reasonFor(one) !== null).map(({ pid }) => pid),
        );
        expect([...(plan?.ends ?? []), ...(plan?.refused ?? [])].map(({ pid }) => pid).sort()).toEqual(descendants);
        for (const { pid } of plan?.ends ?? []) expect(protectedPids.has(pid)).toBe(false);
      }),
    );
  });
});
