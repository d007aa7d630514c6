import type { Command } from 'commander';
import { formatArgv } from '../../shared/lib/text/argv';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { ofOneCore } from '../../shared/lib/format/of-one-core';
import type { ProcessDetails, Relative } from '../../shared/model/process';
import { examples, print, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { formatBytes, formatPercent } from '../../shared/lib/format/values';

/** `inspect`: everything that is known of one process. */
export function addInspectCommand(program: Command, context: CliContext): void {
  program
    .command('inspect')
    .description('show the details of a process: command line, directory, family, open files')
    .argument('<pid>', 'its process id')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples('healdeck inspect 4711'))
    .action(async (text: string, { json }: { json?: boolean }, command: Command) => {
      const pid = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
      if (pid === null) throw usage(`expected a process id, got "${text}"`);
      const details = await withEngine(command, context, async (client) => {
        const row = (await client.processes.list()).find((one) => one.pid === pid);
        if (row === undefined) throw new CliFailure(`no process has the id ${pid}; healdeck ps --all lists them`);
        return client.processes.describe({ pid, startTime: row.startTime });
      });
      print(context, json, details, () => detailsText(details, context));
    });
}

function detailsText(details: ProcessDetails, { io, style, instant }: CliContext): string {
  const { pid, name, argv, cwd, executable, user, state, threads, openFiles, startedAt } = details;
  const facts: readonly (readonly [string, string])[] = [
    ['process', `${name}, pid ${pid}`],
    ['command', argv.length === 0 ? '-' : formatArgv(argv)],
    ['directory', cwd ?? '-'],
    ['executable', executable ?? '-'],
    ['user', user],
    ['state', state.replace('_', ' ')],
    ['started', instant(startedAt)],
    ['cpu', `${formatPercent(details.cpuPercent)} ${ofOneCore(details.cpuPercent, io.machine.cores, formatPercent)}`],
    ['memory', formatBytes(details.rssBytes)],
    ['threads', String(threads)],
    ['open files', openFiles === null ? '-' : String(openFiles)],
    ['parents', family(details.ancestors)],
    ['children', family(details.children)],
    ...(details.protectionReason === null ? [] : [['protected', details.protectionReason] as const]),
  ];
  return facts.map(([title, text]) => `${style.dim(title.padEnd(10))}  ${escapeUnprintable(text)}\n`).join('');
}

function family(relatives: readonly Relative[]): string {
  return relatives.length === 0 ? '-' : relatives.map(({ pid, name }) => `${name} (${pid})`).join(', ');
}
