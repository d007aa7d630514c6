import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Dispose, ReportError } from '../../engine/ports';
import type { ConfigFileStore } from './config-store';
import { fileSystemAnswers } from '../files/data-dir-guard';
import type { Notify } from '../files/notice';

export interface ConfigWatchOptions {
  /** Path of config.json. */
  file: string;
  store: Pick<ConfigFileStore, 'reload'>;
  /** Resolves once the file system of these paths answers. */
  answers?: (paths: readonly string[]) => Promise<void>;
  /** Called after the store has taken over an edit. */
  reload: () => void;
  clock: Clock;
  notify: Notify;
  report: ReportError;
}

/** Editors write in several steps: so long nothing may happen to the file before it is read. */
const QUIET_MS = 250;
/** Network file systems and exhausted watches report nothing: a stat now and then costs some µs. */
const POLL_INTERVAL_MS = 2000;

/** Takes over what is edited into config.json by hand, and reports of each edit what became of it, once. */
export class ConfigWatch {
  private readonly watcher: FSWatcher | null;
  private cancelPoll: Dispose | null = null;
  private cancelCheck: Dispose | null = null;
  private disposed = false;
  private seen: string;
  private refused: string | null = null;

  constructor(private readonly options: ConfigWatchOptions) {
    this.seen = stampOf(options.file);
    this.watcher = this.watchFile();
    this.poll();
    // The store was opened a while ago, and edits since then were seen by nobody.
    this.checkSoon();
  }

  /** Reads the file now, without waiting for a change. */
  check(): void {
    const { store, reload, report } = this.options;
    const outcome = store.reload();
    if (outcome.kind === 'refused') {
      if (this.refused !== outcome.problem) {
        this.notifyOperator(
          'high',
          `config.json can't be used (${outcome.problem}); the configuration in force stays in force.`,
        );
      }
      this.refused = outcome.problem;
      return;
    }
    const again = this.refused === null ? '' : 'is valid again and ';
    if (outcome.kind === 'taken') {
      this.notifyOperator('info', `config.json was changed by hand; it ${again}is in force now.`);
      try {
        reload();
      } catch (error) {
        report('taking over config.json', error);
      }
    } else if (this.refused !== null) {
      this.notifyOperator('info', 'config.json is valid again and matches the configuration in force.');
    }
    this.refused = null;
  }

  dispose(): void {
    this.disposed = true;
    this.watcher?.close();
    this.cancelPoll?.();
    this.cancelCheck?.();
  }

  private watchFile(): FSWatcher | null {
    const { file } = this.options;
    try {
      // The directory, not the file: editors put a new file in the place of the old one, and a watch would stay with that.
      const watcher = watch(dirname(file), { persistent: false }, (_type, name) => {
        if (name === null || name === basename(file)) this.checkSoon();
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      // No watch to be had (inotify(7): max_user_watches): the poll of the file's time finds edits, too.
      return null;
    }
  }

  private poll(): void {
    const { file, clock, answers = fileSystemAnswers } = this.options;
    this.cancelPoll = clock.after(POLL_INTERVAL_MS, () => {
      // A file system that hangs is asked in another thread than the engine's, and no second time meanwhile.
      void answers([file]).then(() => {
        if (this.disposed) return;
        if (stampOf(file) !== this.seen) this.checkSoon();
        this.poll();
      });
    });
  }

  private checkSoon(): void {
    const { file, clock } = this.options;
    if (this.disposed) return;
    this.cancelCheck?.();
    this.cancelCheck = clock.after(QUIET_MS, () => {
      this.cancelCheck = null;
      const stamp = stampOf(file);
      // Still being written, or a save of ours: then the store reports that all is as it should be.
      this.seen = stamp;
      this.check();
      if (stampOf(file) !== stamp) this.checkSoon();
    });
  }

  private notifyOperator(severity: 'info' | 'high', detail: string): void {
    this.options.notify({ topic: 'config.json', severity, detail });
  }
}

/** Changes whenever the file is written or replaced. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'none';
  }
}
