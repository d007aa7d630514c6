import type { WantedPort } from '../../engine/ports';

/** A socket that is bound to a port. */
export interface BoundSocket extends WantedPort {
  uid: number;
  /** What its descriptors are called by: `socket:[inode]`. */
  inode: string;
}

/** States of a socket that has the port for itself (include/net/tcp_states.h): TCP_LISTEN, and of UDP, which has no listening, TCP_CLOSE. */
const BOUND = { tcp: '0A', udp: '07' } as const;

/**
 * The sockets bound to one of the ports in the text of /proc/net/tcp, udp, tcp6 or udp6 (proc_pid_net(5)). One that no process has
 * any more is shown with inode 0, and is left out.
 */
export function boundSockets(
  protocol: WantedPort['protocol'],
  table: string,
  ports: readonly number[],
): readonly BoundSocket[] {
  const hex = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
  // Number, local, remote, state, queues, timer, retransmits, uid, timeout, inode
  const line = new RegExp(
    `^ *\\d+: [0-9A-F]+:(${hex.join('|')}) [0-9A-F:]+ ${BOUND[protocol]} (?:[0-9A-F:]+ +){3}(\\d+) +\\d+ ([1-9]\\d*) `,
    'gm',
  );
  return [...table.matchAll(line)].map(([, port = '', uid = '', inode = '']) => ({
    ...{ protocol, inode },
    port: Number.parseInt(port, 16),
    uid: Number(uid),
  }));
}
