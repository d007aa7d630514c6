import type Koffi from 'koffi';

/** A socket to the kernel (netlink(7)). Each returns the result of the kernel, or the negated errno. */
export interface NetlinkCalls {
  /** A descriptor, closed on exec, to what answers questions about sockets (sock_diag(7)). */
  open(): number;
  send(fd: number, message: Uint8Array): number;
  /** Fills the buffer; never waits. */
  receive(fd: number, buffer: Uint8Array): number;
}

const AF_NETLINK = 16;
/** SOCK_RAW and SOCK_CLOEXEC. */
const RAW_CLOSE_ON_EXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const MSG_DONTWAIT = 0x40;

/** @throws Error where the C library lacks one of the functions */
export function declareNetlink(koffi: typeof Koffi): NetlinkCalls {
  const libc = koffi.load(null);
  const open = libc.func('int socket(int family, int type, int protocol)');
  const send = libc.func('long send(int fd, void *message, size_t length, int flags)');
  const receive = libc.func('long recv(int fd, void *buffer, size_t length, int flags)');
  const orErrno = (result: unknown): number => (Number(result) < 0 ? -koffi.errno() : Number(result));
  return {
    open: () => orErrno(open(AF_NETLINK, RAW_CLOSE_ON_EXEC, NETLINK_SOCK_DIAG)),
    send: (fd, message) => orErrno(send(fd, message, message.length, MSG_DONTWAIT)),
    receive: (fd, buffer) => orErrno(receive(fd, buffer, buffer.length, MSG_DONTWAIT)),
  };
}
