/** One end of a TCP connection. */
export interface Endpoint {
  /** IPv4, or IPv4-mapped (`::ffff:127.0.0.1`). */
  address: string;
  port: number;
}

/** TCP_ESTABLISHED in the kernel's include/net/tcp_states.h. */
const ESTABLISHED = '01';

/**
 * What stands for a connection in `/proc/net/tcp` and `/proc/net/tcp6` (proc_net_tcp(5)), seen from the end at `local`. Null for
 * an address that is not IPv4. The kernel prints the words of an address as numbers of this machine's byte order.
 */
export function socketTableKeys(local: Endpoint, remote: Endpoint, isLittleEndian: boolean): SocketTableKeys | null {
  const [from, to] = [hexAddress(local.address, isLittleEndian), hexAddress(remote.address, isLittleEndian)];
  if (from === null || to === null) return null;
  const mapped = isLittleEndian ? '0000000000000000FFFF0000' : '00000000000000000000FFFF';
  const [fromPort, toPort] = [hexPort(local.port), hexPort(remote.port)];
  return {
    tcp: ` ${from}:${fromPort} ${to}:${toPort} ${ESTABLISHED} `,
    tcp6: ` ${mapped}${from}:${fromPort} ${mapped}${to}:${toPort} ${ESTABLISHED} `,
  };
}

export interface SocketTableKeys {
  tcp: string;
  tcp6: string;
}

/**
 * The uid that owns the connection with that key, in whole lines of a table; null when it is not there. A socket that no process
 * has any more (TIME_WAIT, or one whose program has ended) is shown with inode 0 and uid 0, which is not root.
 */
export function uidInTable(lines: string, key: string): number | null {
  for (let at = lines.indexOf(key); at >= 0; at = lines.indexOf(key, at + 1)) {
    const end = lines.indexOf('\n', at);
    // local, remote, state, queues, timer, retransmits, uid, timeout, inode
    const [, , , , , , uid = '', , inode = ''] = lines
      .slice(at, end < 0 ? undefined : end)
      .trim()
      .split(/ +/);
    if (/^\d+$/.test(uid) && /^[1-9]\d*$/.test(inode)) return Number(uid);
  }
  return null;
}

function hexAddress(address: string, isLittleEndian: boolean): string | null {
  const bytes = address
    .replace(/^::ffff:/i, '')
    .split('.')
    .map(Number);
  if (bytes.length !== 4 || !bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) return null;
  if (isLittleEndian) bytes.reverse();
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
