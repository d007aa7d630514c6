import { describe, expect, it } from 'vitest';
import { addUnixSockets, type TableUnixSocket } from './unix-table';

/** As Linux 6 prints it. */
const row = (flags: string, type: string, state: string, inode: number, path = '') =>
  `00000000ff89600d: 00000003 00000000 ${flags} ${type} ${state} ${String(inode).padStart(5)}${path === '' ? '' : ` ${path}`}\n`;
const HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';

function socketsIn(...lines: string[]): readonly TableUnixSocket[] {
  const found = new Map<string, TableUnixSocket>();
  for (const line of [HEAD, ...lines]) addUnixSockets(line, found);
  return [...found.values()];
}

describe('the table of unix sockets', () => {
  it('has who listens, who was accepted, and who has no name', () => {
    expect(
      socketsIn(
        row('00010000', '0001', '01', 12, '/run/a b.sock'),
        row('00000000', '0001', '03', 123_456, '/run/a b.sock'),
        row('00000000', '0005', '03', 7),
        row('00010000', '0001', '01', 8, '@abstract'),
      ),
    ).toEqual([
      { inode: '12', path: '/run/a b.sock', isListening: true },
      { inode: '123456', path: '/run/a b.sock', isListening: false },
      { inode: '7', path: null, isListening: false },
      { inode: '8', path: '@abstract', isListening: true },
    ]);
  });

  it('has no datagrams', () => expect(socketsIn(row('00000000', '0002', '01', 5, '/dev/log'))).toEqual([]));

  it('believes no line that the name of another socket has forged', () => {
    const forged = row('00010000', '0001', '01', 12, '/run/docker.sock').trimEnd();
    const found = socketsIn(
      row('00010000', '0001', '01', 99, `/tmp/x\n${forged}`),
      row('00010000', '0001', '01', 12, '/run/mine.sock'),
    );
    expect(found).toContainEqual({ inode: '12', path: null, isListening: false });
  });
});
