import type { Command } from 'commander';
import { formatDuration } from '../../shared/lib/duration';
import { escapeUnprintable } from '../../shared/lib/escape';
import type { ProcessRow } from '../../shared/model/process';
import type { EngineInfo, WatchStatus } from '../../shared/model/snapshot';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { formatCountdown } from '../output/countdown';
import { formatBytes, formatPercent } from '../output/format';
import { statusColumns } from '../output/status-table';
import type { Column } from '../output/table';

/** `status` and `ps`. */
export function addStatusCommands(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('show the engine and its watches')
    .option('--json', 'print one JSON value: {engine, watches}')
    .addHelpText('after', examples('healdeck status', 'healdeck status --json | jq ".watches[].phase"'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const status = await withEngine(command, context, async (client) => {
        const [engine, watches] = await Promise.all([client.engine.info(), client.watches.list()]);
        return { engine, watches };
      });
      print(
        context,
        json,
        status,
        () =>
          engineLine(status.engine, context.io.now()) +
          pausedLine(context, status.engine) +
          watchesText(context, status.watches),
      );
    });

  program
    .command('ps')
    .description('show the watched processes, or all of this machine')
    .option('--all', 'all processes, the busiest first')
    .option('--json', 'print one JSON array of processes')
    .addHelpText('after', examples('healdeck ps', 'healdeck ps --all | head'))
    .action(async ({ all, json }: { all?: boolean; json?: boolean }, command: Command) => {
      const { rows, names } = await withEngine(command, context, async (client) => {
        const [table, watches] = await Promise.all([client.processes.list(), client.watches.list()]);
        return { rows: table, names: new Map(watches.map(({ watch }) => [watch.id, watch.name])) };
      });
      const shown = [...rows]
        .filter((row) => all || row.watchId !== null)
        .sort((a, b) => b.cpuPercent - a.cpuPercent || a.pid - b.pid);
      print(context, json, shown, () =>
        shown.length === 0
          ? 'No watched process is running. Show every process with: healdeck ps --all\n'
          : printTable(context, processColumns(names), shown),
      );
    });
}

function engineLine(engine: EngineInfo, now: number): string {
  const uptime = formatDuration(now - engine.startedAt);
  const waiting = engine.unwrittenEvents > 0 ? `; ${engine.unwrittenEvents} events wait for the disk` : '';
  return escapeUnprintable(
    `Healdeck ${engine.version} (${engine.shell}) on ${engine.hostname}, pid ${engine.pid}, up ${uptime}, ` +
      `data in ${engine.dataDir}${waiting}`,
  ).concat('\n');
}

/** The storm brake, when it is on. */
function pausedLine({ io, style }: CliContext, { healingPausedUntil }: EngineInfo): string {
  if (healingPausedUntil === null) return '';
  const left = formatCountdown(healingPausedUntil - io.now());
  return `${style.bad('Healing is paused')}: too many restarts over all watches; ${left} left (end it: healdeck reset-cooldown --all)\n`;
}

function watchesText(context: CliContext, watches: readonly WatchStatus[]): string {
  if (watches.length === 0) return 'Nothing is watched yet. Add a program with: healdeck add NAME -- COMMAND\n';
  return printTable(context, statusColumns(context.style, context.io.now()), watches);
}

function processColumns(names: ReadonlyMap<string, string>): readonly Column<ProcessRow>[] {
  return [
    { title: 'PID', align: 'right', text: ({ pid }) => String(pid) },
    { title: 'USER', text: ({ user }) => user },
    { title: 'STATE', text: ({ state }) => state },
    { title: 'CPU', align: 'right', text: ({ cpuPercent }) => formatPercent(cpuPercent) },
    { title: 'MEMORY', align: 'right', text: ({ rssBytes }) => formatBytes(rssBytes) },
    { title: 'WATCH', text: ({ watchId }) => (watchId === null ? '-' : (names.get(watchId) ?? '-')) },
    { title: 'COMMAND', text: commandOf },
  ];
}

/** The command line, or the bare name where there is none (kernel threads, zombies, other users' processes). */
export function commandOf({ argv, name }: Pick<ProcessRow, 'argv' | 'name'>): string {
  return argv.length === 0 ? `[${name}]` : argv.join(' ');
}
