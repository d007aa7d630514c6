import type { ExitFacts } from '../../model/event-parts';

/**
 * What of the last output can concern an end:
 *
 * | end                                   | a runtime's last words | a trace that may be logged | a message       |
 * | ------------------------------------- | ---------------------- | -------------------------- | --------------- |
 * | `sent`: SIGKILL, SIGTERM, SIGINT, …    | no                     | no                         | no              |
 * | `fault`: SIGSEGV, SIGBUS, SIGILL, …    | yes                    | no                         | of a fault only |
 * | `done`: exit code 0                   | yes                    | yes                        | no              |
 * | `failed`: SIGABRT, any other, unknown | yes                    | yes                        | yes             |
 *
 * Who is killed from outside has written what it happened to be at, and so has who touches memory that it does not have.
 */
export type EndKind = 'sent' | 'fault' | 'done' | 'failed';

const SENT: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM', 'SIGSTOP', 'SIGPIPE', 'SIGALRM']);
const FAULTS: ReadonlySet<string> = new Set(['SIGILL', 'SIGBUS', 'SIGFPE', 'SIGSEGV']);
/** As shells report them (POSIX, 2.8.2); SIGHUP, SIGPIPE and SIGALRM are left out, because programs use these codes themselves. */
const SHELL_CODES: ReadonlyMap<number, string> = new Map([
  [128 + 2, 'SIGINT'],
  [128 + 4, 'SIGILL'],
  [128 + 8, 'SIGFPE'],
  [128 + 9, 'SIGKILL'],
  [128 + 11, 'SIGSEGV'],
  [128 + 15, 'SIGTERM'],
]);

/** See the table above. */
export function endKindOf({ exitCode, signal }: Pick<ExitFacts, 'exitCode' | 'signal'>): EndKind {
  const sent = signal ?? (exitCode === null ? undefined : SHELL_CODES.get(exitCode));
  if (sent !== undefined && SENT.has(sent)) return 'sent';
  if (sent !== undefined && FAULTS.has(sent)) return 'fault';
  return exitCode === 0 ? 'done' : 'failed';
}
