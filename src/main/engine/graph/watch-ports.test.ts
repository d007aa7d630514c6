import { describe, expect, it } from 'vitest';
import type { SocketReading } from '../ports';
import type { Look } from './look';
import { watchPorts } from './watch-ports';

const look = (reading: Pick<SocketReading, 'processes' | 'sockets'>): Look => ({
  members: [11, 10, 20].map((pid) => ({ pid, startTime: 1, name: `p${pid}`, watch: pid < 20 ? 'web' : 'db' })),
  reading: { ...reading, ownNamespace: 'host' },
  withEnded: false,
});
const at = (port: number, remote: number | null = null) => ({
  ...({ protocol: 'tcp', namespace: 'host', inode: `${port}`, local: { address: '[::]', port } } as const),
  remote: remote === null ? null : { address: '127.0.0.1', port: remote },
});
const holds = (pid: number, ...inodes: string[]) => ({ pid, inodes, isCut: false });

describe('the ports of a watch', () => {
  it('are those that its processes listen on, each with all who share it, in order', () => {
    const path = '/run/db.sock';
    const listening = { protocol: 'unix', namespace: 'host', inode: 'u', path, isListening: true, peer: null } as const;
    const ports = watchPorts(
      ['web', 'db', 'idle'],
      look({
        processes: [holds(11, '80'), holds(10, '8080', '80', '90'), holds(20, 'u', 'v')],
        sockets: [at(8080), at(80), at(90, 5), at(1), listening, { ...listening, inode: 'v', isListening: false }],
      }),
    );
    const [p10, p11] = [10, 11].map((pid) => ({ pid, name: `p${pid}` }));
    expect(ports).toEqual([
      {
        ...{ watch: 'web', unread: [] },
        sockets: [
          { protocol: 'tcp', address: '[::]', port: 80, processes: [p10, p11] },
          { protocol: 'tcp', address: '[::]', port: 8080, processes: [p10] },
        ],
      },
      {
        ...{ watch: 'db', unread: [] },
        sockets: [{ protocol: 'unix', address: path, port: null, processes: [{ pid: 20, name: 'p20' }] }],
      },
      { watch: 'idle', sockets: [], unread: [] },
    ]);
  });

  it('are said to be incomplete where a process could not be read, or not whole', () => {
    const processes = [{ pid: 10, inodes: null, isCut: true }, holds(11), { ...holds(20), isCut: true }];
    const unread = watchPorts(['web', 'db'], look({ processes, sockets: [] })).map((ports) => ports.unread);
    expect(unread).toEqual([[{ pid: 10, name: 'p10' }], [{ pid: 20, name: 'p20' }]]);
  });
});
