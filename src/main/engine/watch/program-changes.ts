import type { Settings } from '../../../shared/model/settings';
import { changedFiles } from '../explain/start-record';
import type { StartFilesReader } from '../explain/start-files-reader';
import type { Clock, Dispose } from '../ports';
import type { FileState } from '../scene';
import type { Lifecycle } from './lifecycle';

/** How often the files of a program that keeps crashing are looked at. */
const POLL_INTERVAL_MS = 2000;

export interface ProgramChangesDependencies {
  clock: Pick<Clock, 'after'>;
  files: StartFilesReader;
  life: Lifecycle;
  settings: () => Settings;
}

/**
 * Notices that a program in cooldown for the same crash was changed, so that it is tried at once. A change counts once the files have
 * been the same for one more look: a deployment writes many of them.
 */
export class ProgramChanges {
  /** The files at the crash; null: no program waits for its change. */
  private before: Readonly<Record<string, FileState>> | null = null;
  private latest: Readonly<Record<string, FileState>> = {};
  private next: Dispose | null = null;
  private disposed = false;

  constructor(private readonly dependencies: ProgramChangesDependencies) {}

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  /** The state of the watch is another now, or its last crash has been looked at. */
  follow(filesAtDeath: Readonly<Record<string, FileState>>): void {
    if (!this.isWaiting()) return this.stop();
    if (this.before !== null || this.disposed || Object.keys(filesAtDeath).length === 0) return;
    this.before = filesAtDeath;
    this.latest = filesAtDeath;
    this.arm();
  }

  private isWaiting(): boolean {
    const { life, settings } = this.dependencies;
    const { state, ledger } = life.machine;
    return (
      state.phase === 'cooldown' && ledger.budget.cooldown?.sameCrash !== undefined && settings()['heal.retryOnChange']
    );
  }

  private stop(): void {
    this.next?.();
    this.next = null;
    this.before = null;
  }

  private arm(): void {
    this.next = this.dependencies.clock.after(POLL_INTERVAL_MS, () => void this.look());
  }

  private async look(): Promise<void> {
    const { before } = this;
    if (before === null) return;
    const now = await this.dependencies.files.read(Object.keys(before));
    // Whoever has started it meanwhile has ended the wait.
    if (this.disposed || this.before !== before) return;
    const isSettled = changedFiles(this.latest, now).length === 0;
    this.latest = now;
    const changed = changedFiles(before, now);
    if (changed.length === 0 || !isSettled) return this.arm();
    this.stop();
    this.dependencies.life.dispatch({ type: 'program_changed', files: changed.map(({ path }) => path) });
  }
}
