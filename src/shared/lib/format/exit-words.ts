import type { ExitFacts } from '../../model/event-parts';

type Ending = Pick<ExitFacts, 'exitCode' | 'signal'>;

/** An exit in words: `SIGSEGV`, `exit code 137 (as a shell reports SIGKILL)`, `exit code unknown`. */
export function describeExit(exit: Ending | null): string {
  if (exit?.signal) return exit.signal;
  if (exit === null || exit.exitCode === null) return 'exit code unknown';
  const asSignal = SHELL_SIGNALS.get(exit.exitCode - 128);
  return asSignal === undefined
    ? `exit code ${exit.exitCode}`
    : `exit code ${exit.exitCode} (as a shell reports ${asSignal})`;
}

/** The signals that end programs most often, by their number on Linux and macOS alike (signal(7)). */
const SHELL_SIGNALS: ReadonlyMap<number, string> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [3, 'SIGQUIT'],
  [4, 'SIGILL'],
  [6, 'SIGABRT'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [13, 'SIGPIPE'],
  [14, 'SIGALRM'],
  [15, 'SIGTERM'],
]);
