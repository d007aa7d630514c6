import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../model/event';
import { csvLine, eventsCsv, samplesCsv } from './csv';

/** A reader by RFC 4180, for one line. */
function cellsOf(line: string): string[] {
  const cells = [...`,${line.replace(/\r\n$/, '')}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

describe('CSV', () => {
  it('comes back as it was, whatever is in it, but for what would be a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), (cells) => {
        const back = cellsOf(csvLine(cells));
        expect(back).toEqual(cells.map((cell) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell)));
      }),
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")'])(
    'never lets %j begin a cell',
    (text) => {
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );

  it('leaves numbers as they are, and nothing for nothing', () => {
    expect(csvLine([-1.5, null, undefined, 'x'])).toBe('-1.5,,,x\r\n');
  });

  it('tells events whole, each on one record', () => {
    const event = {
      ...{ id: 7, at: '2026-01-01T00:00:00.000Z', type: 'notice', severity: 'info', watch: '=web', pid: null },
      ...{ incident: null, message: 'two\nlines, "quoted"', data: { topic: 't', detail: 'd' } },
    } as HealdeckEvent;
    expect(eventsCsv([event])).toBe(
      'id,at,type,severity,watch,pid,incident,message,data\r\n' +
        `7,2026-01-01T00:00:00.000Z,notice,info,'=web,,,"two\nlines, ""quoted""","{""topic"":""t"",""detail"":""d""}"\r\n`,
    );
  });

  it('tells readings with their spread, where they have one', () => {
    const spread = { spanMs: 60_000, cpuPercent: [1, 9] as const, memoryBytes: [5, 7] as const };
    const csv = samplesCsv([
      { at: 0, cpuPercent: 1.23456, memoryBytes: 6 },
      { at: 1000, cpuPercent: 2, memoryBytes: 6, load: 0.5, spread },
      {
        ...{ at: 2000, cpuPercent: 2, memoryBytes: 6, diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 2e6 },
        spread: { ...spread, diskReadBytesPerSecond: [0, 0], diskWriteBytesPerSecond: [1e6, 3e6] },
      },
    ]);
    expect(csv.split('\r\n').slice(1)).toEqual([
      '1970-01-01T00:00:00.000Z,1.235,6,,,,,,,,,,,,',
      '1970-01-01T00:00:01.000Z,2,6,0.5,60000,1,9,5,7,,,,,,',
      '1970-01-01T00:00:02.000Z,2,6,,60000,1,9,5,7,0,2000000,0,0,1000000,3000000',
      '',
    ]);
  });
});
