import { stat } from 'node:fs/promises';
import type { Clock, Dispose } from '../../engine/ports';
import { openDataDir, type DataDirPaths } from './data-dir';
import type { DataDirIdentity } from './data-dir-identity';
import { readEngineOwner, type DataDirLock, type EngineOwner } from './engine-lock';
import { errorText, type Notify } from './notice';
import { isAlive } from '../../../host/is-alive';

export interface DataDirGuardOptions {
  paths: DataDirPaths;
  identity: DataDirIdentity;
  lock: DataDirLock;
  /** Binds the socket again when its file is missing or replaced. Resolves to whether it was. */
  rebindSocket: () => Promise<boolean>;
  /** The directory was removed and is there again, empty. */
  refill: () => void;
  /** Another engine has the data directory: this one must stop healing. */
  onTaken: (reason: string) => void;
  /** Resolves once the file system of these paths answers, with or without an error; a network file system may hang for hours. */
  answers?: (paths: readonly string[]) => Promise<void>;
  clock: Clock;
  notify: Notify;
}

const INTERVAL_MS = 2000;

/**
 * Checks every two seconds that the data directory, the lock and the socket are still there, and recreates what was removed.
 * A few lstat(2): some µs.
 */
export class DataDirGuard {
  private cancel: Dispose | null = null;
  private disposed = false;
  private taken = false;
  /** What was reported last of each topic, so that it is reported once. */
  private readonly reported = new Map<string, string>();

  constructor(private readonly options: DataDirGuardOptions) {
    this.arm();
  }

  dispose(): void {
    this.disposed = true;
    this.cancel?.();
  }

  private arm(): void {
    this.cancel = this.options.clock.after(INTERVAL_MS, () => {
      void this.check()
        .catch((error: unknown) =>
          this.report('data directory', 'critical', `The data directory can't be restored (${errorText(error)}).`),
        )
        .finally(() => {
          if (!this.disposed && !this.taken) this.arm();
        });
    });
  }

  private async check(): Promise<void> {
    const { paths, identity, notify, rebindSocket, answers = fileSystemAnswers } = this.options;
    // In a thread of libuv's pool first: what is asked below is asked in the engine's own thread, which must not hang.
    await answers([paths.dir, paths.lock, paths.owner, paths.socket]);
    if (this.disposed) return;
    const found = identity.check();
    if (found === 'replaced') return this.onReplaced();
    if (found === 'gone') this.remake();
    else if (this.reported.delete('data directory')) {
      notify({ topic: 'data directory', severity: 'info', detail: `${paths.dir} is the data directory again.` });
    }
    this.checkLock();
    if (!this.taken && (await rebindSocket()))
      notify({ topic: 'engine.sock', severity: 'high', detail: 'engine.sock was removed; it was created again.' });
  }

  private onReplaced(): void {
    const { paths } = this.options;
    this.report(
      'data directory',
      'critical',
      `${paths.dir} was replaced by another directory: nothing is written to it or applied from it, and healing continues. Restore the old directory, or restart Healdeck to use the new one.`,
    );
    const other = readEngineOwner(paths);
    if (other !== null && other.pid !== process.pid && isAlive(other.pid)) this.onTaken(other);
  }

  private remake(): void {
    const { paths, identity, refill, notify } = this.options;
    openDataDir(paths.dir);
    identity.adopt();
    refill();
    notify({
      topic: 'data directory',
      severity: 'critical',
      detail: `${paths.dir} was removed while Healdeck was running. It was created again with the configuration in force; the earlier history and output are lost.`,
    });
  }

  private checkLock(): void {
    const { lock, notify } = this.options;
    const state = lock.refresh();
    if (state.kind === 'taken') this.onTaken(state.owner);
    if (state.kind === 'renewed') {
      notify({
        topic: 'engine.lock',
        severity: 'high',
        detail: 'engine.lock or engine.json was removed or replaced; it was created again.',
      });
    }
  }

  private onTaken({ pid, startedAt }: EngineOwner): void {
    const { paths, identity, onTaken } = this.options;
    this.taken = true;
    // From now on its files are the other engine's.
    identity.abandon();
    const reason = `another engine (pid ${pid} since ${startedAt}) has taken over ${paths.dir}`;
    this.report('engine.lock', 'critical', `Healing stops here: ${reason}.`);
    onTaken(reason);
  }

  private report(topic: string, severity: 'info' | 'high' | 'critical', detail: string): void {
    if (this.reported.get(topic) === detail) return;
    this.reported.set(topic, detail);
    this.options.notify({ topic, severity, detail });
  }
}

/** Asks for files one after the other, so that a file system that hangs takes one thread of the pool (libuv: 4) and no more. */
export async function fileSystemAnswers(paths: readonly string[]): Promise<void> {
  for (const path of paths) await stat(path).catch(() => undefined);
}
