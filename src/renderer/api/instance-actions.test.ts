import { describe, expect, it } from 'vitest';
import { instanceSets, type InstanceSet } from '../../shared/lib/format/instance-sets';
import { memberOf } from '../../shared/lib/instances';
import { actionWorld } from '../testing/action-world';
import { watchOf, watchStatus } from '../testing/samples';
import { withSiblings } from './instance-actions';

const kept = { ...watchOf('0', { name: 'web' }), instances: { min: 1, max: 3, count: 2 } };
const members = [1, 2].map((number) => ({
  ...watchStatus({ id: String(number) }),
  watch: memberOf(kept, number),
  instance: { number, of: kept },
}));
const [set] = instanceSets(members) as readonly [InstanceSet];
const status = () => members[0];

describe('the instances of a watch', () => {
  it('are scaled to one more or one fewer than was shown', async () => {
    const { actions, calls, announced } = actionWorld(status);
    await actions.scale(set, 1);
    await actions.scale(set, -1);
    expect(calls.map(({ input }) => input)).toEqual([
      { watch: kept.id, change: { to: 3 } },
      { watch: kept.id, change: { to: 1 } },
    ]);
    expect(announced.map(({ title, message }) => [title, message])).toEqual([
      ['Scaled web to 3', 'web#3 is started.'],
      ['Scaled web to 1', 'web#2 is ended.'],
    ]);
  });

  it('are asked about first where others start after them', async () => {
    const dependant = {
      ...watchStatus({ id: 'api' }),
      watch: watchOf('api', { name: 'api', after: [{ watch: 'web', until: 'ready', restart: false }] }),
    };
    const { actions, calls, ui } = actionWorld(status, () => [100], [...members, dependant]);
    await actions.scale(set, -1);
    expect(calls).toEqual([]);
    expect(ui.getState().endingWatches).toMatchObject({ action: 'stop', watches: [members[1]], scaling: set });
    await actions.scale(set, -1, true);
    expect(calls).toHaveLength(1);
  });

  it('are restarted one after another, and what stopped it is announced', async () => {
    const world = actionWorld(() => ({ restarted: ['web#1'], left: ['web#2'], problem: 'web#2 did not become ready' }));
    await world.actions.roll(set);
    expect(world.announced).toEqual([
      { tone: 'bad', title: 'Rolling restart failed: web', message: 'web#2 did not become ready.' },
    ]);
  });

  it('are observed and removed with their watch, once', async () => {
    const { actions, calls } = actionWorld(() => ({ leftRunning: [] }));
    const all = new Map(members.map((member) => [member.watch.id, member]));
    const chosen = withSiblings(members.slice(1), all);
    expect(chosen).toEqual(members);
    await actions.removeAll(chosen);
    expect(calls).toEqual([
      {
        path: 'remove',
        input: {
          watch: kept.id,
          expect: members.flatMap(({ processes }) => processes.map(({ pid, startTime }) => ({ pid, startTime }))),
        },
      },
    ]);
  });
});
