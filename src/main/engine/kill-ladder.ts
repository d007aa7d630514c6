import { identityKey, type ProcessIdentity, type ProcessSample } from '../../shared/model/process';
import type { ClearResult } from './heal-state';
import type { Protection } from './policy/protection';
import { ProcessIndex } from './process-index';
import { WATCH_MARK, type Clock, type ProcessTable, type Signal, type Signaller } from './ports';

export interface KillRequest {
  /** Processes whose trees are to end; they may be dead already. */
  roots: readonly ProcessIdentity[];
  /** `leftovers`: what is left of the group and session of the roots; `everything`: their trees and all that carries the mark. */
  scope: 'leftovers' | 'everything';
  watchId: string;
  graceMs: number;
}

export interface KillDependencies {
  clock: Clock;
  table: ProcessTable;
  signaller: Signaller;
  /** Rules over a fresh pass. */
  protect: (index: ProcessIndex) => Protection;
  /** Told of each signal that was not sent, and why. */
  refused: (
    sample: ProcessSample,
    signal: Signal,
    because: 'pid_reused' | 'protected' | 'not_permitted',
    detail: string,
  ) => void;
}

/** Between two looks at what still lives. */
const LOOK_MS = 50;
/** How long KILL may take: longer, and the process is in uninterruptible sleep. */
const KILL_WAIT_MS = 2000;

/**
 * Ends a tree: TERM to all of it, a grace, KILL to what is left, and at each step a fresh pass for what was forked or
 * orphaned meanwhile. Processes are known by identity, and each signal is checked against it.
 */
export async function killTree(request: KillRequest, dependencies: KillDependencies): Promise<ClearResult> {
  const ladder = new Ladder(request, dependencies);
  await ladder.rung('SIGTERM', request.graceMs);
  if (ladder.alive().length > 0) await ladder.rung('SIGKILL', KILL_WAIT_MS);
  return ladder.result();
}

/** The tree of a request in one pass: what belongs to it by descent, session, group or mark. Pure but for `mark`. */
export function collectTree(
  index: ProcessIndex,
  request: Pick<KillRequest, 'roots' | 'scope' | 'watchId'>,
  known: ReadonlyMap<string, ProcessIdentity>,
  mark: (sample: ProcessSample) => string | null,
): readonly ProcessSample[] {
  const found = new Map<number, ProcessSample>();
  const add = (sample: ProcessSample): void => {
    if (found.has(sample.pid)) return;
    found.set(sample.pid, sample);
    for (const descendant of index.descendantsOf(sample.pid)) found.set(descendant.pid, descendant);
  };
  for (const identity of known.values()) {
    const sample = index.find(identity);
    if (sample !== null) add(sample);
  }
  const lines = ownLines(index, request.roots);
  for (const sample of index.samples) {
    if (found.has(sample.pid)) continue;
    if (lines.has(sample.session) || lines.has(sample.pgid)) add(sample);
  }
  if (request.scope === 'everything') {
    const oldest = request.roots.length === 0 ? 0 : Math.min(...request.roots.map((root) => root.startTime));
    for (const sample of index.samples) {
      // Reading an environment is dear: only what is younger than the roots and not found yet can be a stray of theirs.
      if (found.has(sample.pid) || sample.kernel || sample.startTime < oldest) continue;
      if (mark(sample) === request.watchId) add(sample);
    }
  }
  return [...found.values()].filter((sample) => sample.state !== 'zombie' && sample.state !== 'dead');
}

/** Sessions and groups that the roots lead. The number stays taken as long as the session lives, so it can't be reused. */
function ownLines(index: ProcessIndex, roots: readonly ProcessIdentity[]): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const root of roots) {
    const leader = index.byPidOrNull(root.pid);
    const another = leader !== null && leader.startTime !== root.startTime;
    const leads = leader === null || leader.session === root.pid || leader.pgid === root.pid;
    if (!another && leads) lines.add(root.pid);
  }
  return lines;
}

class Ladder {
  /** All that was ever found to belong to the tree. */
  private readonly known = new Map<string, ProcessIdentity>();
  private readonly signalled = new Map<Signal, Map<string, number>>([
    ['SIGTERM', new Map()],
    ['SIGKILL', new Map()],
  ]);
  private readonly untouchable = new Set<string>();

  constructor(
    private readonly request: KillRequest,
    private readonly dependencies: KillDependencies,
  ) {
    for (const root of request.roots) this.known.set(identityKey(root), root);
  }

  /** Sends a signal to all that lives, and looks until nothing does or the time is over. New members get it too. */
  async rung(signal: 'SIGTERM' | 'SIGKILL', waitMs: number): Promise<void> {
    const { clock } = this.dependencies;
    const deadline = clock.monotonicMs() + waitMs;
    for (;;) {
      const members = await this.look();
      for (const member of members) this.send(member, signal);
      if (members.length === 0 || clock.monotonicMs() >= deadline) return;
      await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
    }
  }

  alive(): readonly ProcessIdentity[] {
    return [...this.known.entries()]
      .filter(([key, identity]) => !this.untouchable.has(key) && this.dependencies.table.isAlive(identity))
      .map(([, identity]) => identity);
  }

  result(): ClearResult {
    const forced = [...(this.signalled.get('SIGKILL')?.values() ?? [])];
    const asked = [...(this.signalled.get('SIGTERM')?.values() ?? [])];
    const refused = [...this.untouchable].flatMap((key) => {
      const identity = this.known.get(key);
      return identity !== undefined && this.dependencies.table.isAlive(identity) ? [identity.pid] : [];
    });
    return {
      pids: [...new Set([...asked, ...forced])],
      forced,
      survivors: [...this.alive().map((identity) => identity.pid), ...refused],
    };
  }

  /** A fresh pass: remembers every member, and returns those that may be signalled. */
  private async look(): Promise<readonly ProcessSample[]> {
    const { table, protect } = this.dependencies;
    const index = new ProcessIndex(await table.scan());
    const members = collectTree(index, this.request, this.known, (sample) => {
      return table.environment(sample)?.[WATCH_MARK] ?? null;
    });
    const protection = protect(index);
    return members.filter((sample) => {
      const key = identityKey(sample);
      const because = protection.because(sample);
      if (because !== null) {
        if (!this.untouchable.has(key)) this.dependencies.refused(sample, 'SIGTERM', 'protected', because);
        this.untouchable.add(key);
      }
      this.known.set(key, { pid: sample.pid, startTime: sample.startTime });
      return !this.untouchable.has(key);
    });
  }

  private send(sample: ProcessSample, signal: 'SIGTERM' | 'SIGKILL'): void {
    const key = identityKey(sample);
    const sent = this.signalled.get(signal);
    if (sent === undefined || sent.has(key)) return;
    const { signaller, refused } = this.dependencies;
    const result = signaller.send(sample, signal);
    switch (result) {
      case 'sent':
        sent.set(key, sample.pid);
        // A stopped process sees TERM only once it goes on.
        if (signal === 'SIGTERM' && (sample.state === 'stopped' || sample.state === 'traced')) {
          signaller.send(sample, 'SIGCONT');
        }
        return;
      case 'gone':
        return;
      case 'reused':
        refused(sample, signal, 'pid_reused', `pid ${sample.pid} belongs to another process by now`);
        return;
      case 'not_permitted':
        this.untouchable.add(key);
        refused(sample, signal, 'not_permitted', `pid ${sample.pid} belongs to user ${sample.user}`);
        return;
    }
  }
}
