import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycle, inStartOrder, type Dependent } from './dependency-order';

function watch(name: string, ...after: string[]): Dependent {
  return { name, after: after.map((one) => ({ watch: one, until: 'ready' as const, restart: false })) };
}

const SHOP = [watch('web', 'api'), watch('api', 'db', 'cache'), watch('cache'), watch('db')];
const names = (watches: readonly Dependent[]): readonly string[] => watches.map(({ name }) => name);

describe('the order of watches', () => {
  it('starts what others wait for first, and keeps the order of the list beside that', () => {
    expect(names(inStartOrder(SHOP, SHOP))).toEqual(['db', 'cache', 'api', 'web']);
    expect(names(inStartOrder([watch('b'), watch('a')], []))).toEqual(['b', 'a']);
  });

  it('has all instances of a watch before what waits for it', () => {
    const watches = [watch('api', 'web'), watch('web#1'), watch('webs'), watch('web#2')];
    expect(names(inStartOrder(watches, watches))).toEqual(['web#1', 'web#2', 'api', 'webs']);
  });

  it('is kept by those that wait through others which are not among them', () => {
    const some = SHOP.filter(({ name }) => name === 'web' || name === 'db');
    expect(names(inStartOrder(some, SHOP))).toEqual(['db', 'web']);
  });

  it('has each of them once and none before what it waits for, whatever they wait for', () => {
    const graph = fc
      .array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { minLength: 1, maxLength: 10 })
      .map((edges) =>
        edges.map((to, at) => watch(`w${at}`, ...new Set(to.filter((n) => n < edges.length).map((n) => `w${n}`)))),
      );
    fc.assert(
      fc.property(graph, (watches) => {
        const order = names(inStartOrder(watches, watches));
        expect([...order].sort()).toEqual([...names(watches)].sort());
        const cycle = findCycle(watches);
        if (cycle !== null) {
          expect(cycle[0]).toBe(cycle.at(-1));
          cycle.slice(0, -1).forEach((name, at) => {
            const { after } = watches.find((one) => one.name === name) ?? watch('');
            expect(after.map((one) => one.watch)).toContain(cycle[at + 1]);
          });
          return;
        }
        for (const { name, after } of watches) {
          for (const dependency of after) expect(order.indexOf(dependency.watch)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });
});

describe('a cycle', () => {
  it('is named from its first watch to itself', () => {
    expect(findCycle(SHOP)).toBeNull();
    expect(findCycle([watch('a', 'a')])).toEqual(['a', 'a']);
    expect(findCycle([watch('db', 'WEB'), ...SHOP.slice(0, 3)])).toEqual(['db', 'web', 'api', 'db']);
  });
});
