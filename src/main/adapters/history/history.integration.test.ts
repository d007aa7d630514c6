import Database from 'libsql';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventQuerySchema, type HealdeckEvent } from '../../../shared/model/event';
import { bundleForNode } from '../testing/bundle';
import { startNode, startProgram } from '../testing/child';
import { crashEvent, testEvent } from '../testing/event';
import { HistoryFolder, KEEP } from '../testing/history-folder';
import type { History } from './history';

let folder: HistoryFolder;
let writer: { file: string; dispose: () => void };

beforeAll(async () => {
  writer = await bundleForNode('src/main/adapters/testing/history-writer.ts');
});
afterAll(() => writer.dispose());
beforeEach(() => {
  folder = new HistoryFolder();
});
afterEach(() => {
  folder.dispose();
  expect(folder.reported).toEqual([]);
  expect(folder.clock.pending).toBe(0);
});

const open = () => folder.open();

const list = (history: History, query: object = {}) =>
  history.listEvents(eventQuerySchema.parse({ limit: 10_000, ...query }));
const ids = async (history: History, query: object = {}) => (await list(history, query)).map((event) => event.id);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('events in the history', () => {
  it('come back as they were, over restarts, and their numbers go on', async () => {
    const events = [
      testEvent(1, { watch: 'web', pid: 4711, incident: 1, message: 'it\'s "quoted" 100 % ünï 🙂 \n\x1b[0m' }),
      testEvent(2),
    ];
    const first = open();
    expect(first.lastEventId).toBe(0);
    for (const event of events) first.recordEvent(event);
    expect(await list(first)).toEqual(events);
    first.dispose();
    const second = open();
    expect(second.lastEventId).toBe(2);
    expect(await list(second)).toEqual(events);
    expect(folder.notices).toEqual([]);
  });

  it('of an earlier version have the names of this one', async () => {
    const history = open();
    const earlier = { ...testEvent(1), type: 'suspended', data: { because: 'CPU limit', pids: [4] } } as never;
    history.recordEvent(earlier);
    expect((await list(history))[0]?.data).toEqual({ because: 'CPU limit', reason: 'CPU limit', pids: [4] });
  });

  it('are in files for their owner alone', () => {
    open().recordEvent(testEvent(1));
    for (const name of readdirSync(folder.folder))
      expect([name, statSync(join(folder.folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(readdirSync(folder.folder)).toContain('history.db-wal');
  });

  it('are found by type, watch, time, number and text, the newest first to be kept', async () => {
    const history = open();
    for (let id = 1; id <= 1200; id += 1) {
      history.recordEvent(
        testEvent(id, {
          watch: id % 2 === 0 ? 'web' : null,
          message: id % 100 === 0 ? `100% ÄRGER_${id}` : 'all fine',
        }),
      );
    }
    expect(await ids(history, { limit: 3 })).toEqual([1198, 1199, 1200]);
    expect(await ids(history, { watch: 'web', limit: 2 })).toEqual([1198, 1200]);
    expect(await ids(history, { types: ['notice', 'started'], limit: 1 })).toEqual([1200]);
    expect(await ids(history, { types: ['started'] })).toEqual([]);
    expect(await ids(history, { types: [] })).toEqual([]);
    expect(await ids(history, { afterId: 1190 })).toEqual(range(1191, 1200));
    expect(await ids(history, { sinceAt: Date.parse(testEvent(1195).at) })).toEqual(range(1196, 1200));
    expect(await ids(history, { sinceAt: Date.now() * 2 })).toEqual([]);
    expect(await ids(history, { text: 'ärger_' })).toEqual(range(1, 12).map((i) => i * 100));
    expect(await ids(history, { text: '100%', limit: 2 })).toEqual([1100, 1200]);
    expect(await ids(history, { text: '%' })).toHaveLength(12);
    expect(await ids(history, { text: "';--" })).toEqual([]);
  });

  it.each([
    ['rubbish', () => writeFileSync(folder.file, 'x'.repeat(10_000)), /file is not a database/],
    ['a directory', () => mkdirSync(folder.file), /there is a directory in its place/],
    [
      'from a newer Healdeck',
      () => {
        const other = new Database(folder.file);
        other.exec('PRAGMA user_version = 99');
        other.close();
      },
      /it has version 99, this Healdeck reads up to version \d/,
    ],
  ])('begin anew when the file is %s, which is kept', async (_, damage, text) => {
    damage();
    const history = open();
    expect(folder.notices[0]?.detail).toMatch(text);
    expect(readdirSync(folder.folder).some((name) => /^history\.db\.corrupt-\d{8}T\d{6}Z$/.test(name))).toBe(true);
    const id = history.lastEventId + 1;
    expect(id).toBeGreaterThan(1_700_000_000);
    history.recordEvent(testEvent(id, { at: testEvent(1).at }));
    expect(await ids(history)).toEqual([id]);
    history.dispose();
    expect(open().lastEventId).toBe(id);
  });

  it('are not written into a file that was removed', async () => {
    const history = open();
    history.recordEvent(testEvent(1));
    for (const part of ['', '-wal', '-shm']) rmSync(folder.file + part, { force: true });
    history.recordEvent(testEvent(2));
    expect(existsSync(folder.file)).toBe(true);
    expect(await ids(history)).toEqual([2]);
    expect(folder.notices[0]?.detail).toContain('was removed or replaced');
  });

  it('outlive kill -9: what was written is there', async () => {
    const child = startNode(writer.file, [folder.file]);
    const said = await child.saysWithin('written 400');
    await child.kill();
    const last = Math.max(...[...said.matchAll(/written (\d+)/g)].map((match) => Number(match[1])));
    const history = open();
    expect(history.lastEventId).toBeGreaterThanOrEqual(last);
    expect(await ids(history)).toEqual(range(1, history.lastEventId));
    expect(folder.notices).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('are refused when the disk is full, and those on it stay good', async () => {
    // ulimit -f bounds the size of a file: the kernel refuses what goes beyond, as a full disk does.
    const said = await startProgram('sh', [
      '-c',
      'ulimit -f 2000; exec "$0" "$@"',
      process.execPath,
      writer.file,
      folder.file,
    ]).ended;
    const [, recorded, problem] = /recorded (\d+) then (.*)/.exec(said) ?? [];
    expect(problem).toMatch(/disk I\/O error|full/);
    const history = open();
    expect(history.lastEventId).toBe(Number(recorded));
    expect(await ids(history)).toEqual(range(1, history.lastEventId));
    history.recordEvent(testEvent(history.lastEventId + 1));
    expect(await ids(history, { limit: 1 })).toEqual([history.lastEventId + 1]);
  });

  it('are removed when they are too old, but for the newest', async () => {
    const history = open();
    for (let id = 1; id <= 1300; id += 1) history.recordEvent(testEvent(id));
    folder.clock.jumpWall(Date.UTC(2026, 10, 22) + 1250_500 + 86_400_000 - folder.clock.wallMs() - 1000);
    folder.retention = { ...KEEP, sampleHours: 1, eventDays: 1 };
    await folder.clock.advance(60_000);
    expect(await ids(history)).toEqual(range(1251, 1300));
    folder.clock.jumpWall(10 * 86_400_000);
    await folder.clock.advance(3_600_000);
    expect(await ids(history)).toEqual([1300]);
  });
});

describe('stories in the history', () => {
  const story = (history: History, query: object = {}) => history.listIncidentEvents({ limit: 100, ...query });
  const storyIds = async (history: History, query: object = {}) =>
    (await story(history, query)).events.map((event) => event.id);

  it('of all instances are those of their watch, and of no other name that begins alike', async () => {
    const history = open();
    for (const [at, watch] of ['web', 'web#1', 'web#12', 'web2', 'web$', 'web.1', 'we'].entries()) {
      history.recordEvent(testEvent(at + 1, { incident: at + 1, watch }));
    }
    expect(await storyIds(history, { watch: 'web' })).toEqual([1, 2, 3]);
    expect(await storyIds(history, { watch: 'web#1' })).toEqual([2]);
    expect((await history.listEvents(eventQuerySchema.parse({ watch: 'web' }))).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('come whole, the newest first to be kept, by watch and time of any of their events', async () => {
    const history = open();
    history.recordEvent(testEvent(1, { incident: 1, watch: 'web' }));
    history.recordEvent(testEvent(2, { watch: 'web' }));
    history.recordEvent(testEvent(3, { incident: 3, watch: 'api' }));
    history.recordEvent(testEvent(4, { incident: 1, watch: 'site' }));
    history.recordEvent(testEvent(5, { incident: 3, watch: 'api' }));
    expect(await storyIds(history)).toEqual([1, 3, 4, 5]);
    expect(await storyIds(history, { limit: 1 })).toEqual([3, 5]);
    expect(await storyIds(history, { watch: 'site' })).toEqual([1, 4]);
    expect(await storyIds(history, { id: 1, limit: 1 })).toEqual([1, 4]);
    expect(await storyIds(history, { id: 2 })).toEqual([]);
    expect(await storyIds(history, { watch: 'nobody' })).toEqual([]);
    expect(await storyIds(history, { sinceAt: Date.parse(testEvent(4).at) })).toEqual([3, 5]);
    expect((await story(history, { watch: 'api' })).events[0]).toEqual(testEvent(3, { incident: 3, watch: 'api' }));
  });

  it('have what is large only where one is asked for', async () => {
    const history = open();
    const data = { readings: [], processes: [], dump: null, tookMs: 0 };
    history.recordEvent(testEvent(1, { incident: 1 }));
    history.recordEvent({ ...testEvent(2, { incident: 1 }), type: 'last_words', data } as HealdeckEvent);
    expect(await storyIds(history)).toEqual([1]);
    expect(await storyIds(history, { id: 1 })).toEqual([1, 2]);
  });

  it('of many events come in pages, none lost', async () => {
    const history = open();
    for (let id = 1; id <= 1700; id += 1) history.recordEvent(testEvent(id, { incident: id % 3 === 0 ? 3 : 1 }));
    expect(await storyIds(history)).toEqual(range(1, 1700));
  });

  it('are found by an index', () => {
    open().dispose();
    const plan = new Database(folder.file);
    const steps = plan
      .prepare('EXPLAIN QUERY PLAN SELECT * FROM events WHERE incident = ? AND id > ? ORDER BY id')
      .all(1, 0);
    plan.close();
    expect(JSON.stringify(steps)).toContain('USING INDEX events_incident');
  });
});

describe('crashes in the history', () => {
  const crash = (id: number, crashId: string | null, watch: string, at: string): HealdeckEvent => {
    const event = crashEvent(id, watch);
    const data = { ...event.data, ...(crashId === null ? {} : { crash: { id: crashId, title: `crash ${crashId}` } }) };
    return { ...event, at: `${at}T12:00:00.000Z`, data } as HealdeckEvent;
  };

  it('are counted by kind, watch and day, and the newest of a kind are found', async () => {
    const history = open();
    for (const event of [
      crash(1, 'a', 'web', '2026-11-20'),
      crash(2, 'a', 'web', '2026-11-20'),
      crash(3, 'a', 'api', '2026-11-21'),
      crash(4, 'b', 'web', '2026-11-21'),
      crash(5, null, 'web', '2026-11-21'),
      testEvent(6),
      crash(7, 'a', 'web', '2026-11-22'),
    ]) {
      history.recordEvent(event);
    }
    const day = Date.UTC(2026, 10, 20) / 86_400_000;
    const at = (days: number): number => Date.UTC(2026, 10, 20 + days, 12);
    expect(await history.crashCounts(7)).toEqual([
      { id: 'a', watch: 'api', day: day + 1, version: null, count: 1, firstAt: at(1), lastAt: at(1) },
      { id: 'a', watch: 'web', day, version: null, count: 2, firstAt: at(0), lastAt: at(0) },
      { id: 'b', watch: 'web', day: day + 1, version: null, count: 1, firstAt: at(1), lastAt: at(1) },
    ]);
    expect((await history.crashEvents(['a'], 7, 2)).map(({ id }) => id)).toEqual([3, 2]);
    expect((await history.crashEvents(['b', 'c', 'a'], 100, 2)).map(({ id }) => id)).toEqual([4, 7, 3]);
    expect(await history.crashEvents(['c'], 100, 2)).toEqual([]);
  });

  it('are counted by the version of their program', async () => {
    const history = open();
    const crashed = (id: number, version: string | null): HealdeckEvent => {
      const event = crash(id, 'a', 'web', '2026-11-20');
      const of = { id: 'a', title: 't', ...(version === null ? {} : { version }) };
      return { ...event, data: { ...event.data, crash: of } } as HealdeckEvent;
    };
    const versions = ['0000aaaa', null, '0000bbbb', '0000aaaa'];
    versions.forEach((version, at) => history.recordEvent(crashed(at + 1, version)));
    expect((await history.crashCounts(100)).map(({ version, count }) => [version, count])).toEqual([
      [null, 1],
      ['0000aaaa', 2],
      ['0000bbbb', 1],
    ]);
  });

  it.each([8, 9])('are counted in a file of version %d, too, whatever stands in it', async (version) => {
    open().dispose();
    const other = new Database(folder.file);
    for (const column of ['cause', 'over_at']) other.exec(`ALTER TABLE alert_threads DROP COLUMN ${column}`);
    other.exec(
      `DROP INDEX events_crash; DROP TABLE probe_series; DROP TABLE probe_attempts; DROP TABLE probe_rollups;
       PRAGMA user_version = ${version}`,
    );
    const insert = other.prepare(
      "INSERT INTO events (id, at, type, severity, watch, message, data) VALUES (?, 0, 'crash_detected', 'high', 'web', 'x', ?)",
    );
    insert.run(1, 'no JSON');
    insert.run(2, '{"crash":{"id":"a","title":"t"}}');
    insert.run(3, '{}');
    other.close();
    expect(await open().crashCounts(100)).toMatchObject([{ id: 'a', count: 1 }]);
  });
});

describe('readings in the history', () => {
  it('come back per watch and for the machine, thinned, over restarts', async () => {
    const history = open();
    const start = folder.clock.wallMs();
    for (let tick = 0; tick < 2500; tick += 1) {
      history.recordSamples(start + tick * 2000, [
        { watchId: null, cpuPercent: 10, memoryBytes: 5e9 },
        { watchId: 'w1', cpuPercent: tick === 1234 ? 400 : tick % 5, memoryBytes: 1000 + tick },
        { watchId: 'nan', cpuPercent: NaN, memoryBytes: 1 },
      ]);
    }
    history.dispose();
    const again = open();
    const points = await again.samples({ watchId: 'w1', sinceAt: 0, points: 5000 });
    expect(points).toHaveLength(2500);
    expect(points[7]).toEqual({ at: start + 14_000, cpuPercent: 2, memoryBytes: 1007 });
    const downsampleBuckets = await again.samples({ watchId: 'w1', sinceAt: 0, points: 100 });
    expect(downsampleBuckets.length).toBeLessThanOrEqual(100);
    expect(Math.max(...downsampleBuckets.map((point) => point.cpuPercent))).toBe(400);
    expect(await again.samples({ watchId: null, sinceAt: start + 2498 * 2000, points: 10 })).toEqual([
      { at: start + 2499 * 2000, cpuPercent: 10, memoryBytes: 5e9 },
    ]);
    expect(await again.samples({ watchId: 'nobody', sinceAt: 0, points: 10 })).toEqual([]);
    expect(await again.samples({ watchId: 'nan', sinceAt: 0, points: 10 })).toEqual([]);
  });

  it('are removed when they are too old, and so are watches without any', async () => {
    const history = open();
    const start = folder.clock.wallMs();
    for (let tick = 0; tick < 3000; tick += 1) {
      history.recordSamples(start + tick * 1000, [{ watchId: 'old', cpuPercent: 1, memoryBytes: 1 }]);
    }
    history.recordSamples(start + 3 * 86_400_000, [{ watchId: 'new', cpuPercent: 1, memoryBytes: 1 }]);
    folder.retention = { ...KEEP, sampleHours: 1, minuteDays: 1, quarterDays: 1, eventDays: 1 };
    folder.clock.jumpWall(3 * 86_400_000);
    await folder.clock.advance(60_000);
    expect(await history.samples({ watchId: 'old', sinceAt: 0, points: 10 })).toEqual([]);
    expect(await history.samples({ watchId: 'new', sinceAt: 0, points: 10 })).toHaveLength(1);
    history.recordSamples(start + 3 * 86_400_000, [{ watchId: 'old', cpuPercent: 2, memoryBytes: 2 }]);
    expect(await history.samples({ watchId: 'old', sinceAt: 0, points: 10 })).toHaveLength(1);
    expect(await history.samples({ watchId: 'new', sinceAt: 0, points: 10 })).toHaveLength(1);
  });
});
