import { describe, expect, it } from 'vitest';
import { createForkBomb, DEFAULT_FORK_BOMB_CLASSIC } from './fork-bomb';
import { feed, sampleAt } from './testing/series';

interface Shape {
  /** Of the descendants: how many run one program, have grandchildren of it, are young. */
  same?: number;
  multiplying?: number;
  young?: number;
  /** Born and gone again within a half second, as a share of all. */
  churn?: number;
  servesConnections?: () => boolean;
}

/** Idle for 30 s, then `at(ms since then)` descendants of a shape; who is born is what the count grew by, and the churn. */
const from30s =
  (at: (ms: number) => number, shape: Shape = {}) =>
  (atMs: number) => {
    const count = (ms: number) => (ms < 0 ? 2 : Math.round(at(ms)));
    const ms = atMs - 30_000;
    const descendants = count(ms);
    const share = (part: number | undefined) => (part === undefined ? null : Math.round(part * descendants));
    return {
      descendants,
      sameProgramDescendants: share(shape.same),
      multiplyingDescendants: share(shape.multiplying),
      youngDescendants: share(shape.young ?? 1),
      births: [0, 1, 2, 3].map((slot) => {
        const grown = count(ms - 500 * slot) - count(ms - 500 * (slot + 1));
        return Math.max(0, grown) + Math.round((shape.churn ?? 0) * descendants);
      }),
      servesConnections: shape.servesConnections ?? null,
    };
  };
const build: Shape = { same: 0.3, multiplying: 0.1, churn: 0.3 };
const bomb: Shape = { same: 1, multiplying: 0.17 };
/** `make -j64` on a small machine: 64 jobs of up to four processes, up within two seconds, then swaying. */
const make64 = (ms: number) => Math.min(ms / 2000, 1) * 64 * (3.6 + 0.4 * Math.sin(ms / 700));

describe('the classic fork bomb rule', () => {
  it.each([
    [[50], []],
    [[51], [0]],
    [[51, 60, 70], [0]],
    [
      [51, 50, 51],
      [0, 2],
    ],
  ])('of %j descendants tells %j', (counts, reported) => {
    const detector = createForkBomb(DEFAULT_FORK_BOMB_CLASSIC);
    const yes = counts.map((descendants, i) => detector.observe(sampleAt(1000 * i, { descendants })) !== null);
    expect(yes.flatMap((is, i) => (is ? [i] : []))).toEqual(reported);
  });
});

describe('the growth rule for fork bombs', () => {
  it.each([250, 500, 1000])('catches 200 forks a second in less than 3 s, sampled every %i ms', (everyMs) => {
    const found = feed(
      createForkBomb(),
      60_000,
      everyMs,
      from30s((ms) => Math.min(2000, ms / 5)),
    );
    expect(found).toHaveLength(1);
    expect(found[0]!.atMs - 30_000).toBeLessThan(3000);
    expect(found[0]!.anomaly).toMatchObject({ severity: 'critical', evidence: { rule: 'growth', reason: 'runaway' } });
  });

  it.each([500, 1000, 2000])('is silent about make -j64, sampled every %i ms', (everyMs) => {
    expect(feed(createForkBomb(), 120_000, everyMs, from30s(make64))).toEqual([]);
    expect(feed(createForkBomb(), 120_000, everyMs, from30s(make64, build))).toEqual([]);
  });

  it('tells a program that multiplies itself from one that forks children', () => {
    const found = (shape: Shape) =>
      feed(
        createForkBomb(),
        60_000,
        1000,
        from30s(() => 120, shape),
      ).map(({ anomaly }) => anomaly.evidence);
    expect(found(bomb)).toMatchObject([{ reason: 'replicating', threshold: 50, descendants: 120 }]);
    expect(found({ ...bomb, multiplying: 0 })).toEqual([]);
    expect(found({ ...bomb, same: 0.3 })).toEqual([]);
    // It stands as it was for long.
    expect(found({ ...bomb, young: 0 })).toEqual([]);
  });

  it('catches a bomb that has run into its limit of processes, at any look', () => {
    const limited = from30s(() => 100, { ...bomb, young: 0.2 });
    expect(feed(createForkBomb(), 60_000, 1000, limited).map(({ atMs }) => atMs)).toEqual([30_000]);
    expect(feed(createForkBomb(), 60_000, 1000, limited, 90_000).map(({ atMs }) => atMs)).toEqual([90_000]);
  });

  it.each([70, 200, 340, 700])('is silent about a launcher of %i workers, a pool, and xargs -P', (count) => {
    const launched = from30s((ms) => Math.min(count, ms / 2), { same: 1 });
    for (const everyMs of [500, 1000, 2000]) {
      expect(feed(createForkBomb(), 60_000, everyMs, launched)).toEqual([]);
    }
    const jobs = from30s((ms) => Math.min(count, 300, ms / 2), { same: 1, churn: 1 });
    expect(feed(createForkBomb(), 60_000, 1000, jobs)).toEqual([]);
  });

  it('is silent about a database whose clients come in a storm, and not about a parent that forks as fast', () => {
    const storm = (servesConnections: () => boolean) =>
      feed(
        createForkBomb(),
        60_000,
        500,
        from30s((ms) => Math.min(1010, ms / 5), { same: 1, servesConnections }),
      );
    expect(storm(() => true)).toEqual([]);
    expect(storm(() => false)).toHaveLength(1);
  });

  it('is silent about a large build that levels off, and not beyond the ceiling', () => {
    const levelling = (top: number) => from30s((ms) => (ms === 0 ? 2 : ms <= 1000 ? 0.8 * top : top), build);
    expect(feed(createForkBomb(), 60_000, 1000, levelling(600))).toEqual([]);
    const [found] = feed(createForkBomb(), 60_000, 1000, levelling(1200));
    expect(found?.anomaly.evidence).toMatchObject({ reason: 'ceiling', threshold: 1000, descendants: 1200 });
  });

  it('catches a slow bomb at the ceiling, and lets a large pool be that is up', () => {
    const slow = from30s((ms) => ms / 50, { same: 1 });
    const [found] = feed(createForkBomb(), 120_000, 1000, slow);
    expect(found?.anomaly.evidence).toMatchObject({ reason: 'ceiling', descendants: 1020 });
    const pool = from30s((ms) => (ms < 100 ? 900 : 1200), { same: 1 });
    expect(feed(createForkBomb(), 60_000, 1000, pool)).toEqual([]);
  });

  it('is silent about a large tree that is as it was, and about one that grows slowly', () => {
    expect(feed(createForkBomb(), 60_000, 1000, () => ({ descendants: 900 }))).toEqual([]);
    expect(feed(createForkBomb(), 600_000, 1000, (atMs) => ({ descendants: Math.round(50 + atMs / 1000) }))).toEqual(
      [],
    );
  });

  it('asks for another look while a tree grows', () => {
    const detector = createForkBomb();
    detector.observe(sampleAt(0, { descendants: 2 }));
    expect(detector.suspicious).toBe(false);
    detector.observe(sampleAt(1000, { descendants: 200 }));
    expect(detector.suspicious).toBe(true);
    feed(detector, 20_000, 1000, () => ({ descendants: 200 }), 2000);
    expect(detector.suspicious).toBe(false);
  });

  it('asks for another look while parents of a program that multiplies itself have just ended', () => {
    const suspiciousOf = (shape: Shape) => {
      const detector = createForkBomb();
      const found = feed(detector, 60_000, 1000, (atMs) => ({
        ...from30s(() => 120, { young: 0.2, ...shape })(atMs),
        descendants: 120,
      }));
      expect(found).toEqual([]);
      return detector.suspicious;
    };
    expect(suspiciousOf({ ...bomb, multiplying: 0.04 })).toBe(true);
    expect(suspiciousOf({ ...bomb, multiplying: 0 })).toBe(false);
    expect(suspiciousOf({ ...build, multiplying: 0.04 })).toBe(false);
    expect(suspiciousOf({ ...bomb, multiplying: 0.04, young: 0 })).toBe(false);
  });

  it('tells a bomb once until it is gone, and anew after a reset', () => {
    const detector = createForkBomb();
    const at = (atMs: number, descendants: number) => detector.observe(sampleAt(atMs, { descendants })) !== null;
    expect([at(0, 1), at(1000, 1500), at(2000, 1600), at(3000, 700), at(4000, 1100)]).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect([at(5000, 10), at(6000, 1100)]).toEqual([false, true]);
    detector.reset();
    expect([at(7000, 1100), at(8000, 1400)]).toEqual([false, true]);
  });

  it('shows the counts that rose', () => {
    const [found] = feed(
      createForkBomb(),
      60_000,
      500,
      from30s((ms) => ms / 5),
    );
    const { evidence, message } = found!.anomaly;
    expect(evidence.samples.at(-1)).toEqual({ atMs: found!.atMs, value: evidence.descendants });
    expect(evidence.descendants).toBeGreaterThan(evidence.threshold);
    expect(evidence.windowSeconds).toBeLessThanOrEqual(10);
    expect(message).toMatch(
      /^It has \d+ descendants, \d+ more than [\d.]+ s ago: more than 350 descendants and 2 times as many within 10 s\.$/,
    );
  });
});
