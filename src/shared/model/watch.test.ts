import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_GROUPS, sameName, watchSpecSchema } from './watch';

const problemOf = (groups: unknown): string | undefined =>
  watchSpecSchema.shape.groups.safeParse(groups).error?.issues[0]?.message;

describe('the groups of a watch', () => {
  it('are none where nobody has written any, as in files of earlier versions', () => {
    const target = { kind: 'match', by: 'name', pattern: 'nginx' };
    expect(watchSpecSchema.parse({ name: 'web', target }).groups).toEqual([]);
  });

  it('have names as watches have, each once in any case, and are not too many', () => {
    expect(problemOf(['shop', 'Büro 2'])).toBeUndefined();
    expect(problemOf(['shop', '../shop'])).toMatch(/^expected 1 to 64 letters/);
    expect(problemOf(['shop', 'nightly', 'Shop'])).toBe('expected each group once, "Shop" is there twice');
    const most = Array.from({ length: MAX_GROUPS }, (_, at) => `group ${at}`);
    expect(problemOf(most)).toBeUndefined();
    expect(problemOf([...most, 'one more'])).toBe('expected at most 16 groups');
  });

  it('are taken in their order if no two are the same name', () => {
    const names = fc.array(fc.constantFrom('a', 'A', 'b', 'c d', 'C D', 'é', 'É'), { maxLength: 5 });
    fc.assert(
      fc.property(names, (groups) => {
        const parsed = watchSpecSchema.shape.groups.safeParse(groups);
        const isUnique = groups.every((one, at) => groups.slice(at + 1).every((other) => !sameName(one, other)));
        expect(parsed.success ? parsed.data : null).toEqual(isUnique ? groups : null);
      }),
    );
  });
});
