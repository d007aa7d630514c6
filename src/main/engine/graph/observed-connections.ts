import type { DependencyEdge, OutsidePeer, SocketAddress, UnseenClients } from '../../../shared/model/ports';
import { isWithinMachine, type InetSocket, type SocketFact, type SocketReading, type UnixSocket } from '../ports';
import { addressKey, endsKey, inetAddress, LookIndex, unixAddress, type Look } from './look';
import type { Member } from './members';

/** What a watch connects to and that is no watch; `isHere`: on this machine and in the engine's own network, so that its holder can be found. */
export type PeerFound = Omit<OutsidePeer, 'holders'> & { isHere: boolean };

/** Connections to one address, as they add up. */
interface Tally {
  address: SocketAddress;
  connections: Set<string>;
  clients: Set<number>;
  servers: Set<number>;
}

/** From which watch to which; null: to none. */
interface Flow {
  from: string;
  to: string | null;
  isHere: boolean;
  tally: Tally;
}

/** Ends of a connection that has ended, and the watch that has served it. */
interface Ended {
  watch: string;
  address: SocketAddress;
}

/**
 * Which watch connects to which, as it adds up over some looks. A connection is one of a watch if a process of it has its end open at a
 * look; who serves it is who has the other end, else who listens there. Of a connection of TCP that begins and ends between two looks only
 * its ends remain for a minute (`TIME_WAIT`), without who had them; of one of a unix socket nothing does.
 */
export class ObservedConnections {
  private readonly flows = new Map<string, Flow>();
  /** Connections whose client was seen. */
  private readonly seen = new Set<string>();
  private readonly ended = new Map<string, Ended>();
  /** Connections that had ended before the first look. */
  private before: Set<string> | null = null;
  private readonly acceptedUnseen = new Map<string, Ended>();
  private missed = false;

  /** Whether connections came and went between the last two looks at those that have ended, or may have without a trace. */
  get mayHaveMissed(): boolean {
    return this.missed;
  }

  add(look: Look): void {
    const { reading } = look;
    const index = new LookIndex(look);
    for (const socket of reading.sockets) {
      if (socket.protocol === 'unix') this.addUnix(socket, index, reading);
      else if (socket.inode !== null) this.addInet(socket, index, reading);
    }
    if (look.withEnded) this.addEnded(reading, index);
  }

  private addEnded({ sockets }: SocketReading, index: LookIndex): void {
    this.missed = sockets.some((socket) => leavesNoTrace(socket) && index.holdersOf(socket).length > 0);
    const isFirst = this.before === null;
    const before = (this.before ??= new Set());
    for (const socket of sockets) {
      if (socket.protocol === 'unix' || socket.inode !== null) continue;
      for (const [key, ended] of endedAt(socket, index)) {
        if (isFirst) before.add(key);
        else if (!before.has(key) && !this.seen.has(key) && !this.ended.has(key)) {
          this.ended.set(key, ended);
          this.missed = true;
        }
      }
    }
  }

  /** Sorted by name, and the evidence of each by address. */
  get edges(): readonly DependencyEdge[] {
    const edges = new Map<string, { from: string; to: string; evidence: DependencyEdge['evidence'][number][] }>();
    for (const { from, to, tally } of this.sorted()) {
      if (to === null) continue;
      const key = JSON.stringify([from, to]);
      const edge = edges.get(key) ?? { from, to, evidence: [] };
      edges.set(key, edge);
      edge.evidence.push({
        ...tally.address,
        connections: tally.connections.size,
        pids: { client: ascending(tally.clients), server: ascending(tally.servers) },
      });
    }
    return [...edges.values()];
  }

  get peers(): readonly PeerFound[] {
    return this.sorted().flatMap(({ from, to, isHere, tally }) =>
      to === null
        ? { ...tally.address, from, isHere, connections: tally.connections.size, pids: ascending(tally.clients) }
        : [],
    );
  }

  get unseen(): readonly UnseenClients[] {
    const counts = new Map<string, UnseenClients>();
    const ended = [...this.ended].filter(([connection]) => !this.seen.has(connection)).map(([, one]) => one);
    for (const { watch, address } of [...ended, ...this.acceptedUnseen.values()]) {
      const key = JSON.stringify([watch, addressKey(address)]);
      counts.set(key, { ...address, watch, connections: (counts.get(key)?.connections ?? 0) + 1 });
    }
    return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, unseen]) => unseen);
  }

  private addInet(socket: InetSocket, index: LookIndex, reading: SocketReading): void {
    const { protocol, local, remote, namespace } = socket;
    const clients = index.holdersOf(socket);
    if (remote === null || clients.length === 0 || index.isAccepted(socket)) return;
    const servers = index.serversOf(socket);
    if (servers === null) return;
    const isHere = isWithinMachine(socket) && namespace === reading.ownNamespace;
    const connection = endsKey(protocol, local, remote);
    this.seen.add(connection);
    this.count({
      address: inetAddress(protocol, remote),
      connection,
      clients,
      servers,
      isHere,
    });
  }

  private addUnix(socket: UnixSocket, index: LookIndex, { ownNamespace }: SocketReading): void {
    const holders = index.holdersOf(socket);
    const [holder] = holders;
    if (holder === undefined) return;
    if (index.isAcceptedUnix(socket) && socket.peer === null) {
      this.acceptedUnseen.set(socket.inode, { watch: holder.watch, address: unixAddress(socket.path ?? '') });
    }
    const { path, servers } = index.unixServersOf(socket);
    if (path === null) return;
    const isHere = socket.namespace === ownNamespace;
    this.count({ address: unixAddress(path), connection: `unix ${socket.inode}`, clients: holders, servers, isHere });
  }

  private count(found: {
    address: SocketAddress;
    connection: string;
    clients: readonly Member[];
    servers: readonly Member[];
    isHere: boolean;
  }): void {
    const { address, connection, clients, servers, isHere } = found;
    const [client] = clients;
    const [server] = servers;
    if (client === undefined) return;
    const to = server?.watch ?? null;
    // Within one watch, or by an end that two of them share.
    if (clients.some(({ watch }) => servers.some((other) => other.watch === watch))) return;
    const { watch: from } = client;
    const key = JSON.stringify([from, to ?? '', to !== null, addressKey(address)]);
    const flow = this.flows.get(key) ?? { from, to, isHere, tally: emptyTally(address) };
    this.flows.set(key, flow);
    flow.tally.connections.add(connection);
    for (const { watch, pid } of clients) if (watch === from) flow.tally.clients.add(pid);
    for (const { watch, pid } of servers) if (watch === to) flow.tally.servers.add(pid);
  }

  private sorted(): readonly Flow[] {
    return [...this.flows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, flow]) => flow);
  }
}

/** Whether connections to a socket end unseen. */
function leavesNoTrace(socket: SocketFact): boolean {
  return socket.protocol === 'unix' && socket.isListening;
}

/** What has ended at a socket of a watch, seen from either end. */
function endedAt(socket: InetSocket, index: LookIndex): readonly (readonly [string, Ended])[] {
  const { protocol, local, remote } = socket;
  if (remote === null) return [];
  return [
    { client: local, server: remote },
    { client: remote, server: local },
  ].flatMap(({ client, server }) => {
    const [holder] = index.listenersAt(socket, server).flatMap((listener) => index.holdersOf(listener));
    if (holder === undefined) return [];
    const ended = { watch: holder.watch, address: inetAddress(protocol, server) };
    return [[endsKey(protocol, client, server), ended] as const];
  });
}

function emptyTally(address: SocketAddress): Tally {
  return { address, connections: new Set(), clients: new Set(), servers: new Set() };
}

function ascending(pids: ReadonlySet<number>): readonly number[] {
  return [...pids].sort((one, other) => one - other);
}
