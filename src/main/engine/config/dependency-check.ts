import { baseNameOf } from '../../../shared/lib/instances';
import { cycleText, findCycle } from '../../../shared/lib/dependency-order';
import { isForbidden, sameName, type Watch } from '../../../shared/model/watch';
import { Refusal } from '../refusal';

type Dependent = Pick<Watch, 'name' | 'after' | 'target'>;

/**
 * Refuses watches that could never start, since they wait for one that does not exist, or for themselves.
 * @throws Refusal `invalid`, with the cycle in words
 */
export function checkDependencies(watches: readonly Dependent[]): void {
  const dependent = watches.filter(({ after }) => after.length > 0);
  for (const { name, after } of dependent) {
    const missing = after.find((dependency) => !watches.some((watch) => sameName(watch.name, dependency.watch)));
    if (missing === undefined) continue;
    const base = baseNameOf(missing.watch);
    if (base !== missing.watch && watches.some((watch) => sameName(watch.name, base))) {
      throw new Refusal('invalid', `Expected ${name} to wait for ${base} as a whole, not for one of its instances`);
    }
    throw new Refusal('invalid', `Expected ${name} to start after watches that exist; there is no "${missing.watch}"`);
  }
  for (const { name, after } of dependent) {
    const forbidden = watches.find(
      (watch) => isForbidden(watch) && after.some((dependency) => sameName(dependency.watch, watch.name)),
    );
    if (forbidden === undefined) continue;
    throw new Refusal('invalid', `Expected ${name} to start after watches that run; ${forbidden.name} must not run`);
  }
  const cycle = findCycle(dependent);
  if (cycle !== null) throw new Refusal('invalid', cycleText(cycle));
}

/** The same of what is in force already, as after an edit of the file: why some of it never starts, or null. */
export function dependencyProblem(watches: readonly Dependent[]): string | null {
  try {
    checkDependencies(watches);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** @throws Refusal `conflict` when others wait for this one */
export function checkNotAwaited({ name }: Dependent, others: readonly Dependent[]): void {
  const waiting = others.filter(({ after }) => after.some(({ watch }) => sameName(watch, name)));
  if (waiting.length === 0) return;
  const names = waiting.map((watch) => watch.name).join(', ');
  throw new Refusal(
    'conflict',
    `Expected a watch that no other waits for; ${name} is waited for by ${names}: edit that first`,
  );
}

/** The watches that wait for one by its old name, with its new one. */
export function renamedDependencies<W extends Dependent>(
  watches: readonly W[],
  from: string,
  to: string,
): readonly W[] {
  if (from === to) return watches;
  return watches.map((watch) =>
    watch.after.some((dependency) => sameName(dependency.watch, from))
      ? {
          ...watch,
          after: watch.after.map((dependency) =>
            sameName(dependency.watch, from) ? { ...dependency, watch: to } : dependency,
          ),
        }
      : watch,
  );
}
