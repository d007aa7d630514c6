import type { ProcessSample } from '../../shared/model/process';
import type { Watch } from '../../shared/model/watch';
import type { LiveProcess } from './heal-state';
import { foundProcess, heirAgain, inheritedOrigin } from './live-process';
import type { ProcessIndex } from './process-index';
import type { Clock, PersistedWatch, ProcessTable } from './ports';
import type { Provenance } from './provenance';

export interface SurvivorFacts {
  clock: Clock;
  index: ProcessIndex;
  table: Pick<ProcessTable, 'isAlive'>;
  watch: Watch;
  /** What that engine wrote down, or null. */
  memory: PersistedWatch | null;
  provenance: Provenance;
}

/** What lives of a watch that an earlier engine kept. */
export interface Survivors {
  processes: readonly LiveProcess[];
  /** Whether a start of the watch has left something that is not the program: no other copy is started beside it. */
  strays: boolean;
}

/** The living processes of a watch that an earlier engine kept: those it wrote down, else the one that is proved by its mark. */
export function findSurvivors(facts: SurvivorFacts): Survivors {
  const { clock, index, table, memory, provenance } = facts;
  const processes = (memory?.processes ?? []).flatMap((identity): LiveProcess[] => {
    const sample = index.find(identity);
    if (sample === null || !table.isAlive(identity)) return [];
    // Whoever we have started leads its session for life (setsid(2)); its user it may have changed by itself.
    const leads = identity.origin === 'match' || sample.session === sample.pid || sample.session === NO_SESSION;
    if (!leads && !(identity.heir === true && provenance.isFromLaunch(sample))) return [];
    return [{ ...foundProcess(sample, inheritedOrigin(identity), clock), ...heirAgain(identity) }];
  });
  // A stop is an operator's word: no mark undoes it.
  if (processes.length > 0 || memory?.desired === 'stopped') return { processes, strays: false };
  return lostChild(facts);
}

/** A child that the earlier engine could not write down any more. */
function lostChild({ clock, index, watch, memory, provenance }: SurvivorFacts): Survivors {
  const { target } = watch;
  if (target.kind !== 'command') return { processes: [], strays: false };
  const lost = memory?.processes[0] ?? null;
  const isProgram = (sample: ProcessSample): boolean => {
    const mark = provenance.markOfProgram(sample);
    if (mark === null) return false;
    if (lost === null) return true;
    // What carries the mark of the one that is gone is what that one has left.
    return (
      mark !== memory?.launch?.mark &&
      sample.startTime > lost.startTime &&
      sameArguments(sample.argv, target.command.argv)
    );
  };
  const leaders = index.samples.filter((sample) => sample.session === sample.pid);
  // A stray of the program may lead a session too; the program itself was first.
  const [first] = leaders.filter(isProgram).sort((a, b) => a.startTime - b.startTime);
  if (first !== undefined) return { processes: [foundProcess(first, 'adopted', clock)], strays: false };
  // What is left in the session of a dead one is found by that; when nobody knows who died, only the mark is left to find it by.
  const suspects = lost === null ? index.samples : leaders;
  return { processes: [], strays: suspects.some((sample) => provenance.isFromLaunch(sample)) };
}

/** Session of every process where the OS has none. */
const NO_SESSION = 0;

/** Whether a process runs with the arguments of a command; its first words may be those of an interpreter. */
export function sameArguments(actual: readonly string[], wanted: readonly string[]): boolean {
  const rest = wanted.slice(1);
  const offset = actual.length - rest.length;
  return offset > 0 && rest.every((argument, at) => actual[offset + at] === argument);
}
