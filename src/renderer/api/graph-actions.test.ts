import { describe, expect, it } from 'vitest';
import type { WatchSpec } from '../../shared/model/watch';
import { actionWorld } from '../testing/action-world';
import { dependentWatches } from '../testing/dependent-watches';

const [web, api] = dependentWatches({ web: 'api:started', api: '', db: '' }) as [
  ReturnType<typeof dependentWatches>[number],
  ReturnType<typeof dependentWatches>[number],
];
const db = { watch: 'db', until: 'ready', restart: false } as const;

describe('accepted dependencies', () => {
  it('are saved with all else of their watches as it was, and can be undone', async () => {
    const { actions, calls, announced } = actionWorld((path, input) =>
      path === 'edit' ? { watch: { ...web.watch, name: (input as { spec: WatchSpec }).spec.name, revision: 2 } } : web,
    );
    await actions.acceptDependencies([
      { shown: web, after: [...web.watch.after, db] },
      { shown: api, after: [db] },
    ]);
    const { id, revision, ...spec } = web.watch;
    expect(calls[0]).toEqual({
      path: 'edit',
      input: {
        watch: id,
        revision,
        spec: { ...spec, after: [{ watch: 'api', until: 'started', restart: false }, db] },
      },
    });
    expect(announced).toMatchObject([
      { tone: 'ok', title: 'Dependencies of 2 watches accepted', message: 'Saved: web, api.' },
    ]);
    announced[0]?.undo?.();
    await expect.poll(() => announced.at(-1)?.title).toBe('Dependencies undone');
    expect(calls.slice(2).map(({ path }) => path)).toEqual(['undo', 'undo']);
  });

  it('end at the first that is refused, which is announced', async () => {
    const { actions, calls, announced, ui } = actionWorld(() => {
      throw new Error('It was edited meanwhile.');
    });
    await actions.acceptDependencies([
      { shown: web, after: [db] },
      { shown: api, after: [db] },
    ]);
    expect(calls).toHaveLength(1);
    expect(announced).toEqual([{ tone: 'bad', title: 'Not accepted', message: 'web: It was edited meanwhile.' }]);
    expect(ui.getState().busy.size).toBe(0);
  });
});

describe('an observation', () => {
  it('is made once at a time, and added to what was seen', async () => {
    const edge = { from: 'web', to: 'db', evidence: [] };
    const { actions, calls, ui } = actionWorld(() => ({
      ...{ looks: 5, overMs: 5000, watches: [], outside: [], unseen: [] },
      edges: [edge],
    }));
    await Promise.all([actions.observeSockets(), actions.observeSockets()]);
    expect(calls).toHaveLength(1);
    await actions.observeSockets();
    expect(ui.getState().observation).toMatchObject({
      ...{ isRunning: false, problem: null },
      soFar: { observations: 2, edges: [{ ...edge, times: 2 }] },
    });
  });

  it('keeps what was seen where it fails', async () => {
    const { actions, ui } = actionWorld(() => {
      throw new Error('no answer');
    });
    await actions.observeSockets();
    expect(ui.getState().observation).toMatchObject({ isRunning: false, soFar: null, problem: 'no answer' });
  });
});
