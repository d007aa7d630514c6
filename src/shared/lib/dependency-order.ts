import { baseNameOf } from './instances';
import { sameName, type WatchSpec } from '../model/watch';

/** What the order of watches depends on. */
export type Dependent = Pick<WatchSpec, 'name' | 'after'>;

/** A watch that waits for itself through others: their names, the first one again at the end; null: there is none. */
export function findCycle(watches: readonly Dependent[]): readonly string[] | null {
  const done = new Set<Dependent>();
  const path: Dependent[] = [];
  const visit = (watch: Dependent): readonly string[] | null => {
    if (done.has(watch)) return null;
    const at = path.indexOf(watch);
    if (at >= 0) return [...path.slice(at), watch].map(({ name }) => name);
    path.push(watch);
    for (const next of dependenciesOf(watch, watches)) {
      const cycle = visit(next);
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(watch);
    return null;
  };
  for (const watch of watches) {
    const cycle = visit(watch);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** A cycle as {@link findCycle} has it, in words: why none of its watches can be saved so. */
export function cycleText([first = '', ...rest]: readonly string[]): string {
  const chain = rest.map((name) => `waits for ${name}`).join(', which ');
  return `Expected starts without a cycle, but ${first} ${chain}: none of them could ever start`;
}

/** Those that a watch waits for, as far as they are among these. */
export function dependenciesOf<W extends Dependent>(watch: Dependent, watches: readonly W[]): readonly W[] {
  return watch.after.flatMap((dependency) =>
    watches.filter(({ name }) => sameName(baseNameOf(name), dependency.watch)),
  );
}

/** All that a watch waits for, also through others, as far as they are among these; itself is none of them. */
export function allDependencies<W extends Dependent>(watch: Dependent, watches: readonly W[]): readonly W[] {
  const seen = new Set<Dependent>([watch]);
  for (const one of seen) for (const next of dependenciesOf(one, watches)) seen.add(next);
  return watches.filter((one) => one !== watch && seen.has(one));
}

/**
 * The watches so that each comes after those of them that it waits for, also through others that are not among them; else in their order.
 * Of a cycle each comes once.
 */
export function inStartOrder<W extends Dependent>(chosen: readonly W[], all: readonly Dependent[]): readonly W[] {
  const ordered: W[] = [];
  const seen = new Set<string>();
  const visit = (watch: Dependent): void => {
    const key = watch.name.toLowerCase();
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of dependenciesOf(watch, all)) visit(next);
    const own = chosen.find(({ name }) => sameName(name, watch.name));
    if (own !== undefined) ordered.push(own);
  };
  for (const watch of chosen) visit(watch);
  return ordered;
}
