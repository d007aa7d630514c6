import { identityKey, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { Watch } from '../../../shared/model/watch';
import type { LiveProcess } from '../heal/heal-state';
import { foundProcess, heirAgain, inheritedOrigin } from '../heal/live-process';
import type { ProcessIndex } from '../processes/process-index';
import type { Clock, PersistedWatch, ProcessTable } from '../ports';
import type { Provenance } from '../processes/provenance';

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
    const isProved = leads || (identity.heir === true && mayBeFromLaunch(sample, provenance));
    if (!isProved) return [];
    return [{ ...foundProcess(sample, inheritedOrigin(identity), clock), ...heirAgain(identity) }];
  });
  // A stop is an operator's word: no mark undoes it.
  if (memory?.desired === 'stopped') return { processes, strays: false };
  if (processes.length === 0) return lostChild(facts);
  // Only when one of them is gone is another one started, and what that has left is looked for.
  const isAllThere = processes.length === memory?.processes.length;
  return { processes, strays: !isAllThere && hasStrays(facts, processes) };
}

function mayBeFromLaunch(sample: ProcessSample, provenance: Provenance): boolean {
  return provenance.isFromLaunch(sample) || provenance.mayHaveLostMark(sample);
}

/** Whether anything that a start has brought up lives besides these. */
function hasStrays({ index, provenance }: SurvivorFacts, processes: readonly ProcessIdentity[]): boolean {
  const known = new Set(processes.map(identityKey));
  return index.samples.some((sample) => !known.has(identityKey(sample)) && provenance.isFromLaunch(sample));
}

/** A child that the earlier engine could not write down any more. */
function lostChild(facts: SurvivorFacts): Survivors {
  const { clock, index, watch, memory, provenance } = facts;
  const { target } = watch;
  // Of a match nothing is ended for a start that nothing has died before: the start finds what lives, or waits for it.
  if (target.kind !== 'command') {
    return { processes: [], strays: memory !== null && memory.processes.length > 0 && hasStrays(facts, []) };
  }
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
  return { processes: [], strays: hasStrays(facts, []) };
}

/** Session of every process where the OS has none. */
const NO_SESSION = 0;

/** Whether a process runs with the arguments of a command; its first words may be those of an interpreter. */
export function sameArguments(actual: readonly string[], wanted: readonly string[]): boolean {
  const rest = wanted.slice(1);
  const offset = actual.length - rest.length;
  return offset > 0 && rest.every((argument, at) => actual[offset + at] === argument);
}
