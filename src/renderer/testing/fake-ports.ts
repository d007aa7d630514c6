import type { ListeningSocket, WatchPorts } from '../../shared/model/ports';
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
