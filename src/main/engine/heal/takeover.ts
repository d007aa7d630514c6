import { sameIdentity } from '../../../shared/model/process';
import { isJob } from '../../../shared/model/schedule';
import { isForbidden, startCommandOf, type Watch } from '../../../shared/model/watch';
import type { LiveProcess, StopReason, Takeover } from './heal-state';
import { lostProcess } from './live-process';
import type { PersistedWatch } from '../ports';

/** What was gathered for the decision. */
export interface TakeoverFacts {
  watch: Watch;
  /** What the last engine of this boot wrote down; null for a new watch or after a reboot. */
  memory: PersistedWatch | null;
  /** Whether a command's start that was under way came to be executed; null: not known. */
  wasExecuted: boolean | null;
  /** Living processes that are known to be the program. */
  survivors: readonly LiveProcess[];
  /** Living processes that the pattern finds besides. */
  matches: readonly LiveProcess[];
  /** Whether something that a start has left lives on, and is not the program. */
  strays: boolean;
  /** Whether anything lives that the last start has made. */
  startLives: () => boolean;
  /** Monotonic, in ms. */
  nowMs: number;
}

/**
 * | known before | lives | decision                                             |
 * |--------------|-------|------------------------------------------------------|
 * | stopped      | no    | stays stopped, also when its pattern finds something; what was being ended is reported |
 * | any          | yes   | adopt                                                |
 * | active       | no    | it died while no engine looked: a crash              |
 * | active, and a start that followed is on no record | no | the same; where nothing shows whether it was executed, that is reported, too |
 * | active, a start was under way that was never executed | no | it is made now, and counts once |
 * | active, a start was under way, and nothing shows whether it was executed | no | a failed start |
 * | active, a start of a match was under way | what it made, and nothing matches | it is still starting |
 * | active, in a cooldown, no process | no | the cooldown goes on             |
 * | active, in an incident, no process | no | its death was reported: the heal goes on |
 * | active, no process yet | no | start it                                   |
 * | nothing      | no    | start it if it starts by itself and can be started   |
 * | nothing, can't be started | no | wait for a match; a command rests        |
 * | any, in no incident; a job | no | its schedule starts it                   |
 * | any but stopped; it must not run | any | what runs of it is found by the next scan |
 */
export function decideTakeover({
  watch,
  memory,
  wasExecuted,
  survivors,
  matches,
  strays,
  startLives,
  nowMs,
}: TakeoverFacts): Takeover {
  const inIncident = memory !== null && memory.incident !== null;
  if (isForbidden(watch)) {
    if (memory?.desired === 'stopped') return { kind: 'stay_stopped', reason: stopReason(memory.reason), gone: [] };
    return memory === null && !watch.autostart ? { kind: 'rest' } : { kind: 'forbid', inIncident };
  }
  const gone = (memory?.processes ?? [])
    .filter((written) => !survivors.some((survivor) => sameIdentity(survivor, written)))
    .map((written) => lostProcess(written, nowMs));
  if (memory?.desired === 'stopped' && survivors.length === 0) {
    return { kind: 'stay_stopped', reason: stopReason(memory.reason), gone };
  }
  if (survivors.length + matches.length > 0) {
    const suspended = memory?.reason === 'suspended';
    return { kind: 'adopt', processes: [...survivors, ...matches], gone, inIncident, suspended };
  }
  const isMatch = watch.target.kind === 'match';
  const startLost = memory?.starting === true && !isMatch && wasExecuted === null;
  if (gone.length > 0) return { kind: 'died_meanwhile', gone: isMatch ? deathsOfItsOwn(gone) : gone, startLost };
  if (memory?.starting === true && isMatch && startLives()) return { kind: 'still_starting', inIncident };
  if (memory?.starting === true && !isMatch) {
    if (startLost) return { kind: 'start_lost', inIncident, strays };
    return { kind: 'start_again', inIncident, strays, countedAtMs: memory.start?.countedAtMs ?? null };
  }
  if (memory?.desired === 'active' && memory.budget.cooldown !== null) return { kind: 'cool_down', inIncident };
  const due = isJob(watch) ? inIncident : memory === null ? watch.autostart : memory.desired === 'active';
  if (due && startCommandOf(watch.target) !== null) return { kind: inIncident ? 'heal_on' : 'start', strays };
  return { kind: isMatch ? 'wait' : 'rest' };
}

/** Of several matches one stands for all, and each main process has a death of its own: another may have taken its place. */
function deathsOfItsOwn(gone: readonly LiveProcess[]): readonly LiveProcess[] {
  const mains = gone.filter(({ role }) => role === 'main');
  return mains.length > 0 ? mains : gone.slice(0, 1);
}

function stopReason(reason: string): StopReason {
  return reason === 'new' ||
    reason === 'clean_exit' ||
    reason === 'crash' ||
    reason === 'killed' ||
    reason === 'gave_up' ||
    reason === 'observed'
    ? reason
    : 'operator';
}
