import type { Command } from 'commander';
import { formatDuration } from '../../shared/lib/format/duration';
import { parseDuration } from '../../shared/lib/format/units';
import { plural } from '../../shared/lib/format/values';
import { formatSocketAddress } from '../../shared/lib/host/socket-address';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { OBSERVATION_LIMITS, type ObservedGraph, type OutsidePeer, type SocketAddress } from '../../shared/model/ports';
import { examples, print, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import { unreadText } from './ports';

interface GraphOptions {
  observed?: boolean;
  looks?: string;
  over?: string;
  dot?: boolean;
  json?: boolean;
}

/** `graph`: what depends on what. */
export function addGraphCommand(program: Command, context: CliContext): void {
  program
    .command('graph')
    .description('show which watch connects to which, by the sockets of their programs')
    .option('--observed', 'as their sockets show it now')
    .option('--looks <count>', `look so often at least, up to ${OBSERVATION_LIMITS.maxLooks} times (default: 5)`)
    .option('--over <duration>', `over this time, up to ${formatDuration(OBSERVATION_LIMITS.maxOverMs)} (default: 2s)`)
    .option('--dot', 'print a graph for Graphviz')
    .option('--json', 'print one JSON value: {looks, overMs, watches, edges, outside, unseen}')
    .addHelpText(
      'after',
      '\nIt is a proposal: a connection that no look has met is not in it. More looks over a longer time see more.\n' +
        examples(
          'healdeck graph --observed',
          'healdeck graph --observed --looks 100 --over 10s',
          'healdeck graph --observed --dot | dot -Tsvg > graph.svg',
        ),
    )
    .action(async (options: GraphOptions, command: Command) => {
      if (!options.observed) throw usage('expected --observed');
      if (options.dot && options.json) throw usage('expected --dot or --json, not both');
      const question = {
        ...(options.looks === undefined ? {} : { looks: looksOf(options.looks) }),
        ...(options.over === undefined ? {} : { overMs: overMsOf(options.over) }),
      };
      const graph = await withEngine(command, context, (client) => client.graph.observed(question));
      print(context, options.json, graph, () => (options.dot ? dotText(graph) : graphText(graph)));
    });
}

function looksOf(text: string): number {
  const looks = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (looks >= 1 && looks <= OBSERVATION_LIMITS.maxLooks) return looks;
  throw usage(`expected a number of looks from 1 to ${OBSERVATION_LIMITS.maxLooks}, got "${text}"`);
}

function overMsOf(text: string): number {
  const over = parseDuration(text);
  if (over.ok && over.value <= OBSERVATION_LIMITS.maxOverMs) return over.value;
  throw usage(`expected a duration up to ${formatDuration(OBSERVATION_LIMITS.maxOverMs)}, as in 10s, got "${text}"`);
}

function graphText({ edges, outside, unseen, watches }: ObservedGraph): string {
  const lines = [
    ...edges.flatMap(({ from, to, evidence }) =>
      evidence.map((one) => `${from} → ${to}  ${reached(one)}, ${plural(one.connections, 'connection')}`),
    ),
    ...(edges.length === 0 ? ['No connection between watches was seen.'] : []),
    ...(outside.length === 0 ? [] : ['', 'Not watched:']),
    ...outside.map(
      (peer) => `${peer.from} → ${reached(peer)}, ${plural(peer.connections, 'connection')}, ${heldBy(peer)}`,
    ),
    ...(unseen.length === 0 ? [] : ['', 'The other end of these was not seen:']),
    ...unseen.map((one) => `→ ${one.watch}  ${reached(one)}, ${plural(one.connections, 'connection')}`),
  ];
  return lines.map((line) => `${escapeUnprintable(line)}\n`).join('') + unreadText(watches);
}

/** `tcp 127.0.0.1:8081`. */
function reached(address: SocketAddress): string {
  return `${address.protocol} ${formatSocketAddress(address)}`;
}

function heldBy({ holders }: OutsidePeer): string {
  if (holders.length === 0) return 'not watched';
  return `held by ${holders.map(({ pid, name }) => `${name} (pid ${pid})`).join(', ')}, not watched`;
}

function dotText({ watches, edges }: ObservedGraph): string {
  const lines = [
    ...watches.map(({ watch }) => `  ${quoted(watch)};`),
    ...edges.map(
      ({ from, to, evidence }) =>
        `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(evidence.map(reached).join('\n'))}];`,
    ),
  ];
  return `digraph watches {\n${lines.join('\n')}\n}\n`;
}

/** A string of Graphviz. */
function quoted(text: string): string {
  const lines = text.split('\n').map((line) => escapeUnprintable(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  return `"${lines.join('\\n')}"`;
}
