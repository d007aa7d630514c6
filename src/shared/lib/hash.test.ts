import { expect, it } from 'vitest';
import { fnv1a64 } from './hash';

// The test vectors of its authors (http://www.isthe.com/chongo/tech/comp/fnv/), and UTF-8.
it.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
  ['chongo was here!\n', '46810940eff5f915'],
])('the hash of %j is %s', (text, hash) => expect(fnv1a64(text)).toBe(hash));

it('takes halves of surrogate pairs', () => expect(fnv1a64('\ud800')).toBe(fnv1a64('\ufffd')));
