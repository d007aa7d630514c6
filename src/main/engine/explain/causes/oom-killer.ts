import type { CauseRule, DeathFacts } from '../death-facts';

/** From less than this share of available memory on, memory is short. */
const SHORT_SHARE = 0.1;
/** From this share of time in which tasks waited for memory on, it is, too. In %. */
const STALLED_PERCENT = 10;

/**
 * The kernel's OOM killer leaves counts for everybody, of the machine and of each control group, and names for root only. What it
 * counts in a group says something of a program that has the group for itself; others count as unknown here.
 *
 * | SIGKILL | the kernel's log names the pid | count of its group   | count of the machine | the largest, memory short | the OOM killer is         |
 * |---------|--------------------------------|----------------------|----------------------|---------------------------|---------------------------|
 * | no      | -                              | -                    | -                    | -                         | not the reason            |
 * | yes     | yes                            | -                    | -                    | -                         | certain                   |
 * | yes     | no: it names others            | -                    | -                    | -                         | not the reason            |
 * | yes     | can't be read                  | more than others gone | -                   | -                         | very likely               |
 * | yes     | can't be read                  | the same as before   | -                    | -                         | not the reason            |
 * | yes     | can't be read                  | unknown, or others gone | rose              | yes                       | likely                    |
 * | yes     | can't be read                  | unknown              | rose                 | no                        | one of two (see `sender`) |
 * | yes     | can't be read                  | others gone          | -                    | no                        | one of two (see `sender`) |
 */
export const oomKiller: CauseRule = (facts) => {
  if (facts.exit?.signal !== 'SIGKILL') return null;
  if (facts.scene.oomVictim === true) {
    return {
      certainty: 'certain',
      reason: "the kernel's OOM killer ended it, since the machine or its control group had no memory left",
      isOfProgram: false,
    };
  }
  if (!mayBeVictim(facts)) return null;
  const { oomKillsInGroup, wasLargest } = facts;
  if (oomKillsInGroup !== null && oomKillsInGroup.kills > oomKillsInGroup.othersGone) {
    return {
      certainty: 'very_likely',
      reason: "the kernel's OOM killer ended it, as the count of its control group shows",
      isOfProgram: false,
    };
  }
  if (!wasLargest || !isMemoryShort(facts)) return null;
  return {
    certainty: 'likely',
    reason:
      "the kernel's OOM killer ended it: it was the largest of those that vanished, and the kernel ended processes for want of memory",
    isOfProgram: false,
  };
};

/** Whether the OOM killer may have ended a process that SIGKILL has ended, by what it leaves. */
export function mayBeVictim({ scene, oomKills, oomKillsInGroup }: DeathFacts): boolean {
  if (scene.oomVictim !== null) return scene.oomVictim;
  return oomKillsInGroup === null ? oomKills > 0 : oomKillsInGroup.kills > 0;
}

/** Whether programs have to wait for memory, or soon will. */
export function isMemoryShort({ scene: { memory } }: Pick<DeathFacts, 'scene'>): boolean {
  if (memory === null) return false;
  const { availableBytes, totalBytes, stalledPercent } = memory;
  return availableBytes < SHORT_SHARE * totalBytes || (stalledPercent ?? 0) >= STALLED_PERCENT;
}
