import { describe, expect, it } from 'vitest';
import { boundSockets } from './port-holders';

/** As Linux 6 prints it. */
const row = (local: string, state: string, uid: number, inode: number) =>
  ` 12: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000022ee65c5 100 0 0 10 0                      \n`;
const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n';
const ANY6 = '00000000000000000000000000000000';

describe('who is bound to a port', () => {
  it('is the socket that listens on it, in either family', () => {
    const table = HEADER + row('00000000:1F90', '0A', 1001, 77) + row('0100007F:0050', '0A', 33, 78);
    expect(boundSockets('tcp', table, [8080, 80])).toEqual([
      { protocol: 'tcp', port: 8080, uid: 1001, inode: '77' },
      { protocol: 'tcp', port: 80, uid: 33, inode: '78' },
    ]);
    expect(boundSockets('tcp', HEADER + row(`${ANY6}:01BB`, '0A', 0, 5), [443])).toHaveLength(1);
  });

  it('is no other port, no connection, and nobody whose socket is gone', () => {
    const table =
      HEADER +
      row('00000000:1F91', '0A', 0, 1) +
      row('00001F90:0016', '0A', 0, 2) +
      row('0100007F:1F90', '01', 0, 3) +
      row('0100007F:1F90', '06', 0, 0) +
      row('0100007F:1F90', '0A', 0, 0);
    expect(boundSockets('tcp', table, [8080])).toEqual([]);
  });

  it('is of UDP who has the port without a peer', () => {
    const table = HEADER + row('00000000:0035', '07', 101, 9) + row('0100007F:0035', '01', 102, 10);
    expect(boundSockets('udp', table, [53])).toEqual([{ protocol: 'udp', port: 53, uid: 101, inode: '9' }]);
    expect(boundSockets('udp', HEADER + row('00000000:0035', '0A', 101, 9), [53])).toEqual([]);
  });

  it('is not what a cut line says', () => {
    const line = row('00000000:1F90', '0A', 1001, 77_123);
    expect(boundSockets('tcp', line.slice(0, line.indexOf('77123') + 2), [8080])).toEqual([]);
  });
});
