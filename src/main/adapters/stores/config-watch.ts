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
/** Network file systems and exhausted watches tell nothing: a stat now and then costs some µs. */
const POLL_INTERVAL_MS = 2000;

/** The watch over config.json. */
export interface ConfigWatch {
  /** Reads the file now, without waiting for a change. */
  check(): void;
  dispose(): void;
}

/** Takes over what is edited into config.json by hand, and says of each edit what became of it, once. */
export function watchConfig(options: ConfigWatchOptions): ConfigWatch {
  const { file, clock, notify, report, answers = fileSystemAnswers } = options;
  let watcher: FSWatcher | null = null;
  let cancelLook: Dispose | null = null;
  let cancelCheck: Dispose | null = null;
  let disposed = false;
  let seen = stampOf(file);
  let refused: string | null = null;

  try {
    // The directory, not the file: editors put a new file in the place of the old one, and a watch would stay with that.
    watcher = watch(dirname(file), { persistent: false }, (_type, name) => {
      if (name === null || name === basename(file)) checkSoon();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watch to be had (inotify(7): max_user_watches): the look at the time of the file finds edits, too.
  }
  look();
  // The store was opened a while ago, and edits since then were seen by nobody.
  checkSoon();

  function look(): void {
    cancelLook = clock.after(POLL_INTERVAL_MS, () => {
      // A file system that hangs is asked in another thread than the engine's, and no second time meanwhile.
      void answers([file]).then(() => {
        if (disposed) return;
        if (stampOf(file) !== seen) checkSoon();
        look();
      });
    });
  }

  function checkSoon(): void {
    if (disposed) return;
    cancelCheck?.();
    cancelCheck = clock.after(QUIET_MS, () => {
      cancelCheck = null;
      const stamp = stampOf(file);
      // Still being written, or a save of ours: then the store says that all is as it should be.
      seen = stamp;
      check();
      if (stampOf(file) !== stamp) checkSoon();
    });
  }

  function check(): void {
    const outcome = options.store.reload();
    if (outcome.kind === 'refused') {
      if (refused !== outcome.problem) {
        notifyOperator(
          'high',
          `config.json can't be used (${outcome.problem}); the configuration in force stays in force.`,
        );
      }
      refused = outcome.problem;
      return;
    }
    const again = refused === null ? '' : 'is valid again and ';
    if (outcome.kind === 'taken') {
      notifyOperator('info', `config.json was changed by hand; it ${again}is in force now.`);
      try {
        options.reload();
      } catch (error) {
        report('taking over config.json', error);
      }
    } else if (refused !== null) {
      notifyOperator('info', 'config.json is valid again and holds what is in force.');
    }
    refused = null;
  }

  function notifyOperator(severity: 'info' | 'high', detail: string): void {
    notify({ topic: 'config.json', severity, detail });
  }

  return {
    check,
    dispose: () => {
      disposed = true;
      watcher?.close();
      cancelLook?.();
      cancelCheck?.();
    },
  };
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
