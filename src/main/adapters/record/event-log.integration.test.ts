import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventQuerySchema, type EventDraft } from '../../../shared/model/event';
import { ManualClock } from '../../engine/testing/manual-clock';
import { RecordedEventLog } from './event-log';
import { openHealingLog, type HealingLog } from '../logs/healing-log';
import type { StorageNotice } from '../files/notice';
import { bundleForNode } from '../testing/bundle';
import { KEEP } from '../testing/history-folder';
import { HealingFile } from '../logs/healing-file';
import { EngineRecord } from './record';
import { hostInPlace } from './record-host';
import { startProgram } from '../testing/child';
import { testEvent } from '../testing/event';

let root: string;
let file: string;
let clock: ManualClock;
let notices: StorageNotice[];
let limits: { maxBytes: number; files: number };
let dispose: (() => void | Promise<void>)[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-log-'));
  file = join(root, 'healing.log');
  clock = new ManualClock();
  notices = [];
  limits = { maxBytes: 10_000_000, files: 5 };
  dispose = [];
});
afterEach(async () => {
  for (const end of dispose) await end();
  expect(clock.pending).toBe(0);
  rmSync(root, { recursive: true, force: true });
});

function open(): HealingLog {
  const notify = (notice: StorageNotice): void => void notices.push(notice);
  const lines = new HealingFile({ file, limits: () => limits, notify });
  const log = openHealingLog({ write: async (some) => lines.append(some), clock, notify });
  dispose.push(() => log.dispose());
  return log;
}
const lines = (path = file): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const details = (path = file): string[] => lines(path).map((line) => line.replace(/^.*detail /, ''));

describe('healing.log', () => {
  it('has the line of each event, for its owner alone', async () => {
    const log = open();
    log.append(testEvent(1));
    await clock.advance(0);
    expect(lines()).toEqual(['2026-11-22T00:00:01.000Z Notice test detail 1']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    open().append(testEvent(2));
    await clock.advance(0);
    expect(details()).toEqual(['1', '2']);
  });

  it('is rotated by size, and keeps as many files as it is told, no line lost or halved', async () => {
    limits = { maxBytes: 200, files: 3 };
    const log = open();
    for (let id = 10; id < 40; id += 1) log.append(testEvent(id));
    await clock.advance(0);
    expect(readdirSync(root).sort()).toEqual(['healing.log', 'healing.log.1', 'healing.log.2']);
    const kept = [`${file}.2`, `${file}.1`, file].flatMap((path) => details(path));
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => String(40 - kept.length + i)));
    for (const name of readdirSync(root)) {
      expect(statSync(join(root, name)).size).toBeLessThanOrEqual(200);
      expect(statSync(join(root, name)).mode & 0o777).toBe(0o600);
    }
    limits = { maxBytes: 200, files: 1 };
    for (let id = 40; id < 50; id += 1) log.append(testEvent(id));
    await clock.advance(0);
    expect(readdirSync(root)).toEqual(['healing.log']);
  });

  it('goes on in a new file when it was moved away', async () => {
    const log = open();
    log.append(testEvent(1));
    await clock.advance(0);
    rmSync(file);
    log.append(testEvent(2));
    await clock.advance(0);
    expect(details()).toEqual(['2']);
  });

  it('starts a new line after one that a dying engine left half', async () => {
    writeFileSync(file, 'half a li');
    const log = open();
    log.append(testEvent(1));
    log.append(testEvent(2));
    await clock.advance(0);
    expect(lines()[0]).toBe('half a li');
    expect(details().slice(1)).toEqual(['1', '2']);
  });

  it('has a line once when a thread that died after writing it could not report so', async () => {
    const notify = (): void => undefined;
    const first = new HealingFile({ file, limits: () => limits, notify });
    first.append(['one', 'two', 'three']);
    const second = new HealingFile({ file, limits: () => limits, notify });
    expect(second.append(['two', 'three', 'four'])).toBe(3);
    expect(second.append(['four'])).toBe(1);
    expect(lines()).toEqual(['one', 'two', 'three', 'four', 'four']);
  });

  it('keeps lines in memory while it can not be written, and writes them in order after', async () => {
    mkdirSync(file);
    const log = open();
    for (let id = 1; id <= 20; id += 1) log.append(testEvent(id));
    await clock.advance(0);
    expect(log.unwritten).toBe(20);
    rmSync(file, { recursive: true });
    await clock.advance(1000);
    expect(log.unwritten).toBe(0);
    expect(details()).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
    expect(notices.map((notice) => notice.severity)).toEqual(['high', 'info']);
  });

  it('is never written through a symbolic link: its lines wait until the link is gone', async () => {
    const target = join(root, 'target.txt');
    writeFileSync(target, 'keep');
    symlinkSync(target, file);
    const log = open();
    log.append(testEvent(1));
    await clock.advance(0);
    expect(log.unwritten).toBe(1);
    expect(notices[0]?.detail).toContain(`${file} is a symbolic link`);
    expect(readFileSync(target, 'utf8')).toBe('keep');
    rmSync(file);
    await clock.advance(1000);
    expect(details()).toEqual(['1']);
  });

  it.skipIf(process.platform === 'win32')('has no half line after a disk that took a part of one', async () => {
    const writer = await bundleForNode('src/main/adapters/testing/healing-writer.ts');
    dispose.push(writer.dispose);
    // ulimit -f bounds the size of a file: write(2) takes what fits and then fails, as on a full disk.
    const said = await startProgram('sh', ['-c', 'ulimit -f 3; exec "$0" "$@"', process.execPath, writer.file, file])
      .ended;
    expect(said).toContain('then EFBIG');
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
    const kept = Number(/kept (\d+)/.exec(said)?.[1]);
    expect(kept).toBeGreaterThan(10);
    expect(details()).toEqual(Array.from({ length: kept }, (_, i) => String(i + 1)));
  });

  it('that can not be rotated goes on growing, and says so once', async () => {
    limits = { maxBytes: 200, files: 2 };
    mkdirSync(join(root, 'healing.log.1'));
    const log = open();
    for (let id = 10; id < 30; id += 1) log.append(testEvent(id));
    await clock.advance(0);
    expect(details()).toHaveLength(20);
    expect(notices.map((notice) => notice.severity)).toEqual(['warning']);
  });
});

describe('the event log', () => {
  const draft: EventDraft = {
    type: 'notice',
    severity: 'info',
    watch: null,
    pid: null,
    incident: null,
    message: 'some\0thing \ud800',
    data: { topic: 'test', detail: 'x\ny' },
  };
  const setUp = async (healingLog = open()) => {
    const notify = (notice: StorageNotice): void => void notices.push(notice);
    const { client } = hostInPlace({
      files: { dataDir: root, history: join(root, 'history.db'), healingLog: file, state: join(root, 'state.json') },
      limits: { retention: KEEP, healingLog: limits },
      ...{ clock, notify },
      report: () => undefined,
    });
    const history = new EngineRecord({ client, start: await client.open(), dataDir: root, clock, notify });
    const end = async (): Promise<void> => {
      await history.dispose();
      await client.dispose();
    };
    dispose.push(end);
    const reported: string[] = [];
    const log = new RecordedEventLog({ history, healingLog, clock, report: (where) => reported.push(where) });
    return { history, log, reported, end };
  };

  it('numbers and times an event once, and both have the same', async () => {
    const { history, log } = await setUp();
    const events = [log.append(draft), log.append(draft)];
    expect(events.map((event) => event.id)).toEqual([1, 2]);
    expect(events[0]?.at).toBe(new Date(clock.wallMs()).toISOString());
    expect(await history.listEvents(eventQuerySchema.parse({}))).toEqual(events);
    expect(lines()).toEqual(events.map((event) => `${event.at} Notice test x\\ny`));
    expect(log.unwritten).toBe(0);
  });

  it('goes on counting after a restart', async () => {
    const first = await setUp();
    first.log.append(draft);
    await first.end();
    expect((await setUp()).log.append(draft).id).toBe(2);
  });

  it('gives an event to the one when the other fails', async () => {
    mkdirSync(file);
    const { history, log } = await setUp();
    const event = log.append(draft);
    await clock.advance(0);
    expect(log.unwritten).toBe(1);
    expect(await history.listEvents(eventQuerySchema.parse({}))).toEqual([event]);

    rmSync(file, { recursive: true });
    const broken = {
      lastEventId: 5,
      unwrittenEvents: 0,
      unwrittenSince: null,
      readProblem: null,
      recordEvent: () => {
        throw new Error('unexpected');
      },
    };
    const where: string[] = [];
    const other = new RecordedEventLog({
      history: broken,
      healingLog: open(),
      clock,
      report: (place) => where.push(place),
    });
    expect(other.append(draft).id).toBe(6);
    await clock.advance(0);
    expect(lines()).toHaveLength(1);
    expect(where).toEqual(['history.db']);
    await clock.advance(1000);
  });
});
