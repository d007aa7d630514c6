import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, decodeTable, encodeFrame, encodeTable, type CodedEnd, type CodedRow } from './table-codec';

const whole = (max: number) => fc.integer({ min: 0, max });
const row = fc.record<CodedRow>({
  ...{ pid: fc.integer({ min: 1, max: 4_194_304 }), startTime: whole(1e12), startedAt: whole(2e12) },
  ...{ ppid: whole(4_194_304), pgid: whole(4_194_304), session: whole(4_194_304), state: whole(8) },
  ...{
    threads: whole(100_000),
    cpuTenths: whole(1_000_000),
    rssPages: whole(1e9),
    program: whole(1e9),
    watch: whole(50),
  },
});
const table = fc
  .uniqueArray(row, { selector: ({ pid }) => pid, maxLength: 60 })
  .map((rows) => rows.sort((one, other) => one.pid - other.pid));
const ends = fc.array(
  fc.tuple(row, whole(60_000)).map(([one, agoMs]): CodedEnd => ({ ...one, agoMs })),
  { maxLength: 10 },
);

/** A later table: some are gone, some changed a little or much, some are new, and a pid or two are used again. */
const pair = fc.tuple(table, table, fc.infiniteStream(fc.tuple(whole(9), row))).map(([key, fresh, chances]) => {
  const rows = new Map(fresh.map((one) => [one.pid, one]));
  for (const before of key) {
    const [random, other] = chances.next().value;
    if (random === 0) continue;
    // Another process: with the same pid it has another start.
    const startTime = other.startTime === before.startTime ? other.startTime + 1 : other.startTime;
    const reused = random === 1 ? { ...other, pid: before.pid, startTime } : null;
    const near = { ...before, cpuTenths: before.cpuTenths + (random % 3) * 6, rssPages: before.rssPages + random * 3 };
    const far = { ...before, ppid: other.ppid, program: other.program, cpuTenths: other.cpuTenths };
    const moved = { ...before, pgid: other.pgid, session: other.session, rssPages: other.rssPages, state: other.state };
    rows.set(before.pid, reused ?? (random < 6 ? near : random < 8 ? far : moved));
  }
  return { key, rows: [...rows.values()].sort((one, other) => one.pid - other.pid) };
});

/** All but the load, which is kept to within the quantisation. */
const exact = ({ cpuTenths: _cpu, rssPages: _rss, ...rest }: CodedRow) => rest;

describe('the recorded process table', () => {
  it('comes back whole from a key', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(decodeTable(encodeTable(rows))).toEqual(rows);
      }),
    );
  });

  it('comes back from what differs: who, what and where exactly, CPU to 1 %, memory to 64 KiB or 0.5 %', () => {
    fc.assert(
      fc.property(pair, ends, ({ key, rows }, ended) => {
        const decoded = decodeFrame(encodeFrame({ rows, ended }, key), key);
        expect(decoded.ended).toEqual(ended);
        expect(decoded.rows.map(exact)).toEqual(rows.map(exact));
        for (const [index, one] of rows.entries()) {
          const { cpuTenths, rssPages } = decoded.rows[index] ?? { cpuTenths: NaN, rssPages: NaN };
          expect(Math.abs(cpuTenths - one.cpuTenths)).toBeLessThanOrEqual(10);
          expect(Math.abs(rssPages - one.rssPages)).toBeLessThanOrEqual(Math.max(16, one.rssPages * 0.00503));
        }
      }),
    );
  });

  it('costs nothing while readings only tremble', () => {
    fc.assert(
      fc.property(table, (key) => {
        const rows = key.map((one) => ({ ...one, cpuTenths: one.cpuTenths + 9, rssPages: one.rssPages + 15 }));
        expect(encodeFrame({ rows, ended: [] }, key)).toHaveLength(4);
      }),
    );
  });

  it('tells a process from the next one with its pid', () => {
    const [one] = fc.sample(row, { numRuns: 1, seed: 1 });
    if (one === undefined) throw new Error('expected a row');
    const next = { ...one, startTime: one.startTime + 1 };
    const decoded = decodeFrame(encodeFrame({ rows: [next], ended: [] }, [one]), [one]);
    expect(decoded.rows).toEqual([next]);
  });

  it('is refused when its bytes are cut off', () => {
    fc.assert(
      fc.property(fc.tuple(row, row), whole(20), ([one, other], cut) => {
        const bytes = encodeFrame({ rows: [one], ended: [{ ...other, agoMs: 5 }] }, []);
        expect(() => decodeFrame(bytes.subarray(0, Math.max(0, bytes.length - 1 - cut)), [])).toThrow(/more/);
      }),
    );
  });
});
