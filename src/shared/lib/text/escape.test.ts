import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeForPattern, escapeUnprintable, truncate, wellFormed } from './escape';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const anyCodeUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));

describe('escaping for terminals and logs', () => {
  it.each([
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['\x00\x7f\x9b', '\\x00\\x7f\\x9b'],
    ['exe.\u202egpj', 'exe.\\u202egpj'],
    ['a\u2028b\u200bc', 'a\\u2028b\\u200bc'],
    ['\ud800x\udfff', '\\ud800x\\udfff'],
    ['\u{e0001}', '\\u{e0001}'],
    ['C:\\tools\\näme 🙂 <script>', 'C:\\tools\\näme 🙂 <script>'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeUnprintable(text)).toBe(escaped);
  });

  it('leaves nothing unprintable, whatever comes in, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyCodeUnits), (text) => {
        const escaped = escapeUnprintable(text);
        expect(escaped).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(escapeUnprintable(escaped)).toBe(escaped);
      }),
    );
  });
});

describe('truncation', () => {
  it('keeps short text and marks the cut of long text', () => {
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abcd', 3)).toBe('ab…');
    expect(truncate('🙂🙂🙂🙂', 4)).toBe('🙂🙂🙂🙂');
    expect(truncate('🙂🙂🙂🙂🙂', 4)).toBe('🙂🙂🙂…');
  });

  it('never makes more than it was asked for, and never halves a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, characters) => {
        const cut = truncate(text, characters);
        expect(Array.from(cut).length).toBeLessThanOrEqual(characters);
        if (!/\p{Cs}/u.test(text)) expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('well-formed text', () => {
  it('survives UTF-8 and holds no NUL', () => {
    expect(wellFormed('a\0b\ud800c🙂')).toBe('a\ufffdb\ufffdc🙂');
    fc.assert(
      fc.property(anyCodeUnits, (text) => {
        const kept = wellFormed(text);
        expect(Buffer.from(kept, 'utf8').toString('utf8')).toBe(kept);
        expect(kept).not.toContain('\0');
      }),
    );
  });
});

describe('text in a regular expression', () => {
  it('matches itself and nothing else', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const whole = new RegExp(`^${escapeForPattern(text)}$`, 's');
        expect(whole.test(text)).toBe(true);
        expect(whole.test(other)).toBe(other === text);
      }),
    );
    expect('a.b|c').not.toMatch(new RegExp(`^${escapeForPattern('a.b')}$`));
    expect('axb').not.toMatch(new RegExp(`^${escapeForPattern('a.b')}$`));
  });
});
