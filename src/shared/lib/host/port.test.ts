import { describe, expect, it } from 'vitest';
import { parsePort } from './port';

describe('a port', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['65535', 65_535],
  ])('%s is one', (text, port) => {
    expect(parsePort(text)).toBe(port);
  });

  it.each(['', '-5', '65536', 'many', '1.5', '0x10', ' 80'])('"%s" is refused', (text) => {
    expect(() => parsePort(text)).toThrow(/expected a port from 1 to 65535, or 0 for any free one/);
  });
});
