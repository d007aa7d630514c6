import type { WatchEndPreview } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import { createActions } from '../api/actions';
import type { HealdeckClient } from '../api/client';
import type { Session } from '../api/session';
import { createUiStore } from '../store/ui';
import type { Announcement } from '../platform/announce';

/**
 * Actions over an engine that answers as the test says, and what was asked of it and announced. An end would be that of the pids
 * that `pidsOf` names for its watch.
 */
export function actionWorld(
  answer: (path: string, input: unknown) => unknown,
  pidsOf: (watch: string) => readonly number[] = () => [100],
  watches: readonly WatchStatus[] = [],
) {
  const calls: { path: string; input: unknown }[] = [];
  const call = (path: string) => async (input: unknown) => {
    calls.push({ path, input });
    return answer(path, input);
  };
  const endPreview = async ({ watch }: { watch: string }): Promise<WatchEndPreview> => ({
    ends: pidsOf(watch).map((pid) => ({
      ...{ pid, startTime: 1, ppid: 1, name: 'node', argv: ['node'], user: 'ada', watch: null },
    })),
    refused: [],
  });
  const client = {
    watches: {
      endPreview,
      start: call('start'),
      stop: call('stop'),
      restart: call('restart'),
      scale: call('scale'),
      rollingRestart: call('rollingRestart'),
      remove: call('remove'),
      restore: call('restore'),
      resetCooldown: call('resetCooldown'),
      extendCooldown: call('extendCooldown'),
      observe: call('observe'),
      undo: call('undo'),
      edit: call('edit'),
    },
    graph: { observed: call('observed') },
    alerts: { snooze: call('snooze') },
    settings: { undo: call('undo') },
  } as unknown as HealdeckClient;
  const session: Pick<Session, 'ask'> = { ask: (question) => question(client) };
  const announced: Announcement[] = [];
  const ui = createUiStore();
  const actions = createActions({
    ...{ session, ui, watches: () => watches },
    announce: (announcement) => announced.push(announcement),
  });
  return { actions, ui, calls, announced };
}
