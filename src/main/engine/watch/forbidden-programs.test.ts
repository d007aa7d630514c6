import { describe, expect, it } from 'vitest';
import type { WatchSpecInput } from '../../../shared/model/watch';
import { commandSpec, TestBench } from '../testing/test-engine';

const MINER = { kind: 'forbidden', by: 'name', pattern: 'miner' } as const;

async function forbidding(
  spec: Partial<WatchSpecInput> = {},
  prepare: (bench: TestBench) => void = () => undefined,
): Promise<TestBench> {
  const bench = await TestBench.started();
  prepare(bench);
  await bench.engine.watches.add(commandSpec({ name: 'no-miner', target: MINER, ...spec }), 'cli');
  return bench;
}

const state = (bench: TestBench) => bench.status('no-miner').phase;
const names = (bench: TestBench) => [...bench.world.processes.values()].map(({ name }) => name);

/** Starts it, and lets a tick and the end pass. */
async function startMiner(bench: TestBench, fields: Parameters<TestBench['world']['add']>[0] = {}) {
  const miner = bench.world.add({ name: 'miner', argv: ['./miner', '--pool', 'x'], ...fields });
  await bench.clock.advance(3000);
  return miner;
}

describe('a program that must not run', () => {
  it('is ended on sight, with who started it, and in one incident that closes', async () => {
    const bench = await forbidding();
    expect(bench.status('no-miner')).toMatchObject({ phase: 'absent', reason: 'Does not run, as it must be' });
    const shell = bench.world.add({ name: 'bash', argv: ['bash'] });
    const miner = await startMiner(bench, { ppid: shell.pid });
    expect(names(bench)).not.toContain('miner');
    expect(names(bench)).toContain('bash');
    expect(state(bench)).toBe('absent');
    const [found] = bench.reported('forbidden_found');
    expect(found).toMatchObject({
      pid: miner.pid,
      severity: 'high',
      data: {
        ...{ answer: 'ended', times: 1, startedBy: `bash (pid ${shell.pid})` },
        process: { name: 'miner', argv: ['./miner', '--pool', 'x'], user: 'root' },
      },
    });
    expect(found?.incident).toBe(found?.id);
    const [killed] = bench.reported('killed');
    expect(killed).toMatchObject({ incident: found?.id, data: { actor: 'engine', pids: [miner.pid], forced: [] } });
    expect(killed?.message).toContain('ended by Healdeck');
    await bench.clock.advance(15_000);
    expect(bench.reported('forbidden_gone')).toMatchObject([{ incident: found?.id, data: { times: 1 } }]);
    expect(bench.status('no-miner').incident).toBeNull();
    expect(bench.reported('crash_detected')).toEqual([]);
  });

  it('is ended with all that it has started, and by KILL where TERM does nothing', async () => {
    const bench = await forbidding();
    const miner = bench.world.add({ name: 'miner', ignores: new Set(['SIGTERM']) });
    const worker = bench.world.add({ name: 'worker', ppid: miner.pid });
    await bench.clock.advance(30_000);
    expect(names(bench)).not.toContain('worker');
    const [killed] = bench.reported('killed');
    expect(killed?.data.forced).toEqual([miner.pid]);
    expect(killed?.data.pids).toEqual(expect.arrayContaining([miner.pid, worker.pid]));
  });

  it('comes back again and again in one incident, until a cooldown keeps Healdeck from looping', async () => {
    const bench = await forbidding();
    for (let start = 0; start < 14; start += 1) await startMiner(bench);
    expect(bench.reported('forbidden_found').length).toBeLessThanOrEqual(6);
    const incidents = new Set(
      bench.events.events.filter(({ watch }) => watch === 'no-miner').map(({ incident }) => incident),
    );
    incidents.delete(null);
    expect(incidents.size).toBe(1);
    expect(bench.reported('cooldown_started')).toHaveLength(1);
    expect(bench.reported('cooldown_started')[0]?.message).toMatch(/is not ended for 2 min: 5 ends within 1 min/);
    expect(bench.status('no-miner').reason).toMatch(
      /Runs although it must not, started \d+ times.*once the cooldown ends/,
    );
    expect(names(bench)).toContain('miner');
    await bench.clock.advance(130_000);
    expect(names(bench)).not.toContain('miner');
    expect(state(bench)).toBe('absent');
    await bench.clock.advance(310_000);
    expect(bench.reported('forbidden_gone')).toHaveLength(1);
  });

  it('is only reported in observe mode, however often it starts', async () => {
    const bench = await forbidding({ overrides: { observe: true } });
    const miner = await startMiner(bench);
    expect(bench.world.signals).toEqual([]);
    expect(bench.status('no-miner')).toMatchObject({ phase: 'present', processes: [{ pid: miner.pid }] });
    expect(bench.reported('forbidden_found')).toMatchObject([{ data: { answer: 'observed' } }]);
    bench.world.exit(miner.pid);
    await bench.clock.advance(3000);
    expect(state(bench)).toBe('absent');
    for (let start = 0; start < 20; start += 1) bench.world.exit((await startMiner(bench)).pid);
    expect(bench.reported('forbidden_found').map(({ data }) => data.times)).toEqual([1, 2, 4, 8, 16]);
    await startMiner(bench);
    bench.engine.watches.observe('no-miner', false, 'cli');
    await bench.clock.advance(3000);
    expect(names(bench)).not.toContain('miner');
  });

  it('leaves other users, other watches, starts of Healdeck and what only mentions it alone', async () => {
    const bench = await forbidding();
    await startMiner(bench, { uid: 7, user: 'other' });
    await startMiner(bench, { name: 'vim', argv: ['vim', 'miner'] });
    await startMiner(bench, { foreign: true });
    await bench.add({ name: 'kept', target: { kind: 'command', command: { argv: ['miner'], cwd: '/' } } });
    await bench.clock.advance(5000);
    expect(bench.world.signals).toEqual([]);
    expect(bench.status('kept').phase).toBe('running');
    expect(bench.reported('forbidden_found')).toEqual([]);
    expect(bench.reported('signal_refused')).toHaveLength(1);
    expect(bench.reported('signal_refused')[0]?.message).toContain('it belongs to the watch "kept"');
  });

  it('does not take a process of another watch with it', async () => {
    const bench = await forbidding();
    const server = bench.world.add({ name: 'server' });
    await bench.engine.watches.add(
      commandSpec({ name: 'server', target: { kind: 'match', by: 'name', pattern: 'server' } }),
      'cli',
    );
    await bench.clock.advance(5000);
    const miner = bench.world.add({ name: 'miner' });
    const kept = bench.world.processes.get(server.pid);
    if (kept !== undefined) kept.ppid = miner.pid;
    await bench.clock.advance(30_000);
    expect(names(bench)).not.toContain('miner');
    expect(names(bench)).toContain('server');
    expect(bench.world.signals.map(({ pid }) => pid)).toEqual([miner.pid]);
  });

  it('may run while its watch is stopped, also under the next engine', async () => {
    const bench = await forbidding();
    await bench.engine.watches.stop({ watch: 'no-miner', actor: 'cli' });
    const miner = await startMiner(bench);
    expect(bench.world.processes.has(miner.pid)).toBe(true);
    await bench.replaceEngine();
    await bench.clock.advance(3000);
    expect(bench.status('no-miner')).toMatchObject({ phase: 'stopped', processes: [] });
    await bench.engine.watches.start({ watch: 'no-miner', actor: 'cli' });
    await bench.clock.advance(1000);
    expect(names(bench)).not.toContain('miner');
    await expect(bench.engine.watches.restart({ watch: 'no-miner', actor: 'cli' })).rejects.toThrow(
      'must not run, so there is nothing to restart',
    );
  });

  it('is kept from running by the next engine, in the same incident', async () => {
    const bench = await forbidding();
    await startMiner(bench);
    const [found] = bench.reported('forbidden_found');
    await bench.replaceEngine(() => bench.world.add({ name: 'miner' }));
    await bench.clock.advance(3000);
    expect(names(bench)).not.toContain('miner');
    expect(bench.reported('forbidden_found').at(-1)?.incident).toBe(found?.id);
    expect(bench.errors).toEqual([]);
  });

  it('ends what ran before the watch was added, and shows it before', async () => {
    const bench = await TestBench.started();
    const miner = bench.world.add({ name: 'miner' });
    const preview = await bench.engine.watches.preview({ ...MINER, user: null });
    expect(preview.candidates).toMatchObject([{ pid: miner.pid, verdict: 'taken' }]);
    await bench.engine.watches.add(commandSpec({ name: 'no-miner', target: MINER }), 'cli');
    await bench.clock.advance(1000);
    expect(names(bench)).not.toContain('miner');
  });
});

describe('what keeps operators logged in', () => {
  it('is not ended by a pattern that came by an edit of config.json, and the watch says why', async () => {
    const bench = await forbidding();
    const shell = bench.world.add({ name: 'bash', argv: ['-bash'] });
    const [watch] = bench.config.watches();
    const target = { ...MINER, pattern: 'bash', user: null, namespaces: 'own' } as const;
    bench.config.saveWatches([{ ...watch!, target }]);
    bench.engine.config.reload();
    await bench.clock.advance(10_000);
    expect(bench.world.processes.has(shell.pid)).toBe(true);
    expect(bench.status('no-miner')).toMatchObject({
      phase: 'absent',
      reason: expect.stringContaining('The pattern also matches "bash", which keeps operators logged in'),
    });
    await bench.replaceEngine();
    await bench.clock.advance(3000);
    expect(bench.world.processes.has(shell.pid)).toBe(true);
    expect(bench.world.signals).toEqual([]);
  });

  it('is not ended when it comes up later and fits, unlike a script and what only calls itself a shell', async () => {
    const bench = await forbidding({ target: { kind: 'forbidden', by: 'cmdline', pattern: '^build-' } });
    const login = bench.world.add({ name: 'bash', argv: ['build-shell', '-l'], executable: '/usr/bin/bash' });
    const script = bench.world.add({ name: 'bash', argv: ['build-all', 'all.sh'], executable: '/usr/bin/bash' });
    const fake = bench.world.add({ name: 'bash', argv: ['build-it'], executable: '/tmp/miner' });
    await bench.clock.advance(30_000);
    expect([login, script, fake].map(({ pid }) => bench.world.processes.has(pid))).toEqual([true, false, false]);
    expect(bench.reported('signal_refused')[0]?.message).toContain('it keeps an operator logged in');
  });
});

describe('a watch for it is refused', () => {
  const refused = async (
    spec: Partial<WatchSpecInput>,
    words: string | RegExp,
    prepare?: (bench: TestBench) => void,
  ) => {
    const bench = await TestBench.started();
    prepare?.(bench);
    await expect(
      bench.engine.watches.add(commandSpec({ name: 'no-miner', target: MINER, ...spec }), 'cli'),
    ).rejects.toThrow(words);
    expect(bench.world.signals).toEqual([]);
  };
  const cmdline = (pattern: string) => ({ target: { kind: 'forbidden', by: 'cmdline', pattern } as const });

  it.each([
    [cmdline('.'), 'it is the first process of the machine'],
    [cmdline('sh'), 'also matches "bash"'],
    [{ target: { ...MINER, pattern: 'bash' } }, 'keeps operators logged in'],
    [{ target: { ...MINER, pattern: 'healdeck' } }, /never touched: it is Healdeck itself/],
    [{ restart: 'always' as const }, 'Expected no restart policy for a program that must not run'],
    [{ probes: [{ name: 'p', check: { kind: 'tcp' as const, port: 80 } }] }, 'Expected no probes'],
    [{ schedule: { start: { cron: '* * * * *' } } }, 'Expected a start command, since a schedule'],
  ] as const)('%#: too much, or what makes no sense', async (spec, words) => {
    await refused(spec as Partial<WatchSpecInput>, words);
  });

  it('when it would end a program of another watch, or very many', async () => {
    await refused({}, 'expected a pattern that matches at most 20', ({ world }) => {
      for (let at = 0; at < 21; at += 1) world.add({ name: 'miner' });
    });
    const bench = await TestBench.started();
    await bench.add({ name: 'kept', target: { kind: 'command', command: { argv: ['miner'], cwd: '/' } } });
    await expect(bench.engine.watches.add(commandSpec({ name: 'no-miner', target: MINER }), 'cli')).rejects.toThrow(
      'it belongs to the watch "kept"',
    );
  });

  it('to become a watch of another kind, or to be waited for', async () => {
    const bench = await forbidding();
    const { revision } = bench.status('no-miner').watch;
    expect(() =>
      bench.engine.watches.edit({ watch: 'no-miner', revision, spec: commandSpec({ name: 'no-miner' }), actor: 'cli' }),
    ).toThrow('Expected no-miner to stay a watch whose program must not run');
    await expect(bench.add({ after: [{ watch: 'no-miner' }] })).rejects.toThrow('no-miner must not run');
  });
});
