import type { Settings } from '../../../shared/model/settings';
import type { EarlyEnd } from '../../../shared/events/text';
import type { Obstacle } from '../../../shared/model/crash-group';
import type { StartFilesReader } from '../explain/start-files-reader';
import { changedFiles } from '../explain/start-record';
import { NOTHING_WANTED, type Clock, type Cooldown, type Dispose, type FileState, type SceneReader } from '../ports';
import type { Lifecycle } from './lifecycle';

type Files = Readonly<Record<string, FileState>>;

/** How often it is looked whether the cause of a cooldown is gone. */
const POLL_INTERVAL_MS = 2000;

export interface EarlyRetryDependencies {
  clock: Pick<Clock, 'after'>;
  scenes: SceneReader;
  files: StartFilesReader;
  life: Lifecycle;
  settings: () => Settings;
  /** The files of the program as they were when it failed. */
  filesAtFailure: () => Files;
}

/**
 * Ends a cooldown before its time once its cause is gone: the program that crashed at each start was changed, or the port is free.
 * A change counts once the files have been the same for one more look: a deployment writes many of them.
 */
export class EarlyRetry {
  /** The cooldown that is looked after; null: none. */
  private cooldown: Cooldown | null = null;
  private before: Files = {};
  private latest: Files = {};
  private next: Dispose | null = null;
  private disposed = false;

  constructor(private readonly dependencies: EarlyRetryDependencies) {}

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  /** The state of the watch is another now. */
  follow(): void {
    const cooldown = this.awaited();
    // An operator may extend it: it is the same one.
    if (cooldown?.startedAtMs === this.cooldown?.startedAtMs) return;
    this.stop();
    if (cooldown === null || this.disposed) return;
    this.cooldown = cooldown;
    this.before = this.dependencies.filesAtFailure();
    this.latest = this.before;
    this.arm();
  }

  /** The cooldown that the watch is in, if its cause may go away. */
  private awaited(): Cooldown | null {
    const { life, settings } = this.dependencies;
    const { cooldown } = life.machine.ledger.budget;
    if (life.state.phase !== 'cooldown' || cooldown === null) return null;
    if (cooldown.obstacle !== undefined) return cooldown;
    return cooldown.sameCrash !== undefined && settings()['heal.retryOnChange'] ? cooldown : null;
  }

  private stop(): void {
    this.next?.();
    this.next = null;
    this.cooldown = null;
  }

  private arm(): void {
    this.next = this.dependencies.clock.after(POLL_INTERVAL_MS, () => void this.look());
  }

  private async look(): Promise<void> {
    const { cooldown } = this;
    if (cooldown === null) return;
    const end = cooldown.obstacle === undefined ? await this.changed() : await this.freed(cooldown.obstacle);
    // Whoever has started it meanwhile has ended the wait.
    if (this.disposed || this.cooldown !== cooldown) return;
    if (end === null) return this.arm();
    this.stop();
    this.dependencies.life.dispatch({ type: 'cause_gone', end });
  }

  private async changed(): Promise<EarlyEnd | null> {
    const now = await this.dependencies.files.read(Object.keys(this.before));
    const isSettled = changedFiles(this.latest, now).length === 0;
    this.latest = now;
    const changed = changedFiles(this.before, now).map(({ path }) => path);
    return changed.length > 0 && isSettled ? { changed } : null;
  }

  private async freed(obstacle: Obstacle): Promise<EarlyEnd | null> {
    const { protocol, port } = obstacle;
    const request = { ...NOTHING_WANTED, ports: [{ protocol, port }], holdersByUser: true as const };
    const { holders } = await this.dependencies.scenes.read(request, POLL_INTERVAL_MS);
    return holders !== null && holders.length === 0 ? { freed: obstacle } : null;
  }
}
