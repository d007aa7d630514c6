import type { ProcessSample } from '../../../shared/model/process';
import { sameName, startCommandOf, type Watch } from '../../../shared/model/watch';
import { instanceIdOf, membersOf } from '../../../shared/lib/instances';
import { sameCommand } from './launcher';
import type { PersistedState, PersistedWatch } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import { sameArguments } from './survivors';

/**
 * Watches whose id no engine of this boot knows, while another id that no watch has is known with the same command: the id
 * was damaged, or edited by hand. Without its memory the program would be started a second time, or come back from a stop.
 * From the id that a watch has to the one that it had.
 */
export function findDamagedIds(
  watches: readonly Watch[],
  before: PersistedState,
  index: ProcessIndex,
): ReadonlyMap<string, string> {
  const ids = new Set(watches.flatMap((watch) => membersOf(watch).map(({ id }) => id)));
  const orphans = new Map(Object.entries(before.watches).filter(([id]) => !ids.has(id)));
  const found = new Map<string, string>();
  for (const watch of watches) {
    if (before.watches[watch.id] !== undefined) continue;
    const [first = watch] = membersOf(watch);
    const hasOthers = (id: string): boolean =>
      (watch.instances?.count ?? 1) === 1 || before.watches[instanceIdOf(id, 2)] !== undefined;
    const [former] = [...orphans].find(([id, memory]) => isMemoryOf(first, memory, index) && hasOthers(id)) ?? [];
    if (former === undefined) continue;
    orphans.delete(former);
    found.set(watch.id, former);
  }
  return found;
}

function isMemoryOf({ target }: Watch, memory: PersistedWatch, index: ProcessIndex): boolean {
  const command = startCommandOf(target);
  if (command === null) return false;
  if (memory.launch !== null) return sameCommand(memory.launch.command, command);
  // Written by a version without records of launches: the running process shows what it runs.
  const living = memory.processes.flatMap((identity): ProcessSample[] => {
    const sample = index.find(identity);
    return sample === null ? [] : [sample];
  });
  return living.length > 0 && living.every(({ argv }) => sameArguments(argv, command.argv));
}

/**
 * The id under which a watch of the store is in force: its own, or that of a watch with the same name and program whose id is in
 * the store no more. It was damaged or edited there, and counted as another watch it would start a second copy.
 */
export function knownId(watch: Watch, found: readonly Watch[], inForce: readonly Watch[]): string {
  if (inForce.some(({ id }) => id === watch.id)) return watch.id;
  const former = inForce.find((one) => isSameProgram(one, watch) && !found.some(({ id }) => id === one.id));
  return former?.id ?? watch.id;
}

/** Whether two watches are one by name and program, whatever their ids. */
function isSameProgram(one: Watch, other: Watch): boolean {
  if (!sameName(one.name, other.name) || one.target.kind !== other.target.kind) return false;
  const [command, otherCommand] = [startCommandOf(one.target), startCommandOf(other.target)];
  if (command !== null && otherCommand !== null) return sameCommand(command, otherCommand);
  return JSON.stringify(one.target) === JSON.stringify(other.target);
}
