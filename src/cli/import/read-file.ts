import { readFileSync } from 'node:fs';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { absolutePath, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { plural } from '../../shared/lib/format/values';

const SHOWN_PROBLEMS = 20;

/** The text of a file that was named on the command line. */
export function readGivenFile({ io }: CliContext, file: string): string {
  const path = absolutePath(io, file);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliFailure(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says what is wrong with a file, a line each, and fails: nothing of it is imported. */
export function refuseFile({ io }: CliContext, file: string, problems: readonly string[]): never {
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  io.err(shown.map((problem) => `healdeck: ${escapeUnprintable(`${file}: ${problem}`)}\n`).join(''));
  throw new CliFailure(`nothing was imported: ${plural(problems.length, 'line is', 'lines are')} wrong`);
}
