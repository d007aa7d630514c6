import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAttempt, countFailures, NO_ATTEMPTS, type AttemptWindow, type Counted } from './attempt-window';

const RULE = { failures: 3, of: 5, successes: 1 };

/** `P` passed, `F` failed, `s` failed on a starved machine. */
function windowOf(history: string, rule = RULE): AttemptWindow<Counted> {
  return [...history].reduce<AttemptWindow<Counted>>((window, letter) => grown(window, letter, rule), NO_ATTEMPTS);
}

describe('a window of attempts', () => {
  it.each([
    ['', 'unknown'],
    ['F', 'unknown'],
    ['FF', 'unknown'],
    ['FFF', 'failing'],
    ['P', 'passing'],
    ['PFF', 'passing'],
    ['PFFF', 'failing'],
    // Every other time.
    ['PFPFPF', 'failing'],
    // Two of five, for ever.
    ['PFPPFPPFPPF', 'passing'],
    ['PFFPPPFF', 'passing'],
    // What passes again begins anew.
    ['FFFP', 'passing'],
    ['FFFPFF', 'passing'],
    ['FFFPFFF', 'failing'],
    // A starved machine.
    ['Psss', 'passing'],
    ['Pssss', 'passing'],
    ['PssFsF', 'failing'],
    ['Psssss', 'passing'],
    ['Pssssss', 'failing'],
    // As ten of them are five attempts.
    ['PssssPPFF', 'failing'],
    ['PssssPPPFF', 'passing'],
  ])('of %j is %s', (history, verdict) => {
    expect(windowOf(history).verdict).toBe(verdict);
  });

  it('passes after so many in a row only', () => {
    const rule = { ...RULE, successes: 3 };
    expect(windowOf('PP', rule).verdict).toBe('unknown');
    expect(windowOf('PPFPP', rule).verdict).toBe('unknown');
    expect(windowOf('PPFPPP', rule).verdict).toBe('passing');
    expect(windowOf('PPPFFFPP', rule).verdict).toBe('failing');
  });

  it('fails when and only when enough of the last attempts failed, and never by an attempt that passed', () => {
    const letters = fc.array(fc.constantFrom('P', 'F', 's'), { maxLength: 60 });
    const rules = fc
      .record({
        failures: fc.integer({ min: 1, max: 6 }),
        extra: fc.integer({ min: 0, max: 6 }),
        successes: fc.integer({ min: 1, max: 6 }),
      })
      .map(({ failures, extra, successes }) => ({ failures, of: failures + extra, successes }));
    fc.assert(
      fc.property(letters, rules, (history, rule) => {
        let window: AttemptWindow<Counted> = NO_ATTEMPTS;
        for (const letter of history) {
          const before = window.verdict;
          window = grown(window, letter, rule);
          const starved = window.attempts.filter((attempt) => attempt.starved === true).length;
          expect(window.attempts.length - starved / 2).toBeLessThanOrEqual(rule.of);
          if (letter === 'P') expect(window.verdict === 'failing' && before !== 'failing').toBe(false);
          else expect(window.verdict === 'failing' || countFailures(window.attempts) < rule.failures).toBe(true);
        }
      }),
    );
  });
});

function grown(window: AttemptWindow<Counted>, letter: string, rule: typeof RULE): AttemptWindow<Counted> {
  return addAttempt(window, letter === 's' ? { passed: false, starved: true } : { passed: letter === 'P' }, rule);
}
