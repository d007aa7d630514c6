import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptReading } from '../../../engine/ports';
import { HistoryFolder, KEEP } from '../../testing/history-folder';
import { HistoryFile } from '../database/database';
import { MINUTE_MS, QUARTER_MS } from '../database/rollup-schema';
import { readAttemptsPage } from './attempt-reading';
import { writeSamples } from './sample-table';

const DAY_MS = 86_400_000;

let folder: HistoryFolder;
let start: number;

beforeEach(() => {
  folder = new HistoryFolder();
  folder.clock.jumpWall(DAY_MS - (folder.clock.wallMs() % DAY_MS));
  start = folder.clock.wallMs();
});
afterEach(() => {
  folder.dispose();
  expect(folder.reported).toEqual([]);
});

const HEALTH = { watchId: 'w', probe: 'health' } as const;

function attempt(afterMs: number, change: Partial<AttemptReading> = {}): AttemptReading {
  return { ...HEALTH, at: start + afterMs, passed: true, words: '200 OK', latencyMs: 3.5, ...change };
}

const DOWN = { passed: false, words: '503 Service Unavailable, body: database is down' } as const;
const STARVED = { passed: false, starved: true, words: 'no answer within 2 s' } as const;
const UNASKED = { passed: false, uncounted: true, words: 'too many open files', latencyMs: 0 } as const;

describe('attempts of probes in the history', () => {
  it('come back as buckets and one by one, over restarts, with the words of those that did not pass', async () => {
    const first = folder.open();
    first.recordSamples(start, [], [attempt(0), attempt(10_000, { ...DOWN, latencyMs: 20 }), attempt(20_000, STARVED)]);
    first.recordSamples(start, [{ watchId: 'w', cpuPercent: 1, memoryBytes: 1 }], [attempt(70_000, UNASKED)]);
    first.dispose();
    const history = folder.open();
    const query = { ...HEALTH, sinceAt: start + 30_000, spanMs: MINUTE_MS, newest: 2 };
    expect(await history.probeHistory(query)).toEqual({
      spanMs: MINUTE_MS,
      buckets: [
        { at: start, passed: 1, failed: 2, starved: 1, uncounted: 0, latencyMs: { mean: 9, lowest: 3.5, highest: 20 } },
        { at: start + MINUTE_MS, passed: 0, failed: 0, starved: 0, uncounted: 1, latencyMs: null },
      ],
      attempts: [
        { at: start + 20_000, latencyMs: 3.5, ...STARVED },
        { at: start + 70_000, ...UNASKED },
      ],
      failures: [
        { at: start + 20_000, latencyMs: 3.5, ...STARVED },
        { at: start + 70_000, ...UNASKED },
      ],
    });
    expect(history.attemptsPage({ ...HEALTH, sinceAt: start - 1 }).map(({ words }) => words)).toEqual([
      ...[null, DOWN.words, STARVED.words, UNASKED.words],
    ]);
    expect(await history.probeHistory({ ...query, probe: 'other' })).toMatchObject({ buckets: [], attempts: [] });
    expect((await history.samples({ watchId: 'w', sinceAt: 0, points: 10 })).length).toBe(1);
  });

  it('have sums that are those of the single attempts, in whatever order these come in', async () => {
    const outcome = fc.constantFrom({}, DOWN, STARVED, UNASKED);
    const one = fc.tuple(fc.integer({ min: 0, max: 2 * QUARTER_MS }), outcome, fc.integer({ min: 0, max: 5000 }));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(one, { selector: ([at]) => at, maxLength: 40 }), async (drawn) => {
        const history = folder.open();
        const probe = `p${(runs += 1)}`;
        const attempts = drawn.map(([at, change, us]) => attempt(at, { latencyMs: us / 1000, ...change, probe }));
        for (const each of attempts) history.recordSamples(start, [], [each, each]);
        for (const spanMs of [1000, MINUTE_MS, 5 * MINUTE_MS, QUARTER_MS]) {
          const { buckets } = await history.probeHistory({ watchId: 'w', probe, sinceAt: start, spanMs, newest: 0 });
          const of = (at: number) => attempts.filter((each) => Math.floor(each.at / spanMs) * spanMs === at);
          expect(buckets.map(({ at }) => at)).toEqual([
            ...new Set(attempts.map(({ at }) => Math.floor(at / spanMs) * spanMs).sort((a, b) => a - b)),
          ]);
          for (const { at, passed, failed, starved, uncounted, latencyMs } of buckets) {
            const own = of(at);
            const counted = own.filter((each) => each.uncounted !== true);
            expect([passed, failed, starved, uncounted]).toEqual([
              own.filter((each) => each.passed).length,
              counted.filter((each) => !each.passed).length,
              own.filter((each) => each.starved === true).length,
              own.length - counted.length,
            ]);
            const latencies = counted.map((each) => each.latencyMs);
            expect(latencyMs?.lowest).toBe(counted.length === 0 ? undefined : Math.min(...latencies));
            expect(latencyMs?.highest).toBe(counted.length === 0 ? undefined : Math.max(...latencies));
            if (latencyMs !== null)
              expect(latencyMs.mean).toBeCloseTo(latencies.reduce((sum, ms) => sum + ms, 0) / counted.length, 6);
          }
        }
        history.dispose();
      }),
      { numRuns: 20 },
    );
  });

  it('are removed as readings are, and their sums later', async () => {
    const history = folder.open();
    const attempts = Array.from({ length: 5000 }, (_, at) => attempt(at * 1000));
    history.recordSamples(start, [], attempts);
    folder.retention = { ...KEEP, sampleHours: 1 };
    const buckets = (spanMs: number) =>
      history.probeHistory({ ...HEALTH, sinceAt: 0, spanMs, newest: 1 }).then((found) => found.buckets.length);
    folder.clock.jumpWall(DAY_MS);
    await folder.clock.advance(2 * MINUTE_MS);
    expect([await buckets(1000), await buckets(MINUTE_MS), await buckets(QUARTER_MS)]).toEqual([0, 84, 6]);
    folder.retention = { ...KEEP, sampleHours: 1, minuteDays: 1 };
    folder.clock.jumpWall(DAY_MS);
    await folder.clock.advance(2 * MINUTE_MS);
    expect([await buckets(MINUTE_MS), await buckets(QUARTER_MS)]).toEqual([0, 6]);
    folder.retention = { ...KEEP, quarterDays: 1 };
    await folder.clock.advance(2 * MINUTE_MS);
    expect(await buckets(QUARTER_MS)).toBe(0);
    history.recordSamples(start, [], [attempt(0)]);
    expect(await buckets(1000)).toBe(1);
  });

  it('are kept in a file of an earlier version, beside what is in it', async () => {
    const before = folder.open();
    before.recordSamples(start, [{ watchId: 'w', cpuPercent: 1, memoryBytes: 1 }]);
    before.dispose();
    const other = new Database(folder.file);
    for (const column of ['cause', 'over_at']) other.exec(`ALTER TABLE alert_threads DROP COLUMN ${column}`);
    other.exec(
      'DROP TABLE probe_series; DROP TABLE probe_attempts; DROP TABLE probe_rollups; PRAGMA user_version = 10',
    );
    other.close();
    const history = folder.open();
    history.recordSamples(start, [], [attempt(0)]);
    expect(history.attemptsPage({ ...HEALTH, sinceAt: 0 })).toHaveLength(1);
    expect(await history.samples({ watchId: 'w', sinceAt: 0, points: 10 })).toHaveLength(1);
    expect(folder.notices).toEqual([]);
  });

  it('wait while another program has locked the file', async () => {
    const history = folder.open();
    history.recordSamples(start, [], [attempt(0)]);
    expect(history.attemptsPage({ ...HEALTH, sinceAt: 0 })).toHaveLength(1);
    // Past the upkeep at the start, which would report the lock.
    await folder.clock.advance(2000);
    const other = new Database(folder.file);
    other.exec('BEGIN IMMEDIATE');
    history.recordSamples(start, [], [attempt(1000)]);
    await folder.clock.advance(30_000);
    history.recordSamples(start, [], [attempt(2000)]);
    expect(history.attemptsPage({ ...HEALTH, sinceAt: 0 })).toHaveLength(1);
    other.exec('ROLLBACK');
    other.close();
    expect(history.attemptsPage({ ...HEALTH, sinceAt: 0 })).toHaveLength(3);
  });

  it('are of the right probe after a write for which the disk had no room', () => {
    const { clock } = folder;
    const file = new HistoryFile({ file: folder.file, nowMs: () => clock.wallMs(), notify: () => undefined });
    const write = (attempts: readonly AttemptReading[]) =>
      file.use((connection) => writeSamples(connection, start, [], attempts));
    const mostPages = (count: number) => file.use((connection) => connection.all(`PRAGMA max_page_count = ${count}`));
    write([attempt(0)]);
    mostPages(1);
    const late = Array.from({ length: 5000 }, (_, at) => attempt(at * 1000, { watchId: 'late' }));
    expect(() => write(late)).toThrow(/full/);
    mostPages(1_000_000);
    write([attempt(6000, { watchId: 'third' })]);
    write([attempt(7000, { watchId: 'late' })]);
    const of = (watchId: string) => readAttemptsPage(file, { watchId, probe: 'health', sinceAt: 0 });
    expect(['w', 'third', 'late'].map((watchId) => of(watchId).map(({ at }) => at - start))).toEqual([
      ...[[0], [6000], [7000]],
    ]);
    file.close();
  });
});
