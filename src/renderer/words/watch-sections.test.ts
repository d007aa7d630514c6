import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import { watchOf, watchStatus } from '../testing/samples';
import { byNeed, sectionsOf, seenIn } from './watch-sections';

const member = (id: string, groups: string[], phase: WatchPhase = 'running'): WatchStatus => ({
  ...watchStatus({ id, phase }),
  watch: watchOf(id, { groups }),
});
const [web, db, job, loner] = [
  member('web', ['shop', 'Nightly']),
  member('db', ['Shop'], 'cooldown'),
  member('job', ['nightly']),
  member('loner', [], 'failed'),
];
const all = [web, db, job, loner];
const titles = (sections: ReturnType<typeof sectionsOf>) =>
  sections.map(({ group, shown }) => [group, ...shown.map(({ watch }) => watch.name)]);

describe('a table of watches by groups', () => {
  it('has each watch in all of its groups, and what is in none at the end', () => {
    expect(titles(sectionsOf(all, all))).toEqual([
      ['Nightly', 'web', 'job'],
      ['Shop', 'web', 'db'],
      [null, 'loner'],
    ]);
    expect(titles(sectionsOf([web, db], [web, db]))).toHaveLength(2);
  });

  it('shows what fits a filter, under the whole group', () => {
    const [nightly, ...others] = sectionsOf([job], all);
    expect(others).toEqual([]);
    expect(nightly).toMatchObject({ group: 'Nightly', members: [web, job], shown: [job] });
    expect(titles(sectionsOf(all, all, 'SHOP'))).toEqual([['Shop', 'web', 'db']]);
  });

  it('has the group first that needs a look first, and no group last', () => {
    expect(titles(byNeed(sectionsOf(all, all))).map(([group]) => group)).toEqual(['Shop', 'Nightly', null]);
  });

  it('shows a watch as long as one of its groups is open', () => {
    const sections = sectionsOf(all, all);
    expect(seenIn(all, sections, new Set(['shop']))).toEqual([web, job, loner]);
    expect(seenIn(all, sections, new Set(['shop', 'nightly']))).toEqual([loner]);
  });

  it('loses no watch, and has the order of the table in each group', () => {
    const groups = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(fc.array(groups, { maxLength: 8 }), (memberships) => {
        const watches = memberships.map((names, at) => member(`w${at}`, names));
        const sections = sectionsOf(watches, watches);
        expect(seenIn(watches, sections, new Set())).toEqual(watches);
        expect(new Set(sections.map(({ key }) => key)).size).toBe(sections.length);
        for (const { shown } of sections) expect(shown).toEqual(watches.filter((status) => shown.includes(status)));
        const places = sections.reduce((sum, { shown }) => sum + shown.length, 0);
        expect(places).toBe(memberships.reduce((sum, names) => sum + Math.max(1, names.length), 0));
      }),
    );
  });
});
