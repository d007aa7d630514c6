import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { ListeningSocket, WatchPorts } from '../../shared/model/ports';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import type { Column } from '../output/table';

/** `ports`: on which sockets watched programs listen. */
export function addPortsCommand(program: Command, context: CliContext): void {
  program
    .command('ports')
    .description('show the ports and unix sockets that watched programs listen on')
    .argument('[name]', 'name or id of one watch')
    .option('--json', 'print one JSON array: [{watch, sockets, unread}]')
    .addHelpText('after', examples('healdeck ports', 'healdeck ports web --json'))
    .action(async (name: string | undefined, { json }: { json?: boolean }, command: Command) => {
      const ports = await withEngine(command, context, (client) => client.watches.ports({ watch: name ?? null }));
      print(context, json, ports, () => portsText(context, ports));
    });
}

interface Row extends ListeningSocket {
  watch: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'WATCH', text: ({ watch }) => watch },
  { title: 'PROTOCOL', text: ({ protocol }) => protocol },
  { title: 'ADDRESS', text: ({ address }) => address },
  { title: 'PORT', align: 'right', text: ({ port }) => (port === null ? '-' : String(port)) },
  { title: 'PID', align: 'right', text: pidsOf },
  { title: 'PROGRAM', text: ({ processes }) => processes[0]?.name ?? '-' },
];

/** The oldest as a rule, and how many share the socket with it. */
function pidsOf({ processes: [first, ...others] }: Row): string {
  if (first === undefined) return '-';
  return others.length === 0 ? String(first.pid) : `${first.pid} +${others.length}`;
}

function portsText(context: CliContext, ports: readonly WatchPorts[]): string {
  const rows = ports.flatMap(({ watch, sockets }) => sockets.map((socket) => ({ ...socket, watch })));
  const list = rows.length === 0 ? 'No watched program listens.\n' : printTable(context, COLUMNS, rows);
  return list + unreadText(ports);
}

/** What is not in the list; empty: all is. */
export function unreadText(ports: readonly WatchPorts[]): string {
  const unread = ports.flatMap(({ watch, unread: processes }) =>
    processes.map(({ pid, name }) => `${watch}: not all sockets of ${name} (pid ${pid}) can be read`),
  );
  return unread.map((line) => `${escapeUnprintable(line)}\n`).join('');
}
