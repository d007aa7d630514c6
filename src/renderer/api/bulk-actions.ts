import { inActionOrder } from '../../shared/lib/action-order';
import { definitionOf } from '../../shared/lib/instances';
import type { WatchStatus } from '../../shared/model/snapshot';
import { plural } from '../format/format';
import type { WatchAction } from '../store/ui';
import { shownIdentities, type ActionPorts } from './action-ports';
import type { HealdeckClient } from './client';
import { describeFailure } from './errors';
import type { Announcement } from '../platform/announce';
import { isAskedFirst } from './watch-ends';

/** What an operator can do to several watches with one press. None rejects; what came of it is announced, once for all. */
export interface BulkActions {
  /**
   * Starts, stops or restarts watches as they were shown: those that others run of by now are refused, and named. An end of several,
   * or of what others start after, opens the question instead, unless it is `confirmed`.
   */
  actAll(action: 'start' | 'stop' | 'restart', shown: readonly WatchStatus[], confirmed?: boolean): Promise<void>;
  observeAll(shown: readonly WatchStatus[], on: boolean): Promise<void>;
  /** Snoozes the alerts of each, for a time in ms or until it is resolved (null). */
  snoozeAll(shown: readonly WatchStatus[], forMs: number | null): Promise<void>;
  /** Ends watches and leaves their processes running; the announcement can take it back. Resolves to whether all were removed. */
  removeAll(shown: readonly WatchStatus[]): Promise<boolean>;
}

/** What an action is called once it is done, and when it is not. */
export const ACTION_WORDS: Readonly<Record<'start' | 'stop' | 'restart', { done: string; failed: string }>> = {
  start: { done: 'Started', failed: 'Not started' },
  stop: { done: 'Stopped', failed: 'Not stopped' },
  restart: { done: 'Restarted', failed: 'Not restarted' },
};

/** What became of each of them. */
interface Outcome<T> {
  done: readonly { status: WatchStatus; value: T }[];
  failed: readonly { status: WatchStatus; message: string }[];
}

/** Why an action does not reach a watch whose last one is under way. */
const BUSY = 'another action on it is not done yet';

/** Binds what is chosen in a table to the engine. */
export function createBulkActions({ session, ui, announce, watches: all }: ActionPorts): BulkActions {
  const isFree = ({ watch }: WatchStatus) => !ui.getState().busy.has(watch.id);

  const ask = async <T>(
    waves: readonly (readonly WatchStatus[])[],
    request: (client: HealdeckClient, status: WatchStatus) => Promise<T>,
    settled: (status: WatchStatus) => void = () => undefined,
  ): Promise<Outcome<T>> => {
    const done: { status: WatchStatus; value: T }[] = [];
    const failed: { status: WatchStatus; message: string }[] = [];
    const one = async (status: WatchStatus) => {
      try {
        done.push({ status, value: await session.ask((client) => request(client, status)) });
      } catch (error) {
        failed.push({ status, message: describeFailure(error).message });
      } finally {
        settled(status);
      }
    };
    for (const wave of waves) await Promise.all(wave.map(one));
    return { done, failed };
  };

  /** One action at a time reaches a watch. Where others are free, those that are busy have failed; else it is a second press. */
  const each = async <T>(
    shown: readonly WatchStatus[],
    action: WatchAction,
    request: (client: HealdeckClient, status: WatchStatus) => Promise<T>,
    order: (free: readonly WatchStatus[]) => readonly (readonly WatchStatus[])[] = (free) => [free],
  ): Promise<Outcome<T>> => {
    const free = shown.filter(isFree);
    const busy = free.length === 0 ? [] : shown.filter((status) => !isFree(status));
    for (const { watch } of free) ui.setBusy(watch.id, action);
    const { done, failed } = await ask(order(free), request, ({ watch }) => ui.setBusy(watch.id, null));
    return { done, failed: [...failed, ...busy.map((status) => ({ status, message: BUSY }))] };
  };

  const report = <T>(
    words: string,
    { done, failed }: Outcome<T>,
    message: string,
    back: Pick<Announcement, 'undo' | 'undoLabel'> = {},
  ) => {
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
      ...(done.length > 0 && back),
    });
  };

  /** Whether an end needs no confirmation. Nothing is ended that could not be listed. */
  const mayEnd = async (action: 'stop' | 'restart', watches: readonly WatchStatus[]): Promise<boolean> => {
    for (const { watch } of watches) ui.setBusy(watch.id, action);
    try {
      return !(await session.ask((client) => isAskedFirst(client, { ui, watches: all }, { action, watches })));
    } catch (error) {
      const title = `${ACTION_WORDS[action].failed}: ${plural(watches.length, 'watch', 'watches')}`;
      announce({ tone: 'bad', title, message: describeFailure(error).message });
      return false;
    } finally {
      for (const { watch } of watches) ui.setBusy(watch.id, null);
    }
  };

  const restoreAll = async (removed: readonly WatchStatus[]) => {
    const outcome = await each(removed, 'start', (client, status) =>
      client.watches.restore({ watch: definitionOf(status).id }),
    );
    report('Restored', outcome, outcome.done.map(({ value }) => value.reason).join('; '));
  };

  const self: BulkActions = {
    actAll: async (action, shown, confirmed = false) => {
      const free = shown.filter(isFree);
      if (action !== 'start' && !confirmed && free.length > 0) {
        const busy = shown.filter((status) => !isFree(status)).map(({ watch }) => watch.name);
        if (!(await mayEnd(action, free))) {
          if (busy.length > 0) {
            announce({ tone: 'bad', title: `${ACTION_WORDS[action].failed}: ${busy.join(', ')}`, message: `${BUSY}.` });
          }
          return;
        }
      }
      const outcome = await each(
        shown,
        action,
        (client, status) => client.watches[action]({ watch: status.watch.id, expect: shownIdentities(status) }),
        (free) => inActionOrder(action, free),
      );
      const startAgain = () =>
        void self.actAll(
          'start',
          outcome.done.map(({ value }) => value),
        );
      report(
        ACTION_WORDS[action].done,
        outcome,
        namesOf(outcome),
        action === 'stop' ? { undo: startAgain, undoLabel: 'Start again' } : {},
      );
    },

    observeAll: async (shown, on) => {
      const outcome = await each(oncePerDefinition(shown), 'observe', (client, status) =>
        client.watches.observe({ watch: definitionOf(status).id, on }),
      );
      report(on ? 'Observing' : 'Healing again:', outcome, namesOf(outcome));
    },

    snoozeAll: async (shown, forMs) => {
      const outcome = await ask([shown], (client, { watch }) =>
        client.alerts.snooze({ watch: watch.id, incident: null, forMs }),
      );
      report('Snoozed alerts of', outcome, namesOf(outcome));
    },

    removeAll: async (shown) => {
      const outcome = await each(oncePerDefinition(shown), 'stop', (client, status) => {
        const { id } = definitionOf(status);
        const together = shown.filter((other) => definitionOf(other).id === id);
        return client.watches.remove({ watch: id, expect: together.flatMap(shownIdentities) });
      });
      const left = outcome.done.flatMap(({ value }) => value.leftRunning);
      const rest = left.length === 0 ? 'No process of it was running.' : `Still running: pid ${left.join(', ')}.`;
      report('Removed', outcome, rest, { undo: () => void restoreAll(outcome.done.map(({ status }) => status)) });
      return outcome.failed.length === 0;
    },
  };
  return self;
}

/** One instance of each watch that has some: what is done to its definition is done once. */
function oncePerDefinition(shown: readonly WatchStatus[]): readonly WatchStatus[] {
  const first = new Map<string, WatchStatus>();
  for (const status of shown) if (!first.has(definitionOf(status).id)) first.set(definitionOf(status).id, status);
  return [...first.values()];
}

function namesOf<T>({ done }: Outcome<T>): string {
  return `${done.map(({ status }) => status.watch.name).join(', ')}.`;
}
