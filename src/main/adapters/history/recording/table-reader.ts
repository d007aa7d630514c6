import type { EndedRow } from '../../../../shared/model/past';
import { sameIdentity, type ProcessIdentity, type ProcessRow } from '../../../../shared/model/process';
import type { HistoryPoint } from '../../../../shared/model/snapshot';
import type { Connection, HistoryFile } from '../database/database';
import { decodeFrame, type CodedRow } from './table-codec';
import { programFacts, type ProgramFacts } from './table-texts';
import { PAGE_BYTES, readKey, STATES, unpacked, type TableMoment } from './table-writer';

/** The newest recorded moment that is not after `at`, or null. */
export function readMoment(connection: Connection, at: number): TableMoment | null {
  const found = connection.all(
    `SELECT at, key, (SELECT max(at) FROM table_frames WHERE at < frame.at) AS before
     FROM table_frames AS frame WHERE at <= ? ORDER BY at DESC LIMIT 1`,
    at,
  )[0];
  if (found === undefined) return null;
  const moment = Number(found['at']);
  const key = readKey(connection, Number(found['key']));
  const body = connection.body('SELECT body FROM table_frames WHERE at = ?', moment);
  if (key === null || body === null) return null;
  const frame = decodeFrame(unpacked(body), key);
  const texts = new Texts(connection);
  const before = Number(found['before'] ?? 0);
  return {
    at: moment,
    rows: frame.rows.map((row) => texts.rowOf(row)),
    ended: frame.ended
      .map((row): EndedRow => ({ ...texts.rowOf(row), endedAt: moment - row.agoMs }))
      // A moment that was written later may lie between, and has what ended before it.
      .filter(({ endedAt }) => endedAt > before)
      .sort((one, other) => one.endedAt - other.endedAt || one.pid - other.pid),
  };
}

/**
 * What a process used in the recorded moments since `sinceAt`, oldest first, from at most `points` of them; those in which it
 * was not there are left out. The engine has its turn after each moment: of a large table, all of them take a second.
 */
export async function readReadings(
  file: HistoryFile,
  identity: ProcessIdentity,
  { sinceAt, points }: { sinceAt: number; points: number },
): Promise<HistoryPoint[]> {
  const frames = file.use((connection) =>
    connection.all('SELECT at, key FROM table_frames WHERE at >= ? ORDER BY at', sinceAt),
  );
  const step = Math.max(1, Math.ceil(frames.length / points));
  // Counted from the newest, which is always among them.
  const chosen = frames.filter((_, index) => (frames.length - 1 - index) % step === 0);
  const readings: HistoryPoint[] = [];
  let key: { at: number; rows: readonly CodedRow[] | null } = { at: NaN, rows: null };
  for (const frame of chosen) {
    const [at, keyAt] = [Number(frame['at']), Number(frame['key'])];
    const row = file.use((connection) => {
      // Moments that follow each other mostly differ from the same key.
      if (key.at !== keyAt) key = { at: keyAt, rows: readKey(connection, keyAt) };
      const body = connection.body('SELECT body FROM table_frames WHERE at = ?', at);
      // Null where it was removed meanwhile.
      if (key.rows === null || body === null) return undefined;
      return decodeFrame(unpacked(body), key.rows).rows.find((one) => sameIdentity(one, identity));
    });
    if (row !== undefined) {
      readings.push({ at, cpuPercent: row.cpuTenths / 10, memoryBytes: row.rssPages * PAGE_BYTES });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return readings;
}

/** The first and the last recorded moment; nulls for none. */
export function recordedSpan(connection: Connection): { from: number | null; to: number | null } {
  const bound = (sql: string): number | null => {
    const at = connection.all(sql)[0]?.['at'];
    return typeof at === 'number' ? at : null;
  };
  return {
    from: bound('SELECT min(at) AS at FROM table_frames'),
    to: bound('SELECT max(at) AS at FROM table_frames'),
  };
}

/** Texts by their number, each read once. */
class Texts {
  private readonly programs = new Map<number, ProgramFacts>();
  private readonly watches = new Map<number, string | null>([[0, null]]);

  constructor(private readonly connection: Connection) {}

  rowOf(row: CodedRow): ProcessRow {
    return {
      pid: row.pid,
      startTime: row.startTime,
      ppid: row.ppid,
      pgid: row.pgid,
      session: row.session,
      state: STATES[row.state] ?? 'unknown',
      cpuPercent: row.cpuTenths / 10,
      rssBytes: row.rssPages * PAGE_BYTES,
      threads: row.threads,
      startedAt: row.startedAt,
      ...this.program(row.program),
      watchId: this.watch(row.watch),
      protectionReason: null,
    };
  }

  private program(id: number): ProgramFacts {
    let facts = this.programs.get(id);
    if (facts === undefined) {
      const text = this.text(id);
      facts = text === null ? UNKNOWN : programFacts(text);
      this.programs.set(id, facts);
    }
    return facts;
  }

  private watch(id: number): string | null {
    let watch = this.watches.get(id);
    if (watch === undefined) this.watches.set(id, (watch = this.text(id)));
    return watch;
  }

  private text(id: number): string | null {
    const text = this.connection.all('SELECT text FROM table_texts WHERE id = ?', id)[0]?.['text'];
    return typeof text === 'string' ? text : null;
  }
}

const UNKNOWN: ProgramFacts = { name: '?', kernel: false, uid: -1, user: '?', argv: [] };
