import type { DependencyEdge, ListeningSocket, ObservedGraph, WatchPorts } from '../../shared/model/ports';
import type { WatchStatus } from '../../shared/model/snapshot';

/** A web server listens on a port of TCP, everything else on a path; what does not run listens on nothing. */
export function fakePorts({ watch, processes }: WatchStatus): WatchPorts {
  const [first] = processes;
  const holders = processes.map(({ pid, name }) => ({ pid, name }));
  const sockets: readonly ListeningSocket[] =
    first === undefined
      ? []
      : [
          { protocol: 'tcp', address: '127.0.0.1', port: 8000 + (first.pid % 1000), processes: holders },
          { protocol: 'unix', address: `/run/${first.name}.sock`, port: null, processes: holders.slice(0, 1) },
        ];
  return { watch: watch.name, sockets, unread: [] };
}

/** Connections of the busy watches: declared ones, some to accept, and one that would make a cycle. */
const CONNECTIONS: readonly (readonly [from: string, to: string])[] = [
  ['search', 'cache'],
  ['web', 'search'],
  ['metrics', 'web'],
  ['mail-queue', 'database'],
  ['database', 'web'],
];

/** What an observation of these watches shows. */
export function fakeConnections(watches: readonly WatchStatus[]): Pick<ObservedGraph, 'edges' | 'outside' | 'unseen'> {
  const find = (name: string) => watches.find(({ watch }) => watch.name === name);
  const edges = CONNECTIONS.flatMap(([from, to], at): DependencyEdge | [] => {
    const [client, server] = [find(from), find(to)];
    if (client === undefined || server === undefined) return [];
    const pids = {
      client: client.processes.map(({ pid }) => pid),
      server: server.processes.map(({ pid }) => pid),
    };
    const port = 8000 + ((pids.server[0] ?? 0) % 1000);
    return { from, to, evidence: [{ protocol: 'tcp', address: '127.0.0.1', port, connections: 3 + at * 4, pids }] };
  });
  const mail = find('mail-queue');
  return {
    edges,
    outside:
      mail === undefined
        ? []
        : [
            {
              ...{ protocol: 'tcp', address: '127.0.0.1', port: 25, from: 'mail-queue', connections: 2 },
              pids: mail.processes.map(({ pid }) => pid),
              holders: [{ pid: 611, name: 'master' }],
            },
          ],
    unseen: [],
  };
}
