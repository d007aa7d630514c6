import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { watchStatus } from '../testing/samples';
import { actionWorld as world } from '../testing/action-world';
import { dependentWatches } from '../testing/dependent-watches';

const web = watchStatus({ id: 'web', processes: 2 });

describe('an action on a watch', () => {
  it('names the processes that were shown', async () => {
    const { actions, calls, announced } = world(() => web);
    await actions.act('stop', web);
    const expected = [100, 101].map((pid) => ({ pid, startTime: 1 }));
    expect(calls).toEqual([{ path: 'stop', input: { watch: 'web', expect: expected } }]);
    expect(announced).toMatchObject([{ tone: 'ok', title: 'Stopped web', message: 'Running.' }]);
  });

  it('says how it is afterwards, and a stopped program can be started again', async () => {
    const stopped = watchStatus({ id: 'web', phase: 'stopped', reason: 'By the operator.' });
    const { actions, calls, announced } = world((path) => (path === 'stop' ? stopped : web));
    await actions.act('stop', web);
    expect(announced).toMatchObject([
      { tone: 'idle', title: 'Stopped web', message: 'Stopped. By the operator.', undoLabel: 'Start again' },
    ]);
    announced[0]?.undo?.();
    await expect.poll(() => announced[1]).toMatchObject({ tone: 'ok', title: 'Started web' });
    expect(calls.at(-1)).toMatchObject({ path: 'start', input: { watch: 'web' } });
  });

  it('says why it was refused, and can be tried again', async () => {
    const { actions, ui, announced } = world(() => {
      throw new ORPCError('CONFLICT', { message: 'other processes run by now' });
    });
    await actions.act('restart', web);
    expect(announced[0]).toEqual({ tone: 'bad', title: 'Not restarted: web', message: 'other processes run by now' });
    expect(ui.getState().busy.size).toBe(0);
  });

  it('is not sent twice while it is under way', async () => {
    let finish = (_: unknown) => {};
    const { actions, ui, calls } = world(() => new Promise((resolve) => (finish = resolve)));
    const first = actions.act('stop', web);
    expect(ui.getState().busy.get('web')).toBe('stop');
    await actions.act('stop', web);
    await expect.poll(() => calls).toHaveLength(1);
    finish(web);
    await first;
  });
});

describe('an end of what others start after', () => {
  const family = () => [100, 101, 102];
  const [shop = web] = dependentWatches({ shop: 'web' });

  it('is shown before it happens, and done as it was shown once it is confirmed', async () => {
    for (const action of ['stop', 'restart'] as const) {
      const { actions, ui, calls, announced } = world(() => web, family, [web, shop]);
      await actions.act(action, web);
      expect(ui.getState().endingWatches).toEqual({ action, watches: [web] });
      expect(calls).toEqual([]);
      expect(announced).toEqual([]);
      expect(ui.getState().busy.size).toBe(0);

      await actions.act(action, web, true);
      expect(calls).toMatchObject([{ path: action, input: { watch: 'web', expect: [{ pid: 100 }, { pid: 101 }] } }]);
      expect(announced).toHaveLength(1);
    }
  });

  it('is not asked about where none of them runs, or nothing starts after it', async () => {
    const idle = { ...shop, processes: [] };
    for (const others of [[], [idle]]) {
      const { actions, ui, calls } = world(() => web, family, [web, ...others]);
      await actions.act('stop', web);
      expect(ui.getState().endingWatches).toBeNull();
      expect(calls).toHaveLength(1);
    }
  });

  it('is not asked about where nothing ends', async () => {
    const { actions, ui, calls } = world(() => web, family);
    await actions.act('start', web);
    expect(ui.getState().endingWatches).toBeNull();
    expect(calls).toHaveLength(1);
  });

  it('does not happen when nobody could list it', async () => {
    const { actions, calls, announced } = world(
      () => web,
      () => {
        throw new ORPCError('NOT_FOUND', { message: 'There is no watch "web".' });
      },
    );
    await actions.act('stop', web);
    await actions.actAll('restart', [web]);
    expect(calls).toEqual([]);
    expect(announced.map(({ title }) => title)).toEqual(['Not stopped: web', 'Not restarted: 1 watch']);
  });
});

describe('an edit', () => {
  it('is taken back in the revision that was shown', async () => {
    const { actions, calls, announced } = world(() => web);
    await actions.undoEdit(web);
    expect(calls).toEqual([{ path: 'undo', input: { watch: 'web', revision: web.watch.revision } }]);
    expect(announced).toEqual([{ tone: 'ok', title: 'Edit of web undone', message: 'Running.' }]);
  });

  it('of settings is taken back if it was the last one', async () => {
    const { actions, calls, announced } = world(() => {
      throw new ORPCError('CONFLICT', { message: 'restart.limit was changed meanwhile' });
    });
    await actions.undoSettings('Restarts', ['cpu.limitPercent']);
    expect(calls).toEqual([{ path: 'undo', input: { keys: ['cpu.limitPercent'] } }]);
    expect(announced).toEqual([
      { tone: 'bad', title: 'Not undone: Restarts', message: 'restart.limit was changed meanwhile' },
    ]);
  });
});

describe('a cooldown', () => {
  it('is reset, for one watch or for all, and extended', async () => {
    const { actions, calls, announced } = world(() => ({ reset: ['web'] }));
    await actions.resetCooldown(web);
    await actions.resumeHealing();
    await actions.extendCooldown(web, 600_000);
    expect(calls).toEqual([
      { path: 'resetCooldown', input: { watch: 'web' } },
      { path: 'resetCooldown', input: { watch: null } },
      { path: 'extendCooldown', input: { watch: 'web', byMs: 600_000 } },
    ]);
    expect(announced.map(({ title, message }) => `${title}. ${message}`)).toEqual([
      'Cooldown of web reset. Its restart budget is full again.',
      'Healing resumed. Cooldown reset: web.',
      'Cooldown of web extended. It lasts 10 min longer.',
    ]);
  });

  it('that is over already is no failure of its reset', async () => {
    const { actions, announced } = world(() => ({ reset: [] }));
    await actions.resetCooldown(web);
    expect(announced).toEqual([
      { tone: 'ok', title: 'Cooldown of web reset', message: 'It was no longer in cooldown.' },
    ]);
  });
});

describe('other decisions of the operator', () => {
  it('resume what stands still by a start', async () => {
    const { actions, announced } = world(() => web);
    await actions.act('start', { ...web, phase: 'suspended' });
    expect(announced[0]?.title).toBe('Resumed web');
  });

  it('observe a watch, and say why not', async () => {
    const { actions, calls, announced } = world(() => {
      throw new ORPCError('NOT_FOUND', { message: 'There is no watch "web".' });
    });
    await actions.observe(web, true);
    expect(calls).toEqual([{ path: 'observe', input: { watch: 'web', on: true } }]);
    expect(announced).toEqual([{ tone: 'bad', title: 'Not observing web', message: 'There is no watch "web".' }]);
  });
});
