/** Who has held up a thread is not read again for so long, although it goes on by now: it can't hold up one scan after the other. */
export const PENALTY_MS = 5000;
/** A thread takes some MB until it gets out of the kernel. */
export const MAX_HELD = 12;
/** So many may hang at processes of others than root and ourselves, and so many at those of one such user. */
const MAX_FOREIGN = 8;
export const MAX_OF_ONE_USER = 2;
/** From here on are subordinate ids (subuid(5)), of which one user has thousands: all of them count as one user. */
const FIRST_SUBORDINATE_UID = 100_000;

/** A process that has held up a thread. */
interface Hold {
  uid: number;
  /** Monotonic; null: it still does. */
  freedAtMs: number | null;
}

/**
 * Which processes are read, although some hold up who reads them.
 *
 * | a process of                | is read                                                                 |
 * |-----------------------------|-------------------------------------------------------------------------|
 * | one that holds a thread     | some seconds after it has let go                                        |
 * | root, or our own user       | while fewer than `MAX_HELD` threads are held                            |
 * | another user                | while fewer than two of his processes, and of all such users, hold some |
 */
export class ReadAdmission {
  /** By pid. */
  private readonly holds = new Map<number, Hold>();

  /** @param ownUid whose processes are trusted, as root's are: who has them ended us long ago */
  constructor(private readonly ownUid: number) {}

  /** Whether nothing is held: then all may be read. */
  get isEmpty(): boolean {
    return this.holds.size === 0;
  }

  /** Processes that hold a thread, or did shortly before. */
  get pids(): readonly number[] {
    return [...this.holds.keys()];
  }

  /** A process holds a thread. What is returned is called when it has let go. */
  note(pid: number, uid: number): (nowMs: number) => void {
    const hold: Hold = { uid, freedAtMs: null };
    this.holds.set(pid, hold);
    return (nowMs) => (hold.freedAtMs = nowMs);
  }

  mayRead(pid: number, uid: number, nowMs: number): boolean {
    for (const [of, { freedAtMs }] of this.holds)
      if (freedAtMs !== null && nowMs - freedAtMs >= PENALTY_MS) this.holds.delete(of);
    if (this.holds.has(pid) || this.holds.size >= MAX_HELD) return false;
    if (this.isTrusted(uid)) return true;
    const foreign = [...this.holds.values()].filter((hold) => !this.isTrusted(hold.uid));
    const ofUser = foreign.filter((hold) => userOf(hold.uid) === userOf(uid));
    return foreign.length < MAX_FOREIGN && ofUser.length < MAX_OF_ONE_USER;
  }

  private isTrusted(uid: number): boolean {
    return uid === 0 || uid === this.ownUid;
  }
}

function userOf(uid: number): number {
  return Math.min(uid, FIRST_SUBORDINATE_UID);
}
