import { startCommandOf, type Watch } from '../../../shared/model/watch';
import type { LiveProcess, StopReason } from '../heal-state';
import type { PersistedWatch } from '../ports';

/** What an engine does first with a watch that another engine may have kept before it. */
export type Takeover =
  | { kind: 'adopt'; processes: readonly LiveProcess[] }
  | { kind: 'stay_stopped'; because: StopReason }
  | { kind: 'died_meanwhile'; lost: PersistedWatch['processes'][number] }
  | { kind: 'cool_down' }
  | { kind: 'start' }
  | { kind: 'wait' }
  | { kind: 'rest' };

/** What was gathered for the decision. */
export interface TakeoverFacts {
  watch: Watch;
  /** What the last engine of this boot wrote down; null for a new watch or after a reboot. */
  memory: PersistedWatch | null;
  /** Living processes that are known to be the program. */
  survivors: readonly LiveProcess[];
  /** Living processes that the pattern finds besides. */
  matches: readonly LiveProcess[];
}

/**
 * | known before | lives | decision                                             |
 * |--------------|-------|------------------------------------------------------|
 * | stopped      | no    | stays stopped, also when its pattern finds something |
 * | any          | yes   | adopt                                                |
 * | active       | no    | it died while no engine looked: a crash              |
 * | active, in a cooldown, no process | no | the cooldown goes on             |
 * | active, no process yet | no | start it                                   |
 * | nothing      | no    | start it if it starts by itself and can be started   |
 * | nothing, can't be started | no | wait for a match; a command rests        |
 */
export function decideTakeover({ watch, memory, survivors, matches }: TakeoverFacts): Takeover {
  if (memory?.desired === 'stopped' && survivors.length === 0) {
    return { kind: 'stay_stopped', because: stopReason(memory.reason) };
  }
  if (survivors.length + matches.length > 0) return { kind: 'adopt', processes: [...survivors, ...matches] };
  const lost = memory?.processes[0];
  if (lost !== undefined) return { kind: 'died_meanwhile', lost };
  if (memory?.desired === 'active' && memory.budget.cooldown !== null) return { kind: 'cool_down' };
  const due = memory === null ? watch.autostart : memory.desired === 'active';
  if (due && startCommandOf(watch.target) !== null) return { kind: 'start' };
  return { kind: watch.target.kind === 'match' ? 'wait' : 'rest' };
}

function stopReason(reason: string): StopReason {
  return reason === 'clean_exit' || reason === 'crash' || reason === 'killed' || reason === 'gave_up'
    ? reason
    : 'operator';
}
