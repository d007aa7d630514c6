import type { WatchStatus } from '../../shared/model/snapshot';
import { plural } from '../lib/format';
import type { WatchAction } from '../store/ui';
import { shownIdentities, type ActionPorts } from './action-ports';
import type { HealdeckClient } from './client';
import { describeFailure } from './errors';

/** What an operator can do to several watches with one press. None rejects; what came of it is announced, once for all. */
export interface BulkActions {
  /** Starts, stops or restarts watches as they were shown: those that others run of by now are refused, and named. */
  actAll(action: 'start' | 'stop' | 'restart', shown: readonly WatchStatus[]): Promise<void>;
  observeAll(shown: readonly WatchStatus[], on: boolean): Promise<void>;
  /** Ends watches and leaves their processes running; the announcement can take it back. Resolves to whether all were removed. */
  removeAll(shown: readonly WatchStatus[]): Promise<boolean>;
}

const DONE: Readonly<Record<'start' | 'stop' | 'restart', string>> = {
  start: 'Started',
  stop: 'Stopped',
  restart: 'Restarted',
};

/** What became of each of them. */
interface Outcome<T> {
  done: readonly { status: WatchStatus; value: T }[];
  failed: readonly { status: WatchStatus; message: string }[];
}

/** Binds what is chosen in a table to the engine. */
export function createBulkActions({ session, ui, announce }: ActionPorts): BulkActions {
  const each = async <T>(
    shown: readonly WatchStatus[],
    action: WatchAction,
    request: (client: HealdeckClient, status: WatchStatus) => Promise<T>,
  ): Promise<Outcome<T>> => {
    const free = shown.filter(({ watch }) => !ui.getState().busy.has(watch.id));
    for (const { watch } of free) ui.setBusy(watch.id, action);
    const done: { status: WatchStatus; value: T }[] = [];
    const failed: { status: WatchStatus; message: string }[] = [];
    const one = async (status: WatchStatus) => {
      try {
        done.push({ status, value: await session.ask((client) => request(client, status)) });
      } catch (error) {
        failed.push({ status, message: describeFailure(error).message });
      } finally {
        ui.setBusy(status.watch.id, null);
      }
    };
    await Promise.all(free.map(one));
    return { done, failed };
  };

  const tell = <T>(words: string, { done, failed }: Outcome<T>, message: string, undo?: () => void) => {
    const total = done.length + failed.length;
    if (total === 0) return;
    const reasons = failed.map(({ status, message: reason }) => `${status.watch.name}: ${reason}`);
    const [only] = done;
    const title =
      failed.length > 0
        ? `${words} ${done.length} of ${plural(total, 'watch', 'watches')}`
        : only !== undefined && total === 1
          ? `${words} ${only.status.watch.name}`
          : `${words} ${plural(total, 'watch', 'watches')}`;
    announce({
      tone: failed.length > 0 ? 'bad' : 'ok',
      title,
      message: failed.length > 0 ? reasons.join('; ') : message,
      ...(undo !== undefined && done.length > 0 && { undo }),
    });
  };

  const restoreAll = async (removed: readonly WatchStatus[]) => {
    const outcome = await each(removed, 'start', (client, { watch }) => client.watches.restore({ watch: watch.id }));
    tell('Brought back', outcome, outcome.done.map(({ value }) => value.reason).join('; '));
  };

  return {
    actAll: async (action, shown) => {
      const outcome = await each(shown, action, (client, status) =>
        client.watches[action]({ watch: status.watch.id, expect: shownIdentities(status) }),
      );
      tell(DONE[action], outcome, namesOf(outcome));
    },

    observeAll: async (shown, on) => {
      const outcome = await each(shown, 'observe', (client, { watch }) =>
        client.watches.observe({ watch: watch.id, on }),
      );
      tell(on ? 'Observing' : 'Healing again:', outcome, namesOf(outcome));
    },

    removeAll: async (shown) => {
      const outcome = await each(shown, 'stop', (client, status) =>
        client.watches.remove({ watch: status.watch.id, expect: shownIdentities(status) }),
      );
      const left = outcome.done.flatMap(({ value }) => value.leftRunning);
      const rest = left.length === 0 ? 'No process of it was running.' : `Still running: pid ${left.join(', ')}.`;
      tell('Removed', outcome, rest, () => void restoreAll(outcome.done.map(({ status }) => status)));
      return outcome.failed.length === 0;
    },
  };
}

function namesOf<T>({ done }: Outcome<T>): string {
  return `${done.map(({ status }) => status.watch.name).join(', ')}.`;
}
