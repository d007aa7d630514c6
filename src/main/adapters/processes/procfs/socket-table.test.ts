import { describe, expect, it } from 'vitest';
import { addressOf, isBound, socketsIn } from './socket-table';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
/** As Linux 6 prints it. */
const line = (local: string, remote: string, state: string, inode: string): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 00000000abd8c883 100 0 0 10 0\n`;
const LISTENING = line('0100007F:1F90', '00000000:0000', '0A', '4711');

describe('an address in a table of sockets', () => {
  it.each([
    ['0100007F', '127.0.0.1'],
    ['0A00A8C0', '192.168.0.10'],
    ['00000000000000000000000000000000', '[::]'],
    ['B80D01200000000000000000EFBEADDE', '[2001:db8::dead:beef]'],
    ['0000000000000000FFFF00000100007F', '127.0.0.1'],
  ])('%s is %s', (hex, address) => expect(addressOf(hex, true)).toBe(address));

  it('is in the byte order of the machine', () => expect(addressOf('7F000001', false)).toBe('127.0.0.1'));
});

describe('a table of sockets', () => {
  it('has one in each line but its head, and none in a line that is cut off', () => {
    const ended = line('0100007F:1F90', '0100007F:C350', '06', '0');
    const cut = LISTENING.slice(0, LISTENING.indexOf('4711') + 2);
    expect([...socketsIn(`${HEAD}${LISTENING}${ended}${cut}`)]).toEqual([
      {
        ...{ localAddress: '0100007F', localPort: 8080, remoteAddress: '00000000', remotePort: 0 },
        ...{ state: '0A', uid: 1000, inode: '4711' },
      },
      {
        ...{ localAddress: '0100007F', localPort: 8080, remoteAddress: '0100007F', remotePort: 50_000 },
        ...{ state: '06', uid: 1000, inode: '0' },
      },
    ]);
    expect([...socketsIn(line('xyz:1F90', '00000000:0000', '0A', '4711'))]).toEqual([]);
  });

  it('shows who waits on a port: of TCP who listens, of UDP who has no peer, and nobody whose socket is gone', () => {
    const bound = (protocol: 'tcp' | 'udp', state: string, inode: string) =>
      [...socketsIn(line('0100007F:1F90', '00000000:0000', state, inode))].map((socket) => isBound(protocol, socket));
    expect([bound('tcp', '0A', '1'), bound('tcp', '07', '1'), bound('tcp', '0A', '0')]).toEqual([
      [true],
      [false],
      [false],
    ]);
    expect([bound('udp', '07', '1'), bound('udp', '01', '1'), bound('udp', '07', '0')]).toEqual([
      [true],
      [false],
      [false],
    ]);
  });
});
