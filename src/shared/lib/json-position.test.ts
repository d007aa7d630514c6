import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition } from './json-position';

describe('the place of an error in JSON', () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{ "a": tru }', 1, 8],
    ['[1, 2', 1, 6],
    ['', 1, 1],
    ['{}\n{}', 2, 1],
    ['{"a" 1}', 1, 6],
    ['["a\nb"]', 1, 4],
    ['[01]', 1, 3],
    ["{'a': 1}", 1, 2],
    ['[1,]', 1, 4],
  ])('of %j is line %i, column %i', (text, line, column) => {
    expect(jsonErrorPosition(text)).toEqual({ line, column });
  });

  it('is null for all that JSON.parse reads, and only for that', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', '"', '\\', ' ', '0', 'x', ':', '\n', '-'),
      )
      .map(([json, place, extra]) => {
        const cut = place % (json.length + 1);
        return json.slice(0, cut) + extra + json.slice(cut + (place % 2));
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(jsonErrorPosition(text) === null).toBe(valid);
      }),
      { numRuns: 1000 },
    );
  });

  it('survives nesting that would overflow a recursive reader', () => {
    expect(jsonErrorPosition('['.repeat(200_000))).toEqual({ line: 1, column: 200_001 });
  });
});
