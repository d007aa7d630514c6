import { describe, expect, it } from 'vitest';
import { headerMask } from './header-mask';

const plain = (text: string): string => text;

describe('the mask of what a header has carried', () => {
  it('takes out the value, and its credentials without their scheme', () => {
    const mask = headerMask(['Bearer abcd-efgh-1234'], plain);
    expect(mask('got Bearer abcd-efgh-1234.')).not.toContain('efgh');
    expect(mask('bad: abcd-efgh-1234.')).toBe('bad: •••.');
  });

  it('takes out the user and password that Basic carries', () => {
    const mask = headerMask([`Basic ${Buffer.from('ada:lovelace1815').toString('base64')}`], plain);
    expect(mask('ada:lovelace1815 may not')).toBe('••• may not');
    expect(mask('no login with lovelace1815')).toBe('no login with •••');
  });

  it('takes out the beginning of one at the end of a text that was cut', () => {
    const mask = headerMask(['abcd-efgh-1234'], plain);
    expect(mask('bad: abcd-ef')).toBe('bad: •••');
    expect(mask('bad: abc')).toBe('bad: abc');
  });

  it('takes out what the other mask knows', () => {
    const mask = headerMask(['abcd-efgh'], (text) => text.replace('other', '***'));
    expect(mask('abcd-efgh other')).toBe('••• ***');
  });
});
