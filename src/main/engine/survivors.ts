import type { ProcessIdentity } from '../../shared/model/process';
import type { Watch } from '../../shared/model/watch';
import type { LiveProcess } from './heal-state';
import { foundProcess, inheritedOrigin } from './live-process';
import type { ProcessIndex } from './process-index';
import { WATCH_MARK, type Clock, type PersistedWatch, type ProcessTable } from './ports';

export interface SurvivorFacts {
  clock: Clock;
  index: ProcessIndex;
  table: Pick<ProcessTable, 'isAlive' | 'environment'>;
  watch: Watch;
  /** What that engine wrote down, or null. */
  memory: PersistedWatch | null;
}

/** The living processes of a watch that an earlier engine kept: those it wrote down, else the one that carries its mark. */
export function findSurvivors(facts: SurvivorFacts): readonly LiveProcess[] {
  const { clock, index, table, memory } = facts;
  const remembered = memory?.processes ?? [];
  const alive = remembered.flatMap((identity): LiveProcess[] => {
    const sample = index.find(identity);
    if (sample === null || !table.isAlive(identity)) return [];
    return [foundProcess(sample, inheritedOrigin(identity), clock)];
  });
  return alive.length > 0 ? alive : marked(remembered[0] ?? null, facts);
}

/** A child that the earlier engine could not write down any more: it carries the mark and leads a session. */
function marked(lost: ProcessIdentity | null, { clock, index, table, watch }: SurvivorFacts): readonly LiveProcess[] {
  const { target, id } = watch;
  if (target.kind !== 'command') return [];
  const found = index.samples.filter(
    (sample) =>
      sample.session === sample.pid &&
      !sample.kernel &&
      sample.state !== 'zombie' &&
      (lost === null || (sample.startTime > lost.startTime && sameArguments(sample.argv, target.command.argv))) &&
      table.environment(sample)?.[WATCH_MARK] === id,
  );
  // A stray of the program may lead a session too; the program itself was first.
  const [first] = found.sort((a, b) => a.startTime - b.startTime);
  return first === undefined ? [] : [foundProcess(first, 'adopted', clock)];
}

/** Whether a process runs with the arguments of a command; its first words may be those of an interpreter. */
function sameArguments(actual: readonly string[], wanted: readonly string[]): boolean {
  const rest = wanted.slice(1);
  const offset = actual.length - rest.length;
  return offset > 0 && rest.every((argument, at) => actual[offset + at] === argument);
}
