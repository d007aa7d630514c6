import type { StartFilesReader } from '../../explain/start-files-reader';
import { changedFiles } from '../../explain/start-record';
import type { Clock, Dispose, FileState } from '../../ports';

type Files = Readonly<Record<string, FileState>>;

/** How often the files are read. */
const POLL_INTERVAL_MS = 2000;
/** While one of them does not answer, as on a server that is down, they are read ever more seldom, up to this. */
const MAX_POLL_INTERVAL_MS = 60_000;

export interface FileChangesDependencies {
  clock: Pick<Clock, 'after'>;
  files: StartFilesReader;
  /** These have changed and are settled. Returns whether that is dealt with; otherwise it is asked again. */
  changed: (paths: readonly string[]) => boolean;
}

/**
 * Watches files and directories while one process of a program runs, from the first reading on. A change counts once the files
 * have been the same for one more reading: a deployment writes many of them.
 */
export class FileChanges {
  /** Of which process, and which paths; null: nothing is watched. */
  private followed: { key: string; paths: readonly string[] } | null = null;
  private before: Files | null = null;
  private latest: Files = {};
  private intervalMs = POLL_INTERVAL_MS;
  private next: Dispose | null = null;

  constructor(private readonly dependencies: FileChangesDependencies) {}

  /** `process` null: none runs. Another process begins with the files as they are then. */
  follow(process: string | null, paths: readonly string[]): void {
    const key = process === null || paths.length === 0 ? null : [process, ...paths].join('\0');
    if (key === (this.followed?.key ?? null)) return;
    this.dispose();
    if (key === null) return;
    this.followed = { key, paths };
    this.before = null;
    this.intervalMs = POLL_INTERVAL_MS;
    this.arm(0);
  }

  dispose(): void {
    this.next?.();
    this.next = null;
    this.followed = null;
  }

  private arm(delayMs: number): void {
    this.next = this.dependencies.clock.after(delayMs, () => void this.read());
  }

  private async read(): Promise<void> {
    const { followed } = this;
    if (followed === null) return;
    const now = await this.dependencies.files.read(followed.paths, { withEntries: true });
    // Another process may run by now.
    if (this.followed !== followed) return;
    const isHeldUp = Object.values(now).some(({ kind }) => kind === 'unknown');
    this.intervalMs = isHeldUp ? Math.min(this.intervalMs * 2, MAX_POLL_INTERVAL_MS) : POLL_INTERVAL_MS;
    this.compare(now);
    // What a change leads to may have ended it.
    if (this.followed === followed) this.arm(this.intervalMs);
  }

  private compare(now: Files): void {
    const before = withKnown(this.before ?? now, now);
    const isSettled = changedFiles(this.latest, now).length === 0;
    this.before = before;
    this.latest = now;
    const paths = changedFiles(before, now).map(({ path }) => path);
    if (paths.length === 0 || !isSettled) return;
    if (this.dependencies.changed(paths)) this.before = now;
  }
}

/** The earlier states; of what was not known then, those of now. */
function withKnown(before: Files, now: Files): Files {
  const learnt = Object.entries(before).flatMap(([path, { kind }]) => {
    const state = now[path];
    return kind === 'unknown' && state !== undefined ? [[path, state] as const] : [];
  });
  return { ...before, ...Object.fromEntries(learnt) };
}
