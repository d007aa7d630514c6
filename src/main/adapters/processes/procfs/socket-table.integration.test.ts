import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLines, readTcpEnds, socketsIn } from './socket-table';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
/** As Linux 6 prints it. */
const line = (local: string, remote: string, state: string, inode: string): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 00000000abd8c883 100 0 0 10 0\n`;
const LISTENING = line('0100007F:1F90', '00000000:0000', '0A', '4711');

const turns = { giveWay: () => Promise.resolve() };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-sockets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a table of sockets', () => {
  it('of many blocks is read to its end, or until enough is known', async () => {
    const path = join(folder, 'tcp');
    writeFileSync(
      path,
      HEAD + Array.from({ length: 2000 }, (_, at) => LISTENING.replace('4711', `${at + 1}`)).join(''),
    );
    const seen: string[] = [];
    const show = (lines: string): void => void seen.push(...[...socketsIn(lines)].map(({ inode }) => inode));
    await readLines(path, show, turns, () => false);
    expect(seen).toEqual(Array.from({ length: 2000 }, (_, at) => `${at + 1}`));
    seen.length = 0;
    await readLines(path, show, turns, () => seen.length > 0);
    expect(seen.length).toBeLessThan(1000);
    await readLines(
      join(folder, 'none'),
      () => expect.unreachable(),
      turns,
      () => false,
    );
  });

  it('has the ends of the sockets that are looked for, in either family', async () => {
    const any6 = '0'.repeat(32);
    writeFileSync(join(folder, 'tcp'), HEAD + LISTENING + line('0A00A8C0:C350', '08080808:01BB', '08', '7'));
    writeFileSync(join(folder, 'tcp6'), HEAD + line(`${any6}:0050`, `${any6}:0000`, '0A', '8'));
    expect(
      Object.fromEntries(await readTcpEnds(folder, new Set(['7', '8', '9']), { ...turns, isLate: () => false })),
    ).toEqual({
      7: { local: '192.168.0.10:50000', remote: '8.8.8.8:443', state: 'CLOSE_WAIT' },
      8: { local: '[::]:80', remote: null, state: 'LISTEN' },
    });
    expect((await readTcpEnds(folder, new Set(['8']), { ...turns, isLate: () => true })).size).toBe(0);
  });
});
