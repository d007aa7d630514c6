import { describe, expect, it } from 'vitest';
import { watchOf, watchStatus } from '../../testing/samples';
import { fitsFilter } from './filter';

describe('the filter of watches', () => {
  const api = { ...watchStatus({ id: 'API' }), watch: watchOf('API', { groups: ['Web shop'] }) };
  it.each([
    ['', true],
    ['api', true],
    ['server NODE', true],
    ['SHOP api', true],
    ['api python', false],
  ])('%j', (filter, matches) => expect(fitsFilter(api, filter)).toBe(matches));
});
