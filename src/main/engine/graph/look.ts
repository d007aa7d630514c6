import { isWithinMachine, type Endpoint, type InetSocket, type SocketReading, type UnixSocket } from '../ports';
import type { SocketAddress } from '../../../shared/model/ports';
import type { Member } from './members';

/** What the sockets of watched programs showed at one time. */
export interface Look {
  reading: SocketReading;
  /** Whether connections that have ended were looked for. */
  withEnded: boolean;
  members: readonly Member[];
}

/** An address of every interface. */
const ANY = new Set(['0.0.0.0', '[::]']);

/** One look, ready to be asked. */
export class LookIndex {
  private readonly holders = new Map<string, Member[]>();
  private readonly listening = new Map<string, InetSocket[]>();
  private readonly listeningPaths = new Map<string, UnixSocket[]>();
  /** Connections of TCP and UDP that members have open, by their ends. */
  private readonly connected = new Map<string, InetSocket[]>();
  private readonly unix = new Map<string, UnixSocket>();

  constructor({ reading, members }: Look) {
    const byPid = new Map(members.map((member) => [member.pid, member]));
    for (const { pid, inodes } of reading.processes) {
      const member = byPid.get(pid);
      if (member !== undefined) for (const inode of new Set(inodes)) add(this.holders, inode, member);
    }
    for (const socket of reading.sockets) {
      if (socket.protocol === 'unix') {
        this.unix.set(socket.inode, socket);
        if (socket.isListening) add(this.listeningPaths, pathKey(socket), socket);
      } else if (socket.remote === null) {
        add(this.listening, portKey(socket, socket.local.port), socket);
      } else if (this.holdersOf(socket).length > 0) {
        add(this.connected, endsKey(socket.protocol, socket.local, socket.remote), socket);
      }
    }
  }

  /** Who has a socket open, by pid; a parent and its children may share one. */
  holdersOf({ inode }: { inode: string | null }): readonly Member[] {
    return (inode === null ? undefined : this.holders.get(inode)) ?? [];
  }

  /** Those that wait at an address: those on exactly it come before those on every interface. */
  listenersAt({ namespace, protocol }: InetSocket, { address, port }: Endpoint): readonly InetSocket[] {
    const onPort = this.listening.get(`${namespace} ${protocol} ${port}`) ?? [];
    const exact = onPort.filter(({ local }) => local.address === address);
    // 0.0.0.0 is no address of IPv6; [::] may be one of IPv4, too.
    const isIpv6 = address.startsWith('[');
    return exact.length > 0
      ? exact
      : onPort.filter(({ local }) => ANY.has(local.address) && (!isIpv6 || local.address === '[::]'));
  }

  /** Whether a connection was accepted, as far as its own end shows it: somebody waits where it begins. */
  isAccepted(socket: InetSocket): boolean {
    return this.listenersAt(socket, socket.local).length > 0;
  }

  /**
   * Members who serve a connection that others have made: who has its other end, else who listens there. Null: it has no direction,
   * since nobody listens at either end any more.
   */
  serversOf(socket: InetSocket): readonly Member[] | null {
    const { protocol, local, remote } = socket;
    if (remote === null) return [];
    const isWithin = isWithinMachine(socket);
    const mirrored = this.connected.get(endsKey(protocol, remote, local)) ?? [];
    // An address of the loopback interface means another one in another namespace; other addresses are those of one machine.
    const accepted = mirrored.filter((other) => other.namespace === socket.namespace || !isWithin);
    const ends = accepted.flatMap((other) => this.holdersOf(other));
    if (ends.length > 0) return accepted.some((other) => this.isAccepted(other)) ? ends : null;
    const listeners = this.listenersAt(socket, remote).filter(
      (listener) => isWithin || listener.local.address === remote.address,
    );
    return listeners.flatMap((listener) => this.holdersOf(listener));
  }

  /** The same of unix sockets; `path` null: it is not the end that has connected. */
  unixServersOf(socket: UnixSocket): { path: string | null; servers: readonly Member[] } {
    const peer = socket.peer === null ? undefined : this.unix.get(socket.peer);
    const connects = !socket.isListening && !this.isAcceptedUnix(socket);
    const path = peer !== undefined && (peer.isListening || this.isAcceptedUnix(peer)) ? peer.path : null;
    if (!connects || peer === undefined || path === null) return { path: null, servers: [] };
    const ends = this.holdersOf(peer);
    const listeners = this.listeningPaths.get(pathKey(peer)) ?? [];
    return { path, servers: ends.length > 0 ? ends : listeners.flatMap((listener) => this.holdersOf(listener)) };
  }

  /** Whether it is the end that was accepted: it has the name of what listens. */
  isAcceptedUnix(socket: UnixSocket): boolean {
    return !socket.isListening && socket.path !== null && this.listeningPaths.has(pathKey(socket));
  }
}

/** Where others reach a socket; of a unix socket without a name, nowhere. */
export function addressOfSocket(socket: InetSocket | UnixSocket): SocketAddress {
  if (socket.protocol !== 'unix') return inetAddress(socket.protocol, socket.local);
  return unixAddress(socket.path ?? '');
}

export function inetAddress(protocol: 'tcp' | 'udp', { address, port }: Endpoint): SocketAddress {
  return { protocol, address, port };
}

export function unixAddress(path: string): SocketAddress {
  return { protocol: 'unix', address: path, port: null };
}

/** The same for all that is reached at one address, and in the order that they are shown in. */
export function addressKey({ protocol, address, port }: SocketAddress): string {
  return `${protocol} ${address} ${String(port ?? '').padStart(5)}`;
}

/** What connections are counted by. */
export function endsKey(protocol: string, from: Endpoint, to: Endpoint): string {
  return `${protocol} ${from.address}:${from.port} ${to.address}:${to.port}`;
}

function portKey({ namespace, protocol }: InetSocket, port: number): string {
  return `${namespace} ${protocol} ${port}`;
}

function pathKey({ namespace, path }: UnixSocket): string {
  return `${namespace} ${path}`;
}

function add<T>(to: Map<string, T[]>, key: string, value: T): void {
  const values = to.get(key);
  if (values === undefined) to.set(key, [value]);
  else values.push(value);
}
