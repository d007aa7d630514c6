import type { ProcessSample } from '../../../shared/model/process';

/** How the living descendants of a process came to be: this distinguishes a fork bomb from a pool, a launcher or a build. */
export interface TreeShape {
  descendants: number;
  /** The most descendants that run one and the same program. */
  sameProgramDescendants: number;
  /** Descendants with a grandchild that runs what they run, with the same arguments. Those that were left behind count as they are. */
  multiplyingDescendants: number;
  /** Descendants that started within the last `YOUNG_MS`. */
  youngDescendants: number;
  /** How many of them started within each of the last `BIRTH_SLOTS` spans of `BIRTH_SLOT_MS`, the newest first. */
  births: readonly number[];
}

export const YOUNG_MS = 10_000;
export const BIRTH_SLOT_MS = 500;
export const BIRTH_SLOTS = 4;
/** The time of a birth is rounded, and the wall clock is set now and then. */
const CLOCK_SLACK_MS = 2000;

/** The shape of a tree from its living members below the root. */
export function shapeOf(living: readonly ProcessSample[], wallMs: number): TreeShape {
  const births = new Array<number>(BIRTH_SLOTS).fill(0);
  let youngDescendants = 0;
  for (const { startedAt } of living) {
    const ageMs = wallMs - startedAt;
    // After a clock that jumped nobody's age is known.
    if (ageMs < -CLOCK_SLACK_MS || ageMs >= YOUNG_MS) continue;
    youngDescendants += 1;
    const slot = Math.floor(Math.max(0, ageMs) / BIRTH_SLOT_MS);
    if (slot < BIRTH_SLOTS) births[slot] = (births[slot] ?? 0) + 1;
  }
  return {
    descendants: living.length,
    sameProgramDescendants: mostOfOneName(living),
    multiplyingDescendants: multiplying(living),
    youngDescendants,
    births,
  };
}

function mostOfOneName(samples: readonly ProcessSample[]): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (const { name } of samples) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    most = Math.max(most, count);
  }
  return most;
}

function multiplying(living: readonly ProcessSample[]): number {
  // A grandchild needs two above it.
  if (living.length < 3) return 0;
  const byPid = new Map(living.map((sample) => [sample.pid, sample]));
  const found = new Set<number>();
  for (const sample of living) {
    const grandparent = byPid.get(byPid.get(sample.ppid)?.ppid ?? 0);
    if (grandparent !== undefined && runsTheSame(sample, grandparent)) found.add(grandparent.pid);
  }
  return found.size;
}

function runsTheSame(a: ProcessSample, b: ProcessSample): boolean {
  return a.name === b.name && a.argv.length === b.argv.length && a.argv.every((text, index) => text === b.argv[index]);
}
