import { statSync } from 'node:fs';
import { cpus, homedir, hostname, totalmem } from 'node:os';
import { isAbsolute } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CliFailure } from './failure';
import { readSecret } from './secret-input';
import { takeTerminal, type Terminal } from './top/terminal';

/** Everything outside of a command that it depends on: tests give their own. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  /** Fails when the working directory was removed: read it only where it is needed. */
  readonly cwd: string;
  platform: string;
  /** Fails when the user has none. */
  readonly homedir: string;
  /** Writes to standard output; the result of a command, and nothing else. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** Asks for a yes on the terminal; null when there is none to ask on. */
  confirm(question: string): Promise<boolean> | null;
  /** Width of the terminal, or null when the output is no terminal. */
  columns: number | null;
  /** Ms since the epoch. */
  now(): number;
  /** IANA name of the zone that times are written in; left out: that of the machine, or of `TZ`. */
  timeZone?: string;
  /** What this machine has; the engine runs on the same one. */
  machine: { memoryBytes: number; cores: number; hostname: string };
  /** Takes over the terminal; null: input or output is none. */
  terminal(): Terminal | null;
  /** Reads a value that nobody else may see: typed unseen on a terminal, else from standard input. */
  secret(question: string): Promise<string>;
}

/** The real world. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  return {
    env: process.env,
    get cwd() {
      const problem = 'the working directory was removed; change to another one and repeat';
      return workingDirectory(
        process.env['PWD'],
        orFail(() => process.cwd(), problem),
      );
    },
    platform: process.platform,
    get homedir() {
      return orFail(
        homedir,
        'this user has no home directory (no HOME, no entry in the password file): name a data directory by --data-dir or HEALDECK_DATA_DIR',
      );
    },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    confirm: (question) => (process.stdin.isTTY && process.stderr.isTTY ? confirmOnTerminal(question) : null),
    columns: stdout.isTTY ? stdout.columns : null,
    now: () => Date.now(),
    machine: { memoryBytes: totalmem(), cores: Math.max(1, cpus().length), hostname: hostname() },
    terminal: () => takeTerminal(),
    secret: (question) => readSecret({ input: process.stdin, prompt: (text) => void stderr.write(text) }, question),
  };
}

/**
 * The working directory by the name that the operator knows it by: the shell's `$PWD` where it is the same directory, as make
 * and pwd(1) take it. A watch that is added in a link such as `current` then follows the link to the next release.
 */
export function workingDirectory(pwd: string | undefined, physical: string): string {
  if (pwd === undefined || !isAbsolute(pwd) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(pwd)) return physical;
  const [named, real] = [pwd, physical].map((path) => statSync(path, { throwIfNoEntry: false }));
  return named !== undefined && named.dev === real?.dev && named.ino === real.ino ? pwd : physical;
}

function orFail(read: () => string, problem: string): string {
  try {
    return read();
  } catch {
    throw new CliFailure(problem);
  }
}

/** Colours only for people: on a terminal, and not where they asked for none (no-color.org). */
export function usesColour(io: Pick<Io, 'env' | 'columns'>): boolean {
  return io.columns !== null && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb';
}

/** On standard error, for the output may go to a file. An end of the input is a no. */
async function confirmOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([terminal.question(`${question} [y/N] `), closed])).trim());
  } finally {
    terminal.close();
  }
}
