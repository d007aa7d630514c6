import { identityKey, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { ClearResult } from '../heal/heal-state';
import type { Protection } from '../processes/protection';
import { ProcessIndex } from '../processes/process-index';
import type { Clock, Dispose, ProcessTable, Signal, Signaller, TreeKiller } from '../ports';

export interface KillRequest {
  /** Processes whose trees are to end; they may be dead already. */
  roots: readonly ProcessIdentity[];
  /**
   * `alone`: the roots and nobody else; `leftovers`: also what descends from them or is left of the group and session that they
   * lead; `everything`: also all that carries the mark.
   */
  scope: 'alone' | 'leftovers' | 'everything';
  /** Whether a process is proved to come from a start of the watch. Asked once for each process, since it is expensive. */
  isMarked: (sample: ProcessSample) => boolean;
  /** null when no watch is concerned. */
  watchId: string | null;
  graceMs: number;
  /** How much longer the grace lasts from now on, as the program asks for; absent: it can't ask. At most `MAX_EXTENDED_GRACE_MS` in all. */
  extensionMs?: () => number;
}

export interface KillDependencies {
  clock: Clock;
  table: ProcessTable;
  signaller: Signaller;
  /** Used first in an emergency, where there is one. */
  treeKiller?: TreeKiller | null;
  /** Gives us the processor first for as long as an emergency lasts, where we may; returns what ends it. */
  boost?: () => Dispose;
  /** Rules over a fresh scan. */
  protect: (index: ProcessIndex) => Pick<Protection, 'reasonFor'>;
  /** Called for each signal that was not sent, with the reason. */
  refused: (
    sample: ProcessSample,
    signal: Signal,
    reason: 'pid_reused' | 'protected' | 'not_permitted',
    detail: string,
  ) => void;
}

/** A program that asks for more time to end gets so much after TERM: however often it asks, its end comes. */
const MAX_EXTENDED_GRACE_MS = 600_000;
/** Between two checks of what is still alive. */
const POLL_INTERVAL_MS = 50;
/** Between two checks of processes that were sent STOP and have not stopped yet. */
const STANDSTILL_POLL_MS = 5;
/** How long KILL may take: longer, and the process is in uninterruptible sleep. */
const KILL_WAIT_MS = 2000;
/** Long, since a bomb leaves us little of the processor: a scan may take seconds then. An emergency ends after this time and this many scans: what outruns even this is reported as surviving. */
const EMERGENCY_MS = 15_000;
const EMERGENCY_SCANS = 100;
/** A tree is frozen once this many scans in a row found nobody new: what was born during one is seen by the next. */
const QUIET_SCANS = 2;

/**
 * Ends a tree: TERM to all of it, a grace, KILL to what is left, and at each step a fresh scan for what was forked or
 * orphaned meanwhile. Processes are known by identity, and each signal is checked against it.
 */
export async function killTree(request: KillRequest, dependencies: KillDependencies): Promise<ClearResult> {
  const ladder = new Ladder(request, dependencies);
  await ladder.rung('SIGTERM', request.graceMs, request.extensionMs);
  if (ladder.alive().length > 0) await ladder.rung('SIGKILL', KILL_WAIT_MS);
  return ladder.result();
}

/**
 * Ends a tree that forks faster than one can kill: STOP to all of it until nobody new appears, and only then KILL, for a
 * process that is killed makes room for another one. Whoever appears after that is stopped first again. No grace.
 */
export async function freezeAndKill(request: KillRequest, dependencies: KillDependencies): Promise<ClearResult> {
  const ladder = new Ladder(request, dependencies);
  const deadlineMs = dependencies.clock.monotonicMs() + EMERGENCY_MS;
  const endBoost = dependencies.boost?.();
  try {
    await ladder.strike();
    let outcome: 'gone' | 'grows' | 'late';
    do {
      await ladder.freeze(deadlineMs);
      outcome = await ladder.killFrozen(deadlineMs);
    } while (outcome === 'grows');
    // Time is over: at least each one that is there gets its KILL.
    if (outcome === 'late') await ladder.rung('SIGKILL', KILL_WAIT_MS);
    return ladder.result();
  } finally {
    endBoost?.();
  }
}

/** The tree of a request in one scan: what belongs to it by descent, session, group or mark. Pure but for `isMarked`. */
export function collectTree(
  index: ProcessIndex,
  request: Pick<KillRequest, 'roots' | 'scope' | 'isMarked'>,
  known: ReadonlyMap<string, ProcessIdentity>,
): readonly ProcessSample[] {
  const found = new Map<number, ProcessSample>();
  const add = (sample: ProcessSample): void => {
    if (found.has(sample.pid)) return;
    found.set(sample.pid, sample);
    for (const descendant of index.descendantsOf(sample.pid)) found.set(descendant.pid, descendant);
  };
  const isAlive = (sample: ProcessSample): boolean => sample.state !== 'zombie' && sample.state !== 'dead';
  if (request.scope === 'alone') return request.roots.flatMap((root) => index.find(root) ?? []).filter(isAlive);
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
    // Whatever its age: a stray of an earlier life is older than the root, and may hold the port that the next one needs.
    for (const sample of index.samples) if (!found.has(sample.pid) && request.isMarked(sample)) add(sample);
  }
  return [...found.values()].filter(isAlive);
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

/** A process has its environment from its birth on: a child's is its parent's until it runs another program, and a mark stays. */
function oncePerProcess(ask: (sample: ProcessSample) => boolean): (sample: ProcessSample) => boolean {
  const answers = new Map<string, boolean>();
  return (sample) => {
    const key = identityKey(sample);
    const answer = answers.get(key) ?? ask(sample);
    answers.set(key, answer);
    return answer;
  };
}

class Ladder {
  /** All that was ever found to belong to the tree. */
  private readonly known = new Map<string, ProcessIdentity>();
  /** Who got which signal: keys and pids. */
  private readonly signalled = {
    SIGTERM: new Map<string, number>(),
    SIGSTOP: new Map<string, number>(),
    SIGKILL: new Map<string, number>(),
  };
  private readonly untouchable = new Set<string>();
  /** Pids that were found by the mark and nothing else. */
  private readonly strays = new Set<number>();
  private scans = 0;
  private readonly request: KillRequest;

  constructor(
    request: KillRequest,
    private readonly dependencies: KillDependencies,
  ) {
    const isMarked = oncePerProcess(request.isMarked);
    this.request = {
      ...request,
      isMarked: (sample) => {
        const isOne = isMarked(sample);
        if (isOne) this.strays.add(sample.pid);
        return isOne;
      },
    };
    for (const root of request.roots) this.known.set(identityKey(root), root);
  }

  /** Sends a signal to all that lives, and looks until nothing does or the time is over. New members get it too. */
  async rung(signal: 'SIGTERM' | 'SIGKILL', waitMs: number, extensionMs: () => number = () => 0): Promise<void> {
    const { clock } = this.dependencies;
    const beganMs = clock.monotonicMs();
    const latest = beganMs + Math.max(waitMs, MAX_EXTENDED_GRACE_MS);
    const isOver = (nowMs: number): boolean => nowMs >= beganMs + waitMs && (nowMs >= latest || extensionMs() <= 0);
    for (;;) {
      const members = await this.scanMembers(signal);
      for (const member of members) this.send(member, signal);
      if (members.length === 0 || isOver(clock.monotonicMs())) return;
      await this.pause(POLL_INTERVAL_MS);
    }
  }

  /**
   * KILL in one stroke by the OS, where it keeps a list of the tree and nobody protected is on it. What is not on the list
   * (born before it was kept, or moved away) is found by the scans that follow.
   */
  async strike(): Promise<void> {
    const { treeKiller } = this.dependencies;
    const { watchId, roots, scope } = this.request;
    if (treeKiller === undefined || treeKiller === null || watchId === null || scope !== 'everything') return;
    const { index, protection } = await this.scan();
    const listed = treeKiller.members(watchId, roots).flatMap((pid) => index.byPidOrNull(pid) ?? []);
    if (listed.length === 0 || listed.some((sample) => protection.reasonFor(sample) !== null)) return;
    if (!treeKiller.kill(watchId, roots)) return;
    for (const { pid, startTime } of listed) {
      this.known.set(identityKey({ pid, startTime }), { pid, startTime });
      this.signalled.SIGKILL.set(identityKey({ pid, startTime }), pid);
    }
  }

  /**
   * STOP to all of it, scan after scan, until it is frozen or it took too long. A process that gets STOP while it forks
   * ends its fork first (signal(7) is taken on the way out of the system call), on a busy machine much later: only who is
   * seen standing still can't fork any more.
   */
  async freeze(deadlineMs: number): Promise<void> {
    for (let quiet = 0; quiet < QUIET_SCANS && !this.isLate(deadlineMs);) {
      const members = await this.scanMembers('SIGSTOP');
      const fresh = members.filter((member) => !this.wasSignalled(member));
      const moving = members.filter((member) => !fresh.includes(member) && !this.standsStill(member));
      for (const member of fresh) this.send(member, 'SIGSTOP');
      // Members may resume each other (SIGCONT): those that run get STOP again.
      for (const member of moving) this.send(member, 'SIGSTOP', 'again');
      quiet = fresh.length + moving.length === 0 ? quiet + 1 : 0;
      if (fresh.length === 0 && moving.length > 0) await this.pause(STANDSTILL_POLL_MS);
    }
  }

  /** KILL to a frozen tree; `grows`: somebody is there who was not frozen, and nobody of that scan was killed. */
  async killFrozen(deadlineMs: number): Promise<'gone' | 'grows' | 'late'> {
    for (let empty = 0; empty < QUIET_SCANS;) {
      const members = await this.scanMembers('SIGKILL');
      if (members.some((member) => !this.wasSignalled(member))) return this.isLate(deadlineMs) ? 'late' : 'grows';
      for (const member of members) this.send(member, 'SIGKILL');
      empty = members.length === 0 ? empty + 1 : 0;
      if (this.isLate(deadlineMs)) return 'late';
      if (members.length > 0) await this.pause(POLL_INTERVAL_MS);
    }
    return 'gone';
  }

  alive(): readonly ProcessIdentity[] {
    return [...this.known.entries()]
      .filter(([key, identity]) => !this.untouchable.has(key) && this.dependencies.table.isAlive(identity))
      .map(([, identity]) => identity);
  }

  result(): ClearResult {
    const forced = [...this.signalled.SIGKILL.values()];
    const before = [...this.signalled.SIGTERM.values(), ...this.signalled.SIGSTOP.values()];
    const refused = [...this.untouchable].flatMap((key) => {
      const identity = this.known.get(key);
      return identity !== undefined && this.dependencies.table.isAlive(identity) ? [identity.pid] : [];
    });
    const pids = [...new Set([...before, ...forced])];
    const strays = pids.filter((pid) => this.strays.has(pid));
    return {
      pids,
      forced,
      survivors: [...this.alive().map((identity) => identity.pid), ...refused],
      ...(strays.length === 0 ? {} : { strays }),
    };
  }

  /** A fresh scan: remembers every member, and returns those that may be signalled. */
  private async scanMembers(signal: Signal): Promise<readonly ProcessSample[]> {
    const { refused } = this.dependencies;
    const { index, protection } = await this.scan();
    const members = collectTree(index, this.request, this.known);
    return members.filter((sample) => {
      const key = identityKey(sample);
      const reason = protection.reasonFor(sample);
      if (reason !== null) {
        if (!this.untouchable.has(key)) refused(sample, signal, 'protected', reason);
        this.untouchable.add(key);
      }
      this.known.set(key, { pid: sample.pid, startTime: sample.startTime });
      return !this.untouchable.has(key);
    });
  }

  private async scan(): Promise<{ index: ProcessIndex; protection: Pick<Protection, 'reasonFor'> }> {
    this.scans += 1;
    const index = new ProcessIndex(await this.dependencies.table.scan());
    return { index, protection: this.dependencies.protect(index) };
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.dependencies.clock.after(ms, resolve));
  }

  private isLate(deadlineMs: number): boolean {
    return this.scans >= EMERGENCY_SCANS || this.dependencies.clock.monotonicMs() >= deadlineMs;
  }

  /** Whether it got STOP or KILL. */
  private wasSignalled(sample: ProcessSample): boolean {
    const key = identityKey(sample);
    return this.signalled.SIGSTOP.has(key) || this.signalled.SIGKILL.has(key);
  }

  /** Whether it can't fork: a process that waits for the child of its vfork(2), which may be stopped, reads `disk_sleep`. */
  private standsStill(sample: ProcessSample): boolean {
    const { state } = sample;
    return (
      state === 'stopped' ||
      state === 'traced' ||
      state === 'disk_sleep' ||
      this.signalled.SIGKILL.has(identityKey(sample))
    );
  }

  private send(sample: ProcessSample, signal: 'SIGTERM' | 'SIGSTOP' | 'SIGKILL', again?: 'again'): void {
    const key = identityKey(sample);
    const sent = this.signalled[signal];
    if (sent.has(key) && again === undefined) return;
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
