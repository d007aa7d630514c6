/** A line of /proc/<pid>/net/unix (proc_pid_net(5)). */
export interface TableUnixSocket {
  inode: string;
  /** null: it has no name. `@name`: it is in no directory. */
  path: string | null;
  isListening: boolean;
}

/** Address in the kernel, references, protocol, flags, type, state, inode, name; of streams and of packets in sequence. */
const LINE = /^[\da-f]+: [\dA-F]{8} [\dA-F]{8} ([\dA-F]{8}) 000[15] [\dA-F]{2} +(\d+)(?: (.+))?$/gm;
/** __SO_ACCEPTCON (include/uapi/linux/net.h). */
const LISTENS = 0x10000;

/**
 * Adds the sockets in the lines of a table to `found`, by inode. A name is printed as it is: with a line break in it a program can write
 * a line about the socket of another one, which is then named twice and has no path here.
 */
export function addUnixSockets(lines: string, found: Map<string, TableUnixSocket>): void {
  for (const [, flags = '', inode = '', path = null] of lines.matchAll(LINE)) {
    const isListening = (Number.parseInt(flags, 16) & LISTENS) !== 0;
    found.set(inode, found.has(inode) ? { inode, path: null, isListening: false } : { inode, path, isListening });
  }
}
