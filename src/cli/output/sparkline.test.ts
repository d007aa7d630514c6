import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from './sparkline';

describe('a sparkline', () => {
  it('shows how readings rise and fall', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 40)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5, 5], 40)).toBe('▁▁▁');
    expect(sparkline([], 40)).toBe('');
    expect(sparkline([1, NaN, 3], 40)).toBe('▁█');
  });

  it('keeps the peaks of what it thins', () => {
    const line = sparkline([...Array<number>(99).fill(0), 100, ...Array<number>(100).fill(0)], 20);
    expect(line).toHaveLength(20);
    expect(line).toContain('█');
  });

  it('is never wider than it may be', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.integer({ min: 1, max: 60 }), (values, columns) => {
        expect(sparkline(values, columns)).toMatch(new RegExp(`^[▁▂▃▄▅▆▇█]{0,${columns}}$`));
      }),
    );
  });
});
