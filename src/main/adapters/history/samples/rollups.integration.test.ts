import Database from 'libsql';
import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleForNode } from '../../testing/bundle';
import { startNode } from '../../testing/child';
import { testEvent } from '../../testing/event';
import { HistoryFolder, KEEP } from '../../testing/history-folder';
import type { History } from '../history';
import { MINUTE_MS, QUARTER_MS } from '../database/rollup-schema';

const DAY_MS = 86_400_000;

let folder: HistoryFolder;

beforeEach(() => {
  folder = new HistoryFolder();
  // To the start of a day, so that buckets are easy to tell.
  folder.clock.jumpWall(DAY_MS - (folder.clock.wallMs() % DAY_MS));
});
afterEach(() => {
  folder.dispose();
  expect(folder.reported).toEqual([]);
  expect(folder.clock.pending).toBe(0);
});

const open = () => folder.open();

/** What is in the folder.file, past all of our own reading. */
function rows(sql: string): Record<string, number>[] {
  const database = new Database(folder.file);
  const found = database.prepare(sql).all() as Record<string, number>[];
  database.close();
  return found;
}

/** A reading every 2 s, for a while; then time for the upkeep. */
async function live(history: History, ms: number, cpu: (tick: number) => number): Promise<void> {
  for (let tick = 0; tick < ms / 2000; tick += 1) {
    history.recordSamples(folder.clock.wallMs(), [
      { watchId: null, cpuPercent: 50, memoryBytes: 1e9, load: 2 },
      { watchId: 'w', cpuPercent: cpu(tick), memoryBytes: 1000 + tick },
    ]);
    folder.clock.jumpWall(2000);
  }
  await folder.clock.advance(2 * MINUTE_MS);
}

describe('roll-ups', () => {
  it('keep count, mean, lowest and highest of each minute and each quarter of an hour', async () => {
    const start = folder.clock.wallMs();
    await live(open(), QUARTER_MS, (tick) => (tick === 31 ? 400 : tick % 30));
    const minutes = rows(`SELECT * FROM rollups WHERE width = ${MINUTE_MS} AND series = 1 ORDER BY at`);
    expect(minutes).toHaveLength(15);
    expect(minutes[0]).toEqual({
      ...{ width: MINUTE_MS, series: 1, at: start, count: 30, cpu: 14.5, cpu_low: 0, cpu_high: 29 },
      ...{ memory: 1015, memory_low: 1000, memory_high: 1029, load: null },
      ...{ disk_read: null, disk_read_low: null, disk_read_high: null },
      ...{ disk_write: null, disk_write_low: null, disk_write_high: null, counts: null },
    });
    expect(minutes[1]).toMatchObject({ at: start + MINUTE_MS, count: 30, cpu_high: 400 });
    const [quarter, another] = rows(`SELECT * FROM rollups WHERE width = ${QUARTER_MS} AND series = 1`);
    expect(quarter).toMatchObject({ at: start, count: 450, cpu_low: 0, cpu_high: 400, memory_high: 1449 });
    expect(quarter?.['cpu']).toBeCloseTo((450 * 14.5 + 399) / 450, 9);
    expect(another).toBeUndefined();
    expect(rows(`SELECT load FROM rollups WHERE series = 0`).every(({ load }) => load === 2)).toBe(true);
  });

  it('have rates of reading and writing of the time in which they were measured', async () => {
    const history = open();
    for (let tick = 0; tick < 60; tick += 1) {
      const rates = { diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: tick * 1000 };
      history.recordSamples(folder.clock.wallMs(), [
        { watchId: 'w', cpuPercent: 1, memoryBytes: 1, ...(tick >= 45 && rates) },
      ]);
      folder.clock.jumpWall(2000);
    }
    folder.clock.jumpWall(QUARTER_MS);
    await folder.clock.advance(2 * MINUTE_MS);
    const point = { diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 59_000 };
    expect((await history.samples({ watchId: 'w', sinceAt: 0, points: 5000 })).at(-1)).toMatchObject(point);
    const rolled = rows(`SELECT count, disk_read, disk_write, disk_write_low, disk_write_high FROM rollups
      WHERE series = 1 ORDER BY width, at`);
    const rates = { disk_read: 0, disk_write: 52_000, disk_write_low: 45_000, disk_write_high: 59_000 };
    const none = { disk_read: null, disk_write: null, disk_write_low: null, disk_write_high: null };
    expect(rolled).toEqual([
      { count: 30, ...none },
      { count: 30, ...rates },
      { count: 60, ...rates },
    ]);
  });

  it('have counts of metrics by their name, where a limit asked for them', async () => {
    const history = open();
    const start = folder.clock.wallMs();
    for (let tick = 0; tick < QUARTER_MS / 2000; tick += 1) {
      const counts = tick < 15 ? {} : { counts: { sockets: tick < 30 ? 4 : 10, threads: 2 } };
      history.recordSamples(folder.clock.wallMs(), [{ watchId: 'w', cpuPercent: 1, memoryBytes: 1, ...counts }]);
      folder.clock.jumpWall(2000);
    }
    await folder.clock.advance(2 * MINUTE_MS);
    const [newest] = (await history.samples({ watchId: 'w', sinceAt: start, points: 5000 })).slice(-1);
    expect(newest).toMatchObject({ counts: { sockets: 10, threads: 2 } });
    const rolled = (width: number) =>
      rows(`SELECT counts FROM rollups WHERE width = ${width} AND series = 1 ORDER BY at`).map(({ counts }) => counts);
    const minutes = rolled(MINUTE_MS).map((counts) => JSON.parse(String(counts)) as unknown);
    expect(minutes).toHaveLength(15);
    expect(minutes[0]).toEqual({ sockets: [4, 4, 4], threads: [2, 2, 2] });
    expect(minutes[1]).toEqual({ sockets: [10, 10, 10], threads: [2, 2, 2] });
    const [quarter] = rolled(QUARTER_MS).map((counts) => JSON.parse(String(counts)) as { sockets: number[] });
    expect(quarter?.sockets).toEqual([(4 + 14 * 10) / 15, 4, 10]);
    const [point] = await history.samples({ watchId: 'w', sinceAt: start - 30 * DAY_MS, points: 10 });
    expect(point?.spread?.counts?.sockets?.[1]).toBe(10);
  });

  it('are empty where nothing was read', async () => {
    const history = open();
    await live(history, 2 * MINUTE_MS, () => 1);
    folder.clock.jumpWall(40 * MINUTE_MS);
    await live(history, 2 * MINUTE_MS, () => 1);
    const points = await history.samples({ watchId: 'w', sinceAt: 0, points: 10 });
    const gaps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
    expect(Math.max(...gaps)).toBeGreaterThan(30 * MINUTE_MS);
    expect(rows(`SELECT sum(count) AS n FROM rollups WHERE width = ${MINUTE_MS} AND series = 1`)).toEqual([{ n: 120 }]);
  });

  it('count nothing twice when the clock is set back and forth', async () => {
    const history = open();
    await live(history, 20 * MINUTE_MS, () => 10);
    folder.clock.jumpWall(-10 * MINUTE_MS - 1000);
    await live(history, 20 * MINUTE_MS, () => 30);
    await folder.clock.advance(QUARTER_MS);
    const [raw] = rows('SELECT count(*) AS n FROM samples WHERE series = 1');
    for (const width of [MINUTE_MS, QUARTER_MS])
      expect(rows(`SELECT sum(count) AS n FROM rollups WHERE width = ${width} AND series = 1`)).toEqual([raw]);
  });

  it('are made for what an engine left undone that was killed', async () => {
    const writer = await bundleForNode('src/main/adapters/testing/rollup-writer.ts');
    const child = startNode(writer.file, [folder.file]);
    await child.saysWithin('recorded 6000');
    await child.kill();
    writer.dispose();
    const recorded = [...(await child.ended).matchAll(/recorded (\d+)/g)].length;
    folder.clock.jumpWall(30 * DAY_MS);
    const history = open();
    await folder.clock.advance(10 * MINUTE_MS);
    const [quarters] = rows(`SELECT sum(count) AS n FROM rollups WHERE width = ${QUARTER_MS}`);
    // The kill may come between the writing of a reading and the word about it.
    expect([recorded, recorded + 1]).toContain(quarters?.['n']);
    expect(rows(`SELECT count(*) AS n FROM rollups WHERE width = ${MINUTE_MS}`)).toEqual([{ n: 0 }]);
    expect(rows('SELECT count(*) AS n FROM samples')).toEqual([{ n: 0 }]);
    expect(await history.samples({ watchId: 'w', sinceAt: 0, points: 5000 })).not.toEqual([]);
    expect(folder.notices).toEqual([]);
  });
});

describe('a chart of the past', () => {
  it('is as fine as its points can show: readings, minutes, quarters of an hour, and always up to now', async () => {
    const history = open();
    await live(history, 5 * 3_600_000, (tick) => tick % 10);
    const now = folder.clock.wallMs();
    const chart = (ms: number, points: number) => history.samples({ watchId: 'w', sinceAt: now - ms, points });
    expect((await chart(10 * MINUTE_MS, 600)).every((point) => point.spread === undefined)).toBe(true);
    const minutes = await chart(5 * 3_600_000, 250);
    expect(minutes.length).toBeGreaterThan(120);
    expect(minutes.length).toBeLessThanOrEqual(250);
    expect(minutes[5]?.spread).toMatchObject({ cpuPercent: [0, 9] });
    const quarters = await chart(5 * 3_600_000, 12);
    expect(quarters.length).toBeLessThanOrEqual(12);
    expect(quarters[2]?.spread?.spanMs).toBeGreaterThanOrEqual(QUARTER_MS);
    const last = rows('SELECT max(at) AS at FROM samples WHERE series = 1')[0]?.['at'] ?? 0;
    for (const points of [minutes, quarters]) {
      const newest = points.at(-1);
      expect((newest?.at ?? 0) + (newest?.spread?.spanMs ?? 0) / 2).toBeGreaterThanOrEqual(last - 1);
    }
  });

  it('goes on in coarser steps where readings and minutes are gone', async () => {
    const history = open();
    await live(history, 3_600_000, (tick) => tick % 10);
    folder.retention = { ...KEEP, sampleHours: 1, minuteDays: 1 };
    folder.clock.jumpWall(20 * DAY_MS);
    await live(history, 3_600_000, () => 5);
    expect(rows(`SELECT count(*) AS n FROM samples WHERE at < ${folder.clock.wallMs() - 2 * 3_600_000}`)).toEqual([
      { n: 0 },
    ]);
    const points = await history.samples({ watchId: 'w', sinceAt: 0, points: 5000 });
    const old = points.filter(({ at }) => at < folder.clock.wallMs() - DAY_MS);
    expect(old).toHaveLength(4);
    expect(old[1]?.spread).toEqual({
      spanMs: QUARTER_MS,
      cpuPercent: [0, 9],
      memoryBytes: expect.any(Array) as unknown,
    });
    // The first minutes may lie in a quarter of an hour that is shown as one.
    expect(points.length).toBeGreaterThan(45);
  });

  it('shows the load of the machine', async () => {
    const history = open();
    await live(history, MINUTE_MS, () => 1);
    const points = await history.samples({ watchId: null, sinceAt: 0, points: 100 });
    expect(points[0]).toEqual({ at: expect.any(Number) as unknown, cpuPercent: 50, memoryBytes: 1e9, load: 2 });
  });
});

describe('the size of the history', () => {
  it('stays below its cap: single readings go first, events last, and the file becomes smaller', async () => {
    const history = open();
    for (let id = 1; id <= 300; id += 1) history.recordEvent(testEvent(id));
    for (let tick = 0; tick < 60_000; tick += 1) {
      if (tick % 1000 === 0) await folder.clock.advance(0);
      history.recordSamples(folder.clock.wallMs() + tick * 1000, [
        { watchId: 'w', cpuPercent: tick / 7, memoryBytes: tick },
      ]);
    }
    folder.clock.jumpWall(60_000_000);
    await folder.clock.advance(5 * MINUTE_MS);
    const full = rows('SELECT count(*) AS n FROM samples')[0]?.['n'] ?? 0;
    expect(full).toBe(60_000);
    folder.retention = { ...KEEP, maxBytes: 1_000_000 };
    await folder.clock.advance(5 * MINUTE_MS);
    const used = rows('PRAGMA page_count')[0]?.['page_count'] ?? 0;
    // What is free within the file is bounded, too.
    expect(used * 4096).toBeLessThan(1_000_000 + 500 * 4096);
    history.dispose();
    expect(statSync(folder.file).size).toBeLessThan(1_000_000 + 500 * 4096);
    const kept = rows('SELECT count(*) AS n, min(at) AS first, max(at) AS last FROM samples')[0];
    expect(kept?.['n']).toBeLessThan(full);
    expect(kept?.['last']).toBeGreaterThan(folder.clock.wallMs() - 3_600_000);
    expect(rows('SELECT count(*) AS n FROM events')).toEqual([{ n: 300 }]);
    expect(rows(`SELECT sum(count) AS n FROM rollups WHERE width = ${MINUTE_MS}`)[0]?.['n']).toBeGreaterThan(59_000);
  });
});

describe('a history of the first version', () => {
  it('is taken over in place: events, readings and their roll-ups are there', async () => {
    const older = new Database(folder.file);
    older.exec(FIRST_VERSION);
    const start = folder.clock.wallMs() - 3_600_000;
    older.exec("INSERT INTO series (id, watch_id) VALUES (1, 'w')");
    const insert = older.prepare('INSERT INTO samples (series, at, cpu, memory) VALUES (1, ?, ?, ?)');
    older.exec('BEGIN');
    for (let tick = 0; tick < 1800; tick += 1) insert.run(start + tick * 2000, tick % 10, 1000 + tick);
    older.exec('COMMIT');
    older.exec(`INSERT INTO events VALUES (7, ${start}, 'notice', 'info', NULL, NULL, NULL, 'old', '{}')`);
    older.close();
    const history = open();
    expect(history.lastEventId).toBe(7);
    expect((await history.listEvents({ limit: 10 })).map(({ message }) => message)).toEqual(['old']);
    expect(await history.samples({ watchId: 'w', sinceAt: 0, points: 5000 })).toHaveLength(1800);
    history.recordEvent(testEvent(8));
    await folder.clock.advance(2 * MINUTE_MS);
    expect(rows(`SELECT sum(count) AS n FROM rollups WHERE width = ${MINUTE_MS}`)).toEqual([{ n: 1800 }]);
    expect(rows('PRAGMA auto_vacuum')).toEqual([{ auto_vacuum: 2 }]);
    expect(rows('SELECT id FROM events')).toEqual([{ id: 7 }, { id: 8 }]);
    expect(folder.notices).toEqual([]);
  });
});

/** As it was written by Healdeck 0.1.0. */
const FIRST_VERSION = `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, severity TEXT NOT NULL, watch TEXT, pid INTEGER,
    incident INTEGER, message TEXT NOT NULL, data TEXT NOT NULL
  );
  CREATE INDEX events_at ON events (at);
  CREATE INDEX events_watch ON events (watch);
  CREATE INDEX events_type ON events (type);
  CREATE TABLE series (id INTEGER PRIMARY KEY, watch_id TEXT UNIQUE);
  INSERT INTO series (id, watch_id) VALUES (0, NULL);
  CREATE TABLE samples (
    series INTEGER NOT NULL, at INTEGER NOT NULL, cpu REAL NOT NULL, memory INTEGER NOT NULL, PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
  PRAGMA user_version = 1;
`;
