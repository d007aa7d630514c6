import { identityKey, type ProcessIdentity } from '../../../../shared/model/process';
import type { LiveProcess } from '../../heal/heal-state';
import type { ChildExit, EndNotices, FollowedProcess } from '../../ports';

/** The processes of one watch whose ends the kernel reports: of those that this engine did not start, as many as it can. */
export class FollowedEnds {
  private readonly followed = new Map<string, FollowedProcess>();
  private last: readonly LiveProcess[] = [];
  private complete = true;
  private disposed = false;

  constructor(
    private readonly notices: EndNotices,
    private readonly onEnd: (identity: ProcessIdentity, exit: ChildExit | null) => void,
  ) {}

  /** The watch has these processes from now on. */
  follow(processes: readonly LiveProcess[]): void {
    if (this.disposed || (processes === this.last && this.complete)) return;
    this.last = processes;
    const others = processes.filter(({ origin }) => origin !== 'child');
    const keys = new Set(others.map(identityKey));
    for (const [key, process] of this.followed) {
      if (keys.has(key)) continue;
      this.followed.delete(key);
      process.dispose();
    }
    for (const { pid, startTime } of others) {
      const identity = { pid, startTime };
      const key = identityKey(identity);
      if (this.followed.has(key)) continue;
      const process = this.notices.follow(identity, (exit) => this.onEnd(identity, exit));
      if (process !== null) this.followed.set(key, process);
    }
    this.complete = this.followed.size === keys.size;
  }

  /** Whether every process is followed whose end nobody else reports. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** null: nobody reports its end. */
  of(process: ProcessIdentity): FollowedProcess | null {
    return this.followed.get(identityKey(process)) ?? null;
  }

  dispose(): void {
    this.disposed = true;
    for (const process of this.followed.values()) process.dispose();
    this.followed.clear();
  }
}
