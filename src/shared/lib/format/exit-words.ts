import type { ExitFacts } from '../../model/event-parts';

type Ending = Pick<ExitFacts, 'exitCode' | 'signal'>;

/**
 * An exit in words: `SIGSEGV`, `exit code 137, as a shell reports SIGKILL`, `exit code 78, by convention a configuration error`,
 * `exit code unknown`.
 */
export function describeExit(exit: Ending | null): string {
  if (exit?.signal) return exit.signal;
  if (exit === null || exit.exitCode === null) return 'exit code unknown';
  const { exitCode } = exit;
  const asSignal = SHELL_SIGNALS.get(exitCode - 128);
  const meaning = asSignal === undefined ? CONVENTIONS.get(exitCode) : `as a shell reports ${asSignal}`;
  return meaning === undefined ? `exit code ${exitCode}` : `exit code ${exitCode}, ${meaning}`;
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

/** What shells (POSIX, 2.8.2) and many programs (sysexits.h) mean by a code. Nobody has to keep to it, so it is never more than a convention. */
const CONVENTIONS: ReadonlyMap<number, string> = new Map([
  [64, 'by convention a command line usage error'],
  [65, 'by convention wrong input data'],
  [66, 'by convention a missing or unreadable input'],
  [67, 'by convention an unknown user'],
  [68, 'by convention an unknown host'],
  [69, 'by convention an unavailable service'],
  [70, 'by convention an internal software error'],
  [71, 'by convention an error of the operating system'],
  [72, 'by convention a missing system file'],
  [73, "by convention an output file that can't be created"],
  [74, 'by convention an input/output error'],
  [75, 'by convention a temporary failure'],
  [76, 'by convention a protocol error'],
  [77, 'by convention a missing permission'],
  [78, 'by convention a configuration error'],
  [126, "as a shell reports a command that can't be executed"],
  [127, 'as a shell reports a command that was not found'],
]);
