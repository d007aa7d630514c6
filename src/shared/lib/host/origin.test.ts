import { describe, expect, it } from 'vitest';
import { parseOrigin } from './origin';

describe('an origin', () => {
  it.each([
    ['https://ops.example.org', 'https://ops.example.org'],
    ['HTTPS://Ops.example.org:443/', 'https://ops.example.org'],
    ['http://ops:8080', 'http://ops:8080'],
    ['http://ops:80', 'http://ops'],
  ])('%s is what browsers send as %s', (text, origin) => expect(parseOrigin(text)).toBe(origin));

  it.each([
    'ops.example.org',
    'https://ops/path',
    'ftp://ops',
    'https://me@ops',
    'https://ops:0',
    'https://ops:65536',
    '',
  ])('is not "%s"', (text) =>
    expect(() => parseOrigin(text)).toThrow('expected an origin such as https://ops.example.org'),
  );
});
