import { isAbsolute, resolve } from 'node:path';
import type { Command } from 'commander';
import { defaultDataDir } from '../shared/lib/host/data-dir';
import { localTimes, type LocalTimes } from '../shared/lib/format/local-time';
import { connectEngine, type EngineConnection } from './client';
import { CliFailure } from './failure';
import { usesColour, type Io } from './io';
import { createStyle, type Style } from './output/style';
import { fitLines } from './output/wrap-to';
import { table, type Column, type TableOptions } from './output/table';

/** What a command works with. */
export interface CliContext {
  io: Io;
  style: Style;
  /** The words after `--`: a program and its arguments; null without `--`. */
  tail: readonly string[] | null;
  /** Prints text for people: no line is wider than the terminal. */
  show(text: string): void;
  /** A moment (ms since the epoch, or ISO 8601) as people read it: in local time, with its offset from UTC. */
  instant(at: number | string): string;
}

export function createContext(io: Io, tail: readonly string[] | null): CliContext {
  let times: LocalTimes | null = null;
  return {
    ...{ io, tail, style: createStyle(usesColour(io)) },
    show: (text) => io.out(fitLines(text, io.columns)),
    instant: (at) => {
      times ??= localTimes(io.now(), io.timeZone);
      return times.compact(typeof at === 'number' ? at : Date.parse(at));
    },
  };
}

/** The data directory that a command is about, as an absolute path. */
export function dataDirOf(command: Command, io: Io): string {
  const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
  const { platform, env } = io;
  return absolutePath(io, defaultDataDir({ platform, env, homedir: () => io.homedir, explicit: dataDir }));
}

/** A path as it was written on the command line. Only a relative one needs the working directory, which may be gone. */
export function absolutePath(io: Pick<Io, 'cwd'>, path: string): string {
  return isAbsolute(path) ? path : resolve(io.cwd, path);
}

/** Runs something with a connection to the engine, and closes it. */
export async function withEngine<T>(
  command: Command,
  context: CliContext,
  use: (client: EngineConnection['client'], connection: EngineConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectEngine(dataDirOf(command, context.io), context.io.platform);
  const ended = connection.closed.then(() => {
    throw new CliFailure('the engine ended');
  });
  // Without the race a call to an engine that dies would fail with the words of a library.
  ended.catch(() => undefined);
  try {
    return await Promise.race([use(connection.client, connection), ended]);
  } finally {
    connection.close();
  }
}

/** Prints one JSON value, or what `text` makes of it for people. */
export function print<T>(context: CliContext, json: boolean | undefined, value: T, text: () => string): void {
  if (json) context.io.out(`${JSON.stringify(value, null, 2)}\n`);
  else context.show(text());
}

/** A table that fits the terminal; `note`: what is to be known of a row besides, below it. */
export function printTable<Row>(
  { io }: CliContext,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  note?: TableOptions<Row>['note'],
): string {
  return table(columns, rows, { columns: io.columns, ...(note !== undefined && { note }) });
}

/** Help text that ends a command's `--help`. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
