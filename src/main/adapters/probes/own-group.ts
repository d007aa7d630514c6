import { readFileSync } from 'node:fs';
import type { Pidfds } from '../processes/pidfd/pidfds';

/** What kills a group by the process that has led it; `open` is called while that one lives, or is not reaped yet. */
export type GroupPidfds = Pick<Pidfds, 'open' | 'sendToGroup' | 'close'>;

/**
 * The process group of a child of ours, which the child leads. Its number stays in use as long as the child is not reaped or the group has a
 * member; after that it may be another group's. So it is killed through a descriptor of the child (Linux 6.9), which names this group
 * for ever, and by its number only as far as nobody else can have that.
 */
export class OwnGroup {
  private fd: number | null;
  private isReaped = false;

  constructor(
    private readonly pid: number,
    private readonly pidfds: GroupPidfds | null,
    private readonly kill: (pid: number, signal: 'SIGKILL') => unknown = process.kill.bind(process),
  ) {
    this.fd = pidfds?.open(pid) ?? null;
  }

  /** The child has been reaped. */
  leaderEnded(): void {
    this.isReaped = true;
  }

  killAll(): void {
    const { fd, pidfds } = this;
    const code = fd === null || pidfds === null ? 'EINVAL' : pidfds.sendToGroup(fd, 'SIGKILL');
    // EINVAL: this kernel can't do that.
    if (code !== 'EINVAL' || (this.isReaped && isTaken(this.pid))) return;
    try {
      this.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it, or nobody whom this user may signal.
    }
  }

  close(): void {
    if (this.fd !== null) this.pidfds?.close(this.fd);
    this.fd = null;
  }
}

/** Whether a process has this pid: the kernel gives none out that a group still has, so the group is that process's own. */
function isTaken(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    readFileSync(`/proc/${pid}/stat`);
    return true;
  } catch {
    return false;
  }
}
