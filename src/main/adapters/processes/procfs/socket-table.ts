import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import type { OpenSocket } from '../../../../shared/model/last-words';
import type { Turns } from './turns';

/** A line of /proc/<pid>/net/tcp, tcp6, udp or udp6 (proc_pid_net(5)). */
export interface TableSocket {
  /** As the kernel prints it: `addressOf` reads it. */
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  /** 0: it has no peer. */
  remotePort: number;
  /** Number of its state in the kernel's include/net/tcp_states.h, in two hex digits. */
  state: string;
  uid: number;
  /** What its descriptors are called by: `socket:[inode]`. 0: no process has it any more (`TIME_WAIT`). */
  inode: string;
}

/** Both ends of a socket of TCP. */
export type TcpEnds = Pick<OpenSocket, 'local' | 'remote' | 'state'>;

const STATES: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '03': 'SYN_RECV',
  '04': 'FIN_WAIT1',
  '05': 'FIN_WAIT2',
  '06': 'TIME_WAIT',
  '07': 'CLOSE',
  '08': 'CLOSE_WAIT',
  '09': 'LAST_ACK',
  '0A': 'LISTEN',
  '0B': 'CLOSING',
};

/** State of a socket that has its port for itself: TCP_LISTEN, and of UDP, which has no listening, TCP_CLOSE. */
const BOUND = { tcp: '0A', udp: '07' } as const;
export type TableProtocol = keyof typeof BOUND;

/** Whether it waits on its port for anybody. */
export function isBound(protocol: TableProtocol, { state, inode }: TableSocket): boolean {
  return state === BOUND[protocol] && inode !== '0';
}

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 10;

/** Number, local, remote, state, queues, timer, retransmits, uid, timeout, inode; the blank after it shows that it is whole. */
const LINE =
  /^ *\d+: ((?:[\dA-F]{8}){1,4}):([\dA-F]{4}) ((?:[\dA-F]{8}){1,4}):([\dA-F]{4}) ([\dA-F]{2}) (?:[\dA-F:]+ +){3}(\d+) +\d+ (\d+) /gm;

/** The sockets in the text of a table; its head and a line that is cut off are none. */
export function* socketsIn(text: string): Generator<TableSocket, void> {
  for (const match of text.matchAll(LINE)) {
    const [, localAddress = '', localPort = '', remoteAddress = '', remotePort = '', state = '', uid, inode = ''] =
      match;
    yield {
      ...{ localAddress, remoteAddress, state, inode },
      localPort: Number.parseInt(localPort, 16),
      remotePort: Number.parseInt(remotePort, 16),
      uid: Number(uid),
    };
  }
}

/**
 * Shows a table of /proc to `show` in pieces of whole lines, until its end or `isDone`: that of a busy server has hundreds of thousands,
 * so others have the event loop in between. The kernel needs nobody's lock for it, and a wait for Node's pool would be longer than some
 * connections last. Never rejects: without IPv6 there is no table for it, and a process may have ended meanwhile.
 */
export async function readLines(
  path: string,
  show: (lines: string) => void,
  turns: Pick<Turns, 'giveWay'>,
  isDone: () => boolean,
): Promise<void> {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const buffer = Buffer.allocUnsafe(BLOCK_BYTES);
    let kept = 0;
    while (!isDone()) {
      const read = readSync(fd, buffer, kept, buffer.length - kept, null);
      const end = buffer.subarray(0, kept + read).lastIndexOf(NEWLINE) + 1;
      // No line is longer than the buffer.
      if (read === 0 || (end === 0 && kept + read === buffer.length)) return;
      show(buffer.toString('utf8', 0, end));
      buffer.copyWithin(0, end, kept + read);
      kept += read - end;
      await turns.giveWay();
    }
  } catch {
    // What it has shown by then is all.
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** The ends of those sockets that the tables of TCP name, by inode; until all are found or the time is over. Never rejects. */
export async function readTcpEnds(
  netDir: string,
  inodes: ReadonlySet<string>,
  turns: Pick<Turns, 'giveWay' | 'isLate'>,
): Promise<ReadonlyMap<string, TcpEnds>> {
  const found = new Map<string, TcpEnds>();
  const isDone = (): boolean => found.size === inodes.size || turns.isLate();
  for (const table of ['tcp', 'tcp6']) {
    const show = (lines: string): void => {
      for (const socket of socketsIn(lines)) if (inodes.has(socket.inode)) found.set(socket.inode, endsOf(socket));
    };
    await readLines(`${netDir}/${table}`, show, turns, isDone);
  }
  return found;
}

function endsOf({ localAddress, localPort, remoteAddress, remotePort, state }: TableSocket): TcpEnds {
  return {
    local: `${addressOf(localAddress)}:${localPort}`,
    remote: remotePort === 0 ? null : `${addressOf(remoteAddress)}:${remotePort}`,
    state: STATES[state] ?? state,
  };
}

/**
 * `0100007F` as `127.0.0.1`: the kernel prints the words of an address as numbers of this machine's byte order. IPv6 is in brackets, as
 * short as it can be written; IPv4 in IPv6 is written as IPv4.
 */
export function addressOf(hex: string, isLittleEndian = endianness() === 'LE'): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const ofWord = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return isLittleEndian ? ofWord.reverse() : ofWord;
  });
  return formatAddress(bytes);
}

/** An address in the order of the network: of IPv4 in 4 bytes, of IPv6 in 16. */
export function formatAddress(bytes: ArrayLike<number>): string {
  // Of some thousand sockets at once: nothing is made for it but the text.
  return bytes.length === 4 ? `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}` : ipv6(Array.from(bytes));
}

function ipv6(bytes: readonly number[]): string {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // What URLs make of it is the canonical form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname;
}
