import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProcessStat } from './process-stat';

/** As the kernel writes it: 52 fields and a line break. */
function statOf(name: string): string {
  const fields = Array.from({ length: 50 }, (_, at) => String(1000 + at));
  fields[0] = 'S';
  return `7 (${name}) ${fields.join(' ')}\n`;
}

const EXPECTED = { state: 'S', parent: 1001, session: 1003, terminal: 1004, startTime: 1019, exitStatus: 1049 };

describe('the status of a process', () => {
  it.each(['sh', 'tmux: server', 'Web Content', '(sd-pam)', 'a) Z (b', ') R 1 1 1', 'two\nlines', '', ' ', ')'])(
    'is read behind the name %j',
    (name) => {
      expect(parseProcessStat(statOf(name))).toEqual(EXPECTED);
    },
  );

  it('is read behind any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), (name) => {
        expect(parseProcessStat(statOf(name))).toEqual(EXPECTED);
      }),
    );
  });

  it('is known from a real line', () => {
    const line =
      '4242 (kworker/u8:1 (x)) Z 1 4242 4241 34816 -1 4227084 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0 18446744073709551615' +
      ' 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 1792\n';
    expect(parseProcessStat(line)).toEqual({
      ...{ state: 'Z', parent: 1, session: 4241, terminal: 34816, startTime: 987654, exitStatus: 7 << 8 },
    });
  });

  it('lacks what an old kernel does not write', () => {
    const { startTime, exitStatus } = parseProcessStat(`7 (sh) ${'1 '.repeat(20).trim()}\n`);
    expect([startTime, exitStatus]).toEqual([1, NaN]);
    expect(parseProcessStat('')).toMatchObject({ state: '', startTime: NaN });
  });
});
