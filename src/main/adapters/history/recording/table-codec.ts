import { ByteReader, ByteWriter } from './byte-stream';

/** A process as it is recorded: numbers only, texts by their number. */
export interface CodedRow {
  pid: number;
  startTime: number;
  /** Wall time of its start, in whole ms. */
  startedAt: number;
  ppid: number;
  pgid: number;
  session: number;
  state: number;
  threads: number;
  /** In 0.1 % of one core. */
  cpuTenths: number;
  /** In units of 4 KiB: where a page is that long, as Linux has it mostly, nothing is lost. */
  rssPages: number;
  /** Number of the text that holds name, owner and arguments. */
  program: number;
  /** Number of the text that holds the id of its watch; 0 for none. */
  watch: number;
}

/** A process, and how long before the moment of its frame it ended. */
export interface CodedEnd extends CodedRow {
  agoMs: number;
}

/** One moment. Rows are in order of pid. */
export interface CodedFrame {
  rows: readonly CodedRow[];
  ended: readonly CodedEnd[];
}

/** What differs by no more than this is not reported: the reading of the key table stands for it. */
const SAME_CPU_TENTHS = 10;
const SAME_RSS_PAGES = 16;
const SAME_RSS_SHARE = 0.005;

function isSameCpu(row: CodedRow, key: CodedRow): boolean {
  return Math.abs(row.cpuTenths - key.cpuTenths) <= SAME_CPU_TENTHS;
}

function isSameMemory(row: CodedRow, key: CodedRow): boolean {
  return Math.abs(row.rssPages - key.rssPages) <= Math.max(SAME_RSS_PAGES, SAME_RSS_SHARE * key.rssPages);
}

/** What may change in the life of a process, one bit each; its values are written column by column. */
const COLUMNS: readonly {
  bit: number;
  changed: (row: CodedRow, key: CodedRow) => boolean;
  write: (out: ByteWriter, row: CodedRow, key: CodedRow) => void;
  read: (bytes: ByteReader, key: CodedRow) => Partial<CodedRow>;
}[] = [
  {
    bit: 1,
    changed: (row, key) => !isSameCpu(row, key),
    write: (out, row, key) => out.signed(Math.round((row.cpuTenths - key.cpuTenths) / 10)),
    read: (bytes, key) => ({ cpuTenths: Math.max(0, key.cpuTenths + 10 * bytes.signed()) }),
  },
  {
    bit: 2,
    changed: (row, key) => !isSameMemory(row, key),
    write: (out, row, key) => out.signed(row.rssPages - key.rssPages),
    read: (bytes, key) => ({ rssPages: key.rssPages + bytes.signed() }),
  },
  plain(4, 'threads'),
  plain(8, 'state'),
  plain(16, 'ppid'),
  {
    bit: 32,
    changed: (row, key) => row.pgid !== key.pgid || row.session !== key.session,
    write: (out, row) => {
      out.unsigned(row.pgid);
      out.unsigned(row.session);
    },
    read: (bytes) => ({ pgid: bytes.unsigned(), session: bytes.unsigned() }),
  },
  plain(64, 'program'),
  plain(128, 'watch'),
];

function plain(bit: number, column: 'threads' | 'state' | 'ppid' | 'program' | 'watch'): (typeof COLUMNS)[number] {
  return {
    bit,
    changed: (row, key) => row[column] !== key[column],
    write: (out, row) => out.unsigned(row[column]),
    read: (bytes) => ({ [column]: bytes.unsigned() }),
  };
}

/** A whole table: the key that frames differ from. */
export function encodeTable(rows: readonly CodedRow[]): Uint8Array {
  const out = new ByteWriter();
  writeRows(out, rows);
  return out.written();
}

export function decodeTable(bytes: Uint8Array): CodedRow[] {
  return readRows(new ByteReader(bytes));
}

/** A moment as what differs from a key table, which may be of an earlier moment or of a later one. */
export function encodeFrame(frame: CodedFrame, key: readonly CodedRow[]): Uint8Array {
  const out = new ByteWriter();
  const { gone, changed, fresh } = differences(frame.rows, key);
  writeIndexes(out, gone);
  writeIndexes(
    out,
    changed.map(({ index }) => index),
  );
  for (const { mask } of changed) out.unsigned(mask);
  for (const column of COLUMNS) {
    for (const { mask, row, before } of changed) if (mask & column.bit) column.write(out, row, before);
  }
  writeRows(out, fresh);
  writeRows(out, frame.ended);
  for (const { agoMs } of frame.ended) out.unsigned(agoMs);
  return out.written();
}

/** What was encoded with the same key; throws when the bytes are not whole. */
export function decodeFrame(bytes: Uint8Array, key: readonly CodedRow[]): CodedFrame {
  const reader = new ByteReader(bytes);
  const gone = new Set(readIndexes(reader));
  const changed = readIndexes(reader).map((index) => ({ index, mask: reader.unsigned(), values: {} }));
  for (const column of COLUMNS) {
    for (const one of changed) {
      if (one.mask & column.bit) Object.assign(one.values, column.read(reader, rowAt(key, one.index)));
    }
  }
  const kept = new Map(key.map((row, index) => [index, row]));
  for (const index of gone) kept.delete(index);
  for (const { index, values } of changed) kept.set(index, { ...rowAt(key, index), ...values });
  const fresh = readRows(reader);
  const ended = readRows(reader).map((row) => ({ ...row, agoMs: 0 }));
  for (const end of ended) end.agoMs = reader.unsigned();
  return { rows: [...kept.values(), ...fresh].sort((one, other) => one.pid - other.pid), ended };
}

interface Difference {
  index: number;
  mask: number;
  row: CodedRow;
  before: CodedRow;
}

/** Walks both tables, which are in order of pid. */
function differences(
  rows: readonly CodedRow[],
  key: readonly CodedRow[],
): { gone: number[]; changed: Difference[]; fresh: CodedRow[] } {
  const gone: number[] = [];
  const changed: Difference[] = [];
  const fresh: CodedRow[] = [];
  let index = 0;
  for (const row of rows) {
    let before = key[index];
    while (before !== undefined && before.pid < row.pid) {
      gone.push(index);
      before = key[(index += 1)];
    }
    if (before === undefined || before.pid > row.pid) {
      fresh.push(row);
      continue;
    }
    if (before.startTime === row.startTime) {
      const mask = maskOf(row, before);
      if (mask !== 0) changed.push({ index, mask, row, before });
    } else {
      gone.push(index);
      fresh.push(row);
    }
    index += 1;
  }
  for (; index < key.length; index += 1) gone.push(index);
  return { gone, changed, fresh };
}

function maskOf(row: CodedRow, before: CodedRow): number {
  let mask = 0;
  for (const { bit, changed } of COLUMNS) if (changed(row, before)) mask |= bit;
  return mask;
}

/** Column by column: neighbours are alike, and alike bytes are packed well. */
function writeRows(out: ByteWriter, rows: readonly CodedRow[]): void {
  out.unsigned(rows.length);
  each(rows, (row, before) => out.signed(row.pid - before.pid));
  each(rows, (row, before) => out.signed(row.startTime - before.startTime));
  each(rows, (row, before) => out.signed(row.startedAt - expectedStart(row.startTime, before)));
  each(rows, (row) => out.unsigned(row.ppid));
  each(rows, (row) => out.signed(row.pgid - row.pid));
  each(rows, (row) => out.signed(row.session - row.pgid));
  each(rows, (row) => out.unsigned(row.state));
  each(rows, (row) => out.unsigned(row.threads));
  each(rows, (row) => out.unsigned(row.cpuTenths));
  each(rows, (row) => out.unsigned(row.rssPages));
  each(rows, (row, before) => out.signed(row.program - before.program));
  each(rows, (row) => out.unsigned(row.watch));
}

function readRows(bytes: ByteReader): CodedRow[] {
  const rows = Array.from({ length: bytes.unsigned() }, () => ({ ...NO_ROW }));
  each(rows, (row, before) => (row.pid = before.pid + bytes.signed()));
  each(rows, (row, before) => (row.startTime = before.startTime + bytes.signed()));
  each(rows, (row, before) => (row.startedAt = expectedStart(row.startTime, before) + bytes.signed()));
  each(rows, (row) => (row.ppid = bytes.unsigned()));
  each(rows, (row) => (row.pgid = row.pid + bytes.signed()));
  each(rows, (row) => (row.session = row.pgid + bytes.signed()));
  each(rows, (row) => (row.state = bytes.unsigned()));
  each(rows, (row) => (row.threads = bytes.unsigned()));
  each(rows, (row) => (row.cpuTenths = bytes.unsigned()));
  each(rows, (row) => (row.rssPages = bytes.unsigned()));
  each(rows, (row, before) => (row.program = before.program + bytes.signed()));
  each(rows, (row) => (row.watch = bytes.unsigned()));
  return rows;
}

const NO_ROW: CodedRow = {
  ...{ pid: 0, startTime: 0, startedAt: 0, ppid: 0, pgid: 0, session: 0 },
  ...{ state: 0, threads: 0, cpuTenths: 0, rssPages: 0, program: 0, watch: 0 },
};

function each<Row extends CodedRow>(rows: readonly Row[], use: (row: Row, before: CodedRow) => void): void {
  let before = NO_ROW;
  for (const row of rows) {
    use(row, before);
    before = row;
  }
}

/** Linux counts start times in ticks of 10 ms; elsewhere this is a bad guess, which only costs some bytes. */
function expectedStart(startTime: number, before: CodedRow): number {
  return before.startedAt + 10 * (startTime - before.startTime);
}

/** Rising numbers, by their distances. */
function writeIndexes(out: ByteWriter, indexes: readonly number[]): void {
  out.unsigned(indexes.length);
  let before = 0;
  for (const index of indexes) {
    out.unsigned(index - before);
    before = index;
  }
}

function readIndexes(bytes: ByteReader): number[] {
  let before = 0;
  return Array.from({ length: bytes.unsigned() }, () => (before += bytes.unsigned()));
}

function rowAt(key: readonly CodedRow[], index: number): CodedRow {
  const row = key[index];
  if (row === undefined) throw new Error(`expected a key table of more than ${index} rows`);
  return row;
}
