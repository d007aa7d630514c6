import { readlinkSync } from 'node:fs';
import { sameIdentity, type ProcessIdentity } from '../../../../shared/model/process';
import {
  isWithinMachine,
  type Clock,
  type InetSocket,
  type ProcessSockets,
  type SocketFact,
  type SocketReader,
  type SocketReading,
} from '../../../engine/ports';
import { withTimeLimit } from '../../../engine/time-limit';
import type { UnixPeers } from '../sock-diag/unix-peers';
import { socketInode } from './open-descriptors';
import type { ProcfsReader } from './procfs-reader';
import { addressOf, isBound, readLines, socketsIn, type TableProtocol, type TableSocket } from './socket-table';
import { Turns } from './turns';
import { addUnixSockets, type TableUnixSocket } from './unix-table';

/** What is read of one process: a server with more connections is cut off. Each costs some 3 µs. */
const MAX_DESCRIPTORS = 4096;

export interface SocketReaderOptions {
  clock: Clock;
  identify: (pid: number) => ProcessIdentity | null;
  reader: ProcfsReader;
  /** The peers of unix sockets in the network namespace of this process; null: they can't be seen. */
  unixPeers: (giveWay: () => Promise<void>) => Promise<UnixPeers | null>;
  /** Where procfs is mounted. */
  procDir?: string;
}

/**
 * Which sockets processes hold, from /proc. What is in the tables is that of the network namespace of each process. Descriptors are read
 * by the thread that may hang; the tables need no lock of a process and are read in Node's pool.
 */
export class ProcfsSocketReader implements SocketReader {
  constructor(private readonly options: SocketReaderOptions) {}

  async read(processes: readonly ProcessIdentity[], limitMs: number): Promise<SocketReading> {
    const turns = new Turns(this.options.clock, limitMs);
    const held: ProcessSockets[] = [];
    /** A process of each network namespace. */
    const namespaces = new Map<string, number>();
    for (const process of processes) {
      const one = turns.isLate() ? unread(process.pid) : this.readProcess(process, namespaces);
      if (one !== null) held.push(one);
      await turns.giveWay();
    }
    const inodes = new Set(held.flatMap((one) => one.inodes ?? []));
    const sockets: SocketFact[] = [];
    const ownNamespace = this.ownNamespace();
    const read = async (): Promise<void> => {
      for (const [namespace, pid] of namespaces) {
        const netDir = `${this.procDir}/${pid}/net`;
        await readInet({ netDir, namespace, inodes }, sockets, turns);
        await this.readUnix({ netDir, namespace, inodes }, namespace === ownNamespace, sockets, turns);
      }
    };
    await withTimeLimit(this.options.clock, turns.leftMs, read()).catch(() => undefined);
    return { processes: held, sockets: [...sockets], ownNamespace };
  }

  /** Null: it is gone. */
  private readProcess(process: ProcessIdentity, namespaces: Map<string, number>): ProcessSockets | null {
    const { identify, reader } = this.options;
    const { pid } = process;
    const processDir = `${this.procDir}/${pid}`;
    const open = reader.read(pid, 'descriptors', `${processDir}/fd`, MAX_DESCRIPTORS);
    const namespace = open === null ? null : reader.read(pid, 'netNamespace', processDir);
    // Checked after the reading: who is there now was there all the time, since its pid was not free.
    const now = identify(pid);
    if (now === null || !sameIdentity(now, process)) return null;
    if (open === null || namespace === null) return unread(pid);
    if (!namespaces.has(namespace)) namespaces.set(namespace, pid);
    return { pid, inodes: open.descriptors.flatMap(({ target }) => socketInode(target) ?? []), isCut: open.isCut };
  }

  private async readUnix(
    { netDir, namespace, inodes }: Namespace,
    isOwn: boolean,
    sockets: SocketFact[],
    turns: Turns,
  ): Promise<void> {
    const table = new Map<string, TableUnixSocket>();
    const show = (lines: string): void => addUnixSockets(lines, table);
    await readLines(`${netDir}/unix`, show, () => turns.isLate());
    const held = [...inodes].filter((inode) => table.has(inode));
    const isConnected = held.some((inode) => table.get(inode)?.isListening === false);
    const peers = isOwn && isConnected ? await this.options.unixPeers(() => turns.giveWay()) : null;
    const others = held.flatMap((inode) => peers?.get(inode) ?? []);
    const shown = new Set([...held, ...others]);
    for (const socket of table.values()) {
      if (!socket.isListening && !shown.has(socket.inode)) continue;
      sockets.push({ protocol: 'unix', namespace, ...socket, peer: peers?.get(socket.inode) ?? null });
    }
  }

  private ownNamespace(): string | null {
    try {
      return readlinkSync(`${this.procDir}/self/ns/net`);
    } catch {
      return null;
    }
  }

  private get procDir(): string {
    return this.options.procDir ?? '/proc';
  }
}

interface Namespace {
  netDir: string;
  namespace: string;
  /** Sockets that are looked for. */
  inodes: ReadonlySet<string>;
}

function unread(pid: number): ProcessSockets {
  return { pid, inodes: null, isCut: true };
}

async function readInet({ netDir, namespace, inodes }: Namespace, sockets: SocketFact[], turns: Turns): Promise<void> {
  for (const protocol of ['tcp', 'udp'] as const) {
    const show = (lines: string): void => {
      for (const row of socketsIn(lines)) {
        if (row.inode !== '0' && !inodes.has(row.inode) && !isBound(protocol, row)) continue;
        const socket = inetSocket(protocol, namespace, row);
        if (socket.inode !== null || isWithinMachine(socket)) sockets.push(socket);
      }
    };
    for (const family of ['', '6']) await readLines(`${netDir}/${protocol}${family}`, show, () => turns.isLate());
  }
}

function inetSocket(protocol: TableProtocol, namespace: string, row: TableSocket): InetSocket {
  const { localAddress, localPort, remoteAddress, remotePort, inode } = row;
  return {
    ...{ protocol, namespace },
    inode: inode === '0' ? null : inode,
    local: { address: addressOf(localAddress), port: localPort },
    remote: isBound(protocol, row) ? null : { address: addressOf(remoteAddress), port: remotePort },
  };
}
