import { dumpSockets, type SockDiag } from './dump';

/** A socket of TCP. Addresses are in the order of the network: 4 bytes or 16. They are valid during the visit only. */
export interface DiagSocket {
  localAddress: Buffer;
  localPort: number;
  remoteAddress: Buffer;
  remotePort: number;
  /** Number of its state in the kernel's include/net/tcp_states.h. */
  state: number;
  /** 0: no process has it any more. */
  inode: number;
}

/** `struct inet_diag_req_v2` and `struct inet_diag_msg` (sock_diag(7)). */
const REQUEST_BYTES = 56;
const SOCKET_BYTES = 72;
const [AF_INET, AF_INET6] = [2, 10];
const IPPROTO_TCP = 6;
/** One bit for each state (include/net/tcp_states.h): all, and of those TIME_WAIT, of which a busy machine has very many. */
const EVERY_STATE = 0xfff;
const ENDED = 1 << 6;

/**
 * Sockets of TCP: those that live, or the ends of connections that have ended. The kernel prints both in /proc/net/tcp, for which it
 * takes longer than some connections last. False where it can't answer.
 */
export async function visitTcpSockets(
  diag: SockDiag,
  which: 'living' | 'ended',
  visit: (socket: DiagSocket) => void,
  giveWay: () => Promise<void>,
): Promise<boolean> {
  for (const family of [AF_INET, AF_INET6]) {
    const request = Buffer.alloc(REQUEST_BYTES);
    request.writeUInt8(family, 0);
    request.writeUInt8(IPPROTO_TCP, 1);
    request.writeUInt32LE(which === 'ended' ? ENDED : EVERY_STATE & ~ENDED, 4);
    const addressBytes = family === AF_INET ? 4 : 16;
    const show = (bytes: Buffer): void => {
      if (bytes.length >= SOCKET_BYTES) visit(socketOf(bytes, addressBytes));
    };
    if (!(await dumpSockets(diag, request, show, giveWay))) return false;
  }
  return true;
}

function socketOf(bytes: Buffer, addressBytes: number): DiagSocket {
  return {
    state: bytes.readUInt8(1),
    localPort: bytes.readUInt16BE(4),
    remotePort: bytes.readUInt16BE(6),
    localAddress: bytes.subarray(8, 8 + addressBytes),
    remoteAddress: bytes.subarray(24, 24 + addressBytes),
    inode: bytes.readUInt32LE(68),
  };
}
