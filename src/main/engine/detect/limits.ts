import type { LimitAction } from '../../../shared/findings';

/** The ceilings of one metric; null: none. */
export interface LimitRule {
  warn: number | null;
  act: number | null;
  action: LimitAction;
}

/** How much of a violation is a violation. */
export interface Tolerance {
  /** How many of the last `samples` readings must be above. */
  violations: number;
  samples: number;
  /** A limit that was exceeded is clear again below this share of it, in %. */
  clearPercent: number;
}

export type LimitLevel = 'ok' | 'warn' | 'act';

/** The memory of one rule: the last readings, as the highest level that each was above. */
export interface LimitWindow {
  readings: readonly { value: number; level: LimitLevel }[];
  /** What was reported last; it falls only by the hysteresis. */
  level: LimitLevel;
}

export const EMPTY_WINDOW: LimitWindow = { readings: [], level: 'ok' };

/** A limit that has just been exceeded. */
export interface Crossing {
  level: 'warn' | 'act';
  limit: number;
  /** The newest reading that is above. */
  value: number;
  /** The readings that count, oldest first. */
  values: readonly number[];
  violations: number;
}

/**
 * Judges one more reading. A crossing is reported once, when enough of the last readings are above; again only after it cleared.
 *
 * | readings above act | readings above warn | level before | result             |
 * |--------------------|---------------------|--------------|--------------------|
 * | enough             | any                 | ok, warn     | crosses act        |
 * | too few            | enough              | ok           | crosses warn       |
 * | too few            | too few             | warn, act    | clears, once the newest is below the clear line |
 * | otherwise                                               ||| nothing            |
 */
export function judgeLimit(
  window: LimitWindow,
  value: number,
  rule: LimitRule,
  tolerance: Tolerance,
): { window: LimitWindow; crossing: Crossing | null } {
  const readings = [...window.readings, { value, level: levelOf(value, rule) }].slice(-tolerance.samples);
  const above = (levels: readonly LimitLevel[]): number =>
    readings.filter(({ level }) => levels.includes(level)).length;
  const values = readings.map((reading) => reading.value);
  const newestAbove = (limit: number): number => values.findLast((one) => one > limit) ?? value;
  const actViolations = above(['act']);
  const warnViolations = above(['act', 'warn']);
  if (rule.act !== null && window.level !== 'act' && actViolations >= tolerance.violations) {
    const crossing: Crossing = {
      level: 'act',
      limit: rule.act,
      value: newestAbove(rule.act),
      values,
      violations: actViolations,
    };
    return { window: { readings, level: 'act' }, crossing };
  }
  if (rule.warn !== null && window.level === 'ok' && warnViolations >= tolerance.violations) {
    const crossing: Crossing = {
      level: 'warn',
      limit: rule.warn,
      value: newestAbove(rule.warn),
      values,
      violations: warnViolations,
    };
    return { window: { readings, level: 'warn' }, crossing };
  }
  return {
    window: { readings, level: clearedLevel(window.level, value, rule, tolerance.clearPercent) },
    crossing: null,
  };
}

const RANKS: readonly LimitLevel[] = ['ok', 'warn', 'act'];

/** Whether the newest reading is above what was reported last. */
export function isUndecided({ readings, level }: LimitWindow): boolean {
  return RANKS.indexOf(readings.at(-1)?.level ?? 'ok') > RANKS.indexOf(level);
}

/** The level after a reading that crossed nothing: it falls a step only below the clear line of the step it stands on. */
function clearedLevel(level: LimitLevel, value: number, rule: LimitRule, clearPercent: number): LimitLevel {
  const isBelow = (limit: number | null): boolean => limit === null || value < (limit * clearPercent) / 100;
  if (level === 'act' && isBelow(rule.act)) return rule.warn !== null && !isBelow(rule.warn) ? 'warn' : 'ok';
  if (level === 'warn' && isBelow(rule.warn)) return 'ok';
  return level;
}

function levelOf(value: number, rule: LimitRule): LimitLevel {
  if (rule.act !== null && value > rule.act) return 'act';
  return rule.warn !== null && value > rule.warn ? 'warn' : 'ok';
}
