import {
  identityKey,
  type EndCandidate,
  type EndPreview,
  type WatchEndPreview,
  type ProcessIdentity,
  type ProcessSample,
} from '../../../shared/model/process';
import type { Watch } from '../../../shared/model/watch';
import type { ConfirmedKill, OperatorKillRequest } from '../engine';
import { collectTree, type KillRequest } from '../kill/kill-ladder';
import type { Protection } from '../processes/protection';
import { afterOperatorsEnd } from '../heal/restart-policy';
import type { ProcessIndex } from '../processes/process-index';
import { Refusal } from '../refusal';

/** The processes that each watch keeps. */
type Kept = readonly {
  watch: Watch;
  processes: readonly ProcessIdentity[];
  /** What its restart ends, when all of them have ended. */
  endedForRestart: () => readonly ProcessSample[];
}[];

/** What an end would do by one scan; null when the process is not in it. */
export function planEnd(
  index: ProcessIndex,
  request: OperatorKillRequest,
  protection: Protection,
  watched: Kept,
): EndPreview | null {
  const { pid, startTime, scope } = request;
  const root = index.find({ pid, startTime });
  if (root === null) return null;
  const owner = ownersOf(watched);
  if (root.state === 'zombie' || root.state === 'dead') {
    const reason = `it has already ended; its parent (pid ${root.ppid}) has not reaped it`;
    return { scope, ends: [], refused: [{ ...candidateOf(root, owner), reason }], warnings: [] };
  }
  const kill = { roots: [root], ...killScope(scope) };
  // The same rule by which the ladder collects: what is listed is what is ended.
  const collected = collectTree(index, kill, new Map([[identityKey(root), root]]));
  const restarted = watched.filter(
    ({ processes }) => processes.length > 0 && partOf(collected, processes).length === processes.length,
  );
  const all = [...collected, ...restarted.flatMap(({ endedForRestart }) => endedForRestart())];
  const { ends, refused } = sorted(all, protection, owner);
  const chosen = new Set(collected.map(identityKey));
  const beside = ends.filter((one) => !chosen.has(identityKey(one)));
  return {
    scope,
    ends,
    refused,
    warnings: [...watchWarnings(ends, watched), ...besideWarnings(beside), ...familyWarnings(index, root, owner)],
  };
}

/** What a stop or a restart of a watch would end: its tree, as far as nothing of it is protected. */
export function planWatchEnd(
  tree: readonly ProcessSample[],
  protection: Protection,
  watched: readonly Pick<Kept[number], 'watch' | 'processes'>[],
): WatchEndPreview {
  return sorted(tree, protection, ownersOf(watched));
}

/** Names of watches by the identities of their processes. */
function ownersOf(watched: readonly Pick<Kept[number], 'watch' | 'processes'>[]): ReadonlyMap<string, string> {
  return new Map(
    watched.flatMap(({ watch, processes }) => processes.map((process) => [identityKey(process), watch.name] as const)),
  );
}

/** Each process once, by whether it may be ended. */
function sorted(
  samples: readonly ProcessSample[],
  protection: Protection,
  owner: ReadonlyMap<string, string>,
): WatchEndPreview {
  const ends: EndCandidate[] = [];
  const refused: EndPreview['refused'][number][] = [];
  for (const sample of new Map(samples.map((one) => [identityKey(one), one])).values()) {
    const reason = protection.reasonFor(sample);
    if (reason === null) ends.push(candidateOf(sample, owner));
    else refused.push({ ...candidateOf(sample, owner), reason });
  }
  return { ends, refused };
}

function candidateOf(sample: ProcessSample, owner: ReadonlyMap<string, string>): EndCandidate {
  const { pid, startTime, ppid, name, argv, user } = sample;
  return { pid, startTime, ppid, name, argv, user, watch: owner.get(identityKey(sample)) ?? null };
}

/** What the ladder is asked for by the scope of an end. */
export function killScope(scope: OperatorKillRequest['scope']): Pick<KillRequest, 'scope' | 'watchId' | 'isMarked'> {
  return { scope: scope === 'tree' ? 'leftovers' : 'alone', watchId: null, isMarked: () => false };
}

/** @throws Refusal when another end would come of it than the operator saw */
export function checkUnchanged({ ends, refused }: EndPreview, { pid, expect }: ConfirmedKill): void {
  const [forbidden] = refused;
  if (forbidden !== undefined) {
    const where = forbidden.pid === pid ? '' : `, and it belongs to the tree of pid ${pid}`;
    throw new Refusal(
      'protected',
      `Process ${forbidden.pid} is never ended: ${forbidden.reason}${where}; nothing was done`,
    );
  }
  const shown = new Set(expect.map(identityKey));
  const fresh = ends.filter((candidate) => !shown.has(identityKey(candidate)));
  if (fresh.length > 0) {
    const pids = fresh.map((candidate) => candidate.pid).join(', ');
    throw new Refusal(
      'conflict',
      `The tree of pid ${pid} has grown since it was shown (pid ${pids}); nothing was done`,
    );
  }
}

/** Whether a watch undoes the end, and what to do instead. */
function watchWarnings(ends: readonly EndCandidate[], watched: Kept): string[] {
  return watched.flatMap(({ watch, processes }) => {
    const hit = partOf(ends, processes).length;
    if (hit === 0) return [];
    if (hit < processes.length) return `The watch ${watch.name} keeps running with its other processes`;
    switch (afterOperatorsEnd(watch)) {
      case 'restarts':
        return `The watch ${watch.name} starts it again at once; stop the watch to keep it down`;
      case 'waits':
        return `The watch ${watch.name} waits for it to come back; stop the watch to keep it down`;
      case 'stops':
        return `The watch ${watch.name} never restarts it, and is stopped by this`;
    }
  });
}

/** What was not chosen and ends all the same. */
function besideWarnings(beside: readonly EndCandidate[]): string[] {
  if (beside.length === 0) return [];
  return [`Before that, other processes from its starts are ended (pid ${beside.map(({ pid }) => pid).join(', ')})`];
}

/** A process that a watched program started: the watch itself is not touched, but its program loses a part. */
function familyWarnings(index: ProcessIndex, root: ProcessSample, owner: ReadonlyMap<string, string>): string[] {
  if (owner.has(identityKey(root))) return [];
  const parent = index.ancestorsOf(root.pid).find((ancestor) => owner.has(identityKey(ancestor)));
  if (parent === undefined) return [];
  return [`It belongs to the tree of the watch ${owner.get(identityKey(parent))} (pid ${parent.pid})`];
}

/** The processes that are among those which end. */
export function partOf(
  ends: readonly ProcessIdentity[],
  processes: readonly ProcessIdentity[],
): readonly ProcessIdentity[] {
  const keys = new Set(ends.map(identityKey));
  return processes.filter((process) => keys.has(identityKey(process)));
}
