import type { Clock, Dispose, PersistedState, PersistedWatch, StateStore } from '../../engine/ports';
import { backupPath, readGuarded, writeFileAtomicSync } from '../files/files';
import { errorText, type Notify } from '../files/notice';
import type { WatchMemory } from '../history/events/watch-memory-table';
import { contentOf, memoryText, newestOf, parseState, type StateFileContent } from './state-format';

/** At most one write in this time, however fast the engine's state changes; of a large state one in a longer time. */
const COALESCE_MS = 50;
const BYTES_PER_MS = 2000;
/** A state that could not be written is tried again after this, if no newer one comes before. */
const RETRY_MS = 5000;

export interface StateStoreOptions {
  file: string;
  clock: Clock;
  notify: Notify;
  /** What the history has kept of each watch. */
  memories: readonly WatchMemory[];
  /** Keeps memories in the history, with the events of this moment. Never throws. */
  remember: (memories: readonly WatchMemory[]) => void;
  /** Whether all that was remembered of a watch would outlive this engine. */
  isRemembered: (watchId: string) => boolean;
  /** Resolves once what was remembered so far would outlive this engine, or after `limitMs`. */
  remembered: (limitMs: number) => Promise<void>;
  /** Resolves once what was remembered so far is in the history, or can't be. */
  decided: () => Promise<void>;
  /** Puts a text in place of the file; `durable`: also a power cut leaves it whole. */
  write: (text: string, durable: boolean) => Promise<void>;
}

/**
 * What the next engine must know, in two places. The history has it per watch, written with the events that it follows from, so
 * that one is never there without the other: where it is newer, it counts. `state.json` has all of it, written in the background
 * within COALESCE_MS; it counts where the history can't be used. Saving returns at once.
 */
export class FileStateStore implements StateStore {
  private header = '';
  private revision: number;
  /** JSON of each watch as it was saved last. */
  private kept = new Map<string, string>();
  private onDisk = -1;
  private pauseMs = COALESCE_MS;
  private writing: Promise<void> | null = null;
  private failing = false;
  private disposed = false;
  private cancelTimer: Dispose | null = null;

  constructor(private readonly options: StateStoreOptions) {
    this.revision = Math.max(0, ...options.memories.map((memory) => memory.revision));
  }

  load(): PersistedState | null {
    const content = this.readFile();
    this.revision = Math.max(this.revision, content?.revision ?? 0);
    return newestOf(content, this.options.memories);
  }

  save(state: PersistedState): void {
    if (this.disposed) return;
    const { watches, ...rest } = state;
    const header = JSON.stringify(rest);
    const next = new Map(Object.entries(watches).map(([id, memory]) => [id, JSON.stringify(memory)]));
    const changed = [...next].filter(([id, text]) => header !== this.header || this.kept.get(id) !== text);
    const gone = [...this.kept.keys()].filter((id) => !next.has(id));
    if (header === this.header && changed.length + gone.length === 0) return;
    this.revision += 1;
    this.header = header;
    this.kept = next;
    const { revision } = this;
    this.options.remember([
      ...changed.map(([watchId]) => ({ watchId, header, revision, memory: memoryText(watches[watchId]) })),
      ...gone.map((watchId) => ({ watchId, header, revision, memory: null })),
    ]);
    this.arm();
  }

  saveWatch(watchId: string, watch: PersistedWatch): void {
    const text = JSON.stringify(watch);
    if (this.disposed || this.kept.get(watchId) === text) return;
    this.revision += 1;
    this.kept.set(watchId, text);
    const { header, revision } = this;
    this.options.remember([{ watchId, header, revision, memory: memoryText(watch) }]);
    this.arm();
  }

  isSaved(watchId: string): boolean {
    return this.options.isRemembered(watchId);
  }

  saved(limitMs: number): Promise<void> {
    return this.options.remembered(limitMs);
  }

  /** Writes what is still to be written, and ignores later saves. Resolves when that is over, however it went. */
  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.cancelTimer?.();
    this.cancelTimer = null;
    await this.writing?.catch(() => undefined);
    if (this.revision !== this.onDisk) await this.write(true);
  }

  private arm(): void {
    if (this.disposed || this.writing !== null || this.cancelTimer !== null) return;
    this.cancelTimer = this.options.clock.after(this.failing ? RETRY_MS : this.pauseMs, () => {
      this.cancelTimer = null;
      void this.write(false);
    });
  }

  private async write(durable: boolean): Promise<void> {
    const { options, revision } = this;
    if (this.kept.size === 0 && this.header === '') return;
    const text = contentOf(this.header, revision, this.kept);
    this.pauseMs = Math.max(COALESCE_MS, text.length / BYTES_PER_MS);
    // Never newer than the history while that is written: a state without the events that it follows from would lose them.
    this.writing = options.decided().then(() => options.write(text, durable));
    try {
      await this.writing;
      this.onDisk = revision;
      this.succeeded();
    } catch (error) {
      this.failed(error);
    } finally {
      this.writing = null;
      if (this.revision !== this.onDisk) this.arm();
    }
  }

  private failed(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    this.options.notify({
      topic: 'state.json',
      severity: 'warning',
      detail: `state.json can't be written (${errorText(error)}); it is tried again, and healing continues.`,
    });
  }

  private succeeded(): void {
    if (!this.failing) return;
    this.failing = false;
    this.options.notify({ topic: 'state.json', severity: 'info', detail: 'state.json is written again.' });
  }

  private readFile(): StateFileContent | null {
    const { file, clock, notify } = this.options;
    try {
      const { value, notices } = readGuarded({ path: file, parse: parseState, nowMs: clock.wallMs() });
      for (const notice of notices) notify(notice);
      return value;
    } catch (error) {
      notify({
        topic: 'state.json',
        severity: 'high',
        detail: `state.json can't be read (${errorText(error)}); restart counts and stopped watches of the last engine are unknown.`,
      });
      return null;
    }
  }
}

/** How long a copy of the state may be older than the state. */
const BACKUP_INTERVAL_MS = 60_000;

/**
 * The file behind `state.json`, for the thread that writes. The state itself is not flushed to the disk at each change: kill -9 takes nothing of it, and after a power cut the machine boots
 * again, where hardly any of it has a meaning. Its copy is flushed now and then.
 */
export class StateFile {
  private copiedMs = -Infinity;

  constructor(
    private readonly file: string,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** Puts a text in place of the file. Throws the error of the file system, and then the old one is there. */
  save(text: string, durable: boolean): void {
    writeFileAtomicSync(this.file, text, durable);
    if (!durable && this.clock.monotonicMs() - this.copiedMs < BACKUP_INTERVAL_MS) return;
    writeFileAtomicSync(backupPath(this.file), text);
    this.copiedMs = this.clock.monotonicMs();
  }
}
