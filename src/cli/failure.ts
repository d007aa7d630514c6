import { ORPCError } from '@orpc/client';
import { escapeUnprintable } from '../shared/lib/text/escape';

/** Exit status of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, noEngine: 3 } as const;
type FailureCode = (typeof EXIT)['failed' | 'usage' | 'noEngine'];

/** A command that ends with a message for people instead of a result. */
export class CliFailure extends Error {
  override readonly name: string = 'CliFailure';

  constructor(
    message: string,
    readonly exitCode: FailureCode = EXIT.failed,
  ) {
    super(message);
  }
}

/** The command was written wrong; the message states what was expected. */
export function usage(message: string): CliFailure {
  return new CliFailure(message, EXIT.usage);
}

/** What is said about an error, on one line that is safe to print, and the exit status that goes with it. */
export function describeFailure(error: unknown): { message: string; exitCode: FailureCode } {
  if (error instanceof CliFailure) return { message: escapeUnprintable(error.message), exitCode: error.exitCode };
  const written = error instanceof Error ? error.message : String(error);
  // Input that the engine refused is written wrong, whichever end found out.
  const refusedInput = error instanceof ORPCError && error.code === 'BAD_REQUEST';
  // `spec.name: …` of the contract is the name to whoever wrote a command.
  const named = refusedInput ? written.replace(/(^|; )spec\.(?=[\w.]+: )/g, '$1') : written;
  return { message: escapeUnprintable(afterColon(named)), exitCode: refusedInput ? EXIT.usage : EXIT.failed };
}

/** How sentences of the engine begin. Others begin with a name, whose case means something. */
const SENTENCE = /^(?:Expected|No|Nothing|Process|Message|The|A|An|Another|Pid|This) /;

/** A sentence as it follows `healdeck: `. */
export function afterColon(sentence: string): string {
  return SENTENCE.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}
