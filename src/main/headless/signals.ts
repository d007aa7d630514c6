import { readFileSync } from 'node:fs';
import { parseProcessStat } from '../../shared/lib/host/process-stat';
import { endOnAbort } from '../../host/abort-signal';

/**
 * Within this time a second signal is the same wish: Ctrl-C reaches this process from the terminal, and once more from a
 * program such as npx that stands between.
 */
const SAME_WISH_MS = 1000;

/** The signals that mean something to an engine. */
export interface Signals {
  /** Resolves with the name of the first signal that asks this process to end; another one later ends it at once. */
  end: Promise<string>;
  /** What SIGHUP does where no terminal stands behind the process. Nothing before it is set. */
  onReload(reload: () => void): void;
}

/**
 * Listens to signals. SIGHUP from the terminal that the engine was started in means that it was closed, and ends the engine in order, as SIGTERM
 * does. An engine without one, such as a service, gets SIGHUP only by `kill`, from somebody who expects that a daemon reads its configuration again.
 */
export function listenToSignals(terminal: boolean): Signals {
  let reload: () => void = () => undefined;
  const end = new Promise<string>((resolve) => {
    let askedAtMs: number | null = null;
    const ask = (name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void => {
      if (askedAtMs !== null && performance.now() - askedAtMs > SAME_WISH_MS) endBy(name);
      askedAtMs ??= performance.now();
      resolve(name);
    };
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => ask(name));
    endOnAbort();
    process.on('SIGHUP', () => (terminal ? ask('SIGHUP') : reload()));
  });
  return { end, onReload: (next) => (reload = next) };
}

/** The kernel ends it: process.exit() would wait for threads, one of which may hang on a disk. */
function endBy(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/** Whether this process has a controlling terminal. Elsewhere than on Linux its own streams show it. */
export function hasTerminal(): boolean {
  let stat;
  try {
    stat = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  }
  return parseProcessStat(stat).terminal !== 0;
}
