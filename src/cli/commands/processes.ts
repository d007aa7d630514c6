import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { processFilter } from '../../shared/lib/process/process-filter';
import { ancestorsOf, buildForest, subtree, type ProcessNode } from '../../shared/lib/process/process-tree';
import type {
  EndCandidate,
  EndPreview,
  EndResult,
  ProcessDetails,
  ProcessIdentity,
  ProcessRow,
  Relative,
} from '../../shared/model/process';
import type { HistoryPoint } from '../../shared/model/snapshot';
import type { EngineConnection } from '../client';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { sparkline } from '../output/sparkline';
import type { Column } from '../output/table';
import { eventLine, momentOf } from './events';
import { formatBytes, formatPercent } from '../../shared/lib/format/values';

interface PsOptions {
  all?: boolean;
  tree?: boolean;
  user?: string;
  text?: string;
  at?: string;
  json?: boolean;
}

interface KillOptions {
  tree?: boolean;
  force?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `ps` and `kill`. */
export function addProcessCommands(program: Command, context: CliContext): void {
  program
    .command('ps')
    .description('show the watched processes, all processes, or one process with its family and its last readings')
    .argument('[pid]', 'one process')
    .option('--all', 'all processes, the busiest first')
    .option('--tree', 'as a tree, with the totals of each subtree; ancestors and descendants of what is shown are kept')
    .option('--user <name>', 'of all processes, only those of this user')
    .option('--text <words>', 'of all processes, only those with all of these words in pid, name, user or command line')
    .option('--at <when>', 'as recorded at a time in the past: 10min (ago), or a time such as 2026-01-31T12:00:00Z')
    .option('--json', 'print one JSON array of processes; with --at one object: {at, rows, ended, events}')
    .addHelpText(
      'after',
      examples(
        'healdeck ps',
        'healdeck ps --all | head',
        'healdeck ps --tree --text "worker --queue"',
        'healdeck ps --all --at 10min',
        'healdeck ps 4711',
      ),
    )
    .action(async (pid: string | undefined, options: PsOptions, command: Command) => {
      if (pid !== undefined) {
        if (options.at !== undefined) throw usage('expected a process id or --at, not both');
        const found = await withEngine(command, context, (client) => inspect(client, parsePid(pid), context.io.now()));
        return print(context, options.json, found, () => processText(context, found));
      }
      const at = options.at === undefined ? null : momentOf('--at', options.at, context.io.now());
      const { rows, past, names } = await withEngine(command, context, async (client) => {
        const watches = await client.watches.list();
        const names = new Map(watches.map(({ watch }) => [watch.id, watch.name]));
        if (at === null) return { rows: await client.processes.list(), past: null, names };
        const table = await client.processes.at({ at });
        return { rows: table.rows, past: table, names };
      });
      const { shown, text } = selection(context, rows, names, options);
      if (past === null) return print(context, options.json, shown, text);
      const ended = selection(context, past.ended, names, { ...options, tree: false });
      print(context, options.json, { ...past, rows: shown, ended: ended.shown }, () => {
        const parts = [`As recorded at ${context.instant(past.at)}:\n`, text()];
        if (ended.shown.length > 0) parts.push('\nEnded since the previous record:\n', ended.text());
        if (past.events.length > 0) parts.push('\nEvents around that time:\n');
        return parts.concat(past.events.map((event) => eventLine(context, event))).join('');
      });
    });

  program
    .command('kill')
    .description('end a process: TERM, then KILL after the grace of stop.graceMs')
    .argument('<pid>', 'its process id')
    .option('--tree', 'end its whole tree')
    .option('--force', 'KILL at once')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'print one JSON value: {pids, forced, survivors}')
    .addHelpText(
      'after',
      '\nEvery process that would end is listed before anything is done. If a process was replaced or its tree has grown' +
        '\nbefore you confirm, nothing is done. Protected processes are never ended: Healdeck and its ancestors, the first process,' +
        '\nkernel threads, the display server.\n' +
        examples('healdeck kill 4711', 'healdeck kill 4711 --tree --force --yes'),
    )
    .action(async (text: string, options: KillOptions, command: Command) => {
      const pid = parsePid(text);
      const result = await withEngine(command, context, (client) => kill(client, pid, options, context));
      if (result === null) throw new CliFailure('nothing was done');
      print(context, options.json, result, () => resultText(result));
      if (result.survivors.length > 0) {
        throw new CliFailure(
          `pid ${result.survivors.join(', ')} could not be ended: it belongs to another user, or is blocked in the kernel`,
        );
      }
    });
}

function parsePid(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw usage(`expected a process id, got "${text}"`);
  return Number(text);
}

/** The process that has a pid now. */
async function identify(client: EngineConnection['client'], pid: number): Promise<ProcessIdentity> {
  const row = (await client.processes.list()).find((one) => one.pid === pid);
  if (row === undefined) throw new CliFailure(`no process has the id ${pid}; healdeck ps --all lists them`);
  return { pid, startTime: row.startTime };
}

/** How far back the readings of one process are shown. */
const READINGS_MS = 15 * 60_000;

interface InspectedProcess extends ProcessDetails {
  /** Of the last quarter of an hour, as far as it was recorded. */
  readings: readonly HistoryPoint[];
}

async function inspect(client: EngineConnection['client'], pid: number, now: number): Promise<InspectedProcess> {
  const process = await identify(client, pid);
  const [details, readings] = await Promise.all([
    client.processes.describe(process),
    client.processes.readings({ ...process, sinceAt: now - READINGS_MS }),
  ]);
  return { ...details, readings };
}

function processText({ instant }: CliContext, { readings, ...details }: InspectedProcess): string {
  const family = (relatives: readonly Relative[]): string =>
    relatives.map(({ pid, name }) => `${name} (${pid})`).join(', ') || 'none';
  const lines: readonly (readonly [label: string, value: string])[] = [
    ['Command', commandOf(details)],
    ['Directory', details.cwd ?? 'not readable for this user'],
    ['User', details.user],
    ['State', details.state],
    ['Started', instant(details.startedAt)],
    ['CPU', `${formatPercent(details.cpuPercent)} of one core  ${sparkline(cpuOf(readings), 40)}`.trimEnd()],
    ['Memory', `${formatBytes(details.rssBytes)} resident  ${sparkline(memoryOf(readings), 40)}`.trimEnd()],
    ['Threads', String(details.threads)],
    ['Open files', details.openFiles === null ? 'not readable for this user' : String(details.openFiles)],
    ['Parents', family(details.ancestors)],
    ['Children', family(details.children)],
    ...(details.protectionReason === null ? [] : [['Protected', details.protectionReason] as const]),
  ];
  return lines.map(([label, value]) => `${label.padEnd(11)} ${escapeUnprintable(value)}\n`).join('');
}

const cpuOf = (readings: readonly HistoryPoint[]): number[] => readings.map(({ cpuPercent }) => cpuPercent);
const memoryOf = (readings: readonly HistoryPoint[]): number[] => readings.map(({ memoryBytes }) => memoryBytes);

/** Lists, asks and ends; null when the operator says no. */
async function kill(
  client: EngineConnection['client'],
  pid: number,
  options: KillOptions,
  context: CliContext,
): Promise<EndResult | null> {
  const process = await identify(client, pid);
  const scope = options.tree ? 'tree' : 'process';
  const preview = await client.processes.endPreview({ ...process, scope });
  if (preview.refused.length > 0) throw new CliFailure(refusalText(preview.refused));
  if (!options.yes) {
    context.io.err(previewText(context, preview));
    const isWanted = context.io.confirm(preview.ends.length === 1 ? 'End it?' : `End these ${preview.ends.length}?`);
    if (isWanted === null) throw usage('expected --yes, since there is no terminal for the question; nothing was done');
    if (!(await isWanted)) return null;
  }
  const expect = preview.ends.map(({ pid, startTime }) => ({ pid, startTime }));
  return client.processes.end({ ...process, scope, force: options.force === true, expect });
}

function refusalText(refused: EndPreview['refused']): string {
  return `${refused.map(({ pid, name, reason }) => `pid ${pid} (${name}) is never ended: ${reason}`).join('; ')}; nothing was done`;
}

function previewText(context: CliContext, { ends, warnings }: EndPreview): string {
  return candidateTable(context, ends) + warnings.map((warning) => `${escapeUnprintable(warning)}.\n`).join('');
}

/** Processes that would end. */
export function candidateTable(context: CliContext, ends: readonly EndCandidate[]): string {
  const columns: readonly Column<EndCandidate>[] = [
    { title: 'PID', align: 'right', text: ({ pid }) => String(pid) },
    { title: 'USER', text: ({ user }) => user },
    { title: 'WATCH', text: ({ watch }) => watch ?? '-' },
    { title: 'COMMAND', text: commandOf },
  ];
  return printTable(context, columns, ends);
}

function resultText({ pids, forced, survivors }: EndResult): string {
  const ended = pids.filter((pid) => !survivors.includes(pid));
  if (ended.length === 0) return '';
  const how = forced.length === 0 ? '' : `; by KILL: ${forced.join(', ')}`;
  return `Ended pid ${ended.join(', ')}${how}.\n`;
}

/** What is to be shown of a table, in its order, and the text of it. */
function selection(
  context: CliContext,
  rows: readonly ProcessRow[],
  names: ReadonlyMap<string, string>,
  options: PsOptions,
): { shown: readonly ProcessRow[]; text: () => string } {
  const matches = filterOf(options);
  if (options.tree) {
    const nodes = treeAround(rows, matches);
    const text = (): string => (nodes.length === 0 ? nothing(options) : printTable(context, treeColumns(names), nodes));
    return { shown: nodes.map(({ row }) => row), text };
  }
  const shown = rows.filter(matches).sort((a, b) => b.cpuPercent - a.cpuPercent || a.pid - b.pid);
  return {
    shown,
    text: () => (shown.length === 0 ? nothing(options) : printTable(context, processColumns(names), shown)),
  };
}

function nothing({ all, user, text }: PsOptions): string {
  return all || user !== undefined || text !== undefined
    ? 'No matching processes.\n'
    : 'No watched process is running. Show every process with: healdeck ps --all\n';
}

function filterOf({ all, user, text }: PsOptions): (row: ProcessRow) => boolean {
  const watchedOnly = !all && user === undefined && text === undefined;
  return processFilter({ text: text ?? '', user: user ?? null, watchedOnly });
}

/** What fits, with its ancestors and descendants, in the order of a tree; the busiest tree first. */
function treeAround(rows: readonly ProcessRow[], matches: (row: ProcessRow) => boolean): ProcessNode<ProcessRow>[] {
  const { roots, nodes } = buildForest(rows);
  const kept = new Set<ProcessNode<ProcessRow>>();
  for (const node of nodes) {
    if (!matches(node.row)) continue;
    for (const one of [...ancestorsOf(node), ...subtree(node)]) kept.add(one);
  }
  const inOrder: ProcessNode<ProcessRow>[] = [];
  const busiestLast = (siblings: readonly ProcessNode<ProcessRow>[]) =>
    siblings.toSorted((a, b) => a.total.cpuPercent - b.total.cpuPercent || b.row.pid - a.row.pid);
  const stack = busiestLast(roots);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!kept.has(node)) continue;
    inOrder.push(node);
    stack.push(...busiestLast(node.children));
  }
  return inOrder;
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

function treeColumns(names: ReadonlyMap<string, string>): readonly Column<ProcessNode<ProcessRow>>[] {
  return [
    { title: 'PID', align: 'right', text: ({ row }) => String(row.pid) },
    { title: 'USER', text: ({ row }) => row.user },
    { title: 'CPU', align: 'right', text: ({ row }) => formatPercent(row.cpuPercent) },
    { title: 'TREE CPU', align: 'right', text: ({ total }) => formatPercent(total.cpuPercent) },
    { title: 'TREE MEMORY', align: 'right', text: ({ total }) => formatBytes(total.rssBytes) },
    { title: 'IN TREE', align: 'right', text: ({ total }) => String(total.processes) },
    { title: 'WATCH', text: ({ row }) => (row.watchId === null ? '-' : (names.get(row.watchId) ?? '-')) },
    { title: 'COMMAND', text: (node) => `${'  '.repeat(ancestorsOf(node).length)}${commandOf(node.row)}` },
  ];
}

/** The command line, or the bare name where there is none (kernel threads, zombies, other users' processes). */
export function commandOf({ argv, name }: Pick<ProcessRow, 'argv' | 'name'>): string {
  return argv.length === 0 ? `[${name}]` : argv.join(' ');
}
