import type { DeathFacts } from '../death-facts';
import type { Scene } from '../../ports';

/** A moment around which nothing is known. */
export const EMPTY_SCENE: Scene = {
  holders: [],
  files: {},
  versions: {},
  disks: [],
  memory: null,
  packages: null,
  core: null,
  oomVictim: null,
};

/** A program that has ended with exit code 1, of which nothing else is known. */
export function deathFacts(more: Partial<DeathFacts> = {}): DeathFacts {
  return {
    ...{ pid: 12, exit: { exitCode: 1, signal: null }, diedAt: 1_000_000 },
    ...{
      stderrTail: [],
      crashTitle: null,
      oomKills: 0,
      oomKillsInGroup: null,
      wasLargest: false,
      endedParent: null,
      othersEnded: [],
    },
    ...{
      gapMs: null,
      largest: [],
      portFault: null,
      leftovers: new Set<number>(),
      programs: new Map(),
      changes: null,
      scene: EMPTY_SCENE,
    },
    ...more,
  };
}
