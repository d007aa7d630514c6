import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyFilter, fuzzyScore } from './fuzzy';

const titles = ['Go to Processes', 'Stop web', 'Stop worker', 'Start web', 'Restart web', 'Go to Watches'];
const found = (query: string) => fuzzyFilter(titles, query, (title) => title);

describe('a fuzzy search', () => {
  it('finds letters in their order, the better fits first', () => {
    expect(found('sto we')[0]).toBe('Stop web');
    expect(found('web stop')).toEqual(['Stop web']);
    expect(found('gtp')).toEqual(['Go to Processes']);
    expect(found('restart')).toEqual(['Restart web']);
    expect(found('zzz')).toEqual([]);
  });

  it('leaves all as they are without a query', () => expect(found('  ')).toEqual(titles));

  it('finds every text by any of its letters in their order, and by itself first', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.boolean(), { maxLength: 40 }), (text, mask) => {
        const some = [...text.toLowerCase()].filter((_, index) => mask[index] ?? false).join('');
        expect(fuzzyScore(some, text)).not.toBeNull();
      }),
    );
  });
});
