import { aligned, dumpSockets, type SockDiag } from './dump';

/**
 * Who is at the other end of connected unix sockets: by inode, in both directions. Of one that was not accepted yet it is the socket that
 * listens.
 */
export type UnixPeers = ReadonlyMap<string, string>;

/** `struct unix_diag_req` and `struct unix_diag_msg` (sock_diag(7)). */
const REQUEST_BYTES = 24;
const SOCKET_BYTES = 16;
const ATTRIBUTE_BYTES = 4;
const AF_UNIX = 1;
/** One bit for each state: TCP_ESTABLISHED and TCP_LISTEN. */
const CONNECTED_OR_LISTENING = (1 << 1) | (1 << 10);
/** UDIAG_SHOW_PEER and UDIAG_SHOW_ICONS: who waits to be accepted. */
const SHOW_PEERS = 4 | 8;
const NO_COOKIE = 0xffff_ffff;
const [PEER, WAITING] = [2, 3];

/** The connections between unix sockets; /proc shows no peers. Null where the kernel can't answer. */
export async function readUnixPeers(diag: SockDiag, giveWay: () => Promise<void>): Promise<UnixPeers | null> {
  const request = Buffer.alloc(REQUEST_BYTES);
  request.writeUInt8(AF_UNIX, 0);
  request.writeUInt32LE(CONNECTED_OR_LISTENING, 4);
  request.writeUInt32LE(SHOW_PEERS, 12);
  request.writeUInt32LE(NO_COOKIE, 16);
  request.writeUInt32LE(NO_COOKIE, 20);
  const peers = new Map<string, string>();
  const isWhole = await dumpSockets(diag, request, (socket) => addPeers(socket, peers), giveWay);
  return isWhole ? peers : null;
}

/** A socket with its attributes: its inode, and those of its peer or of who waits for it. */
function addPeers(bytes: Buffer, peers: Map<string, string>): void {
  if (bytes.length < SOCKET_BYTES) return;
  const inode = String(bytes.readUInt32LE(4));
  for (let at = SOCKET_BYTES; at + ATTRIBUTE_BYTES <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    const type = bytes.readUInt16LE(at + 2);
    const others = inodesIn(bytes.subarray(at + ATTRIBUTE_BYTES, at + length));
    if (type === PEER) for (const other of others) peers.set(inode, other);
    if (type === WAITING) for (const other of others) peers.set(other, inode);
    at += Math.max(ATTRIBUTE_BYTES, aligned(length));
  }
}

/** 0: the other end was not accepted yet, or is gone. */
function inodesIn(bytes: Buffer): readonly string[] {
  const inodes: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const inode = bytes.readUInt32LE(at);
    if (inode !== 0) inodes.push(String(inode));
  }
  return inodes;
}
