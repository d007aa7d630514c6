import type { ProcessIdentity } from '../../../shared/model/process';

/** An end of a connection of TCP or UDP. */
export interface Endpoint {
  /** As URLs have it: `127.0.0.1`, `[::1]`; IPv4 in IPv6 as IPv4. */
  address: string;
  port: number;
}

/** What the kernel shows of a socket of TCP or UDP. `remote` null: it listens, or is one of UDP without a peer. */
export interface InetSocket {
  protocol: 'tcp' | 'udp';
  /** Its network namespace: an address of the loopback interface means another one in each. */
  namespace: string;
  /** null: no process has it any more, as after the end of a connection. */
  inode: string | null;
  local: Endpoint;
  remote: Endpoint | null;
}

/** What the kernel shows of a stream socket of the unix family. */
export interface UnixSocket {
  protocol: 'unix';
  namespace: string;
  inode: string;
  /** null: it has no name, as the end that connects. */
  path: string | null;
  isListening: boolean;
  /** The socket at the other end, or that which has not accepted it yet; null: there is none, or it can't be seen. */
  peer: string | null;
}

export type SocketFact = InetSocket | UnixSocket;

/** Which sockets a process has open. */
export interface ProcessSockets {
  pid: number;
  /** By inode; null: they may not be read, or there was no time. */
  inodes: readonly string[] | null;
  /** It has more open than was read. */
  isCut: boolean;
}

/** What sockets showed at one time, which is no instant: descriptors are read first, then what they are. */
export interface SocketReading {
  /** Those that are gone are left out. */
  processes: readonly ProcessSockets[];
  /**
   * Those that the processes have open, who is at the other end of their unix sockets, all that listen where they live, and where that
   * was asked for connections within this machine that have ended.
   */
  sockets: readonly SocketFact[];
  /** The network namespace that the engine lives in; null: not known. */
  ownNamespace: string | null;
}

/** Reads sockets of processes. Too costly for a tick: only when somebody asks. */
export interface SocketReader {
  /**
   * Resolves soon after `limitMs` at the latest, with what is known by then. Never rejects. `withEnded`: connections that have ended, too,
   * of which a busy machine has many thousands.
   */
  read(processes: readonly ProcessIdentity[], limitMs: number, withEnded: boolean): Promise<SocketReading>;
}

/** Whether both ends of a connection are certainly on one machine: its loopback interface, or one address. */
export function isWithinMachine({ local, remote }: Pick<InetSocket, 'local' | 'remote'>): boolean {
  if (remote === null) return false;
  return remote.address === local.address || /^127\.|^\[::1\]$/.test(remote.address);
}
