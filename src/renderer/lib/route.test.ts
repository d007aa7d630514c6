import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute, TABS } from './route';

describe('places in the window', () => {
  it('are read back from their address', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TABS),
        fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
        (tab, watchId) => {
          expect(parseRoute(formatRoute({ tab, watchId }))).toEqual({ tab, watchId });
        },
      ),
    );
  });
  it.each(['', '#', '#/', '#/nowhere/x', '#/watches/%E0%A4%A'])('%j is a place too', (hash) => {
    expect(parseRoute(hash).watchId).toBeNull();
  });
});
