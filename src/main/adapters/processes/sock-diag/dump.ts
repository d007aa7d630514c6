import type { NetlinkCalls } from './netlink-calls';

/** How the kernel is asked. */
export interface SockDiag {
  calls: NetlinkCalls;
  close: (fd: number) => void;
}

/** `struct nlmsghdr`: length, type, flags, sequence, port (netlink(7)). */
const HEADER_BYTES = 16;
const [NLMSG_ERROR, NLMSG_DONE, SOCK_DIAG_BY_FAMILY] = [2, 3, 20];
/** NLM_F_REQUEST and NLM_F_DUMP. */
const DUMP = 0x301;

const BUFFER_BYTES = 64 * 1024;
/** Some millions of sockets. */
const MAX_MESSAGES = 4096;

/**
 * Asks the kernel for all sockets of a kind in the network namespace of this process (sock_diag(7)), and shows each to `visit`. Any user
 * may ask. `giveWay` is called between the parts of an answer. False where the kernel can't answer, or not to the end.
 */
export async function dumpSockets(
  { calls, close }: SockDiag,
  request: Buffer,
  visit: (socket: Buffer) => void,
  giveWay: () => Promise<void>,
): Promise<boolean> {
  const fd = calls.open();
  if (fd < 0) return false;
  try {
    if (calls.send(fd, messageOf(request)) < 0) return false;
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    for (let message = 0; message < MAX_MESSAGES; message += 1) {
      const length = calls.receive(fd, buffer);
      if (length <= 0) return false;
      const end = readMessages(buffer.subarray(0, length), visit);
      if (end !== 'more') return end === 'done';
      await giveWay();
    }
    return false;
  } finally {
    close(fd);
  }
}

function messageOf(request: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(HEADER_BYTES + request.length, 0);
  header.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  header.writeUInt16LE(DUMP, 6);
  return Buffer.concat([header, request]);
}

function readMessages(bytes: Buffer, visit: (socket: Buffer) => void): 'more' | 'done' | 'refused' {
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    const type = bytes.readUInt16LE(at + 4);
    if (type === NLMSG_DONE) return 'done';
    if (type === NLMSG_ERROR || length < HEADER_BYTES) return 'refused';
    visit(bytes.subarray(at + HEADER_BYTES, at + length));
    at += aligned(length);
  }
  return 'more';
}

/** Netlink pads everything to 4 bytes. */
export function aligned(length: number): number {
  return (length + 3) & ~3;
}
