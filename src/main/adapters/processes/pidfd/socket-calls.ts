import type Koffi from 'koffi';

/** Unix sockets for datagrams, which Node does not have. Each call returns its result, or the negated errno. */
export interface SocketCalls {
  /** A socket that is closed on exec (socket(2)). */
  open(): number;
  /** Creates the socket file with a mode that the umask restricts (bind(2)). */
  bind(fd: number, path: string): number;
  /** The kernel attests who has sent each datagram, and a receive waits for `timeoutMs` at most (unix(7), socket(7)). */
  configure(fd: number, timeoutMs: number): number;
  /** Whoever waits for a datagram returns at once, and nothing more can be sent (shutdown(2)). */
  shutdown(fd: number): number;
  /** From now on `fd` is what `by` is, and what it was is closed (dup3(2)). */
  replace(fd: number, by: number): number;
  /** Receives in this thread. */
  receiver(fd: number, maxBytes: number): DatagramReceiver;
  /** Sends one datagram from a socket of its own, and never waits: a full queue is an error (sendto(2)). An address that begins with `@` is abstract (unix(7)). */
  send(address: string, bytes: Uint8Array): number;
  /** Interrupts the system call that a thread of this process is in; SIGURG must be handled (tgkill(2)). */
  interrupt(threadId: number): number;
}

export interface DatagramReceiver {
  /** The next datagram, which stays where it is. Null: there is none yet, or a wait for it was interrupted. */
  peek(options: { wait: boolean }): Datagram | null;
  /** Removes the next datagram, and closes the descriptors that came with it, which can take its time. Does not wait. */
  take(): Datagram | null;
}

export interface Datagram {
  /** Valid until the next call; null: it is larger than was allowed. */
  bytes: Uint8Array | null;
  /** The sender; null: the kernel has not attested one. */
  sender: { pid: number; uid: number } | null;
  /** Descriptors came with it. They are not among those of this process. */
  hasDescriptors: boolean;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
/** The same on all architectures that koffi has a binary for (include/uapi/asm-generic/socket.h). */
const [SOL_SOCKET, SO_PASSCRED] = [1, 16];
/** `struct timeval` of two words. */
const SO_RCVTIMEO = 20;
const SCM_CREDENTIALS = 2;
const [MSG_PEEK, MSG_CTRUNC, MSG_TRUNC, MSG_DONTWAIT, MSG_CMSG_CLOEXEC] = [0x2, 0x8, 0x20, 0x40, 0x4000_0000];
const MSG_NOSIGNAL = 0x4000;
const SHUT_RDWR = 2;
const SIGURG = 23;

/** Where what recvmsg(2) needs lies in one piece of memory: the header, its one vector, the control data, the datagram. */
const [HEADER, VECTOR, CONTROL, DATA] = [0, 64, 96, 160];
/** Of `struct msghdr` (with the padding of a 64-bit system). */
const [VECTOR_POINTER, VECTOR_COUNT, CONTROL_POINTER, CONTROL_BYTES, FLAGS] = [16, 24, 32, 40, 48];
/**
 * Room for `struct ucred` and for nothing behind it: the kernel writes it first, finds no room for descriptors, and closes them. So
 * none of them ever enters the table of this process, which a sender could fill up, and none is closed as close(2) does it: that
 * waits for the server of a file system, which may be the sender.
 */
const CREDENTIALS_SPACE = 32;
/** Behind `struct cmsghdr`. */
const CREDENTIALS = CONTROL + 16;

/** @throws Error where the C library lacks one of the functions (glibc 2.30 has all), or a word has not 64 bits */
export function declareSockets(koffi: typeof Koffi): SocketCalls {
  if (koffi.sizeof('size_t') !== 8) throw new Error('expected a 64-bit system');
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const bind = libc.func('int bind(int fd, void *address, unsigned int bytes)');
  const setOption = libc.func('int setsockopt(int fd, int level, int name, void *value, unsigned int bytes)');
  const recvmsg = libc.func('long recvmsg(int fd, void *message, int flags)');
  const shutdown = libc.func('int shutdown(int fd, int how)');
  const dup3 = libc.func('int dup3(int by, int fd, int flags)');
  const sendto = libc.func(
    'long sendto(int fd, void *data, size_t bytes, int flags, void *address, unsigned int addressBytes)',
  );
  const close = libc.func('int close(int fd)');
  const tgkill = libc.func('int tgkill(int pid, int threadId, int signal)');
  const orErrno = (result: unknown): number => (Number(result) < 0 ? -koffi.errno() : Number(result));

  return {
    open: () => orErrno(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)),

    bind(fd, path) {
      const address = unixAddress(path);
      return orErrno(bind(fd, address, address.length));
    },

    configure(fd, timeoutMs) {
      const on = Buffer.alloc(4);
      on.writeInt32LE(1);
      const result = orErrno(setOption(fd, SOL_SOCKET, SO_PASSCRED, on, on.length));
      if (result < 0) return result;
      const timeout = Buffer.alloc(16);
      timeout.writeBigInt64LE(BigInt(Math.trunc(timeoutMs / 1000)));
      timeout.writeBigInt64LE(BigInt((timeoutMs % 1000) * 1000), 8);
      return orErrno(setOption(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length));
    },

    shutdown: (fd) => orErrno(shutdown(fd, SHUT_RDWR)),
    replace: (fd, by) => orErrno(dup3(by, fd, SOCK_CLOEXEC)),

    receiver(fd, maxBytes) {
      // Memory of its own, which stays where it is: the kernel is given addresses in it.
      const memory = Buffer.from(new ArrayBuffer(DATA + maxBytes));
      const address = koffi.address(memory);
      const receive = (flags: number): Datagram | null => {
        memory.fill(0, 0, DATA);
        memory.writeBigUInt64LE(address + BigInt(VECTOR), HEADER + VECTOR_POINTER);
        memory.writeBigUInt64LE(1n, HEADER + VECTOR_COUNT);
        memory.writeBigUInt64LE(address + BigInt(CONTROL), HEADER + CONTROL_POINTER);
        memory.writeBigUInt64LE(BigInt(CREDENTIALS_SPACE), HEADER + CONTROL_BYTES);
        memory.writeBigUInt64LE(address + BigInt(DATA), VECTOR);
        memory.writeBigUInt64LE(BigInt(maxBytes), VECTOR + 8);
        const bytes = Number(recvmsg(fd, memory, flags | MSG_CMSG_CLOEXEC));
        if (bytes < 0) return null;
        const came = memory.readInt32LE(HEADER + FLAGS);
        const isAttested =
          memory.readInt32LE(CONTROL + 8) === SOL_SOCKET && memory.readInt32LE(CONTROL + 12) === SCM_CREDENTIALS;
        return {
          bytes: (came & MSG_TRUNC) === 0 ? memory.subarray(DATA, DATA + bytes) : null,
          sender: isAttested
            ? { pid: memory.readInt32LE(CREDENTIALS), uid: memory.readUInt32LE(CREDENTIALS + 4) }
            : null,
          hasDescriptors: (came & MSG_CTRUNC) !== 0,
        };
      };
      return {
        peek: ({ wait }) => receive(MSG_PEEK | (wait ? 0 : MSG_DONTWAIT)),
        take: () => receive(MSG_DONTWAIT),
      };
    },

    send(to, bytes) {
      const fd = orErrno(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      if (fd < 0) return fd;
      const address = unixAddress(to);
      const sent = orErrno(sendto(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length));
      close(fd);
      return sent;
    },

    interrupt: (threadId) => orErrno(tgkill(process.pid, threadId, SIGURG)),
  };
}

/** `struct sockaddr_un`: a path ends with a NUL, and an abstract name, here after `@`, begins with one and has its length only (unix(7)). */
function unixAddress(name: string): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, Buffer.from(name.startsWith('@') ? `\0${name.slice(1)}` : `${name}\0`)]);
}
