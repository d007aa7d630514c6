import { createReadStream } from 'node:fs';
import { endianness } from 'node:os';
import type { OpenSocket } from '../../../../shared/model/last-words';

/** Both ends of a socket of TCP. */
export type TcpEnds = Pick<OpenSocket, 'local' | 'remote' | 'state'>;

/** By their numbers in the kernel's include/net/tcp_states.h. */
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

const BLOCK_BYTES = 64 * 1024;

/**
 * The ends of those sockets that /proc/<pid>/net/tcp and tcp6 name (proc_pid_net(5)), by inode. A table of a busy server has
 * hundreds of thousands of lines: it is read in blocks until all are found or `isLate`. Never rejects.
 */
export async function readTcpEnds(
  netDir: string,
  inodes: ReadonlySet<string>,
  isLate: () => boolean,
): Promise<ReadonlyMap<string, TcpEnds>> {
  const found = new Map<string, TcpEnds>();
  for (const table of ['tcp', 'tcp6']) {
    if (found.size < inodes.size && !isLate()) await searchTable(`${netDir}/${table}`, inodes, found, isLate);
  }
  return found;
}

async function searchTable(
  path: string,
  inodes: ReadonlySet<string>,
  found: Map<string, TcpEnds>,
  isLate: () => boolean,
): Promise<void> {
  let begun = '';
  try {
    for await (const block of createReadStream(path, { encoding: 'latin1', highWaterMark: BLOCK_BYTES })) {
      const lines = `${begun}${block as string}`.split('\n');
      begun = lines.pop() ?? '';
      for (const line of lines) {
        const socket = parseTcpLine(line);
        if (socket !== null && inodes.has(socket.inode)) found.set(socket.inode, socket.ends);
      }
      if (found.size === inodes.size || isLate()) return;
    }
  } catch {
    // It has ended meanwhile, or this machine has no IPv6.
  }
}

/** A line of a table; null: it is none, or of a socket that nobody has any more (TIME_WAIT), whose inode is 0. */
export function parseTcpLine(
  line: string,
  isLittleEndian = endianness() === 'LE',
): { inode: string; ends: TcpEnds } | null {
  // number, local, remote, state, queues, timer, retransmits, uid, timeout, inode
  const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/ +/);
  if (!/^[1-9]\d*$/.test(inode)) return null;
  const [here, there] = [endpoint(local, isLittleEndian), endpoint(remote, isLittleEndian)];
  if (here === null || there === null) return null;
  const isConnected = !there.endsWith(':0');
  return { inode, ends: { local: here, remote: isConnected ? there : null, state: STATES[state] ?? state } };
}

/** `0100007F:1F90` as `127.0.0.1:8080`: the kernel prints the words of an address as numbers of this machine's byte order. */
function endpoint(text: string, isLittleEndian: boolean): string | null {
  const [, address = '', port = ''] = /^((?:[\dA-F]{8}){1,4}):([\dA-F]{4})$/.exec(text) ?? [];
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => {
    const ofWord = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return isLittleEndian ? ofWord.reverse() : ofWord;
  });
  if (bytes.length === 4) return `${bytes.join('.')}:${Number.parseInt(port, 16)}`;
  if (bytes.length !== 16) return null;
  return `${ipv6(bytes)}:${Number.parseInt(port, 16)}`;
}

/** In brackets, as short as it can be written; one of IPv4 in IPv6 is written as IPv4. */
function ipv6(bytes: readonly number[]): string {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // What URLs make of it is the canonical form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname;
}
