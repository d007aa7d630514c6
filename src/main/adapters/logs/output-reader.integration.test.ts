import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutputPosition } from '../../../shared/model/output';
import { createOutputReader, type OutputReader } from './output-reader';
import { rotateFile } from './rotate-file';

let logs: string;
let path: string;
let reader: OutputReader;

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'healdeck-output-'));
  path = join(logs, 'web.out.log');
  reader = createOutputReader(logs);
});
afterEach(() => rmSync(logs, { recursive: true, force: true }));

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
const text = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const page = (count: number, before?: OutputPosition | null) =>
  reader.page('web', 'out', { lines: count, ...(before && { before }) });

describe('pages of output', () => {
  it('are the last lines, then those before, over all files and none twice', async () => {
    writeFileSync(path, text(lines(1, 20_000)));
    await rotateFile(path, 5);
    appendFileSync(path, text(lines(20_001, 20_010)));
    await rotateFile(path, 5);
    appendFileSync(path, `${text(lines(20_011, 20_015))}half a`);
    expect(page(3)).toMatchObject({ lines: ['line 20014', 'line 20015', 'half a'], isWhole: false });
    const read: string[] = [];
    let before: OutputPosition | null = null;
    do {
      const part = page(700, before);
      read.unshift(...part.lines);
      before = part.before;
    } while (before !== null);
    expect(read).toEqual([...lines(1, 20_015), 'half a']);
  });

  it('can be gone on with after a rotation', async () => {
    writeFileSync(path, text(lines(1, 100)));
    const { before } = page(10);
    await rotateFile(path, 5);
    appendFileSync(path, 'new\n');
    expect(page(5, before).lines).toEqual(lines(86, 90));
  });

  it('are empty where nothing was written, and keep blank lines', () => {
    expect(page(5)).toEqual({ lines: [], before: null, isWhole: true });
    writeFileSync(path, '\n\na\r\n\n');
    expect(page(5)).toEqual({ lines: ['', '', 'a', ''], before: null, isWhole: true });
    expect(page(1)).toMatchObject({ lines: [''], before: { file: 0, offset: 5 } });
  });

  it('come to the whole however many lines are asked for at a time', () => {
    const anyLines = fc.array(fc.constantFrom('', 'a', 'ünï', 'x'.repeat(50)), { maxLength: 30 });
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 7 }), (all, count) => {
        writeFileSync(path, text(all));
        const read: string[] = [];
        let before: OutputPosition | null = null;
        do {
          const part = page(count, before);
          read.unshift(...part.lines);
          before = part.before;
        } while (before !== null);
        expect(read).toEqual(all);
      }),
      { numRuns: 60 },
    );
  });

  it('tell a line that is longer than a page in pieces', () => {
    writeFileSync(path, `${'y'.repeat(3_000_000)}\nend\n`);
    expect(page(1).lines).toEqual(['end']);
    const long = page(2);
    expect(long.lines.at(-1)).toBe('end');
    expect(long.before).not.toBeNull();
  });
});

describe('output that is followed', () => {
  it('is what was appended, over a rotation and a truncation', async () => {
    writeFileSync(path, 'before\n');
    let position = reader.end('web', 'out');
    const next = () => {
      const appended = reader.appended('web', 'out', position);
      position = appended.position;
      return [appended.bytes.toString(), appended.skippedBytes];
    };
    expect(next()).toEqual(['', 0]);
    appendFileSync(path, 'one\n');
    expect(next()).toEqual(['one\n', 0]);
    appendFileSync(path, 'two\n');
    await rotateFile(path, 5);
    appendFileSync(path, 'three, which is longer than all before it together\n');
    expect(next()).toEqual(['two\nthree, which is longer than all before it together\n', 0]);
    truncateSync(path, 0);
    appendFileSync(path, 'four\n');
    expect(next()).toEqual(['four\n', 0]);
    expect(next()).toEqual(['', 0]);
  });

  it('leaves out all but the end when too much was written', () => {
    writeFileSync(path, '');
    const position = reader.end('web', 'out');
    appendFileSync(path, `${'z'.repeat(200_000)}end`);
    const { bytes, skippedBytes } = reader.appended('web', 'out', position);
    expect(bytes.length + skippedBytes).toBe(200_003);
    expect(bytes.length).toBe(65_536);
    expect(bytes.toString().endsWith('end')).toBe(true);
  });
});
