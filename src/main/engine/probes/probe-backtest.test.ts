import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedAttempt } from '../../../shared/model/probe-history';
import { addAttempt, NO_ATTEMPTS, type AttemptWindow } from './attempt-window';
import { ProbeBacktestRun, type ProbeBacktestRule } from './probe-backtest';

const RULE: ProbeBacktestRule = { failures: 3, of: 5, successes: 1, timeoutMs: 2000 };

/** Attempts every 10 s: `.` passed, `x` failed, `h` failed on a starved machine, `u` says nothing, `s` passed after 1 s. */
function attempts(signs: string): readonly RecordedAttempt[] {
  return [...signs].map((sign, index) => ({
    at: index * 10_000,
    passed: sign === '.' || sign === 's',
    latencyMs: sign === 's' ? 1000 : 3,
    words: null,
    ...(sign === 'h' ? { starved: true as const } : {}),
    ...(sign === 'u' ? { uncounted: true as const } : {}),
  }));
}

function run(signs: string, rule: Partial<ProbeBacktestRule> = {}, starts: readonly number[] = []) {
  const tested = new ProbeBacktestRun({ ...RULE, ...rule }, starts);
  tested.observe(attempts(signs));
  return tested;
}

/** When it would have begun to fail, and how long that lasted; in attempts. */
const spells = (...given: Parameters<typeof run>) =>
  run(...given).hits.map(({ at, until }) => [at / 10_000, until === null ? null : until / 10_000]);

describe('recorded attempts under another rule', () => {
  it('fail once for each outage, until the program passes again', () => {
    expect(spells('...xxxxxxxx..xxx')).toEqual([
      [5, 11],
      [15, null],
    ]);
    expect(run('...xxx').hits).toMatchObject([{ failures: 3 }]);
    expect(spells('...xxxxxxxx..xxx', { successes: 3 })).toEqual([[5, null]]);
  });

  it('fail earlier with fewer failures, and not at all with more', () => {
    expect(spells('.x.x.x.x', { failures: 1, of: 1 })).toHaveLength(4);
    expect(spells('.x.x.x.x')).toEqual([[5, 6]]);
    expect(spells('.x.x.x.x', { failures: 4 })).toEqual([]);
  });

  it('count half on a starved machine, and not where nobody was asked', () => {
    expect(spells('..hhhhh')).toEqual([]);
    expect(spells('..hhhhhh')).toEqual([[7, null]]);
    expect(spells('..hhxxx')).toEqual([[5, null]]);
    expect(spells('..xxuuuux')).toEqual([[8, null]]);
    expect(run('..xxuuuux').attempts).toBe(5);
    expect(run('u')).toMatchObject({ attempts: 0, from: null, to: null });
  });

  it('fail where they took longer than a shorter timeout', () => {
    expect(spells('..ssss')).toEqual([]);
    expect(spells('..ssss', { timeoutMs: 500 })).toEqual([[4, null]]);
  });

  it('begin anew at each start', () => {
    expect(spells('.xx.xx', {}, [15_000, 35_000])).toEqual([]);
    expect(spells('.xx.xx')).toEqual([[4, null]]);
    expect(spells('xxxxxxx', {}, [35_000])).toEqual([
      [2, 3.5],
      [6, null],
    ]);
  });

  it('are judged as the living are, in whatever pieces they come', () => {
    const rule = fc.record({
      failures: fc.integer({ min: 1, max: 4 }),
      of: fc.integer({ min: 4, max: 6 }),
      successes: fc.integer({ min: 1, max: 3 }),
    });
    const signs = fc.string({ unit: fc.constantFrom('.', 'x', 'h', 'u'), maxLength: 60 });
    fc.assert(
      fc.property(rule, signs, fc.nat(60), (drawn, text, cut) => {
        const all = attempts(text);
        const tested = new ProbeBacktestRun({ ...drawn, timeoutMs: 2000 }, []);
        tested.observe(all.slice(0, cut));
        tested.observe(all.slice(cut));
        let window: AttemptWindow<RecordedAttempt> = NO_ATTEMPTS;
        const began: number[] = [];
        for (const attempt of all.filter(({ uncounted }) => uncounted !== true)) {
          const before = window.verdict;
          window = addAttempt(window, attempt, drawn);
          if (window.verdict === 'failing' && before !== 'failing') began.push(attempt.at);
        }
        expect(tested.hits.map(({ at }) => at)).toEqual(began);
        expect(tested.hits.filter(({ until }) => until === null)).toHaveLength(window.verdict === 'failing' ? 1 : 0);
      }),
    );
  });
});
