import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition, jsonPathLine } from './json-position';

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

describe('the line of a value in JSON', () => {
  const text = JSON.stringify({ a: { 'b.c': [1, { d: '}\n"' }] }, e: [[], {}, 'x'], f: null }, null, 2);
  it.each<[(string | number)[], number]>([
    [['a'], 2],
    [['a', 'b.c'], 3],
    [['a', 'b.c', 1, 'd'], 6],
    [['e'], 10],
    [['e', 1], 11],
    [['e', 2], 12],
    [['f'], 15],
    [[], 1],
    [['a', 'gone'], 2],
    [['e', 7], 10],
  ])('%j is %i', (path, line) => {
    expect([path, jsonPathLine(text, path)]).toEqual([path, line]);
  });

  it('is found for every path of any value, and never ends the reader', () => {
    const paths = (value: unknown, path: (string | number)[] = []): (string | number)[][] => [
      path,
      ...(typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, inner]) =>
            paths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
          )
        : []),
    ];
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const written = JSON.stringify(value, null, 1);
        for (const path of paths(value)) {
          const line = jsonPathLine(written, path);
          const last = path.at(-1);
          const shown = written.split('\n')[line - 1] ?? '';
          if (typeof last === 'string') expect(shown).toContain(`${JSON.stringify(last)}:`);
        }
      }),
    );
  });
});
