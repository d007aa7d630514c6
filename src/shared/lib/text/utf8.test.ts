import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length } from './utf8';

describe('the length of a text in UTF-8', () => {
  it('is that of its bytes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => utf8Length(text) === Buffer.byteLength(text)));
    expect(utf8Length('\ud800')).toBe(Buffer.byteLength('\ud800'));
  });
});
