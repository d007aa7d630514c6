import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, visibleText } from './visible-text';

describe('visible text', () => {
  it('leaves letters and markup as they are', () =>
    expect(visibleText('<script>é 日本</script>')).toBe('<script>é 日本</script>'));
  it('escapes what hides or rearranges', () => expect(visibleText('a\nb\x1b[2J\u202ec')).toBe('a\\nb\\x1b[2J\\u202ec'));
  it('leaves no control character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(visibleText(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
      }),
    );
  });
  it('shortens with a mark', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });
});
