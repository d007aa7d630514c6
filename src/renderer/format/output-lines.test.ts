import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesWith, NO_OUTPUT, withChunk } from './output-lines';

const chunk = (text: string, skippedBytes = 0) => ({ stream: 'out' as const, text, skippedBytes });

describe('the output of a program', () => {
  it('reads the same however it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => text.replaceAll('x', '\n'))), (parts) => {
        const cut = parts.reduce((text, part) => withChunk(text, chunk(part)), NO_OUTPUT);
        expect(cut.lines.join('\n')).toBe(parts.join(''));
      }),
    );
  });

  it('begins a line of its own after something was left out', () => {
    const text = withChunk(withChunk(NO_OUTPUT, chunk('half')), chunk('next\n', 7));
    expect(text).toEqual({ lines: ['half', 'next', ''], skippedBytes: 7 });
  });

  it('is searched in any case, and its open end is no line', () => {
    const text = withChunk(NO_OUTPUT, chunk('One\ntwo\nthree one\n'));
    expect(linesWith(text, 'oNE')).toEqual(['One', 'three one']);
    expect(linesWith(text, '')).toHaveLength(3);
  });
});
