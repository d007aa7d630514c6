import { describe, expect, it } from 'vitest';
import { readableLines } from './lines';

describe('the lines of an output', () => {
  it.each([
    ['colours', '\u001b[1;31mKeyError\u001b[0m: \u001b[35m3\u001b[0m', 'KeyError: 3'],
    ['a title for the terminal', '\u001b]0;app\u0007ready', 'ready'],
    ['a tab before a bracket', '\t[cause]: x', '\t[cause]: x'],
    ['a line that a progress bar has overwritten', '10 %\r20 %\rfailed', 'failed'],
    ['the newline of Windows', 'failed\r', 'failed'],
    ['single bytes of Latin-1', 'ung\ufffdltig', 'ung\ufffdltig'],
    ['control characters', 'shard\u0000 17 is gone\u0007', 'shard 17 is gone'],
    ['nothing but bytes', '\u0001\u0002\ufffd\ufffd\u0000x', ''],
  ])('are read with %s', (_what, raw, line) => expect(readableLines([raw])).toEqual([line]));

  it('are cut in their middle: types stand at their ends', () => {
    const [line = ''] = readableLines([`a.rb:1:in 'f': ${'x'.repeat(100_000)} (KeyError)`]);
    expect(line.length).toBeLessThanOrEqual(1001);
    expect(line).toMatch(/^a\.rb:1:in 'f': x+…x+ \(KeyError\)$/);
  });

  it('may be one line of JSON', () => {
    const raw = '{"level":"fatal","stack":"Error: boom\\n    at f (/srv/x.js:1:2)\\n    at g (/srv/x.js:2:2)","pid":3}';
    expect(readableLines([raw])).toEqual([
      '{"level":"fatal","stack":"Error: boom',
      '    at f (/srv/x.js:1:2)',
      '    at g (/srv/x.js:2:2)',
    ]);
  });

  it('are bounded', () => expect(readableLines(Array<string>(1000).fill('x\ny')).length).toBe(200));
});
