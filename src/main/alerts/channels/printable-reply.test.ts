import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableEnd, printableReply } from './printable-reply';

describe('the response of a server', () => {
  it('is one line of printable characters', () => {
    expect(printableReply('no\r\n such\t\x1b[1mhook\u202e ', [])).toBe('no such \\x1b[1mhook\\u202e');
  });

  it('never shows a secret, the longest first', () => {
    const secrets = ['/services/T0KEN', 'https://x.example/services/T0KEN'];
    expect(printableReply('unknown https://x.example/services/T0KEN, /services/T0KEN', secrets)).toBe(
      'unknown •••, •••',
    );
  });

  it('never shows half of a secret at the cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 150, max: 220 }), (before) => {
        const reply = printableReply(`${'a'.repeat(before)}SECRET-VALUE${'b'.repeat(100)}`, ['SECRET-VALUE']);
        expect(Array.from(reply).length).toBeLessThanOrEqual(200);
        expect(reply).not.toContain('S');
      }),
    );
  });

  it('keeps the end of what a program printed', () => {
    const end = printableEnd(`${'first '.repeat(100)}\nlast words\n`);
    expect(end).toMatch(/^….*last words$/);
    expect(Array.from(end)).toHaveLength(200);
    expect(printableEnd('short')).toBe('short');
  });
});
