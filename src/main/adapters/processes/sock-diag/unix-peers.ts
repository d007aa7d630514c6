import type { NetlinkCalls } from './netlink-calls';

/** Who is at the other end of connected unix sockets: by inode, in both directions. */
export type UnixPeers = ReadonlyMap<string, string>;

/** `struct nlmsghdr`: length, type, flags, sequence, port (netlink(7)). */
const HEADER_BYTES = 16;
const [NLMSG_ERROR, NLMSG_DONE, SOCK_DIAG_BY_FAMILY] = [2, 3, 20];
/** NLM_F_REQUEST and NLM_F_DUMP. */
const DUMP = 0x301;
/** `struct unix_diag_req` and `struct unix_diag_msg` (sock_diag(7)). */
const REQUEST_BYTES = 24;
const ANSWER_BYTES = 16;
const AF_UNIX = 1;
/** One bit for each state: TCP_ESTABLISHED. */
const CONNECTED = 1 << 1;
const SHOW_PEER = 4;
const NO_COOKIE = 0xffff_ffff;
const PEER_ATTRIBUTE = 2;

const BUFFER_BYTES = 64 * 1024;
/** Some millions of sockets. */
const MAX_MESSAGES = 4096;

/**
 * Asks the kernel for the connections between unix sockets in the network namespace of this process; /proc shows no peers. Any user may
 * ask. `giveWay` is called between the parts of an answer. Null where the kernel can't answer.
 */
export async function readUnixPeers(
  calls: NetlinkCalls,
  close: (fd: number) => void,
  giveWay: () => Promise<void> = () => Promise.resolve(),
): Promise<UnixPeers | null> {
  const fd = calls.open();
  if (fd < 0) return null;
  try {
    if (calls.send(fd, request()) < 0) return null;
    const peers = new Map<string, string>();
    const buffer = Buffer.alloc(BUFFER_BYTES);
    for (let message = 0; message < MAX_MESSAGES; message += 1) {
      const length = calls.receive(fd, buffer);
      if (length <= 0) return null;
      const end = readMessages(buffer.subarray(0, length), peers);
      if (end !== 'more') return end === 'done' ? peers : null;
      await giveWay();
    }
    return null;
  } finally {
    close(fd);
  }
}

function request(): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + REQUEST_BYTES);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  message.writeUInt16LE(DUMP, 6);
  message.writeUInt8(AF_UNIX, HEADER_BYTES);
  message.writeUInt32LE(CONNECTED, HEADER_BYTES + 4);
  message.writeUInt32LE(SHOW_PEER, HEADER_BYTES + 12);
  message.writeUInt32LE(NO_COOKIE, HEADER_BYTES + 16);
  message.writeUInt32LE(NO_COOKIE, HEADER_BYTES + 20);
  return message;
}

function readMessages(bytes: Buffer, peers: Map<string, string>): 'more' | 'done' | 'refused' {
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    const type = bytes.readUInt16LE(at + 4);
    if (type === NLMSG_DONE) return 'done';
    if (type === NLMSG_ERROR || length < HEADER_BYTES) return 'refused';
    readSocket(bytes.subarray(at + HEADER_BYTES, at + length), peers);
    at += aligned(length);
  }
  return 'more';
}

/** `struct unix_diag_msg` with its attributes: the inode of a socket, and that of its peer. */
function readSocket(bytes: Buffer, peers: Map<string, string>): void {
  if (bytes.length < ANSWER_BYTES) return;
  const inode = String(bytes.readUInt32LE(4));
  for (let at = ANSWER_BYTES; at + 8 <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    // 0: nobody has accepted the connection yet.
    const peer = bytes.readUInt32LE(at + 4);
    if (bytes.readUInt16LE(at + 2) === PEER_ATTRIBUTE && peer !== 0) peers.set(inode, String(peer));
    at += Math.max(4, aligned(length));
  }
}

/** Netlink pads everything to 4 bytes. */
function aligned(length: number): number {
  return (length + 3) & ~3;
}
