import { readlinkSync } from 'node:fs';
import type { ProcessIdentity } from '../../../../shared/model/process';
import {
  isWithinMachine,
  type Clock,
  type InetSocket,
  type ProcessSockets,
  type SocketFact,
  type SocketReader,
  type SocketReading,
} from '../../../engine/ports';
import type { SockDiag } from '../sock-diag/dump';
import { visitTcpSockets, type DiagSocket } from '../sock-diag/tcp-sockets';
import { readUnixPeers, type UnixPeers } from '../sock-diag/unix-peers';
import type { ProcfsReader } from './procfs-reader';
import { addressOf, formatAddress, isBound, readLines, socketsIn, type TableProtocol } from './socket-table';
import { Turns } from './turns';
import { addUnixSockets, type TableUnixSocket } from './unix-table';

/** What is read of one process: a server with more connections is cut off. Each costs some 3 µs. */
const MAX_DESCRIPTORS = 4096;
/** So many processes are read at once. */
const BATCH = 16;
const TCP_LISTEN = 10;

export interface SocketReaderOptions {
  clock: Clock;
  isAlive: (identity: ProcessIdentity) => boolean;
  reader: ProcfsReader;
  /** How the kernel is asked for the sockets in the network namespace of this process; null: only /proc shows them. */
  diag: SockDiag | null;
  /** Where procfs is mounted. */
  procDir?: string;
}

/**
 * Which sockets processes hold, and what these are, in the network namespace of each process. Descriptors are read by the thread that may
 * hang. In the engine's own namespace the kernel is asked for the sockets of TCP and the peers of unix sockets; all else is from /proc.
 */
export class ProcfsSocketReader implements SocketReader {
  constructor(private readonly options: SocketReaderOptions) {}

  async read(processes: readonly ProcessIdentity[], limitMs: number, withEnded: boolean): Promise<SocketReading> {
    const turns = new Turns(this.options.clock, limitMs);
    const held: ProcessSockets[] = [];
    /** A process of each network namespace. */
    const namespaces = new Map<string, number>();
    for (let from = 0; from < processes.length; from += BATCH) {
      const batch = processes.slice(from, from + BATCH);
      held.push(...(turns.isLate() ? batch.map(unread) : this.readBatch(batch, namespaces)));
      await turns.giveWay();
    }
    const inodes = new Set(held.flatMap((one) => one.inodes ?? []));
    const sockets: SocketFact[] = [];
    const ownNamespace = this.ownNamespace();
    for (const [namespace, pid] of namespaces) {
      const netDir = `${this.procDir}/${pid}/net`;
      const diag = namespace === ownNamespace ? this.options.diag : null;
      const shown = new ShownSockets({ namespace, inodes, withEnded }, sockets);
      // First what may be gone in a few ms.
      await readTcp(netDir, diag, shown, turns);
      const peers = diag === null ? null : await readUnixPeers(diag, () => turns.giveWay());
      await readUnix(netDir, peers, shown, turns);
      await readTable(netDir, 'udp', shown, turns);
      if (withEnded && diag !== null) await readDiag(diag, 'ended', shown, turns);
    }
    return { processes: held, sockets, ownNamespace };
  }

  /** Those that are gone are left out. */
  private readBatch(processes: readonly ProcessIdentity[], namespaces: Map<string, number>): readonly ProcessSockets[] {
    const { isAlive, reader } = this.options;
    const pids = processes.map(({ pid }) => pid);
    const found = reader.readEach(pids, 'heldSockets', (pid) => [`${this.procDir}/${pid}`, MAX_DESCRIPTORS]);
    return processes.flatMap((process, at) => {
      // Checked after the reading: who is there now was there all the time, since its pid was not free.
      if (!isAlive(process)) return [];
      const open = found[at] ?? null;
      if (open === null) return unread(process);
      const { inodes, isCut, namespace } = open;
      if (!namespaces.has(namespace)) namespaces.set(namespace, process.pid);
      return { pid: process.pid, inodes, isCut };
    });
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

function unread({ pid }: ProcessIdentity): ProcessSockets {
  return { pid, inodes: null, isCut: true };
}

/** Those of one network namespace that are shown: held by a process, listening, or the ends of what was within this machine. */
class ShownSockets {
  constructor(
    readonly wanted: {
      namespace: string;
      /** Held by the processes. */
      inodes: ReadonlySet<string>;
      withEnded: boolean;
    },
    readonly sockets: SocketFact[],
  ) {}

  addInet(socket: Omit<InetSocket, 'namespace'>): void {
    const { namespace, inodes, withEnded } = this.wanted;
    const { inode, remote } = socket;
    const isShown = inode === null ? withEnded && isWithinMachine(socket) : remote === null || inodes.has(inode);
    if (isShown) this.sockets.push({ ...socket, namespace });
  }

  addUnix(socket: TableUnixSocket, peer: string | null): void {
    this.sockets.push({ protocol: 'unix', namespace: this.wanted.namespace, ...socket, peer });
  }
}

/** Those that live, and where only /proc shows them those that have ended, too. */
async function readTcp(netDir: string, diag: SockDiag | null, shown: ShownSockets, turns: Turns): Promise<void> {
  const before = shown.sockets.length;
  if (diag !== null && (await readDiag(diag, 'living', shown, turns))) return;
  shown.sockets.length = before;
  await readTable(netDir, 'tcp', shown, turns);
}

/** False where the kernel can't answer. */
function readDiag(diag: SockDiag, which: 'living' | 'ended', shown: ShownSockets, turns: Turns): Promise<boolean> {
  const visit = (socket: DiagSocket): void => {
    const { localAddress, localPort, remoteAddress, remotePort, state } = socket;
    shown.addInet({
      ...{ protocol: 'tcp', inode: socket.inode === 0 ? null : String(socket.inode) },
      local: { address: formatAddress(localAddress), port: localPort },
      remote: state === TCP_LISTEN ? null : { address: formatAddress(remoteAddress), port: remotePort },
    });
  };
  return visitTcpSockets(diag, which, visit, () => turns.giveWay());
}

async function readTable(netDir: string, protocol: TableProtocol, shown: ShownSockets, turns: Turns): Promise<void> {
  const show = (lines: string): void => {
    for (const row of socketsIn(lines)) {
      const { localAddress, localPort, remoteAddress, remotePort, inode } = row;
      shown.addInet({
        ...{ protocol, inode: inode === '0' ? null : inode },
        local: { address: addressOf(localAddress), port: localPort },
        remote: isBound(protocol, row) ? null : { address: addressOf(remoteAddress), port: remotePort },
      });
    }
  };
  for (const family of ['', '6']) {
    await readLines(`${netDir}/${protocol}${family}`, show, turns, () => turns.isLate());
  }
}

async function readUnix(netDir: string, peers: UnixPeers | null, shown: ShownSockets, turns: Turns): Promise<void> {
  const table = new Map<string, TableUnixSocket>();
  const show = (lines: string): void => addUnixSockets(lines, table);
  await readLines(`${netDir}/unix`, show, turns, () => turns.isLate());
  const wanted = new Set(
    [...shown.wanted.inodes].flatMap((inode) => [inode, ...(peers?.has(inode) ? [peers.get(inode)!] : [])]),
  );
  for (const socket of table.values()) {
    if (socket.isListening || wanted.has(socket.inode)) shown.addUnix(socket, peers?.get(socket.inode) ?? null);
  }
}
