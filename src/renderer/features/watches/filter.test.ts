import { describe, expect, it } from 'vitest';
import { watchStatus } from '../../testing/samples';
import { fitsFilter } from './filter';

describe('the filter of watches', () => {
  const api = watchStatus({ id: 'API' });
  it.each([
    ['', true],
    ['api', true],
    ['server NODE', true],
    ['api python', false],
  ])('%j', (filter, matches) => expect(fitsFilter(api, filter)).toBe(matches));
});
