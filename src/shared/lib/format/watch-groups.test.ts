import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../main/alerts/testing/stories';
import type { WatchPhase, WatchStatus } from '../../model/snapshot';
import { URGENCY } from './phases';
import { groupsOf, groupStatus, isInGroup, unknownGroupText } from './watch-groups';

function inGroups(name: string, groups: string[], phase: WatchPhase = 'running'): WatchStatus {
  const status = statusOf(name, { phase });
  return { ...status, watch: { ...status.watch, groups } };
}

describe('groups', () => {
  it('are those that watches name, in any case, by name; a watch is in each of its own', () => {
    const watches = [inGroups('web', ['Shop', 'nightly']), inGroups('db', ['shop']), inGroups('loner', [])];
    const groups = groupsOf(watches).map((group) => [group.name, group.watches.map(({ watch }) => watch.name)]);
    expect(groups).toEqual([
      ['nightly', ['web']],
      ['Shop', ['web', 'db']],
    ]);
  });

  it('hold each watch as often as it names one, and none that names none', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'B', 'c 10', 'c 9'), { selector: (name) => name.toLowerCase() });
    fc.assert(
      fc.property(fc.array(names, { maxLength: 6 }), (memberships) => {
        const watches = memberships.map((groups, at) => inGroups(`w${at}`, groups));
        const groups = groupsOf(watches);
        expect(groups.every((group) => group.watches.length > 0)).toBe(true);
        for (const status of watches) {
          const found = groups.filter((group) => group.watches.includes(status)).map(({ name }) => name);
          expect(found.toSorted()).toEqual(status.watch.groups.toSorted());
          expect(found.every((name) => isInGroup(status, name.toUpperCase()))).toBe(true);
          expect(isInGroup(status, 'other')).toBe(false);
        }
      }),
    );
  });

  it('that nobody is in are answered with those that there are', () => {
    const groups = groupsOf([inGroups('web', ['shop', 'nightly'])]);
    expect(unknownGroupText('shp', groups)).toBe('No group is called "shp"; did you mean: shop? groups: nightly, shop');
    expect(unknownGroupText('billing', groups)).toBe('No group is called "billing"; groups: nightly, shop');
    expect(unknownGroupText('shop', [])).toBe('No group is called "shop": no watch is in a group');
  });
});

describe('the state of a group', () => {
  const state = (...phases: WatchPhase[]) => groupStatus(phases.map((phase, at) => inGroups(`w${at}`, [], phase)));

  it.each([
    [['running', 'running'], 'running', '2 of 2 running'],
    [['running', 'cooldown', 'running'], 'cooldown', '2 of 3 running, w1 in cooldown'],
    [['stopped', 'failed', 'backoff'], 'failed', '0 of 3 running, w1 failed, w2 restarting, w0 stopped'],
    [['held', 'held', 'running'], 'held', '1 of 3 running, w0 and w1 held'],
    [['stopped', 'stopped', 'stopped'], 'stopped', '0 of 3 running, 3 stopped'],
    // Whoever stopped a watch knows it.
    [['running', 'stopped'], 'running', '1 of 2 running, w1 stopped'],
    [['starting', 'stopped', 'waiting'], 'starting', '0 of 3 running, w0 starting, w2 waiting, w1 stopped'],
  ] as const)('of %j', (phases, phase, text) => expect(state(...phases)).toMatchObject({ phase, text }));

  it('counts every watch once, and is as urgent as the most urgent of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...URGENCY), { minLength: 1, maxLength: 8 }), (phases) => {
        const { phase, counts } = state(...phases);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(phases.length);
        expect(counts).toMatchObject(
          Object.fromEntries(phases.map((one) => [one, phases.filter((each) => each === one).length])),
        );
        expect(phases).toContain(phase);
        const urgencies = phases.filter((one) => one !== 'stopped').map((one) => URGENCY.indexOf(one));
        expect(phase).toBe(URGENCY[Math.min(...urgencies)] ?? 'stopped');
      }),
    );
  });
});
