import { describe, expect, it } from 'vitest';
import { parseTcpLine } from './tcp-table';

const line = (local: string, remote: string, state: string, inode: string): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 00000000abd8c883 100 0 0 10 0`;

describe('a line of the table of TCP sockets', () => {
  it.each([
    ['0100007F:1F90', '00000000:0000', '0A', { local: '127.0.0.1:8080', remote: null, state: 'LISTEN' }],
    [
      '0A00A8C0:C350',
      '08080808:01BB',
      '08',
      { local: '192.168.0.10:50000', remote: '8.8.8.8:443', state: 'CLOSE_WAIT' },
    ],
    [
      '00000000000000000000000000000000:0050',
      '00000000000000000000000000000000:0000',
      '0A',
      { local: '[::]:80', remote: null, state: 'LISTEN' },
    ],
    [
      'B80D01200000000000000000EFBEADDE:0050',
      '0000000000000000FFFF00000100007F:1F90',
      '01',
      { local: '[2001:db8::dead:beef]:80', remote: '127.0.0.1:8080', state: 'ESTABLISHED' },
    ],
  ])('%s %s in state %s', (local, remote, state, ends) => {
    expect(parseTcpLine(line(local, remote, state, '4711'), true)).toEqual({ inode: '4711', ends });
  });

  it('is in the byte order of the machine', () => {
    const read = parseTcpLine(line('7F000001:1F90', '00000000:0000', '0A', '4711'), false);
    expect(read?.ends.local).toBe('127.0.0.1:8080');
  });

  it.each([
    ['its head', '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'],
    ['a socket that nobody has any more', line('0100007F:1F90', '0100007F:C350', '06', '0')],
    ['an address that is none', line('xyz:1F90', '00000000:0000', '0A', '4711')],
    ['nothing', ''],
  ])('is none of %s', (_what, text) => expect(parseTcpLine(text, true)).toBeNull());
});
