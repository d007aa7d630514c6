import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../../../engine/ports';

/** A shutdown that a shell was notified of and that did not come within this time was cancelled. */
const NOTICE_MS = 5 * 60_000;

export interface ShutdownPaths {
  /** pam_nologin(8): there from the beginning of a shutdown. */
  nologin: string;
  /** What `shutdown` planned, with its time (systemd-logind). */
  scheduled: string;
}

const SYSTEM_PATHS: ShutdownPaths = { nologin: '/run/nologin', scheduled: '/run/systemd/shutdown/scheduled' };

/** Whether the machine is on its way down. Signs in files exist on Linux only. */
export class ShutdownSigns {
  /** The file is also there while the machine boots, and a careless administrator may leave one: only a new one counts. */
  private readonly nologinBefore: number | null;
  private notedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly paths: ShutdownPaths = SYSTEM_PATHS,
  ) {
    this.nologinBefore = changedAtMs(paths.nologin);
  }

  /** Two checks of files that usually do not exist: some µs. */
  isShuttingDown(): boolean {
    const { clock, paths } = this;
    if (clock.monotonicMs() - this.notedAtMs < NOTICE_MS) return true;
    const scheduled = scheduledAtMs(paths.scheduled);
    // A planned shutdown writes nologin five minutes ahead: until its time has come, ends are still crashes.
    if (scheduled !== null) return scheduled <= clock.wallMs();
    const nologin = changedAtMs(paths.nologin);
    return nologin !== null && nologin !== this.nologinBefore;
  }

  /** The OS has notified a shell that it shuts down; valid for five minutes, since it can still be cancelled. */
  noteShutdown(): void {
    this.notedAtMs = this.clock.monotonicMs();
  }
}

function changedAtMs(path: string): number | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? null;
  } catch {
    return null;
  }
}

/** When the planned shutdown is due, in ms since the epoch; null when none is planned. */
function scheduledAtMs(path: string): number | null {
  if (changedAtMs(path) === null) return null;
  try {
    const due = /^USEC=(\d+)$/m.exec(readFileSync(path, 'latin1'))?.[1];
    return due === undefined ? null : Number(due) / 1000;
  } catch {
    return null;
  }
}
