import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/model/settings';
import type { ChildExit, CrashReading } from '../ports';
import { TestBench } from '../testing/test-engine';
import { findSameCrash } from './same-crash';

/** A watch on a program that says so when it is started for the nth time, and dies. */
async function dying(
  words: (start: number) => readonly string[],
  overrides: Partial<Settings> = {},
  exit: ChildExit = { exitCode: 1, signal: null },
  afterMs = 50,
): Promise<TestBench> {
  const bench = await TestBench.started();
  let starts = 0;
  bench.world.onLaunch = ({ pid }) => {
    starts += 1;
    const said = words(starts);
    bench.clock.after(afterMs, () => {
      bench.output.lines.set('web', [...(bench.output.lines.get('web') ?? []), ...said]);
      bench.world.exit(pid, exit);
    });
  };
  await bench.add({ restart: 'always', overrides });
  await bench.clock.advance(110_000);
  return bench;
}

const BROKEN = ['/srv/server.js:3', '  const = 1;', 'SyntaxError: Unexpected token'];
/** Logged and survived, by the look of it: the program ends well. */
const TRACE = ['Traceback (most recent call last):', '  File "/srv/a.py", line 3, in f', 'ValueError: x'];
const starts = (bench: TestBench): number => bench.world.launches.length;

describe('a program that crashes in the same way at each start', () => {
  it('is in cooldown after the third start, which says why', async () => {
    const bench = await dying(() => BROKEN);
    expect(starts(bench)).toBe(3);
    const [cooldown] = bench.reported('cooldown_started');
    expect(cooldown?.data).toMatchObject({
      sameCrash: { times: 3, title: expect.stringContaining('SyntaxError') as string },
    });
    expect(cooldown?.message).toMatch(
      /^web is not restarted for 2 min: the same crash 3 times in a row, each right after the start: .*SyntaxError/,
    );
    expect(bench.status()).toMatchObject({
      phase: 'cooldown',
      reason: expect.stringMatching(/the same crash 3 times/) as string,
    });
    expect(bench.reported('anomaly_detected')).toEqual([]);
    const crashes = bench.reported('crash_detected').map(({ data }) => data.crash);
    expect(new Set(crashes.map((crash) => crash?.id)).size).toBe(1);
    expect(crashes.map((crash) => crash?.times)).toEqual([1, 2, 3]);
    expect(new Set(crashes.map((crash) => crash?.firstAt)).size).toBe(1);
  });

  it('gets one start after the cooldown, and a longer cooldown for two more', async () => {
    const bench = await dying(() => BROKEN);
    await bench.clock.advance(60_000);
    expect(starts(bench)).toBe(6);
    expect(bench.reported('cooldown_started').map(({ data }) => data.durationMs)).toEqual([120_000, 240_000]);
  });

  it('is remembered by the next engine', async () => {
    const bench = await dying(() => BROKEN, { 'restart.sameCrashLimit': 3 });
    await bench.replaceEngine();
    expect(bench.status()).toMatchObject({ phase: 'cooldown', budget: { cooldown: { sameCrash: { times: 3 } } } });
  });

  it('gets as many restarts as the budget allows where the setting is off, as in the classic profile', async () => {
    expect(starts(await dying(() => BROKEN, { 'restart.sameCrashLimit': null }))).toBe(6);
  });

  it('never gets more restarts than the budget allows', async () => {
    expect(starts(await dying(() => BROKEN, { 'restart.limit': 1, 'restart.sameCrashLimit': 5 }))).toBe(2);
  });
});

describe('another end', () => {
  it.each<[string, () => Promise<TestBench>]>([
    ['is each time a different crash', () => dying((start) => [`TypeError: of ${'abcdefgh'.slice(0, start)}`])],
    ['is each second time a different crash', () => dying((start) => (start % 2 === 0 ? ['KeyError: x'] : BROKEN))],
    ['says nothing', () => dying(() => [])],
    ['is for want of a service', () => dying(() => ['Error: connect ECONNREFUSED 127.0.0.1:5432'])],
    ['is clean', () => dying(() => TRACE, {}, { exitCode: 0, signal: null })],
    ['is by SIGKILL', () => dying(() => BROKEN, {}, { exitCode: null, signal: 'SIGKILL' })],
  ])('%s: only the budget counts', async (_, run) => {
    const bench = await run();
    expect(starts(bench)).toBe(6);
    expect(bench.reported('cooldown_started')[0]?.data).not.toHaveProperty('sameCrash');
  });

  it('later than the start grace is no crash at the start', async () => {
    const bench = await dying(() => BROKEN, { 'start.graceMs': 1000 }, { exitCode: 1, signal: null }, 5000);
    expect(starts(bench)).toBeGreaterThan(3);
  });
});

describe('the same crash', () => {
  const reading = (id: string | null, atMs: number): CrashReading => ({
    ...{ atMs, exitCode: 1, signal: null },
    ...(id === null ? {} : { crash: { id, title: `crash ${id}` } }),
  });

  it.each<[string, readonly (string | null)[], number | null, number | null]>([
    ['none yet', [], 3, null],
    ['too few', ['a', 'a'], 3, null],
    ['enough', ['a', 'a', 'a'], 3, 3],
    ['another between', ['a', 'a', 'b', 'a'], 3, null],
    ['an unknown one between', ['a', 'a', null, 'a', 'a'], 3, null],
    ['after others', ['b', 'b', 'a', 'a', 'a'], 3, 3],
    ['the last is unknown', ['a', 'a', 'a', null], 3, null],
    ['switched off', ['a', 'a', 'a'], null, null],
  ])('%s', (_, ids, limit, times) => {
    const found = findSameCrash(
      ids.map((id, at) => reading(id, at * 10)),
      limit,
    );
    expect(found?.times ?? null).toBe(times);
  });
});
