import type { ProcessIdentity } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { WatchAction, UiStore } from '../store/ui';
import { describeFailure } from './errors';
import type { Session } from './session';

/** What an operator can do to a watch with one press. */
export interface Actions {
  /**
   * Starts, stops or restarts a watch as it was shown: the engine refuses when other processes run by now. Never rejects;
   * what came of it is announced.
   */
  act(action: WatchAction, shown: WatchStatus): Promise<void>;
  /** Ends a watch and leaves its processes running. Resolves to whether it was done. */
  remove(shown: WatchStatus): Promise<boolean>;
}

interface ActionPorts {
  session: Pick<Session, 'ask'>;
  ui: UiStore;
  announce(announcement: { tone: 'ok' | 'bad'; title: string; message: string }): void;
}

const WORDS: Readonly<Record<WatchAction, { done: string; failed: string }>> = {
  start: { done: 'Started', failed: 'Not started' },
  stop: { done: 'Stopped', failed: 'Not stopped' },
  restart: { done: 'Restarted', failed: 'Not restarted' },
};

/** The identities of the processes that a watch was shown with. */
export function shownIdentities(shown: WatchStatus): ProcessIdentity[] {
  return shown.processes.map(({ pid, startTime }) => ({ pid, startTime }));
}

/** Binds the buttons of the window to the engine. */
export function createActions({ session, ui, announce }: ActionPorts): Actions {
  const setBusy = (id: string, action: WatchAction | null) => {
    const busy = new Map(ui.getState().busy);
    if (action === null) busy.delete(id);
    else busy.set(id, action);
    ui.show({ busy });
  };

  return {
    act: async (action, shown) => {
      const { id, name } = shown.watch;
      if (ui.getState().busy.has(id)) return;
      setBusy(id, action);
      try {
        const input = { watch: id, expect: shownIdentities(shown) };
        const status = await session.ask((client) => client.watches[action](input));
        announce({ tone: 'ok', title: `${WORDS[action].done} ${name}`, message: status.reason });
      } catch (error) {
        announce({ tone: 'bad', title: `${WORDS[action].failed}: ${name}`, message: describeFailure(error).message });
      } finally {
        setBusy(id, null);
      }
    },

    remove: async (shown) => {
      const { id, name } = shown.watch;
      try {
        const input = { watch: id, expect: shownIdentities(shown) };
        const { leftRunning } = await session.ask((client) => client.watches.remove(input));
        const rest =
          leftRunning.length === 0 ? 'No process of it was running.' : `Still running: pid ${leftRunning.join(', ')}.`;
        announce({ tone: 'ok', title: `Removed ${name}`, message: rest });
        return true;
      } catch (error) {
        announce({ tone: 'bad', title: `Not removed: ${name}`, message: describeFailure(error).message });
        return false;
      }
    },
  };
}
