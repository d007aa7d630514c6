import Database from 'libsql';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityKey, type ProcessRow } from '../../../../shared/model/process';
import { createSystemClock } from '../../clock';
import { createProcessTable } from '../../processes/process-table';
import { DirectReader } from '../../processes/procfs/procfs-reader';
import { bundleForNode } from '../../testing/bundle';
import { startNode } from '../../testing/child';
import { HistoryFolder, KEEP } from '../../testing/history-folder';
import { createTableChurn } from '../../testing/table-churn';
import type { History } from '../history';

const EVERY_MS = 10_000;

let folder: HistoryFolder;

beforeEach(() => {
  folder = new HistoryFolder();
});
afterEach(() => {
  folder.dispose();
  expect(folder.reported).toEqual([]);
});

const open = () => folder.open();

function count(table: string): number {
  const database = new Database(folder.file);
  const found = database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number };
  database.close();
  return found.n;
}

/** Records some moments of a living table, and returns them. */
function record(history: History, moments: number, startAt = folder.clock.wallMs()) {
  const churn = createTableChurn({ count: 60, birthsPerSecond: 0.5, startAt });
  return Array.from({ length: moments }, (_, index) => {
    churn.pass(EVERY_MS);
    const moment = { at: startAt + index * EVERY_MS, rows: churn.rows(), ended: [] };
    history.recordTable([moment]);
    return moment;
  });
}

/** Who, what and where; the load is kept in steps only. */
function facts(rows: readonly ProcessRow[]) {
  return rows.map(({ cpuPercent: _cpu, rssBytes: _rss, ...rest }) => rest).sort((one, other) => one.pid - other.pid);
}

describe('the recorded process table', () => {
  it('is there for each moment as it was, also after a restart', async () => {
    const first = open();
    const moments = record(first, 100);
    first.dispose();
    const history = open();
    expect(await history.recordedSpan()).toEqual({ from: moments[0]?.at, to: moments.at(-1)?.at });
    for (const { at, rows } of moments) {
      const past = await history.tableAt(at + EVERY_MS - 1);
      expect(past?.at).toBe(at);
      expect(facts(past?.rows ?? [])).toEqual(facts(rows));
      const loads = new Map(rows.map((row) => [identityKey(row), row]));
      for (const row of past?.rows ?? []) {
        const real = loads.get(identityKey(row));
        expect(Math.abs(row.cpuPercent - (real?.cpuPercent ?? NaN))).toBeLessThanOrEqual(1);
        expect(Math.abs(row.rssBytes - (real?.rssBytes ?? NaN))).toBeLessThanOrEqual(
          Math.max(65_536, 0.0051 * (real?.rssBytes ?? NaN)),
        );
      }
    }
    expect(await history.tableAt((moments[0]?.at ?? 0) - 1)).toBeNull();
  });

  it('has the readings of one process, thinned, and none of another that got its pid', async () => {
    const history = open();
    const moments = record(history, 40);
    const [one] = moments.at(-1)?.rows ?? [];
    if (one === undefined) throw new Error('expected rows');
    const real = moments.flatMap(({ at, rows }) => {
      const row = rows.find((other) => identityKey(other) === identityKey(one));
      return row === undefined ? [] : [{ at, cpuPercent: row.cpuPercent }];
    });
    const all = await history.readingsOf(one, { sinceAt: 0, points: 90 });
    expect(all.map(({ at }) => at)).toEqual(real.map(({ at }) => at));
    for (const [index, { cpuPercent }] of all.entries()) {
      expect(Math.abs(cpuPercent - (real[index]?.cpuPercent ?? NaN))).toBeLessThanOrEqual(1);
    }
    const sinceAt = moments[20]?.at ?? NaN;
    const thinned = await history.readingsOf(one, { sinceAt, points: 5 });
    expect(thinned.length).toBeLessThanOrEqual(5);
    expect(thinned.at(-1)?.at).toBe(moments.at(-1)?.at);
    expect(thinned.every(({ at }) => at >= sinceAt)).toBe(true);
    expect(await history.readingsOf({ ...one, startTime: one.startTime + 1 }, { sinceAt: 0, points: 90 })).toEqual([]);
  });

  it('lets others have their turn between the moments of a process', async () => {
    const history = open();
    const moments = record(history, 12);
    const [one] = moments.at(-1)?.rows ?? [];
    if (one === undefined) throw new Error('expected rows');
    let turns = 0;
    const count = () => {
      turns += 1;
      turn = setImmediate(count);
    };
    let turn = setImmediate(count);
    await history.readingsOf(one, { sinceAt: 0, points: 90 });
    clearImmediate(turn);
    expect(turns).toBeGreaterThanOrEqual(moments.length - 1);
  });

  it('tells who ended since the moment before, and not twice when one was put between later', async () => {
    const history = open();
    const [moment] = record(history, 1);
    const [gone, other] = moment?.rows ?? [];
    if (moment === undefined || gone === undefined || other === undefined) throw new Error('expected rows');
    const rows = moment.rows.filter((row) => row !== gone && row !== other);
    const ended = [gone, other].map((row, index) => ({ ...row, endedAt: moment.at + 2000 + index * 4000 }));
    history.recordTable([{ at: moment.at + EVERY_MS, rows, ended }]);
    const endsAt = async (at: number) => (await history.tableAt(at))?.ended.map(({ pid, endedAt }) => [pid, endedAt]);
    expect(await endsAt(moment.at + EVERY_MS)).toEqual(ended.map(({ pid, endedAt }) => [pid, endedAt]));
    history.recordTable([{ at: moment.at + 4000, rows: [other, ...rows], ended: ended.slice(0, 1) }]);
    expect(await endsAt(moment.at + 4000)).toEqual([[gone.pid, moment.at + 2000]]);
    expect(await endsAt(moment.at + EVERY_MS)).toEqual([[other.pid, moment.at + 6000]]);
    expect((await history.tableAt(moment.at + 5000))?.rows.map(({ pid }) => pid)).toContain(other.pid);
  });

  it('is whole up to the last moment after kill -9', async () => {
    const writer = await bundleForNode('src/main/adapters/testing/recording-writer.ts');
    const child = startNode(writer.file, [folder.file]);
    await child.saysWithin('recorded 300');
    await child.kill();
    writer.dispose();
    const said = [...(await child.ended).matchAll(/recorded (\d+)/g)].length;
    const history = open();
    const { from, to } = await history.recordedSpan();
    if (from === null || to === null) throw new Error('expected a recording');
    const moments = (to - from) / EVERY_MS + 1;
    // The kill may come between the writing of a moment and the word about it.
    expect([said, said + 1]).toContain(moments);
    expect(count('table_frames')).toBe(moments);
    const churn = createTableChurn({ count: 100, birthsPerSecond: 1, startAt: from - EVERY_MS });
    for (let at = from; at <= to; at += EVERY_MS) {
      churn.pass(EVERY_MS);
      expect(facts((await history.tableAt(at))?.rows ?? [])).toEqual(facts(churn.rows()));
    }
  });

  it('goes when it is too old, with the keys and texts that nothing else needs; what stays can be read', async () => {
    const history = open();
    const moments = record(history, 1000);
    const [keys, texts] = [count('table_keys'), count('table_texts')];
    folder.retention = { ...KEEP, tableHours: 1 };
    folder.clock.jumpWall(1000 * EVERY_MS);
    await folder.clock.advance(60_000);
    const { from } = await history.recordedSpan();
    expect(from).toBeGreaterThan(folder.clock.wallMs() - 3_660_000);
    expect(count('table_keys')).toBeLessThan(keys / 2);
    expect(count('table_texts')).toBeLessThan(texts / 1.5);
    for (const { at, rows } of moments.filter((moment) => moment.at >= (from ?? 0)))
      expect(facts((await history.tableAt(at))?.rows ?? [])).toEqual(facts(rows));
    folder.retention = { ...KEEP, tableHours: null };
    await folder.clock.advance(120_000);
    expect([count('table_frames'), count('table_keys'), count('table_texts')]).toEqual([0, 0, 0]);
  });

  it('goes on in a new file when the old one was removed, and after a lock', async () => {
    const history = open();
    record(history, 3);
    for (const part of ['', '-wal', '-shm']) rmSync(folder.file + part, { force: true });
    const [moment] = record(history, 1);
    expect(facts((await history.tableAt(Infinity))?.rows ?? [])).toEqual(facts(moment?.rows ?? []));
    const other = new Database(folder.file);
    other.exec('BEGIN IMMEDIATE');
    record(history, 1, folder.clock.wallMs() + 50_000);
    other.exec('ROLLBACK');
    other.close();
    expect((await history.recordedSpan()).to).toBe(moment?.at);
    const [next] = record(history, 1, folder.clock.wallMs() + 60_000);
    expect(facts((await history.tableAt(Infinity))?.rows ?? [])).toEqual(facts(next?.rows ?? []));
  });

  it('holds this machine as it is', async () => {
    const history = open();
    const table = createProcessTable({
      clock: createSystemClock(),
      onStarved: () => undefined,
      reader: new DirectReader(),
    });
    const { samples } = await table.scan();
    table.dispose();
    // What children that have ended used is counted by limits, and stands in no table.
    const rows = samples.map(({ reapedCpuPercent: _, ...sample }) => ({
      ...{ ...sample, watchId: null, protectionReason: null },
    }));
    history.recordTable([{ at: 1000, rows, ended: [] }]);
    const past = await history.tableAt(1000);
    const shortened = (row: ProcessRow) => row.argv.join(' ').length < 4000;
    expect(facts((past?.rows ?? []).filter(shortened))).toEqual(facts(rows.filter(shortened)));
    expect(past?.rows).toHaveLength(rows.length);
  });
});
