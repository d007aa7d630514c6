import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../../shared/model/schedule';
import type { WatchSpecInput } from '../../../../shared/model/watch';
import type { ChildExit, FileState } from '../../ports';
import { TestBench } from '../../testing/test-engine';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CLEAN: ChildExit = { exitCode: 0, signal: null };
const NIGHTLY: Partial<Schedule> = { start: { cron: '30 2 * * *', timeZone: 'Europe/Berlin' } };
const EVERY_MINUTE: Partial<Schedule> = { start: { cron: '* * * * *', timeZone: null } };

/** A bench whose wall clock shows this moment. */
async function benchAt(now: string): Promise<TestBench> {
  const bench = new TestBench();
  bench.clock.jumpWall(Date.parse(now) - bench.clock.wallMs());
  await bench.engine.start();
  return bench;
}

/** A bench with a watch `web` that has this schedule. */
async function scheduled(
  now: string,
  schedule: Partial<Schedule>,
  spec: Partial<WatchSpecInput> = {},
): Promise<TestBench> {
  const bench = await benchAt(now);
  await bench.add({ ...spec, schedule });
  return bench;
}

/** Lets time pass up to a moment of the wall clock. */
function until(bench: TestBench, moment: string): Promise<void> {
  return bench.clock.advance(Date.parse(moment) - bench.clock.wallMs());
}

/** When the program was started, as UTC. */
function starts(bench: TestBench): readonly string[] {
  return [...bench.reported('started'), ...bench.reported('restarted')].map(({ at }) => at.slice(0, 16));
}

describe('a job', () => {
  it('waits for its first run, which is shown, and is started then by its schedule', async () => {
    const bench = await scheduled('2026-11-30T00:00Z', NIGHTLY);
    expect(bench.world.launches).toHaveLength(0);
    expect(bench.status()).toMatchObject({
      ...{ phase: 'stopped', reason: 'Waiting for its first run' },
      nextRun: { at: Date.parse('2026-11-30T01:30Z'), what: 'start' },
    });

    await until(bench, '2026-11-30T01:30:01Z');
    expect(bench.reported('started')[0]).toMatchObject({ pid: bench.pid(), data: { actor: 'schedule' } });
    expect(bench.status().nextRun).toEqual({ at: Date.parse('2026-12-01T01:30Z'), what: 'start' });
  });

  it('rests after a clean exit until its next run, whatever its policy', async () => {
    const bench = await scheduled('2026-11-30T01:29Z', NIGHTLY, { restart: 'always' });
    await bench.clock.advance(2 * MINUTE);
    bench.world.exit(bench.pid(), CLEAN);
    await bench.clock.advance(HOUR);
    expect(bench.status()).toMatchObject({
      ...{ phase: 'stopped', reason: 'Ended by itself, cleanly; waiting for its next run', incident: null },
    });
    await until(bench, '2026-12-01T01:31Z');
    expect(starts(bench)).toEqual(['2026-11-30T01:30', '2026-12-01T01:30']);
    expect(bench.reported('run_missed')).toEqual([]);
  });

  it('is healed after a failure as configured', async () => {
    const bench = await scheduled('2026-11-30T01:29Z', NIGHTLY);
    await bench.clock.advance(2 * MINUTE);
    bench.world.exit(bench.pid(), { exitCode: 3, signal: null });
    await bench.clock.advance(MINUTE);
    expect(bench.reported('restarted')[0]).toMatchObject({ data: { actor: 'engine', attempt: 1 } });
  });

  it('runs once on the days the clock changes', async () => {
    const bench = await scheduled('2026-03-28T23:00Z', NIGHTLY);
    // Days of ticks that are of no interest here.
    bench.engine.settings.set({ 'sampling.intervalMs': 60_000 }, 'cli');
    bench.world.onLaunch = (process) => void bench.clock.after(1000, () => bench.world.exit(process.pid, CLEAN));
    await until(bench, '2026-03-30T02:00Z');
    bench.clock.jumpWall(Date.parse('2026-10-24T23:00Z') - bench.clock.wallMs());
    await until(bench, '2026-10-26T02:00Z');
    expect(starts(bench)).toEqual([
      ...['2026-03-29T01:00', '2026-03-30T00:30'],
      ...['2026-10-25T00:30', '2026-10-26T01:30'],
    ]);
  });

  it('that still runs at its next run is not started again, and that is reported once for each run', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE);
    await bench.clock.advance(4 * MINUTE);
    const first = bench.pid();
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.reported('run_overrun')).toHaveLength(1);
    expect(bench.reported('run_overrun')[0]).toMatchObject({
      ...{ pid: first, severity: 'warning' },
      data: { dueAt: Date.parse('2026-11-30T00:02Z'), runningForMs: MINUTE },
      message: `web (pid ${first}) still runs after 1 min: its run of 2026-11-30 00:02:00 (UTC) is skipped, as is each that is due before it ends`,
    });

    bench.world.exit(first, CLEAN);
    await bench.clock.advance(3 * MINUTE);
    expect(bench.world.launches).toHaveLength(2);
    expect(bench.reported('run_overrun').map(({ pid }) => pid)).toEqual([first, bench.pid()]);
  });

  it('that runs too long is reported once, also by the next engine', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE);
    await bench.clock.advance(2 * MINUTE);
    expect(bench.reported('run_overrun')).toHaveLength(1);
    await bench.replaceEngine();
    await bench.clock.advance(3 * MINUTE);
    expect(bench.reported('run_overrun')).toHaveLength(1);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('that is still starting at its next run is reported once, also when it runs on', async () => {
    const command = { argv: ['late'], cwd: '/srv' };
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE, {
      target: { kind: 'match', by: 'name', pattern: 'worker', start: command },
      overrides: { 'start.appearMs': 10 * MINUTE },
    });
    await bench.clock.advance(2 * MINUTE);
    expect(bench.status().phase).toBe('starting');
    bench.world.add({ name: 'worker' });
    await bench.clock.advance(2 * MINUTE);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('run_overrun')).toHaveLength(1);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('that has never run waits under the next engine too', async () => {
    const bench = await scheduled('2026-11-30T00:00Z', NIGHTLY);
    await bench.replaceEngine();
    await bench.replaceEngine();
    expect(bench.status().reason).toBe('Waiting for its first run');
    await until(bench, '2026-11-30T01:31Z');
    expect(starts(bench)).toEqual(['2026-11-30T01:30']);
  });

  it('that the operator has stopped pauses its schedule until it is started again', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    expect(bench.status()).toMatchObject({
      reason: 'Stopped by the operator; its schedule is paused until it is started again',
      nextRun: null,
    });
    await bench.clock.advance(5 * MINUTE);
    await bench.replaceEngine(() => bench.clock.jumpWall(5 * MINUTE));
    await bench.clock.advance(5 * MINUTE);
    expect(bench.world.launches).toHaveLength(0);

    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }));
    bench.world.exit(bench.pid(), CLEAN);
    await bench.clock.advance(MINUTE);
    expect(bench.world.launches).toHaveLength(2);
    expect(bench.reported('run_missed')).toEqual([]);
  });

  it('is not started in observe mode, and each run is reported', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE, { overrides: { observe: true } });
    await bench.clock.advance(2 * MINUTE);
    expect(bench.world.launches).toHaveLength(0);
    expect(bench.reported('run_skipped').map(({ data }) => data.reason)).toEqual(['observed', 'observed']);
  });

  it('in a cooldown is not started', async () => {
    const overrides = { 'restart.limit': 1, 'cooldown.durationMs': 10 * MINUTE, 'restart.delays': false };
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE, { overrides });
    bench.world.onLaunch = (process) =>
      void bench.clock.after(2000, () => bench.world.exit(process.pid, { exitCode: 3, signal: null }));
    await bench.clock.advance(2 * MINUTE);
    expect(bench.status().phase).toBe('cooldown');
    expect(bench.reported('run_skipped')[0]).toMatchObject({ data: { what: 'start', reason: 'cooldown' } });
  });
});

describe('runs that nobody could make', () => {
  const DOWN = { ...EVERY_MINUTE };

  it('while the engine was down are reported once for all, and not made afterwards', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', NIGHTLY);
    await bench.replaceEngine(() => bench.clock.jumpWall(3 * DAY));
    await bench.clock.advance(HOUR);
    expect(bench.reported('run_missed')).toHaveLength(1);
    expect(bench.reported('run_missed')[0]).toMatchObject({
      severity: 'warning',
      message:
        'web: 3 starts were missed between 2026-11-30 02:30:00 (UTC+01:00) and 2026-12-02 02:30:00 (UTC+01:00), when the last was due',
      data: { what: 'start', count: 3, isMore: false, isCaughtUp: false },
    });
    expect(bench.world.launches).toHaveLength(0);
  });

  it('are not reported again by a third engine', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', NIGHTLY);
    await bench.replaceEngine(() => bench.clock.jumpWall(3 * DAY));
    await bench.replaceEngine();
    expect(bench.reported('run_missed')).toHaveLength(1);
  });

  it('are reported after a boot of the machine, too', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', NIGHTLY);
    await bench.replaceEngine(() => {
      bench.machine.bootId = 'another';
      bench.clock.jumpWall(DAY);
    });
    expect(bench.reported('run_missed')[0]).toMatchObject({ data: { count: 1 } });
    expect(bench.status()).toMatchObject({ phase: 'stopped', reason: 'Waiting for its first run' });
  });

  it('are not made late, however short the engine was down', async () => {
    const bench = await scheduled('2026-11-30T00:00:59Z', EVERY_MINUTE);
    await bench.replaceEngine(() => bench.clock.jumpWall(2000));
    await bench.clock.advance(0);
    expect(bench.reported('run_missed')).toHaveLength(1);
    expect(bench.world.launches).toHaveLength(0);
  });

  it('while the machine slept are reported once, and the next one is made', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE);
    bench.clock.jumpWall(3 * HOUR);
    await bench.clock.advance(2 * MINUTE);
    expect(bench.reported('run_missed').map(({ data }) => data.count)).toEqual([180]);
    expect(starts(bench)).toEqual(['2026-11-30T03:01']);
  });

  it('are made up for by one start where that is set', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', DOWN, { overrides: { 'schedule.catchUp': true } });
    await bench.replaceEngine(() => bench.clock.jumpWall(2 * HOUR));
    await bench.clock.advance(0);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.reported('run_missed')[0]).toMatchObject({ data: { count: 120, isCaughtUp: true } });
  });

  it('are counted up to a bound', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', EVERY_MINUTE);
    await bench.replaceEngine(() => bench.clock.jumpWall(30 * DAY));
    expect(bench.reported('run_missed')[0]).toMatchObject({ data: { count: 200, isMore: true } });
  });

  it('are none where another expression was set meanwhile', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', NIGHTLY);
    await bench.replaceEngine(() => {
      bench.clock.jumpWall(3 * DAY);
      bench.config.saveWatches(
        bench.config.watches().map((watch) => ({
          ...watch,
          schedule: {
            start: { cron: '0 4 * * *', timeZone: null },
            restart: null,
            maxUptimeMs: null,
            restartOnChange: [],
          },
        })),
      );
    });
    await bench.clock.advance(0);
    expect(bench.reported('run_missed')).toEqual([]);
    expect(bench.status().nextRun).toEqual({ at: Date.parse('2026-12-03T04:00Z'), what: 'start' });
  });
});

describe('a clock that is set', () => {
  it('back makes no run twice', async () => {
    const bench = await scheduled('2026-11-30T01:29:30Z', NIGHTLY);
    bench.world.onLaunch = (process) => void bench.clock.after(1000, () => bench.world.exit(process.pid, CLEAN));
    await bench.clock.advance(MINUTE);
    bench.clock.jumpWall(-5 * MINUTE);
    await bench.clock.advance(HOUR);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('little by little makes no run late', async () => {
    const bench = await scheduled('2026-11-30T00:30Z', NIGHTLY);
    for (let step = 0; step < 30; step += 1) {
      await bench.clock.advance(MINUTE);
      bench.clock.jumpWall(4000);
    }
    await until(bench, '2026-11-30T01:31Z');
    expect(starts(bench)).toEqual(['2026-11-30T01:30']);
    expect(bench.reported('gap')).toEqual([]);
  });

  it('forward to right before a run makes it in time', async () => {
    const bench = await scheduled('2026-11-30T01:00Z', NIGHTLY);
    bench.clock.jumpWall(30 * MINUTE - 10_000);
    await bench.clock.advance(20_000);
    expect(starts(bench)).toEqual(['2026-11-30T01:30']);
    expect(bench.reported('run_missed')).toEqual([]);
  });
});

describe('a scheduled restart', () => {
  const WEEKLY: Partial<Schedule> = { restart: { cron: '0 4 * * MON', timeZone: null } };

  it('ends the program and starts it again, without budget or incident', async () => {
    const bench = await scheduled('2026-11-30T03:50Z', WEEKLY);
    const first = bench.pid();
    expect(bench.status().nextRun).toEqual({ at: Date.parse('2026-11-30T04:00Z'), what: 'restart' });
    await bench.clock.advance(11 * MINUTE);
    expect(bench.pid()).not.toBe(first);
    expect(bench.reported('scheduled_restart')[0]).toMatchObject({
      pid: first,
      message: 'web: its scheduled restart is due; it is restarted',
    });
    expect(bench.reported('restarted')[0]).toMatchObject({
      message: `web restarted by its schedule as pid ${bench.pid()}; ended pid ${first}`,
      data: { actor: 'schedule', attempt: 0, ended: [first] },
    });
    expect(bench.status()).toMatchObject({ restarts: 0, incident: null });
    expect(bench.reported('crash_detected')).toEqual([]);
  });

  it('does not take place while it is stopped, which needs no report', async () => {
    const bench = await scheduled('2026-11-30T03:50Z', WEEKLY);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
    expect(bench.status().nextRun).toBeNull();
    await bench.clock.advance(HOUR);
    expect(bench.status().phase).toBe('stopped');
    expect(bench.reported('run_skipped')).toEqual([]);
  });

  it('does not take place in an incident', async () => {
    const bench = await scheduled('2026-11-30T03:50Z', WEEKLY);
    await until(bench, '2026-11-30T03:59:58Z');
    bench.world.exit(bench.pid());
    await bench.clock.advance(10_000);
    expect(bench.reported('run_skipped')[0]).toMatchObject({ data: { what: 'restart', reason: 'healing' } });
    expect(bench.reported('restarted')).toHaveLength(1);
  });

  it('is only reported in observe mode', async () => {
    const bench = await scheduled('2026-11-30T03:50Z', WEEKLY, { overrides: { observe: true } });
    const first = bench.pid();
    await bench.clock.advance(HOUR);
    expect(bench.pid()).toBe(first);
    expect(bench.reported('scheduled_restart')[0]).toMatchObject({ data: { observed: true } });
  });

  it('that was missed while the program ran on is reported, and one before its start is not', async () => {
    const bench = await scheduled('2026-11-30T03:50Z', WEEKLY);
    await bench.replaceEngine(() => bench.clock.jumpWall(HOUR));
    expect(bench.reported('run_missed')[0]).toMatchObject({ data: { what: 'restart', count: 1 } });
    await bench.replaceEngine(() => {
      bench.clock.jumpWall(8 * DAY);
      bench.machine.bootId = 'another';
      for (const { pid } of bench.status().processes) bench.world.processes.delete(pid);
    });
    await bench.clock.advance(0);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('run_missed')).toHaveLength(1);
  });
});

describe('a program that somebody else has restarted since', () => {
  it('has missed no restart before that', async () => {
    const bench = await benchAt('2026-11-30T03:50Z');
    const first = bench.world.add({ name: 'nginx' });
    await bench.add({
      target: { kind: 'match', by: 'name', pattern: 'nginx', start: { argv: ['nginx'], cwd: '/' } },
      schedule: { restart: { cron: '0 4 * * *', timeZone: null } },
    });
    await bench.replaceEngine(() => {
      bench.clock.jumpWall(HOUR);
      bench.world.processes.delete(first.pid);
      bench.world.add({ name: 'nginx' });
    });
    await bench.clock.advance(0);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('run_missed')).toEqual([]);
  });
});

describe('a maximum uptime', () => {
  const HOURLY: Partial<Schedule> = { maxUptimeMs: HOUR };

  it('restarts a program once it has run for so long, give or take a tenth, and the same after an engine', async () => {
    const bench = await scheduled('2026-11-30T00:00Z', HOURLY);
    const first = bench.pid();
    const due = bench.status().nextRun;
    expect(due?.what).toBe('restart');
    const uptimeMs = (due?.at ?? 0) - Date.parse('2026-11-30T00:00Z');
    expect(Math.abs(uptimeMs - HOUR)).toBeLessThanOrEqual(HOUR / 10);
    await bench.replaceEngine();
    expect(bench.status().nextRun).toEqual(due);

    await bench.clock.advance(uptimeMs - 1000);
    expect(bench.pid()).toBe(first);
    await bench.clock.advance(2000);
    expect(bench.pid()).not.toBe(first);
    expect(bench.reported('scheduled_restart')[0]?.data.reason.kind).toBe('max_uptime');
  });

  it('varies from one run to the next', async () => {
    const bench = await scheduled('2026-11-30T00:00Z', HOURLY);
    await bench.clock.advance(12 * HOUR);
    const uptimes = bench
      .reported('scheduled_restart')
      .map(({ data: { reason } }) => 'uptimeMs' in reason && reason.uptimeMs);
    expect(uptimes.length).toBeGreaterThan(9);
    expect(new Set(uptimes).size).toBe(uptimes.length);
  });

  it('waits for the end of an incident', async () => {
    const overrides = { 'heal.verifyMs': 5 * MINUTE };
    const bench = await scheduled('2026-11-30T00:00Z', { maxUptimeMs: MINUTE }, { overrides });
    bench.world.exit(bench.pid());
    await bench.clock.advance(1000);
    const second = bench.pid();
    await bench.clock.advance(4 * MINUTE);
    expect(bench.pid()).toBe(second);
    await bench.clock.advance(MINUTE);
    expect(bench.pid()).not.toBe(second);
    expect(bench.reported('recovered')).toHaveLength(1);
  });

  it('in observe mode is reported once for a run', async () => {
    const bench = await scheduled('2026-11-30T00:00Z', HOURLY, { overrides: { observe: true } });
    await bench.clock.advance(5 * HOUR);
    expect(bench.reported('scheduled_restart')).toHaveLength(1);
  });
});

describe('a restart on change', () => {
  const PATHS = ['/srv/app.conf', '/srv/release'];

  /** Files as they are at a version. */
  function atVersion(bench: TestBench, version: number, kind: 'present' | 'unknown' = 'present'): void {
    const state: FileState = kind === 'unknown' ? { kind } : { kind, inode: 1, bytes: 10, modifiedAt: version * 1000 };
    bench.scenes.answer = ({ files }) => ({
      files: Object.fromEntries(files.map((path) => [path, path === PATHS[0] ? state : { kind: 'missing' }])),
    });
  }

  async function watching(spec: Partial<WatchSpecInput> = {}): Promise<TestBench> {
    const bench = await benchAt('2026-11-30T00:00Z');
    atVersion(bench, 1);
    await bench.add({ ...spec, schedule: { restartOnChange: PATHS } });
    await bench.clock.advance(10_000);
    return bench;
  }

  it('follows a change that has settled, once', async () => {
    const bench = await watching();
    const first = bench.pid();
    atVersion(bench, 2);
    await bench.clock.advance(2000);
    atVersion(bench, 3);
    await bench.clock.advance(2000);
    expect(bench.pid()).toBe(first);
    await bench.clock.advance(3000);
    expect(bench.pid()).not.toBe(first);
    expect(bench.reported('scheduled_restart')[0]).toMatchObject({
      message: 'web: /srv/app.conf changed; it is restarted',
      data: { reason: { kind: 'file_change', paths: ['/srv/app.conf'] } },
    });
    await bench.clock.advance(MINUTE);
    expect(bench.reported('scheduled_restart')).toHaveLength(1);
  });

  it('asks for directories with what lies in them', async () => {
    const bench = await watching();
    expect(bench.scenes.requests.filter(({ files }) => files.length === 2)[0]).toMatchObject({ withEntries: true });
  });

  it('takes a file that does not answer for no change, and reads it more seldom', async () => {
    const bench = await watching();
    const first = bench.pid();
    atVersion(bench, 2, 'unknown');
    await bench.clock.advance(10 * MINUTE);
    const asked = bench.scenes.requests.length;
    await bench.clock.advance(10 * MINUTE);
    expect(bench.scenes.requests.length - asked).toBeLessThan(12);
    expect(bench.pid()).toBe(first);
  });

  it('waits until the program is in no incident', async () => {
    const bench = await watching();
    bench.world.exit(bench.pid());
    await bench.clock.advance(3000);
    const second = bench.pid();
    atVersion(bench, 2);
    await bench.clock.advance(5000);
    expect(bench.pid()).toBe(second);
    await bench.clock.advance(10_000);
    expect(bench.pid()).not.toBe(second);
  });

  it('comes ever more seldom where each start causes the next change, and is free again after a quiet time', async () => {
    const bench = await benchAt('2026-11-30T00:00Z');
    // A log beside the code: each start writes it.
    let version = 1;
    bench.world.onLaunch = () => void bench.clock.after(1500, () => atVersion(bench, (version += 1)));
    atVersion(bench, version);
    await bench.add({ schedule: { restartOnChange: PATHS } });
    await bench.clock.advance(HOUR);
    const restarts = bench.reported('scheduled_restart');
    expect(restarts.length).toBeGreaterThan(5);
    expect(restarts.length).toBeLessThan(12);
    expect(restarts.slice(0, 4).map(({ severity }) => severity)).toEqual(['info', 'info', 'warning', 'warning']);
    expect(restarts[2]?.message).toBe(
      'web: /srv/app.conf changed, as after each of its last starts: if the program writes there itself, expect a restart for it 30 s after a start at the earliest; it is restarted',
    );
    // It writes no more.
    bench.world.onLaunch = null;
    await bench.clock.advance(2 * HOUR);
    const before = bench.pid();
    atVersion(bench, (version += 1));
    await bench.clock.advance(10_000);
    expect(bench.pid()).not.toBe(before);
    expect(bench.reported('scheduled_restart').at(-1)?.severity).toBe('info');
  });

  it('is only reported in observe mode, once for each change', async () => {
    const bench = await watching({ overrides: { observe: true } });
    atVersion(bench, 2);
    await bench.clock.advance(MINUTE);
    expect(bench.reported('scheduled_restart').map(({ data }) => data.observed)).toEqual([true]);
  });
});

describe('a schedule', () => {
  it('needs a start command', async () => {
    const bench = await benchAt('2026-11-30T00:00Z');
    const target = { kind: 'match', by: 'name', pattern: 'nginx' } as const;
    await expect(bench.add({ target, schedule: NIGHTLY })).rejects.toThrow(
      /Expected a start command, since a schedule/,
    );
  });

  it('that is edited is in force at once, and is reported in words', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', NIGHTLY);
    const { id, revision, ...spec } = bench.status().watch;
    const schedule = {
      start: { cron: '5 * * * *', timeZone: null },
      restart: null,
      maxUptimeMs: null,
      restartOnChange: [],
    };
    bench.engine.watches.edit({ watch: id, revision, actor: 'cli', spec: { ...spec, schedule } });
    expect(bench.status().nextRun).toEqual({ at: Date.parse('2026-11-30T00:05Z'), what: 'start' });
    expect(bench.reported('watch_edited')[0]?.data).toMatchObject({
      changed: ['schedule'],
      changes: [{ field: 'scheduled start', before: '30 2 * * * (Europe/Berlin)', after: '5 * * * *' }],
    });
  });

  it('leaves no timer behind', async () => {
    const bench = await scheduled('2026-11-30T00:00:30Z', {
      ...EVERY_MINUTE,
      maxUptimeMs: HOUR,
      restartOnChange: ['/x'],
    });
    await bench.clock.advance(90_000);
    bench.engine.dispose('test');
    await bench.clock.advance(0);
    expect(bench.clock.pending).toBe(0);
  });
});
