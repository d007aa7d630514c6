import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSample } from '../../../../shared/model/process';
import { createSystemClock } from '../../clock';
import { bundleForNode, bundleThreads } from '../../testing/bundle';
import { startNode } from '../../testing/child';
import { createProcfsTable, type DisposableProcessTable } from './index';
import { CONTROL, ReaderThread } from './reader-thread';

const folder = mkdtempSync(join(tmpdir(), 'healdeck-reader-'));
const clock = createSystemClock();

let threads: Awaited<ReturnType<typeof bundleThreads>>;
let scanner: Awaited<ReturnType<typeof bundleForNode>>;
beforeAll(async () => {
  threads = await bundleThreads();
  scanner = await bundleForNode('src/main/adapters/testing/table-scanner.ts');
});
afterAll(() => {
  threads.dispose();
  scanner.dispose();
  rmSync(folder, { recursive: true, force: true });
});

let reader: ReaderThread;
let table: DisposableProcessTable;
let reported: string[];

beforeEach(() => {
  reported = [];
  open(join(threads.dir, 'reader-worker.js'));
});
afterEach(async () => {
  await close();
});

function open(file: string): void {
  reader = new ReaderThread({ file, clock, report: (_, error) => reported.push(String(error)) });
  table = createProcfsTable({ clock, reader });
}

async function close(): Promise<void> {
  table.dispose();
  await reader.dispose((text) => expect.unreachable(text));
}

describe.runIf(process.platform === 'linux')('a thread that reads processes', () => {
  it('reads what this thread would', async () => {
    const direct = createProcfsTable({ clock });
    const [seen, expected] = [await table.scan(), await direct.scan()];
    const own = (samples: readonly ProcessSample[]) => samples.find(({ pid }) => pid === process.pid)!;
    const { argv, name, ppid, startTime, uid, user } = own(expected.samples);
    expect(own(seen.samples)).toMatchObject({ argv, name, ppid, startTime, uid, user });
    const identity = { pid: process.pid, startTime };
    expect(table.identify(process.pid)).toEqual(identity);
    expect(table.facts(identity)).toEqual(direct.facts(identity));
    expect(table.environment(identity)).toEqual(direct.environment(identity));
    const args = (pid: number): [string, number] => [`/proc/${pid}`, 1000];
    const [held, none] = reader.readEach([process.pid, 0x7fff_ffff], 'heldSockets', args);
    expect(held?.namespace).toMatch(/^net:\[\d+\]$/);
    expect(none).toBeNull();
    expect(table.ioBytes(identity)?.readBytes).toBeGreaterThanOrEqual(0);
    direct.dispose();
    expect(reported).toEqual([]);
  });

  it('is not needed: where it can not be run or crashes all is read directly, and that is reported once', async () => {
    const crashing = join(folder, 'crashing.js');
    writeFileSync(
      crashing,
      `const control = new Int32Array(require('node:worker_threads').workerData.control);
       Atomics.wait(control, ${CONTROL.requested}, 0);
       control[${CONTROL.tid}] = Number(require('node:fs').readlinkSync('/proc/thread-self').split('/').pop());
       process.exit(3);`,
    );
    for (const file of [crashing, join(folder, 'none.js')]) {
      await close();
      reported = [];
      open(file);
      for (let pass = 0; pass < 2; pass += 1)
        expect((await table.scan()).samples.map(({ pid }) => pid)).toContain(process.pid);
      expect(table.environment(table.identify(process.pid)!)).toEqual(expect.objectContaining({}));
      expect(reported).toHaveLength(1);
    }
  });

  it.each(['exit', 'dispose', 'nothing left to do'])('keeps no process from ending: %s', async (ending) => {
    const child = startNode(scanner.file, [join(threads.dir, 'reader-worker.js'), ending]);
    expect(await child.ended).toMatch(/^seen \d+\n$/);
  });
});
