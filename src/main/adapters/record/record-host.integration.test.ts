import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventQuerySchema } from '../../../shared/model/event';
import { createSystemClock } from '../clock';
import type { StorageNotice } from '../files/notice';
import { bundleThreads } from '../testing/bundle';
import { testEvent } from '../testing/event';
import { KEEP } from '../testing/history-folder';
import { composeRecord, DISPOSE_LIMIT_MS, openEngineRecord } from './open-engine-record';
import { RecordThread } from './record-host';

let root: string;
let noticed: StorageNotice[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-record-'));
  noticed = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const options = () => ({
  files: {
    dataDir: root,
    history: join(root, 'history.db'),
    healingLog: join(root, 'healing.log'),
    state: join(root, 'state.json'),
  },
  limits: { retention: KEEP, healingLog: { maxBytes: 1e6, files: 2 } },
  clock: createSystemClock(),
  notify: (notice: StorageNotice) => void noticed.push(notice),
  report: () => undefined,
});

/** A thread that does with each request what this text says. */
function threadThat(does: string): string {
  const file = join(root, 'thread.cjs');
  writeFileSync(
    file,
    `const { parentPort } = require('node:worker_threads');
     const { existsSync, writeFileSync, appendFileSync } = require('node:fs');
     const answer = (id, value) => parentPort.postMessage({ kind: 'done', id, value });
     parentPort.on('message', ({ id, call, args }) => {
       if (call === 'open') return answer(id, { lastEventId: 0, memories: [] });
       if (call !== 'record') return answer(id, call === 'appendLines' ? args[0].length : undefined);
       ${does}
     });`,
  );
  return file;
}

describe('the thread that writes the record', () => {
  it('keeps events, lines and memories, for the next engine to find', async () => {
    const threads = await bundleThreads();
    try {
      const file = join(threads.dir, 'record-worker.js');
      const first = await openEngineRecord({ ...options(), threadFile: file });
      first.history.recordEvent(testEvent(1));
      await first.history.written(10_000);
      expect(await first.history.listEvents(eventQuerySchema.parse({}))).toEqual([testEvent(1)]);
      await first.history.proveDisk();
      first.history.recordEvent(testEvent(2));
      await first.dispose(() => undefined);
      const second = await openEngineRecord({ ...options(), threadFile: file });
      expect(second.history.lastEventId).toBe(2);
      await second.dispose(() => undefined);
      expect(noticed).toEqual([]);
    } finally {
      threads.dispose();
    }
  });

  it('is started again when it ends, and what it had not acknowledged is written again', async () => {
    const [flag, written] = [join(root, 'flag'), join(root, 'written')];
    const file = threadThat(
      `if (!existsSync(${JSON.stringify(flag)})) { writeFileSync(${JSON.stringify(flag)}, ''); process.exit(3); }
       appendFileSync(${JSON.stringify(written)}, 'x'); answer(id, args[0].length);`,
    );
    const record = await composeRecord(await RecordThread.open(file, options()), options());
    record.history.recordEvent(testEvent(1));
    await expect.poll(() => record.history.unwrittenEvents, { timeout: 30_000 }).toBe(0);
    expect(noticed.map(({ detail }) => detail).join()).toMatch(
      /ended unexpectedly.*history\.db is written again; no event/s,
    );
    await record.dispose(() => undefined);
  });

  it('that hangs keeps nobody from ending, who says what is lost', async () => {
    const file = threadThat('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);');
    const record = await composeRecord(await RecordThread.open(file, options()), options());
    record.history.recordEvent(testEvent(1));
    const startedMs = performance.now();
    const said: string[] = [];
    await record.dispose((text) => said.push(text));
    expect(performance.now() - startedMs).toBeLessThan(DISPOSE_LIMIT_MS + 1500);
    expect(said).toEqual([`1 event could not be written before the end; ${root} does not accept writes.`]);
  });

  it('that can not be started is replaced by the same in this thread, and that is noticed', async () => {
    const record = await openEngineRecord({ ...options(), threadFile: join(root, 'missing.js') });
    record.history.recordEvent(testEvent(1));
    await record.history.written(10_000);
    expect(record.history.unwrittenEvents).toBe(0);
    expect(noticed).toMatchObject([
      { severity: 'high', detail: expect.stringMatching(/Cannot find module.*missing/s) as string },
    ]);
    await record.dispose(() => undefined);
  });
});
