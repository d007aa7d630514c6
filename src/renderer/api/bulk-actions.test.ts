import { describe, expect, it } from 'vitest';
import { actionWorld } from '../testing/action-world';
import { watchStatus } from '../testing/samples';

const [web, api] = [watchStatus({ id: 'web', processes: 2 }), watchStatus({ id: 'api' })];
const refuseApi = (_path: string, input: unknown) => {
  if ((input as { watch: string }).watch === 'api') throw new Error('other processes run by now');
  return { ...web, leftRunning: [100, 101] };
};

describe('an action on several watches', () => {
  it('is sent for each with what was shown, and reported once', async () => {
    const { actions, calls, announced, ui } = actionWorld(() => web);
    await actions.actAll('stop', [web, api], true);
    expect(calls.map(({ input }) => input)).toMatchObject([
      { watch: 'web', expect: [{ pid: 100 }, { pid: 101 }] },
      { watch: 'api', expect: [{}] },
    ]);
    expect(announced).toMatchObject([
      { tone: 'ok', title: 'Stopped 2 watches', message: 'web, api.', undoLabel: 'Start again' },
    ]);
    expect(ui.getState().busy.size).toBe(0);
  });

  it('is shown before it happens', async () => {
    const { actions, calls, announced, ui } = actionWorld(() => web);
    ui.setBusy('db', 'restart');
    await actions.actAll('stop', [web, api, watchStatus({ id: 'db' })]);
    expect(ui.getState().endingWatches).toEqual({ action: 'stop', watches: [web, api] });
    expect(calls).toEqual([]);
    expect([...ui.getState().busy]).toEqual([['db', 'restart']]);
    expect(announced.splice(0)).toEqual([
      { tone: 'bad', title: 'Not stopped: db', message: 'another action on it is not done yet.' },
    ]);

    await actions.actAll('stop', [web, api], true);
    expect(calls.map(({ input }) => input)).toMatchObject([{ watch: 'web' }, { watch: 'api' }]);
    expect(announced).toMatchObject([{ title: 'Stopped 2 watches' }]);
  });

  it('names those that are busy among those that it reached', async () => {
    const { actions, calls, announced, ui } = actionWorld(() => web);
    ui.setBusy('api', 'edit');
    await actions.actAll('start', [web, api]);
    expect(calls.map(({ input }) => input)).toMatchObject([{ watch: 'web' }]);
    expect(announced).toEqual([
      { tone: 'bad', title: 'Started 1 of 2 watches', message: 'api: another action on it is not done yet' },
    ]);
    expect([...ui.getState().busy]).toEqual([['api', 'edit']]);
  });

  it('snoozes the alerts of each, busy or not', async () => {
    const { actions, calls, announced, ui } = actionWorld(refuseApi);
    ui.setBusy('web', 'stop');
    await actions.snoozeAll([web, api], 900_000);
    expect(calls).toEqual(
      ['web', 'api'].map((watch) => ({ path: 'snooze', input: { watch, incident: null, forMs: 900_000 } })),
    );
    expect(announced).toEqual([
      { tone: 'bad', title: 'Snoozed alerts of 1 of 2 watches', message: 'api: other processes run by now' },
    ]);
    expect([...ui.getState().busy]).toEqual([['web', 'stop']]);
  });

  it('names those that it failed for, and keeps off those that are busy', async () => {
    const { actions, calls, announced, ui } = actionWorld(refuseApi);
    await actions.observeAll([web, api], true);
    expect(announced).toEqual([
      { tone: 'bad', title: 'Observing 1 of 2 watches', message: 'api: other processes run by now' },
    ]);
    ui.setBusy('web', 'stop');
    await actions.actAll('restart', [web]);
    expect(calls.filter(({ path }) => path === 'restart')).toEqual([]);
    expect(announced).toHaveLength(1);
  });
});

describe('a removal', () => {
  it('says what goes on running, and is taken back by its id', async () => {
    const { actions, calls, announced } = actionWorld(() => ({ ...web, leftRunning: [100, 101] }));
    expect(await actions.removeAll([web])).toBe(true);
    expect(announced[0]).toMatchObject({ title: 'Removed web', message: 'Still running: pid 100, 101.' });
    announced[0]?.undo?.();
    await expect.poll(() => announced[1]?.title).toBe('Restored web');
    expect(calls.at(-1)).toEqual({ path: 'restore', input: { watch: 'web' } });
  });

  it('that fails for one takes back only what was done', async () => {
    const { actions, calls, announced } = actionWorld(refuseApi);
    expect(await actions.removeAll([web, api])).toBe(false);
    announced[0]?.undo?.();
    await expect.poll(() => announced).toHaveLength(2);
    expect(calls.filter(({ path }) => path === 'restore')).toHaveLength(1);
  });
});
