import { aligned, dumpSockets, type SockDiag } from './dump';

/** Who is at the other end of connected unix sockets: by inode, in both directions. */
export type UnixPeers = ReadonlyMap<string, string>;

/** `struct unix_diag_req` and `struct unix_diag_msg` (sock_diag(7)). */
const REQUEST_BYTES = 24;
const SOCKET_BYTES = 16;
const AF_UNIX = 1;
/** One bit for each state: TCP_ESTABLISHED. */
const CONNECTED = 1 << 1;
const SHOW_PEER = 4;
const NO_COOKIE = 0xffff_ffff;
const PEER_ATTRIBUTE = 2;

/** The connections between unix sockets; /proc shows no peers. Null where the kernel can't answer. */
export async function readUnixPeers(diag: SockDiag, giveWay: () => Promise<void>): Promise<UnixPeers | null> {
  const request = Buffer.alloc(REQUEST_BYTES);
  request.writeUInt8(AF_UNIX, 0);
  request.writeUInt32LE(CONNECTED, 4);
  request.writeUInt32LE(SHOW_PEER, 12);
  request.writeUInt32LE(NO_COOKIE, 16);
  request.writeUInt32LE(NO_COOKIE, 20);
  const peers = new Map<string, string>();
  const isWhole = await dumpSockets(diag, request, (socket) => addPeer(socket, peers), giveWay);
  return isWhole ? peers : null;
}

/** A socket with its attributes: its inode, and that of its peer. */
function addPeer(bytes: Buffer, peers: Map<string, string>): void {
  if (bytes.length < SOCKET_BYTES) return;
  const inode = String(bytes.readUInt32LE(4));
  for (let at = SOCKET_BYTES; at + 8 <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    // 0: nobody has accepted the connection yet.
    const peer = bytes.readUInt32LE(at + 4);
    if (bytes.readUInt16LE(at + 2) === PEER_ATTRIBUTE && peer !== 0) peers.set(inode, String(peer));
    at += Math.max(4, aligned(length));
  }
}
