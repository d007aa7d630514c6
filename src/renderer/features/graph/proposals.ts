import { cycleText, findCycle, type Dependent } from '../../../shared/lib/dependency-order';
import { baseNameOf } from '../../../shared/lib/instances';
import { DEPENDENCIES_EXPECTED, MAX_DEPENDENCIES, type Dependency } from '../../../shared/model/dependency';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { sameName } from '../../../shared/model/watch';
import type { DependencyChange } from '../../api/graph-actions';
import { sentence } from '../../format/sentence';
import type { SeenEdge } from '../../store/observed';

/**
 * What becomes of a dependency that sockets show.
 *
 *   open         it can be accepted
 *   declared     it is one already
 *   conflicting  it can be accepted, but not together with others that were seen
 *   refused      it can't be accepted; the engine would refuse it with this reason
 */
export type Verdict =
  | { kind: 'open' }
  | { kind: 'declared' }
  | { kind: 'conflicting'; reason: string }
  | { kind: 'refused'; reason: string };

/** A dependency that sockets show, between two watches that are there. */
export interface Proposal {
  seen: SeenEdge;
  /** The one that connects. */
  dependent: WatchStatus;
  /** The one that listens. */
  dependency: WatchStatus;
  verdict: Verdict;
}

/** What was seen, with what becomes of each; without what is about watches that are gone. */
export function proposalsOf(watches: readonly WatchStatus[], seen: readonly SeenEdge[]): readonly Proposal[] {
  const find = (name: string) => watches.find(({ watch }) => sameName(watch.name, baseNameOf(name)));
  const single = seen.flatMap((edge): Proposal | readonly Proposal[] => {
    const [dependent, dependency] = [find(edge.from), find(edge.to)];
    if (dependent === undefined || dependency === undefined || dependent === dependency) return [];
    return { seen: edge, dependent, dependency, verdict: verdictAlone(watches, dependent, dependency.watch.name) };
  });
  const all = withEdges(
    watches.map(({ watch }) => watch),
    single.filter(({ verdict }) => verdict.kind === 'open'),
  );
  return single.map((proposal) => {
    const { verdict, dependent, dependency } = proposal;
    if (verdict.kind !== 'open' || !waitsFor(dependency.watch.name, dependent.watch.name, all)) return proposal;
    const reason = 'Connections in the other direction were seen, too: not all of them can be accepted';
    return { ...proposal, verdict: { kind: 'conflicting', reason } };
  });
}

/** Why a watch can't wait for another one of this name; null: it can. A dependency on it that exists counts as replaced. */
export function refusalOf(watches: readonly WatchStatus[], dependent: WatchStatus, name: string): string | null {
  const { watch } = dependent;
  const others = watch.after.filter((one) => !sameName(one.watch, name));
  if (others.length >= MAX_DEPENDENCIES) return sentence(DEPENDENCIES_EXPECTED);
  const cycle = findCycle(
    watches.map((one) =>
      one.watch.id === watch.id ? { name: watch.name, after: [...withDependency(watch, name)] } : one.watch,
    ),
  );
  return cycle === null ? null : cycleText(cycle);
}

/** The dependencies of a watch with one more, or with another condition of one; all else of them stays as it is. */
export function withDependency(
  { after }: { after: readonly Dependency[] },
  name: string,
  until: Dependency['until'] = 'ready',
): readonly Dependency[] {
  const isKnown = after.some(({ watch }) => sameName(watch, name));
  return isKnown
    ? after.map((one) =>
        sameName(one.watch, name) ? { ...one, until, restart: one.restart && until !== 'completed' } : one,
      )
    : [...after, { watch: name, until, restart: false }];
}

export function withoutDependency({ after }: { after: readonly Dependency[] }, name: string): readonly Dependency[] {
  return after.filter(({ watch }) => !sameName(watch, name));
}

function verdictAlone(watches: readonly WatchStatus[], dependent: WatchStatus, name: string): Verdict {
  if (dependent.watch.after.some(({ watch }) => sameName(watch, name))) return { kind: 'declared' };
  const reason = refusalOf(watches, dependent, name);
  return reason === null ? { kind: 'open' } : { kind: 'refused', reason };
}

function withEdges(watches: readonly Dependent[], proposals: readonly Proposal[]): readonly Dependent[] {
  const changes = changesFor(proposals);
  return watches.map(({ name, after }) => ({
    name,
    after: [...(changes.find(({ shown }) => sameName(shown.watch.name, name))?.after ?? after)],
  }));
}

/** Whether one waits for another, also through others. */
function waitsFor(from: string, to: string, watches: readonly Dependent[]): boolean {
  const reached = new Set<string>();
  const pending = [from];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (sameName(name, to)) return true;
    const key = name.toLowerCase();
    if (reached.has(key)) continue;
    reached.add(key);
    const current = name;
    pending.push(...(watches.find((watch) => sameName(watch.name, current))?.after ?? []).map(({ watch }) => watch));
  }
  return false;
}

/** What accepting these changes: of each watch that waits, all that it waits for then. */
export function changesFor(proposals: readonly Proposal[]): readonly DependencyChange[] {
  const dependents = new Map(proposals.map(({ dependent }) => [dependent.watch.id, dependent]));
  return [...dependents.values()].map((shown) => {
    const own = proposals.filter(({ dependent }) => dependent.watch.id === shown.watch.id);
    const after = own.reduce<readonly Dependency[]>(
      (so, { dependency }) => withDependency({ after: so }, dependency.watch.name),
      shown.watch.after,
    );
    return { shown, after };
  });
}
