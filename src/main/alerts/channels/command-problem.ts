import { truncate } from '../../../shared/lib/text/escape';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import { printableEnd } from './printable-reply';
import type { RunOutcome } from './run-program';
import { formatDuration } from '../../../shared/lib/format/duration';

/** Errnos of a start that may succeed later: too many processes or open files, no memory, a file that is being replaced. */
const PASSING = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY'];

/**
 * Exit codes that no further attempt can fix: wrong use, input, permission or configuration (sysexits.h, 64 to 78, of which 75,
 * EX_TEMPFAIL, says the opposite), and a shell that could not execute (126) or find (127) what it was to run.
 */
const isFinal = (exitCode: number): boolean =>
  (exitCode >= 64 && exitCode <= 78 && exitCode !== 75) || exitCode === 126 || exitCode === 127;

/** Why a run was no delivery; null when it was one. Only the program is named: its arguments may be private. */
export function explainRun(program: string, outcome: RunOutcome, limitMs: number): DeliveryProblem | null {
  const name = quoted(program);
  if (outcome.kind === 'not_started') return explainStart(program, outcome.code);
  const said = printableEnd(outcome.stderr) || printableEnd(outcome.stdout);
  const words = said === '' ? '.' : `: ${said}`;
  if (outcome.kind === 'too_late') {
    return {
      step: 'timeout',
      message: `${name} did not end within ${formatDuration(limitMs)} and was ended${words}`,
      advice: 'Find out what it waits for, or raise command.timeoutMs.',
      temporary: true,
    };
  }
  const { exitCode, signal } = outcome.exit;
  if (exitCode === 0) return null;
  const final = exitCode !== null && isFinal(exitCode);
  return {
    step: 'program',
    message: `${name} ${exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`}${words}`,
    advice: final
      ? 'Exit codes 64 to 78, 126 and 127 mean a permanent failure; fix the problem, then retry the message.'
      : 'It is run again later; it must exit with 0 once it has delivered the message.',
    temporary: !final,
  };
}

/** Why a program can't be started. */
export function explainStart(program: string, code: string): DeliveryProblem {
  const name = quoted(program);
  const problem = (message: string, advice: string): DeliveryProblem => ({
    step: 'program',
    message,
    advice,
    temporary: PASSING.includes(code),
  });
  if (code === 'ENOENT') {
    return problem(
      `The program ${name}, or the interpreter named in its first line, was not found.`,
      'Give its full path in command.argv; bare names are looked up on the PATH that Healdeck was started with.',
    );
  }
  if (code === 'EACCES') {
    return problem(
      `${name} is not executable.`,
      'Make it executable (chmod +x), or put its interpreter first in command.argv.',
    );
  }
  return problem(
    `The system could not start ${name} (${code}).`,
    PASSING.includes(code) ? 'The machine is short of resources; it is tried again.' : 'Try it in a terminal.',
  );
}

function quoted(program: string): string {
  return JSON.stringify(truncate(program, 100));
}
