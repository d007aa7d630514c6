import { beforeEach, describe, expect, it } from 'vitest';
import { probeSchema, type ProbeInput } from '../../../../shared/model/probe';
import type { WatchSpecInput } from '../../../../shared/model/watch';
import { TestBench } from '../../testing/test-engine';

const INTERVAL_MS = 10_000;

let bench: TestBench;

beforeEach(async () => {
  bench = await TestBench.started();
});

function http(probe: Partial<ProbeInput> = {}): ProbeInput {
  return { name: 'health', check: { kind: 'http', url: 'http://127.0.0.1:80/health' }, ...probe };
}

async function add(probes: readonly ProbeInput[], spec: Partial<WatchSpecInput> = {}): Promise<void> {
  await bench.through(bench.add({ probes: [...probes], ...spec }));
}

function types(): readonly string[] {
  return bench.events.events
    .map(({ type }) => type)
    .filter((type) => !['engine_started', 'watch_added'].includes(type));
}

describe('a program that lives and does not work', () => {
  it('is restarted within its interval for each attempt and a second, and its heal is confirmed once it works', async () => {
    await add([http()]);
    await bench.clock.advance(3 * INTERVAL_MS);
    const pid = bench.pid();
    // It hangs: each attempt ends at its limit of 2 s.
    bench.prober.answer = () => (bench.pid() === pid ? { passed: true, takesMs: 60_000 } : { passed: true });
    const hungMs = bench.clock.monotonicMs();
    while (bench.reported('restarted').length === 0) await bench.clock.advance(100);
    expect(bench.clock.monotonicMs() - hungMs).toBeLessThan(5 * INTERVAL_MS + 1000);
    await bench.clock.advance(60_000);
    expect(types().filter((type) => type !== 'last_words')).toEqual([
      ...['started', 'probe_failed', 'killed', 'restarted', 'recovered'],
    ]);
    expect(bench.reported('probe_failed')[0]).toMatchObject({
      severity: 'high',
      pid,
      message: expect.stringContaining('does not work: probe health: no answer within 2 s; 3 of 5 attempts failed'),
      data: { probe: 'health', role: 'liveness', failures: 3, of: 5, action: 'restart', observed: false },
    });
    const incidents = new Set(bench.events.events.flatMap(({ incident }) => incident ?? []));
    expect(incidents.size).toBe(1);
  });

  it('is restarted when it fails every other time, which a count in a row would never notice', async () => {
    let turn = 0;
    bench.prober.answer = () => ({ passed: turn++ % 2 === 0 });
    await add([http()]);
    await bench.clock.advance(7 * INTERVAL_MS);
    expect(bench.reported('restarted')).toHaveLength(1);
  });

  it('is left alone while fewer attempts fail', async () => {
    let turn = 0;
    bench.prober.answer = () => ({ passed: turn++ % 3 !== 0 });
    await add([http()]);
    await bench.clock.advance(50 * INTERVAL_MS);
    expect(types()).toEqual(['started']);
  });

  it('is only reported in observe mode, once for each time, and restarted when that ends', async () => {
    bench.prober.answer = () => ({ passed: false });
    await add([http()], { overrides: { observe: true } });
    await bench.clock.advance(20 * INTERVAL_MS);
    expect(types()).toEqual(['started', 'probe_failed']);
    expect(bench.status().reason).toBe('Running, but does not work: a liveness probe fails');
    const { watch } = bench.status();
    const { id, revision, ...spec } = watch;
    bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, overrides: {} }, actor: 'cli' });
    await bench.clock.advance(5 * INTERVAL_MS);
    expect(bench.reported('restarted')).toHaveLength(1);
  });

  it('is restarted no more often than the budget allows, and not at all once it works by itself', async () => {
    let works = false;
    bench.prober.answer = () => ({ passed: works });
    await add([http({ intervalMs: 1000, failures: 1, of: 1 })]);
    while (bench.reported('cooldown_started').length === 0) await bench.clock.advance(1000);
    const restarts = bench.reported('restarted').length;
    const pid = bench.pid();
    expect(bench.status().phase).toBe('running');
    await bench.clock.advance(5000);
    expect(bench.pid()).toBe(pid);
    works = true;
    await bench.clock.advance(30 * 60_000);
    expect(bench.pid()).toBe(pid);
    expect(bench.reported('restarted')).toHaveLength(restarts);
    expect(types().at(-1)).toBe('cooldown_ended');
    expect(bench.reported('recovered')).toHaveLength(1);
  });

  it('is not judged by answers that its machine could not get', async () => {
    bench.prober.answer = () => ({ passed: false, words: 'no processes left', machineFault: true });
    await add([http()]);
    await bench.clock.advance(50 * INTERVAL_MS);
    expect(types()).toEqual(['started']);
    expect(bench.status().probes[0]).toMatchObject({ state: 'unknown' });
    expect(bench.status().probes[0]?.attempts.at(-1)).toMatchObject({ words: 'no processes left' });
  });
});

describe('a program that is to become ready', () => {
  const readiness = http({ name: 'ready', role: 'readiness' });

  it('runs first, and is ready once it answers: it is asked often until then', async () => {
    let works = false;
    bench.prober.answer = () => ({ passed: works });
    await add([readiness]);
    expect(bench.status()).toMatchObject({ phase: 'running', readiness: 'awaited', reason: 'Running, not ready yet' });
    await bench.clock.advance(5000);
    works = true;
    await bench.clock.advance(5000);
    expect(bench.status()).toMatchObject({ readiness: 'ready', reason: 'Running' });
    const [event] = bench.reported('became_ready');
    expect(event?.data).toMatchObject({ probe: 'ready', answer: '200 OK' });
    expect(event?.data.afterMs).toBeGreaterThan(5000);
    expect(event?.data.afterMs).toBeLessThan(10_000);
  });

  it('has failed to start when it is not ready in time, with the last answer', async () => {
    bench.prober.answer = () => ({ passed: false, words: 'connection refused' });
    await add([readiness], { overrides: { 'start.readyMs': 20_000 } });
    await bench.clock.advance(20_000);
    expect(types()).toEqual(['started', 'restart_failed', 'last_words', 'killed', 'restarted']);
    expect(bench.reported('restart_failed')[0]).toMatchObject({
      message: 'web was started, and is not ready within 20 s (probe ready: connection refused)',
      data: { reason: 'not_ready', operation: 'start' },
    });
  });

  it('keeps its time when its probes are edited while it is awaited', async () => {
    bench.prober.answer = () => ({ passed: false, words: 'connection refused' });
    await add([readiness], { overrides: { 'start.readyMs': 20_000 } });
    await bench.clock.advance(15_000);
    const { id, revision, ...spec } = bench.status().watch;
    const probes = [probeSchema.parse({ ...readiness, failures: 4 })];
    bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, probes }, actor: 'cli' });
    await bench.clock.advance(4000);
    expect(types()).toEqual(['started', 'watch_edited']);
    await bench.clock.advance(1000);
    expect(bench.reported('restart_failed')[0]?.message).toContain('is not ready within 20 s');
  });

  it('loses its readiness without being restarted, and gains it again', async () => {
    let works = true;
    bench.prober.answer = () => ({ passed: works });
    await add([readiness]);
    await bench.clock.advance(INTERVAL_MS);
    works = false;
    await bench.clock.advance(4 * INTERVAL_MS);
    expect(bench.status()).toMatchObject({ phase: 'running', readiness: 'lost' });
    works = true;
    await bench.clock.advance(2 * INTERVAL_MS);
    expect(bench.status()).toMatchObject({ readiness: 'ready' });
    expect(types()).toEqual(['started', 'became_ready', 'readiness_lost', 'became_ready']);
    expect(bench.reported('became_ready')[1]?.message).toContain('is ready again');
  });

  it('is not asked whether it lives before its startup probe has passed', async () => {
    let started = false;
    bench.prober.answer = (check) => ({ passed: check.kind === 'tcp' ? started : false });
    await add([
      { name: 'up', role: 'startup', check: { kind: 'tcp', port: 80 } },
      http({ failures: 1, of: 1, intervalMs: 1000 }),
    ]);
    await bench.clock.advance(30_000);
    expect(bench.prober.asked.every(({ check }) => check.kind === 'tcp')).toBe(true);
    started = true;
    await bench.clock.advance(INTERVAL_MS + 2000);
    expect(types()).toContain('became_ready');
    expect(types()).toContain('probe_failed');
  });

  it('is not recovered before it is ready', async () => {
    let works = true;
    bench.prober.answer = () => ({ passed: works });
    await add([readiness]);
    await bench.clock.advance(60_000);
    works = false;
    bench.world.exit(bench.pid(), { exitCode: 1, signal: null });
    await bench.clock.advance(30_000);
    expect(bench.reported('restarted')).toHaveLength(1);
    expect(bench.reported('recovered')).toHaveLength(0);
    works = true;
    await bench.clock.advance(20_000);
    expect(bench.reported('recovered')).toHaveLength(1);
  });

  it('is ready still for the next engine, which reports nothing new', async () => {
    await add([readiness, { name: 'up', role: 'startup', check: { kind: 'tcp', port: 80 } }]);
    await bench.clock.advance(INTERVAL_MS);
    const before = bench.reported('became_ready').length;
    await bench.replaceEngine();
    await bench.clock.advance(INTERVAL_MS);
    expect(bench.status()).toMatchObject({ readiness: 'ready' });
    expect(bench.reported('became_ready')).toHaveLength(before);
  });

  it('that has only a startup probe is ready for the next engine', async () => {
    await add([{ name: 'up', role: 'startup', check: { kind: 'tcp', port: 80 } }]);
    await bench.clock.advance(INTERVAL_MS);
    await bench.replaceEngine();
    await bench.clock.advance(100);
    expect(bench.status()).toMatchObject({ readiness: 'ready', probes: [{ state: 'done' }] });
  });
});

describe('probes', () => {
  it('ask nothing of a program that does not run', async () => {
    await add([http({ intervalMs: 1000 })]);
    await bench.clock.advance(5000);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 20_000);
    const asked = bench.prober.asked.length;
    await bench.clock.advance(60_000);
    expect(bench.prober.asked).toHaveLength(asked);
    expect(bench.status().probes).toEqual([{ name: 'health', role: 'liveness', state: 'idle', attempts: [] }]);
  });

  it('that take longer than their interval follow each other, and never overlap', async () => {
    bench.prober.answer = () => ({ passed: true, takesMs: 5000 });
    await add([http({ intervalMs: 1000, timeoutMs: 8000 })]);
    await bench.clock.advance(60_000);
    expect(bench.prober.mostUnderWay).toBe(1);
    expect(bench.prober.asked.length).toBeGreaterThan(8);
    expect(bench.status().probes[0]?.state).toBe('passing');
  });

  it('ask nothing during a cooldown in which the program is down', async () => {
    bench.world.onLaunch = ({ pid }) => void bench.clock.after(1500, () => bench.world.exit(pid));
    await add([http({ intervalMs: 500 })], { restart: 'always', overrides: { 'restart.limit': 1 } });
    await bench.clock.advance(10_000);
    expect(bench.status().phase).toBe('cooldown');
    const asked = bench.prober.asked.length;
    await bench.clock.advance(60_000);
    expect(bench.status().phase).toBe('cooldown');
    expect(bench.prober.asked).toHaveLength(asked);
  });

  it('are under way at most as many at once as is set, and each gets its turn', async () => {
    bench.engine.settings.set({ 'probes.concurrency': 3 }, 'cli');
    bench.prober.answer = () => ({ passed: true, takesMs: 1000 });
    const probes = Array.from({ length: 16 }, (_, at) => http({ name: `p${at}`, intervalMs: 20_000 }));
    await add(probes);
    await bench.clock.advance(45_000);
    expect(bench.prober.mostUnderWay).toBe(3);
    expect(bench.status().probes.every(({ attempts }) => attempts.length >= 1)).toBe(true);
  });

  it('leave nothing under way when their watch is removed', async () => {
    bench.prober.answer = () => ({ passed: true, takesMs: 1900 });
    await add([http({ role: 'readiness' })]);
    await bench.clock.advance(100);
    expect(bench.prober.underWay).toBe(1);
    bench.engine.watches.remove({ watch: 'web', actor: 'cli' });
    expect(bench.prober.underWay).toBe(0);
  });

  it('run a command as the user of the watch, in its directory and with its variables, and without its mark', async () => {
    const command = { argv: ['server'], cwd: '/srv', env: { PGHOST: '/run/pg' }, user: 'nobody' };
    await add([{ name: 'cmd', check: { kind: 'command', argv: ['pg_isready'] } }], {
      target: { kind: 'command', command },
    });
    await bench.clock.advance(INTERVAL_MS);
    const [asked] = bench.prober.asked;
    expect(asked?.check).toMatchObject({
      kind: 'command',
      launch: { argv: ['pg_isready'], cwd: '/srv', env: { PGHOST: '/run/pg' }, user: 'nobody' },
    });
    expect(JSON.stringify(asked)).not.toContain('HEALDECK_WATCH');
  });

  it('find a line that the program has written since its start', async () => {
    bench.output.lines.set('web', ['listening (an earlier run)']);
    await add([{ name: 'line', role: 'readiness', check: { kind: 'log', pattern: '^listening', means: 'healthy' } }]);
    await bench.clock.advance(5000);
    expect(bench.status().readiness).toBe('awaited');
    bench.output.lines.set('web', ['listening (an earlier run)', 'loading', 'listening on 80']);
    await bench.clock.advance(INTERVAL_MS);
    expect(bench.status().readiness).toBe('ready');
    expect(bench.reported('became_ready')[0]?.data.answer).toBe('listening on 80');
  });

  it('are recorded with the readings, also those that do not count, and the last ones at the end of the engine', async () => {
    let turn = 0;
    bench.prober.answer = () =>
      [{ passed: true }, { passed: false }, { machineFault: true as const }][turn++ % 3] ?? {};
    await add([http()]);
    const shownNow = () => bench.status().probes[0]?.attempts ?? [];
    while (shownNow().length < 3) await bench.clock.advance(100);
    await bench.clock.advance(INTERVAL_MS / 2);
    const { id: watchId } = bench.status().watch;
    const shown = shownNow();
    expect(shown.map(({ passed, uncounted }) => [passed, uncounted])).toEqual([
      [true, undefined],
      [false, undefined],
      [false, true],
    ]);
    expect(bench.samples.attempts).toEqual(shown.map((attempt) => ({ ...attempt, watchId, probe: 'health' })));
    while (shownNow().length < 4) await bench.clock.advance(100);
    bench.engine.dispose('test');
    expect(bench.samples.attempts).toHaveLength(4);
  });

  it('fail by each new line that is a bad one', async () => {
    await add([{ name: 'fatal', failures: 2, of: 5, check: { kind: 'log', pattern: 'FATAL', means: 'unhealthy' } }]);
    await bench.clock.advance(INTERVAL_MS);
    bench.output.lines.set('web', ['FATAL: out of cheese']);
    await bench.clock.advance(2 * INTERVAL_MS);
    expect(types()).toEqual(['started']);
    bench.output.lines.set('web', ['FATAL: out of cheese', 'FATAL: again']);
    await bench.clock.advance(INTERVAL_MS);
    expect(bench.reported('probe_failed')[0]?.data.answer).toBe('FATAL: again');
  });

  it('fail by silence, counted from the start or the last output', async () => {
    await add([{ name: 'quiet', failures: 1, of: 1, check: { kind: 'silence', maxAgeMs: 60_000 } }]);
    await bench.clock.advance(50_000);
    bench.output.lines.set('web', ['still here']);
    await bench.clock.advance(60_000);
    expect(types()).toEqual(['started']);
    await bench.clock.advance(25_000);
    expect(bench.reported('probe_failed')[0]?.data.answer).toMatch(/^no output for 1 min/);
  });

  it('fail by a file that is not touched, with the whole time from the start', async () => {
    const path = '/run/web.beat';
    let modifiedAt = bench.clock.wallMs() - 3_600_000;
    bench.scenes.answer = () => ({ files: { [path]: { kind: 'present', inode: 1, bytes: 0, modifiedAt } } });
    await add([{ name: 'beat', failures: 1, of: 1, check: { kind: 'heartbeat', path, maxAgeMs: 30_000 } }]);
    await bench.clock.advance(25_000);
    expect(types()).toEqual(['started']);
    modifiedAt = bench.clock.wallMs();
    await bench.clock.advance(28_000);
    expect(types()).toEqual(['started']);
    await bench.clock.advance(15_000);
    expect(bench.reported('probe_failed')[0]?.data.answer).toMatch(/^\/run\/web\.beat changed 3[\d.]+ s ago/);
  });

  it('judge a file by its changes, whatever the wall clock or its own time says', async () => {
    const path = '/run/web.beat';
    let modifiedAt = 0;
    bench.scenes.answer = () => ({ files: { [path]: { kind: 'present', inode: 1, bytes: 0, modifiedAt } } });
    await add([{ name: 'beat', failures: 1, of: 1, check: { kind: 'heartbeat', path, maxAgeMs: 60_000 } }]);
    await bench.clock.advance(20_000);
    modifiedAt = bench.clock.wallMs();
    // The machine has slept, or its clock was set: the file is old now, and the program did nothing wrong.
    bench.clock.jumpWall(8 * 3_600_000);
    await bench.clock.advance(30_000);
    expect(types()).not.toContain('probe_failed');
    // The clock is right again: what was touched last seems to be touched in some hours.
    modifiedAt = bench.clock.wallMs();
    await bench.clock.advance(15_000);
    bench.clock.jumpWall(-8 * 3_600_000);
    await bench.clock.advance(40_000);
    expect(types()).not.toContain('probe_failed');
    await bench.clock.advance(30_000);
    expect(bench.reported('probe_failed')[0]?.data.answer).toMatch(/^\/run\/web\.beat changed 1 min/);
  });

  it('count a failure half while this machine is starved', async () => {
    bench.prober.answer = () => ({ passed: false, words: 'no answer within 2 s' });
    bench.machine.load = { corePercents: [100, 99], average: 24 };
    await add([http()]);
    await bench.clock.advance(45_000);
    expect(types()).toEqual(['started']);
    expect(bench.status().probes[0]?.attempts.at(-1)).toMatchObject({
      starved: true,
      words: expect.stringMatching(/^no answer within 2 s \(the machine is starved: load [\d.]+ on \d+ cores\)$/),
    });
  });
});

describe('a probe that is tried before it is saved', () => {
  const target = { kind: 'command', command: { argv: ['server'], cwd: '/srv', env: {}, user: null } } as const;
  const trial = (probe: ProbeInput) =>
    bench.engine.watches.tryProbe({
      probe: probeSchema.parse(probe),
      target: { ...target, command: { ...target.command, argv: [...target.command.argv] } },
    });

  it('is asked once, and nothing is reported', async () => {
    const before = bench.events.events.length;
    bench.prober.answer = () => ({ passed: true, words: '200 OK', takesMs: 12 });
    expect(await bench.through(trial(http()))).toEqual({ passed: true, words: '200 OK', latencyMs: 12 });
    expect(bench.prober.asked).toHaveLength(1);
    expect(bench.events.events).toHaveLength(before);
  });

  it('is refused as it would be when saved', async () => {
    await expect(
      trial({ name: 'p', check: { kind: 'http', url: 'http://127.0.0.1/?token=hunter2hunter2' } }),
    ).rejects.toThrow('Expected no secret in probe p');
    await expect(trial({ name: 'p', check: { kind: 'silence', maxAgeMs: 1000 } })).rejects.toThrow(
      'answered by what the program writes while it runs',
    );
  });
});

describe('what a program reports over sd_notify', () => {
  const ready: ProbeInput = { name: 'notify', role: 'readiness', check: { kind: 'notify' } };
  const alive: ProbeInput = { name: 'watchdog', check: { kind: 'notify', maxAgeMs: 30_000 }, failures: 1, of: 1 };

  it('makes it ready, with its own word for how it is', async () => {
    await add([ready]);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.world.processes.get(bench.pid())?.env).toMatchObject({ NOTIFY_SOCKET: '/data/notify.sock' });
    bench.serviceNotices.send(bench.pid(), { status: 'loading 40 %' });
    await bench.clock.advance(5000);
    expect(bench.status()).toMatchObject({ readiness: 'awaited', programStatus: 'loading 40 %' });
    bench.serviceNotices.send(bench.pid(), { ready: true, status: 'serving' });
    await bench.clock.advance(1000);
    expect(bench.status()).toMatchObject({ readiness: 'ready', programStatus: 'serving' });
    expect(bench.reported('became_ready')[0]?.data.answer).toBe('READY=1: serving');
  });

  it('counts when a process that it has started reports it, and not when a stranger does', async () => {
    await add([ready]);
    const stranger = bench.world.add({ name: 'evil', argv: ['evil'] });
    bench.serviceNotices.send(stranger.pid, { ready: true });
    await bench.clock.advance(5000);
    expect(bench.status().readiness).toBe('awaited');
    const helper = bench.world.add({ name: 'systemd-notify', argv: ['systemd-notify'], ppid: bench.pid() });
    bench.serviceNotices.send(helper.pid, { ready: true });
    await bench.clock.advance(2000);
    expect(bench.status().readiness).toBe('ready');
  });

  it('counts when a helper has reported it that has ended since', async () => {
    await add([ready]);
    await bench.clock.advance(500);
    const shell = bench.world.add({ name: 'sh', ppid: bench.pid() });
    bench.serviceNotices.send(shell.pid + 1, { ready: true }, [shell.pid, bench.pid()]);
    await bench.clock.advance(1000);
    expect(bench.status().readiness).toBe('ready');
  });

  it('gives it more time for its start where it asks for that', async () => {
    await add([ready], { overrides: { 'start.readyMs': 10_000 } });
    await bench.clock.advance(9000);
    bench.serviceNotices.send(bench.pid(), { extendTimeoutMs: 20_000 });
    await bench.clock.advance(15_000);
    expect(types()).toEqual(['started']);
    await bench.clock.advance(10_000);
    expect(bench.reported('restart_failed')[0]?.message).toMatch(
      /^web was started, and is not ready within 29(\.\d)? s/,
    );
  });

  it('gives its stop more time where it asks for that during it, up to 10 min', async () => {
    await add([ready], { overrides: { 'stop.graceMs': 5000 } });
    const pid = bench.pid();
    bench.world.processes.get(pid)?.ignores.add('SIGTERM');
    // What it asked for before its stop is over with its start.
    bench.serviceNotices.send(pid, { ready: true, extendTimeoutMs: 3_600_000 });
    await bench.clock.advance(1000);
    void bench.engine.watches.restart({ watch: 'web', actor: 'cli' });
    await bench.clock.advance(6000);
    expect(bench.reported('killed')[0]?.data.forced).toEqual([pid]);

    const next = bench.pid();
    bench.world.processes.get(next)?.ignores.add('SIGTERM');
    void bench.engine.watches.stop({ watch: 'web', actor: 'cli' });
    await bench.clock.advance(4000);
    bench.serviceNotices.send(next, { extendTimeoutMs: 20_000 });
    await bench.clock.advance(19_000);
    expect(bench.world.processes.has(next)).toBe(true);
    for (let times = 0; times < 60; times += 1) {
      bench.serviceNotices.send(next, { extendTimeoutMs: 20_000 });
      await bench.clock.advance(10_000);
    }
    expect(bench.world.processes.has(next)).toBe(false);
    expect(bench.status().phase).toBe('stopped');
  });

  it('is missed in words of its own where it has never come', async () => {
    await add([alive]);
    await bench.clock.advance(40_000);
    expect(bench.reported('probe_failed')[0]?.data.answer).toMatch(
      /^it has never sent WATCHDOG=1, which is expected for 3\d(\.\d)? s$/,
    );
    bench.serviceNotices.send(bench.pid(), { watchdog: true });
    await bench.replaceEngine();
    await bench.clock.advance(40_000);
    expect(bench.reported('probe_failed').at(-1)?.data.answer).toMatch(/^no WATCHDOG=1 since this engine follows it/);
  });

  it('is waited for from the moment at which it was ready', async () => {
    await add([ready, alive]);
    await bench.clock.advance(25_000);
    bench.serviceNotices.send(bench.pid(), { ready: true });
    await bench.clock.advance(25_000);
    expect(types()).toEqual(['started', 'became_ready']);
  });

  it('heals it when it reports nothing for too long, or that it does not work', async () => {
    await add([alive]);
    expect(bench.world.processes.get(bench.pid())?.env['WATCHDOG_USEC']).toBe('30000000');
    for (let times = 0; times < 6; times += 1) {
      bench.serviceNotices.send(bench.pid(), { watchdog: true });
      await bench.clock.advance(10_000);
    }
    expect(types()).toEqual(['started']);
    await bench.clock.advance(40_000);
    expect(bench.reported('restarted')).toHaveLength(1);
    bench.serviceNotices.send(bench.pid(), { watchdog: 'trigger' });
    await bench.clock.advance(INTERVAL_MS + 500);
    expect(bench.reported('probe_failed').map(({ data }) => data.answer)).toEqual([
      expect.stringMatching(/^last WATCHDOG=1 3\d(\.\d)? s ago$/),
      'WATCHDOG=trigger: it reports itself that it does not work',
    ]);
  });

  it('is not missed while nobody receives it', async () => {
    bench.serviceNotices.status = { at: 'held_up', address: '/data/notify.sock', reason: 'its thread was restarted' };
    await add([ready, alive], { overrides: { 'start.readyMs': 10_000 } });
    await bench.clock.advance(10 * 60_000);
    expect(types()).toEqual(['started']);
    expect(bench.status().probes[1]?.attempts.at(-1)).toMatchObject({ uncounted: true });
  });

  it('is of an earlier time for the next engine, which asks for no second READY=1', async () => {
    await add([ready]);
    bench.serviceNotices.send(bench.pid(), { ready: true });
    await bench.clock.advance(2000);
    await bench.replaceEngine();
    await bench.clock.advance(2000);
    expect(bench.status().readiness).toBe('ready');
  });
});
