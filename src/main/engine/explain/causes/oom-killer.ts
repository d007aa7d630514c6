import type { CauseRule, DeathFacts } from '../death-facts';

/** From less than this share of available memory on, memory is short. */
const SHORT_SHARE = 0.1;
/** From this share of time in which tasks waited for memory on, it is, too. In %. */
const STALLED_PERCENT = 10;

/**
 * The kernel's OOM killer leaves a count for everybody and names for root only.
 *
 * | SIGKILL | the kernel's log names the pid | count rose | it was the largest, and memory short | the OOM killer is   |
 * |---------|--------------------------------|------------|--------------------------------------|---------------------|
 * | no      | -                              | -          | -                                    | not the reason      |
 * | yes     | yes                            | -          | -                                    | certain             |
 * | yes     | no: it names others            | -          | -                                    | not the reason      |
 * | yes     | can't be read                  | yes        | yes                                  | likely              |
 * | yes     | can't be read                  | yes        | no                                   | one of two (see `sender`) |
 */
export const oomKiller: CauseRule = (facts) => {
  if (facts.exit?.signal !== 'SIGKILL') return null;
  const { oomVictim } = facts.scene;
  if (oomVictim === true) {
    return {
      certainty: 'certain',
      reason: "the kernel's OOM killer ended it, since the machine or its control group had no memory left",
      isOfProgram: false,
    };
  }
  if (oomVictim === false || facts.oomKills === 0 || !facts.wasLargest || !isMemoryShort(facts)) return null;
  return {
    certainty: 'likely',
    reason:
      "the kernel's OOM killer ended it: it was the largest of those that vanished, and the kernel ended processes for want of memory",
    isOfProgram: false,
  };
};

/** Whether programs have to wait for memory, or soon will. */
export function isMemoryShort({ scene: { memory } }: Pick<DeathFacts, 'scene'>): boolean {
  if (memory === null) return false;
  const { availableBytes, totalBytes, stalledPercent } = memory;
  return availableBytes < SHORT_SHARE * totalBytes || (stalledPercent ?? 0) >= STALLED_PERCENT;
}
