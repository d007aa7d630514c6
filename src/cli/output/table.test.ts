import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { createStyle } from './style';
import { table, type Column } from './table';
import { fitTo } from './fit-to';

type Row = [string, string];
const columns: Column<Row>[] = [
  { title: 'A', text: ([a]) => a },
  { title: 'NUMBER', text: ([, b]) => b, align: 'right' },
  { title: 'LAST', text: ([a, b]) => a + b },
];

describe('a table', () => {
  it('aligns its columns, wide characters too', () => {
    const rows: Row[] = [
      ['web', '7'],
      ['日本', '100'],
    ];
    expect(table(columns, rows, { columns: null })).toBe(
      'A     NUMBER  LAST\nweb        7  web7\n日本     100  日本100\n',
    );
  });

  it('lets no name write to the terminal', () => {
    const text = table(columns, [['\u001b[31mred\n', '\u202e1']], { columns: null });
    expect(text).toContain('\\x1b[31mred\\n');
    expect(text.split('\n')).toHaveLength(3);
    expect(text).not.toContain('\u202e');
  });

  it('never is wider than the terminal, as long as there is room for the last column', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 10 }), fc.string({ maxLength: 60 }))), (rows) => {
        const narrow = [columns[0], columns[2]].filter((column) => column !== undefined);
        for (const line of table(narrow, rows, { columns: 80 }).split('\n'))
          expect(stringWidth(line)).toBeLessThanOrEqual(80);
      }),
    );
  });

  it('leaves out columns as they allow, then cuts texts, and never a number or a note', () => {
    const wide: Column<string>[] = [
      { title: 'WATCH', text: (name) => name },
      { title: 'PID', align: 'right', drop: 1, text: () => '12345678' },
      { title: 'GROUPS', drop: 2, text: () => 'shop, nightly' },
      { title: 'MEMORY', align: 'right', text: () => '123 MB' },
      { title: 'RESTARTS', text: () => 'no retries left' },
    ];
    const lines = (columns: number): string[] =>
      table(wide, ['a-name-of-a-watch'], { columns, note: () => 'why it is down, however long that is' }).split('\n');
    expect(lines(66)[0]).toBe('WATCH                   PID  MEMORY  RESTARTS');
    expect(lines(48)[0]).toBe('WATCH              MEMORY  RESTARTS');
    expect(lines(36)[1]).toBe('a-name-of-…  123 MB  no retries left');
    expect(lines(36)[2]).toBe('    why it is down, however long that is');
  });

  it('is painted without losing its alignment', () => {
    const style = createStyle(true);
    const painted: Column<Row>[] = [
      { title: 'A', text: ([a]) => a, paint: (_row, cell) => style.good(cell) },
      columns[1]!,
    ];
    const plain = table(columns.slice(0, 2), [['web', '7']], { columns: null });
    // oxlint-disable-next-line no-control-regex -- it is the colours that are removed here
    expect(table(painted, [['web', '7']], { columns: null }).replace(/\u001b\[\d+m/g, '')).toBe(plain);
    expect(createStyle(false).bad('x')).toBe('x');
  });
});

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['🙂', 2],
    ['👍🏽', 2],
    ['🇩🇪', 2],
    ['\ud55c\u1100\u1161', 4],
    ['', 0],
  ])('%s takes %d columns', (text, width) => {
    expect(stringWidth(text)).toBe(width);
  });

  it('is kept when a text is cut', () => {
    expect(fitTo('日本語', 4)).toBe('日…');
    expect(fitTo('abc', 3)).toBe('abc');
    expect(fitTo('🇩🇪🇫🇷', 3)).toBe('🇩🇪…');
    expect(fitTo('abc', 0)).toBe('');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, columns) => {
        expect(stringWidth(fitTo(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
