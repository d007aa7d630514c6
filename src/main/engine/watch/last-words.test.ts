import { describe, expect, it } from 'vitest';
import type { ProcessEvidence } from '../../../shared/model/last-words';
import type { Settings } from '../../../shared/model/settings';
import type { EventData } from '../../../shared/model/event';
import { TestBench } from '../testing/test-engine';

const LIMIT_BYTES = 50_000_000;
/** How soon a limit acts, so that a story is short. */
const LIMITED: Partial<Settings> = {
  'memory.limitBytes': LIMIT_BYTES,
  'memory.action': 'restart',
  'limits.violations': 1,
  'limits.samples': 1,
  'start.graceMs': 0,
  'stop.graceMs': 1000,
};

/** A watch that runs for a while within its limit. */
async function running(overrides: Partial<Settings> = {}): Promise<{ bench: TestBench; pid: number }> {
  const bench = await TestBench.started();
  await bench.add({ overrides: { ...LIMITED, ...overrides } });
  await bench.clock.advance(20_000);
  return { bench, pid: bench.pid() };
}

/** It exceeds its limit, and the engine sees that. */
async function exceed({ bench, pid }: { bench: TestBench; pid: number }, forMs = 2100): Promise<void> {
  bench.world.processes.get(pid)!.rssBytes = 2 * LIMIT_BYTES;
  await bench.clock.advance(forMs);
}

function evidence(pid: number, name = 'server'): ProcessEvidence {
  return {
    ...{ pid, name, isCut: false },
    threads: [
      { tid: pid, name, state: 'sleeping', waitChannel: 'futex_do_wait', systemCall: 202, kernelStack: ['futex_wait'] },
    ],
    files: [{ fd: 3, target: '/srv/data' }],
    sockets: [{ fd: 4, inode: '81', local: '127.0.0.1:80', remote: null, state: 'LISTEN' }],
  };
}

const wordsOf = (bench: TestBench): EventData['last_words'] => bench.reported('last_words')[0]!.data;
const signalsTo = (bench: TestBench, pid: number): readonly string[] =>
  bench.world.signals.filter((sent) => sent.pid === pid).map(({ signal }) => signal);

/** The runtime answers a signal with a dump, and lives on. */
function answers(
  bench: TestBench,
  pid: number,
  signal: 'SIGQUIT' | 'SIGUSR1' | 'SIGUSR2',
  lines: readonly string[],
): void {
  const { world, output } = bench;
  world.processes.get(pid)!.ignores.add(signal);
  const send = world.send.bind(world);
  world.send = (identity, sent) => {
    const result = send(identity, sent);
    if (sent === signal) output.lines.set('web', [...(output.lines.get('web') ?? []), ...lines]);
    return result;
  };
}

describe('before a program is ended for a limit', () => {
  it('what its threads do and what it has open is kept in the incident, and then it is ended', async () => {
    const { bench, pid } = await running();
    const child = bench.world.add({ ppid: pid, pgid: pid, session: pid, name: 'worker' });
    bench.lastWords.evidence.set(pid, evidence(pid)).set(child.pid, evidence(child.pid, 'worker'));
    await exceed({ bench, pid });
    expect(bench.events.types().slice(-4)).toEqual(['limit_exceeded', 'last_words', 'killed', 'restarted']);
    const [limit] = bench.reported('limit_exceeded');
    const [words] = bench.reported('last_words');
    expect(words).toMatchObject({ watch: 'web', pid, severity: 'info', incident: limit!.id });
    expect(words?.message).toContain('2 threads, 2 open files, 2 sockets');
    expect(words?.data.processes).toEqual([evidence(pid), evidence(child.pid, 'worker')]);
    expect(words?.data.dump).toBeNull();
    expect(bench.world.processes.has(pid)).toBe(false);
  });

  it('its last readings are kept, that of the violation at the end', async () => {
    const { bench, pid } = await running();
    await exceed({ bench, pid });
    const { readings } = wordsOf(bench);
    expect(readings.length).toBeGreaterThanOrEqual(9);
    expect(readings.at(-1)?.memoryBytes).toBe(2 * LIMIT_BYTES);
    expect(readings.at(-2)?.memoryBytes).toBe(1_000_000);
    expect(readings.map(({ at }) => at)).toEqual(readings.map(({ at }) => at).sort((one, other) => one - other));
  });

  it('nothing is kept of a run before', async () => {
    const first = await running();
    await exceed(first);
    const { bench } = first;
    await bench.clock.advance(20_000);
    await exceed({ bench, pid: bench.pid() });
    const second = bench.reported('last_words')[1]!;
    expect(second.data.readings.slice(0, -1).every(({ memoryBytes }) => memoryBytes === 1_000_000)).toBe(true);
    expect(second.data.readings[0]!.at).toBeGreaterThan(Date.parse(bench.reported('restarted')[0]!.at) - 1);
  });

  it('at most nine processes are read: the main one, and the busiest beside it', async () => {
    const { bench, pid } = await running();
    const workers = Array.from({ length: 20 }, (_, at) =>
      bench.world.add({ ppid: pid, pgid: pid, session: pid, cpuPercent: at, name: 'worker' }),
    );
    await exceed({ bench, pid });
    expect(bench.lastWords.asked).toEqual([
      [
        pid,
        ...workers
          .slice(-8)
          .reverse()
          .map((worker) => worker.pid),
      ],
    ]);
  });

  it('a reading that fails does not keep it from its end', async () => {
    const { bench, pid } = await running();
    bench.lastWords.read = () => Promise.reject(new Error('no /proc'));
    await exceed({ bench, pid });
    expect(bench.world.processes.has(pid)).toBe(false);
    expect(bench.status().phase).toBe('running');
    expect(String(bench.errors[0])).toContain('no /proc');
  });
});

describe('a dump of the runtime', () => {
  it('is asked for before TERM, and kept', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT' });
    bench.output.lines.set('web', ['of before']);
    answers(bench, pid, 'SIGQUIT', ['Full thread dump', '"main" waiting']);
    await exceed({ bench, pid }, 3000);
    expect(signalsTo(bench, pid)).toEqual(['SIGQUIT', 'SIGTERM']);
    expect(wordsOf(bench).dump).toEqual({
      signal: 'SIGQUIT',
      text: 'Full thread dump\n"main" waiting',
      truncated: false,
    });
    expect(wordsOf(bench).tookMs).toBeGreaterThanOrEqual(300);
    expect(wordsOf(bench).tookMs).toBeLessThan(500);
  });

  it('is waited for as long as it grows, and no longer than the setting says', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGUSR2', 'dump.waitMs': 1000, 'stop.graceMs': 0 });
    answers(bench, pid, 'SIGUSR2', ['begins']);
    bench.world.processes.get(pid)!.rssBytes = 2 * LIMIT_BYTES;
    for (let at = 0; at < 40; at += 1) {
      await bench.clock.advance(100);
      const { lines } = bench.output;
      lines.set('web', [...(lines.get('web') ?? []), `line ${at}`]);
    }
    expect(signalsTo(bench, pid)).toEqual(['SIGUSR2', 'SIGTERM']);
    expect(wordsOf(bench).tookMs).toBe(1000);
    expect(wordsOf(bench).dump?.text.split('\n').length).toBeGreaterThan(5);
  });

  it('that nobody writes delays the end by the wait only', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGUSR1', 'dump.waitMs': 700 });
    bench.world.processes.get(pid)!.ignores.add('SIGUSR1');
    await exceed({ bench, pid }, 4000);
    expect(wordsOf(bench)).toMatchObject({ tookMs: 700, dump: { signal: 'SIGUSR1', text: '', truncated: false } });
    expect(bench.reported('last_words')[0]?.message).toContain('no dump by SIGUSR1: nothing was written');
    expect(bench.world.processes.has(pid)).toBe(false);
  });

  it('that ends the program is no crash, and the program counts as ended', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT' });
    const { world, output } = bench;
    const send = world.send.bind(world);
    // As Go: it writes its goroutines and exits with 2.
    world.send = (identity, signal) => {
      if (signal !== 'SIGQUIT') return send(identity, signal);
      world.signals.push({ pid: identity.pid, signal });
      output.lines.set('web', ['SIGQUIT: quit', 'goroutine 1 [chan receive]:']);
      world.exit(identity.pid, { exitCode: 2, signal: null });
      return 'sent';
    };
    await exceed({ bench, pid });
    expect(bench.reported('crash_detected')).toEqual([]);
    expect(wordsOf(bench).dump?.text).toContain('goroutine 1');
    expect(bench.reported('killed')[0]?.data.pids).toEqual([pid]);
    expect(bench.events.types().slice(-3)).toEqual(['last_words', 'killed', 'restarted']);
  });

  it('that ends a program for good closes its incident', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT', 'memory.action': 'kill' });
    await exceed({ bench, pid });
    expect(signalsTo(bench, pid)).toEqual(['SIGQUIT']);
    expect(bench.events.types().slice(-2)).toEqual(['last_words', 'killed']);
    expect(bench.status()).toMatchObject({ phase: 'stopped', incident: null });
  });

  it('is not asked of another process that has its pid by then', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT' });
    bench.lastWords.takesMs = 10;
    await exceed({ bench, pid }, 2000);
    expect(bench.lastWords.asked).toHaveLength(1);
    bench.world.reuse(pid);
    await bench.clock.advance(2000);
    expect(signalsTo(bench, pid)).toEqual([]);
    expect(wordsOf(bench).dump).toBeNull();
  });

  it('is waited for no longer once the operator stops the watch', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGUSR2', 'dump.waitMs': 30_000 });
    bench.world.processes.get(pid)!.ignores.add('SIGUSR2');
    await exceed({ bench, pid });
    expect(signalsTo(bench, pid)).toEqual(['SIGUSR2']);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 200);
    expect(bench.status().phase).toBe('stopped');
    expect(bench.world.processes.has(pid)).toBe(false);
  });

  it('is asked for by no engine that has ended while it read', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGUSR2' });
    bench.lastWords.takesMs = 10;
    await exceed({ bench, pid }, 2000);
    expect(bench.lastWords.asked).toHaveLength(1);
    bench.engine.dispose('test');
    await bench.clock.advance(20_000);
    expect(signalsTo(bench, pid)).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  it('does not take readings of the time in which it is waited for', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGUSR2', 'dump.waitMs': 10_000 });
    bench.world.processes.get(pid)!.ignores.add('SIGUSR2');
    const beganAt = bench.clock.wallMs();
    await exceed({ bench, pid }, 14_000);
    expect(wordsOf(bench).tookMs).toBe(10_000);
    expect(wordsOf(bench).readings.at(-1)).toMatchObject({ memoryBytes: 2 * LIMIT_BYTES });
    expect(wordsOf(bench).readings.at(-1)!.at - beganAt).toBeLessThanOrEqual(2000);
  });

  it('leaves no timer and signals nothing when the engine ends meanwhile', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGUSR2', 'dump.waitMs': 30_000 });
    bench.world.processes.get(pid)!.ignores.add('SIGUSR2');
    await exceed({ bench, pid });
    bench.engine.dispose('test');
    expect(bench.clock.pending).toBe(0);
    await bench.clock.advance(40_000);
    expect(signalsTo(bench, pid)).toEqual(['SIGUSR2']);
    expect(bench.reported('last_words')).toEqual([]);
  });
});

describe('nothing is read and nobody is asked', () => {
  it('when the operator ends a program', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT' });
    await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }), 2000);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 2000);
    expect(bench.lastWords.asked).toEqual([]);
    expect(signalsTo(bench, pid)).toEqual(['SIGTERM']);
    expect(bench.reported('last_words')).toEqual([]);
  });

  it('when a fork bomb is ended', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT', 'forkBomb.rule': 'classic' });
    for (let at = 0; at < 20 && bench.reported('anomaly_detected').length === 0; at += 1) {
      for (let child = 0; child < 200; child += 1) bench.world.add({ ppid: pid, pgid: pid, session: pid });
      await bench.clock.advance(1000);
    }
    await bench.clock.advance(2000);
    expect(bench.reported('anomaly_detected')[0]?.data).toMatchObject({
      anomaly: 'fork_bomb',
      action: 'freeze_and_kill',
    });
    expect(bench.world.processes.has(pid)).toBe(false);
    expect(bench.lastWords.asked).toEqual([]);
    expect(signalsTo(bench, pid)).not.toContain('SIGQUIT');
  });

  it('when a limit is only observed', async () => {
    const { bench, pid } = await running({ 'dump.signal': 'SIGQUIT', observe: true });
    await exceed({ bench, pid });
    expect(bench.reported('limit_exceeded')).toHaveLength(1);
    expect(bench.lastWords.asked).toEqual([]);
    expect(signalsTo(bench, pid)).toEqual([]);
  });
});

describe('after a crash', () => {
  it('the readings before it are kept in its incident', async () => {
    const { bench, pid } = await running();
    bench.world.processes.get(pid)!.cpuPercent = 97;
    await bench.clock.advance(4000);
    bench.world.exit(pid, { exitCode: 1, signal: null });
    await bench.clock.advance(100);
    const [crash] = bench.reported('crash_detected');
    const [words] = bench.reported('last_words');
    expect(words).toMatchObject({ pid, incident: crash!.id, data: { processes: [], dump: null, tookMs: 0 } });
    expect(words!.id).toBe(crash!.id + 1);
    expect(words!.data.readings.at(-1)?.cpuPercent).toBe(97);
    expect(bench.lastWords.asked).toEqual([]);
  });

  it('that is the end of its story they are kept as well', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'never' });
    await bench.clock.advance(20_000);
    bench.world.exit(bench.pid(), { exitCode: 1, signal: null });
    await bench.clock.advance(100);
    expect(bench.reported('last_words')[0]?.incident).toBe(bench.reported('crash_detected')[0]?.id);
  });

  it('soon after its start they are not: a loop would fill the history', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.clock.advance(8000);
    bench.world.exit(bench.pid(), { exitCode: 1, signal: null });
    await bench.clock.advance(100);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect(bench.reported('last_words')).toEqual([]);
  });

  it('that belongs to no incident they are not', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { observe: true } });
    await bench.clock.advance(20_000);
    bench.world.exit(bench.pid(), { exitCode: 1, signal: null });
    await bench.clock.advance(100);
    expect(bench.reported('crash_detected')).toHaveLength(1);
    expect(bench.reported('last_words')).toEqual([]);
  });
});
