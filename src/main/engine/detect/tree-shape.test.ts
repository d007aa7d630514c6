import { describe, expect, it } from 'vitest';
import { sampleOf } from '../testing/sample';
import { shapeOf } from './tree-shape';

const now = 1_000_000;
const members = (count: number, of: (n: number) => object) =>
  Array.from({ length: count }, (_, n) => sampleOf({ pid: 100 + n, ppid: 99, startedAt: now - 60_000, ...of(n) }));

describe('the shape of a tree', () => {
  it('of a program that multiplies itself has members with grandchildren of their own kind', () => {
    const bomb = members(63, (n) => ({ ppid: n === 0 ? 99 : 100 + Math.floor((n - 1) / 2) }));
    expect(shapeOf(bomb, now)).toMatchObject({
      descendants: 63,
      sameProgramDescendants: 63,
      multiplyingDescendants: 15,
    });
  });

  it('of a launcher that leaves its workers to init has none, nor has a pool or a recursive make', () => {
    expect(
      shapeOf(
        members(70, () => ({ ppid: 1 })),
        now,
      ).multiplyingDescendants,
    ).toBe(0);
    expect(
      shapeOf(
        members(70, () => ({})),
        now,
      ).multiplyingDescendants,
    ).toBe(0);
    const make = members(60, (n) => ({ ppid: 99 + n, name: 'make', argv: ['make', '-C', `part${n}`] }));
    expect(shapeOf(make, now).multiplyingDescendants).toBe(0);
  });

  it('knows who is young, and nobody after a clock that jumped', () => {
    const ages = [0, 499, 500, 1999, 2000, 9999, 10_000];
    const tree = members(ages.length, (n) => ({ startedAt: now - (ages[n] ?? 0) }));
    expect(shapeOf(tree, now)).toMatchObject({ youngDescendants: 6, births: [2, 1, 0, 1] });
    expect(shapeOf(tree, now - 3_600_000)).toMatchObject({ youngDescendants: 0, births: [0, 0, 0, 0] });
  });
});
