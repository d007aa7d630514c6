import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { identityKey, type ProcessRow, type ProcessState } from '../../../../shared/model/process';
import type { EndedRow } from '../../../../shared/model/past';
import type { Connection, HistoryFile } from '../database/database';
import { decodeTable, encodeFrame, encodeTable, type CodedEnd, type CodedRow } from './table-codec';
import { programText, TableTexts } from './table-texts';

/** A moment of the process table, and what ended since the moment before. */
export interface TableMoment {
  at: number;
  rows: readonly ProcessRow[];
  ended: readonly EndedRow[];
}

/** By their place in this list; new ones come at its end. */
export const STATES: readonly ProcessState[] = [
  ...(['running', 'sleeping', 'disk_sleep', 'stopped', 'traced', 'zombie', 'dead', 'idle', 'unknown'] as const),
];
export const PAGE_BYTES = 4096;

/** How long a key serves at most. */
export const KEY_EVERY_MS = 300_000;
/** A frame of this share of its key shows that the key is of little use by now. */
const LARGE_FRAME_SHARE = 0.5;
const SMALL_FRAME_BYTES = 500;
/** Below it packing gains less than it costs. */
const MIN_PACKED_BYTES = 200;

/** What the writer remembers as long as the file stays the same. */
interface Chain {
  connection: Connection;
  texts: TableTexts;
  key: { at: number; rows: readonly CodedRow[]; bytes: number } | null;
  wantsKey: boolean;
  /** The numbers of programs by process, so that their texts are not made again for each moment. */
  programs: Map<string, { row: ProcessRow; id: number }>;
}

/** Writes moments of the process table; each costs what has changed. */
export class TableWriter {
  private chain: Chain | null = null;

  constructor(private readonly file: HistoryFile) {}

  /** All, in one transaction, or none; throws the error of the file. */
  write(moments: readonly TableMoment[]): void {
    try {
      this.file.use((connection) => {
        const chain = this.chainOf(connection);
        connection.transaction(() => moments.forEach((moment) => writeMoment(chain, moment)));
      });
    } catch (error) {
      // What was rolled back is in the memory still.
      this.chain = null;
      throw error;
    }
  }

  /** A file that was reopened may be another one. */
  private chainOf(connection: Connection): Chain {
    if (this.chain?.connection !== connection) {
      const texts = new TableTexts(connection);
      this.chain = { connection, texts, key: null, wantsKey: true, programs: new Map() };
    }
    return this.chain;
  }
}

function writeMoment(chain: Chain, { at, rows, ended }: TableMoment): void {
  const { connection } = chain;
  const moment = Math.round(at);
  const coded = rows.map((row) => codedRow(chain, row, moment)).sort((one, other) => one.pid - other.pid);
  const codedEnds = ended.map((row): CodedEnd => ({
    ...codedRow(chain, row, moment),
    agoMs: Math.max(0, Math.round(at - row.endedAt)),
  }));
  if (chain.key === null || chain.wantsKey || Math.abs(moment - chain.key.at) >= KEY_EVERY_MS) {
    const bytes = packed(encodeTable(coded));
    connection.run('INSERT OR REPLACE INTO table_keys (at, body) VALUES (?, ?)', moment, bytes);
    // As it will be read: what is written later differs from that.
    chain.key = { at: moment, rows: coded, bytes: bytes.length };
    chain.wantsKey = false;
    chain.texts.keep(new Set(coded.flatMap(({ program, watch }) => [program, watch])), moment);
    const living = new Set(rows.map(identityKey));
    for (const key of chain.programs.keys()) if (!living.has(key)) chain.programs.delete(key);
  }
  const body = packed(encodeFrame({ rows: coded, ended: codedEnds }, chain.key.rows));
  connection.run('INSERT OR REPLACE INTO table_frames (at, key, body) VALUES (?, ?, ?)', moment, chain.key.at, body);
  chain.wantsKey = body.length > Math.max(SMALL_FRAME_BYTES, LARGE_FRAME_SHARE * chain.key.bytes);
}

function codedRow(chain: Chain, row: ProcessRow, at: number): CodedRow {
  return {
    pid: row.pid,
    startTime: row.startTime,
    startedAt: Math.max(0, Math.round(row.startedAt)),
    ppid: row.ppid,
    pgid: row.pgid,
    session: row.session,
    state: STATES.indexOf(row.state),
    threads: row.threads,
    cpuTenths: Math.round(row.cpuPercent * 10),
    rssPages: Math.round(row.rssBytes / PAGE_BYTES),
    program: programId(chain, row, at),
    watch: row.watchId === null ? 0 : chain.texts.idOf(row.watchId, at),
  };
}

function programId(chain: Chain, row: ProcessRow, at: number): number {
  const key = identityKey(row);
  const known = chain.programs.get(key);
  // The table gives out the same list of arguments as long as they are the same.
  if (known !== undefined && known.row.argv === row.argv && known.row.name === row.name && known.row.user === row.user)
    return known.id;
  const id = chain.texts.idOf(programText(row), at);
  chain.programs.set(key, { row, id });
  return id;
}

/** The first byte is 1 if the others are deflated. */
function packed(bytes: Uint8Array): Uint8Array {
  const small = bytes.length < MIN_PACKED_BYTES ? null : deflateRawSync(bytes, { level: 6 });
  const isPacked = small !== null && small.length < bytes.length;
  const body = isPacked ? small : bytes;
  const result = new Uint8Array(body.length + 1);
  result[0] = isPacked ? 1 : 0;
  result.set(body, 1);
  return result;
}

/** Undoes `packed`. */
export function unpacked(body: Uint8Array): Uint8Array {
  return body[0] === 1 ? inflateRawSync(body.subarray(1)) : body.subarray(1);
}

/**
 * Removes a batch of moments before one, then the keys and texts that nothing is left to need. Returns how many moments.
 */
export function pruneMoments(connection: Connection, beforeAt: number): number {
  const { changes } = connection.run(
    'DELETE FROM table_frames WHERE at IN (SELECT at FROM table_frames WHERE at < ? ORDER BY at LIMIT 200)',
    beforeAt,
  );
  if (changes === 0) return 0;
  const oldest = connection.all('SELECT min(key) AS key, min(at) AS at FROM table_frames')[0];
  const nothingBefore = Number.MAX_SAFE_INTEGER;
  connection.run('DELETE FROM table_keys WHERE at < ?', oldest?.['key'] ?? nothingBefore);
  // A text in use is touched whenever a key is written, and a moment lies at most that far from its key.
  const needed = oldest?.['at'];
  connection.run(
    'DELETE FROM table_texts WHERE used_at < ?',
    typeof needed === 'number' ? needed - 3 * KEY_EVERY_MS : nothingBefore,
  );
  return changes;
}

/** Time of the oldest recorded moment, or null. */
export function oldestMoment(connection: Connection): number | null {
  const at = connection.all('SELECT min(at) AS at FROM table_frames')[0]?.['at'];
  return typeof at === 'number' ? at : null;
}

/** The rows of a key by its moment. */
export function readKey(connection: Connection, at: number): readonly CodedRow[] | null {
  const body = connection.body('SELECT body FROM table_keys WHERE at = ?', at);
  return body === null ? null : decodeTable(unpacked(body));
}
