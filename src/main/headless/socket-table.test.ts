import { describe, expect, it } from 'vitest';
import { socketTableKeys, uidInTable } from './socket-table';

const client = { address: '127.0.0.1', port: 40_000 };
const server = { address: '127.0.0.1', port: 7710 };
const keys = socketTableKeys(client, server, true) ?? { tcp: '', tcp6: '' };

/** As Linux 6 prints it; the first line is the server's own end. */
const row = (local: string, remote: string, state: string, uid: number, inode: number) =>
  `   1: ${local} ${remote} ${state} 00000000:00000000 02:000A2B3C 00000000 ${String(uid).padStart(5)}        0 ${inode} 2 0000000000000000 20 4 30 10 -1\n`;
const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const [FROM, TO] = ['0100007F:9C40', '0100007F:1E1E'];
const [FROM6, TO6] = ['0000000000000000FFFF00000100007F:9C40', '0000000000000000FFFF00000100007F:1E1E'];

describe('the table of connections', () => {
  it('shows who owns the other end of a connection, in either family', () => {
    const listening = row(TO, '00000000:0000', '0A', 0, 77);
    expect(uidInTable(HEADER + listening + row(TO, FROM, '01', 0, 5) + row(FROM, TO, '01', 1001, 6), keys.tcp)).toBe(
      1001,
    );
    expect(uidInTable(row(FROM6, TO6, '01', 1001, 6), keys.tcp6)).toBe(1001);
  });

  it('does not take the end of the server, another port, or another address for it', () => {
    for (const other of [
      row(TO, FROM, '01', 0, 5),
      row('0100007F:9C41', TO, '01', 0, 5),
      row(FROM, '0100007F:1E1F', '01', 0, 5),
      row('0200007F:9C40', TO, '01', 0, 5),
      row(FROM, '0200007F:1E1E', '01', 0, 5),
      '',
    ])
      expect(uidInTable(HEADER + other, keys.tcp)).toBeNull();
  });

  it('does not take a connection that nobody has any more for one of root', () => {
    expect(uidInTable(row(FROM, TO, '06', 0, 0), keys.tcp)).toBeNull();
    expect(uidInTable(row(FROM, TO, '01', 0, 0), keys.tcp)).toBeNull();
    expect(uidInTable(row(FROM, TO, '04', 1001, 9), keys.tcp)).toBeNull();
    expect(uidInTable(row(FROM, TO, '01', 0, 0) + row(FROM, TO, '01', 1001, 9), keys.tcp)).toBe(1001);
  });

  it('is read as the byte order of the machine has it, and only for IPv4', () => {
    expect(socketTableKeys(client, server, false)?.tcp).toBe(' 7F000001:9C40 7F000001:1E1E 01 ');
    expect(socketTableKeys({ ...client, address: '::ffff:127.0.0.1' }, server, true)).toEqual(keys);
    for (const address of ['::1', '127.0.0', '127.0.0.256', '1.2.3.x'])
      expect(socketTableKeys({ ...client, address }, server, true)).toBeNull();
  });
});
