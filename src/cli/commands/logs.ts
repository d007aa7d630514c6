import type { Command } from 'commander';
import { formatBytes } from '../../shared/lib/format/values';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { OUTPUT_STREAMS, type OutputStream } from '../../shared/model/output';
import { startCommandOf } from '../../shared/model/watch';
import type { EngineConnection } from '../client';
import { examples, withEngine, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { parseLimit } from './events';
import { addGroupOption, chosenWatches } from './groups';

interface LogOptions {
  group?: readonly string[];
  follow?: boolean;
  out?: boolean;
  err?: boolean;
  lines: number;
  json?: boolean;
}

/** `logs`: what watched programs have written. */
export function addLogsCommand(program: Command, context: CliContext): void {
  addGroupOption(program.command('logs'))
    .alias('log')
    .description('show the output of watched commands: of one, of several, or of all')
    .usage('[options] [NAME…]')
    .argument('[name...]', 'names or ids of watches; without one, all that have a command')
    .option('-f, --follow', 'keep printing new output')
    .option('--out', 'only standard output')
    .option('--err', 'only standard error')
    .option('-n, --lines <n>', 'number of last lines of each stream', parseLimit(10_000), 20)
    .option(
      '--json',
      'print one JSON object a line: {watch, stream, text}; {watch, stream, skippedBytes} for output that is left out',
    )
    .addHelpText(
      'after',
      examples('healdeck logs web --err', 'healdeck logs --follow', 'healdeck logs web api --follow --lines 100'),
    )
    .action(async (names: string[], options: LogOptions, command: Command) => {
      const streams =
        options.out === options.err ? OUTPUT_STREAMS : options.out ? (['out'] as const) : (['err'] as const);
      await withEngine(command, context, async (client) => {
        const watches = await watchesOf(client, names, options.group ?? []);
        const printer = options.json
          ? jsonPrinter(context)
          : watches.length === 1
            ? plainPrinter(context, streams.length > 1)
            : prefixPrinter(context, watches);
        if (!options.follow) return printTails(client, watches, streams, options.lines, printer);
        await Promise.all(watches.map((watch) => follow(client, watch, streams, options.lines, printer)));
      });
    });
}

/** Those that are named, or else all with a command: what a matched program writes goes elsewhere. */
async function watchesOf(
  client: EngineConnection['client'],
  names: readonly string[],
  groups: readonly string[],
): Promise<readonly string[]> {
  if (names.length > 0 || groups.length > 0) return (await chosenWatches(client, { names, groups })).names;
  const all = (await client.watches.list()).filter(({ watch }) => startCommandOf(watch.target) !== null);
  if (all.length === 0) throw new CliFailure('no watch has a command, so there is no output to show');
  return all.map(({ watch }) => watch.name);
}

async function printTails(
  client: EngineConnection['client'],
  watches: readonly string[],
  streams: readonly OutputStream[],
  lines: number,
  printer: LogPrinter,
): Promise<void> {
  for (const watch of watches) {
    for (const stream of streams) {
      const page = await client.output.tail({ watch, stream, lines });
      if (page.lines.length > 0) printer.text({ watch, stream }, `${page.lines.join('\n')}\n`);
    }
  }
}

async function follow(
  client: EngineConnection['client'],
  watch: string,
  streams: readonly OutputStream[],
  lines: number,
  printer: LogPrinter,
): Promise<void> {
  for await (const chunk of await client.output.follow({ watch, streams: [...streams], lines })) {
    const source = { watch, stream: chunk.stream };
    if (chunk.skippedBytes > 0) printer.skipped(source, chunk.skippedBytes);
    printer.text(source, chunk.text);
  }
  printer.end();
}

interface Source {
  watch: string;
  stream: OutputStream;
}

/** Where the output of programs is printed to. */
interface LogPrinter {
  /** The text may begin and end within a line. */
  text(source: Source, text: string): void;
  skipped(source: Source, bytes: number): void;
  end(): void;
}

/** Prints text of one program, under a heading when its other stream goes on. On a terminal a program can't move the cursor. */
function plainPrinter({ io }: CliContext, withHeadings: boolean): LogPrinter {
  let current: OutputStream | null = null;
  const show = ({ stream }: Source, text: string): void => {
    if (withHeadings && stream !== current) io.out(`==> ${stream} <==\n`);
    current = stream;
    io.out(io.columns === null ? text : text.split('\n').map(escapeUnprintable).join('\n'));
  };
  return {
    text: show,
    skipped: (source, bytes) => show(source, `[${formatBytes(bytes)} left out]\n`),
    end: () => undefined,
  };
}

/** Whole lines of several programs, each behind the name of its watch. */
function prefixPrinter({ io, style }: CliContext, watches: readonly string[]): LogPrinter {
  const width = Math.max(...watches.map((watch) => watch.length));
  return linesPrinter((source, line) => {
    const margin = `${source.watch.padEnd(width)} ${source.stream === 'err' ? '!' : '|'} `;
    const text = typeof line === 'number' ? `[${formatBytes(line)} left out]` : line;
    io.out(`${source.stream === 'err' ? style.warn(margin) : style.dim(margin)}${escapeUnprintable(text)}\n`);
  });
}

function jsonPrinter({ io }: CliContext): LogPrinter {
  return linesPrinter((source, line) =>
    io.out(
      `${JSON.stringify({ ...source, ...(typeof line === 'number' ? { skippedBytes: line } : { text: line }) })}\n`,
    ),
  );
}

/** Puts lines together; a number stands for so many bytes that are left out. */
function linesPrinter(show: (source: Source, line: string | number) => void): LogPrinter {
  const begun = new Map<string, { source: Source; text: string }>();
  const keyOf = ({ watch, stream }: Source): string => `${stream} ${watch}`;
  const flush = (key: string): void => {
    const rest = begun.get(key);
    if (rest !== undefined && rest.text !== '') show(rest.source, rest.text);
    begun.delete(key);
  };
  return {
    text(source, text) {
      const lines = ((begun.get(keyOf(source))?.text ?? '') + text).split('\n');
      begun.set(keyOf(source), { source, text: lines.pop() ?? '' });
      for (const line of lines) show(source, line.replace(/\r$/, ''));
    },
    skipped(source, bytes) {
      flush(keyOf(source));
      show(source, bytes);
    },
    end: () => [...begun.keys()].forEach(flush),
  };
}
