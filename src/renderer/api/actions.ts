import { definitionOf } from '../../shared/lib/instances';
import type { EndPreview, EndResult, ProcessIdentity } from '../../shared/model/process';
import type { SettingKey } from '../../shared/model/settings';
import type { WatchStatus } from '../../shared/model/snapshot';
import { ALL_WATCHES, type WatchAction } from '../store/ui';
import type { HealdeckClient } from './client';
import { formatDuration, plural } from '../format/format';

import { shownIdentities, type ActionPorts } from './action-ports';
import { ACTION_WORDS, createBulkActions, type BulkActions } from './bulk-actions';
import { describeFailure, type Failure } from './errors';
import { createGraphActions, type GraphActions } from './graph-actions';
import { createInstanceActions, type InstanceActions } from './instance-actions';
import { isAskedFirst } from './watch-ends';
import { presentAfter } from '../words/present-watch';
import type { Announcement } from '../platform/announce';

/** What an operator can do to a watch with one press. */
export interface Actions extends BulkActions, GraphActions, InstanceActions {
  /**
   * Starts, stops or restarts a watch as it was shown: the engine refuses when other processes run by now. An end of
   * what others start after opens the question instead, unless it is `confirmed`. Never rejects; what came of it is announced.
   */
  act(action: 'start' | 'stop' | 'restart', shown: WatchStatus, confirmed?: boolean): Promise<void>;
  /** Ends the cooldown of a watch and empties its budget. Never rejects. */
  resetCooldown(shown: WatchStatus): Promise<void>;
  /** Makes the cooldown of a watch longer. Never rejects. */
  extendCooldown(shown: WatchStatus, byMs: number): Promise<void>;
  /** Takes an edit back, which led to what is shown. Never rejects. */
  undoEdit(shown: WatchStatus): Promise<void>;
  /** Takes a change of these settings back. Never rejects. */
  undoSettings(title: string, keys: readonly SettingKey[]): Promise<void>;
  /** Ends a pause of healing, and all cooldowns with it. Never rejects. */
  resumeHealing(): Promise<void>;
  /** Whether a watch is only observed: nothing is touched. Never rejects. */
  observe(shown: WatchStatus, on: boolean): Promise<void>;
  /**
   * Ends exactly the processes of a preview. Resolves to what stood against it, for the dialog to show, or to null once it was
   * done and announced. Never rejects.
   */
  end(chosen: ProcessIdentity & { name: string }, shown: EndPreview, force: boolean): Promise<Failure | null>;
}

/** A start of what stands still. */
const RESUMED = { done: 'Resumed', failed: 'Not resumed' };

/** Binds the buttons of the window to the engine. */
export function createActions(ports: ActionPorts): Actions {
  const { session, ui, announce } = ports;
  /** Does one thing at a time to a watch, and announces what came of it; null: nothing yet. */
  const perform = async (
    id: string,
    action: WatchAction,
    titles: { done: string; failed: string },
    request: (client: HealdeckClient) => Promise<string | Omit<Announcement, 'title'> | null>,
  ) => {
    if (ui.getState().busy.has(id)) return;
    ui.setBusy(id, action);
    try {
      const said = await session.ask(request);
      if (said !== null)
        announce({ title: titles.done, ...(typeof said === 'string' ? { tone: 'ok' as const, message: said } : said) });
    } catch (error) {
      announce({ tone: 'bad', title: titles.failed, message: describeFailure(error).message });
    } finally {
      ui.setBusy(id, null);
    }
  };

  const self: Actions = {
    ...createBulkActions(ports),
    ...createGraphActions(ports),
    ...createInstanceActions(ports),

    act: (action, shown, confirmed = false) => {
      const { id, name } = shown.watch;
      const words = action === 'start' && shown.phase === 'suspended' ? RESUMED : ACTION_WORDS[action];
      const titles = { done: `${words.done} ${name}`, failed: `${words.failed}: ${name}` };
      return perform(id, action, titles, async (client) => {
        const ends = action !== 'start' && !confirmed;
        if (ends && (await isAskedFirst(client, ports, { action, watches: [shown] }))) return null;
        const status = await client.watches[action]({ watch: id, expect: shownIdentities(shown) });
        return action === 'stop'
          ? { ...presentAfter(status), undo: () => void self.act('start', status), undoLabel: 'Start again' }
          : presentAfter(status);
      });
    },

    resetCooldown: (shown) => {
      const { id, name } = shown.watch;
      const titles = { done: `Cooldown of ${name} reset`, failed: `Cooldown of ${name} not reset` };
      return perform(id, 'reset', titles, async (client) => {
        const { reset } = await client.watches.resetCooldown({ watch: id });
        return reset.length === 0 ? 'It was no longer in cooldown.' : 'Its restart budget is full again.';
      });
    },

    extendCooldown: (shown, byMs) => {
      const { id, name } = shown.watch;
      const titles = { done: `Cooldown of ${name} extended`, failed: `Cooldown of ${name} not extended` };
      return perform(id, 'extend', titles, async (client) => {
        await client.watches.extendCooldown({ watch: id, byMs });
        return `It lasts ${formatDuration(byMs)} longer.`;
      });
    },

    resumeHealing: () => {
      const titles = { done: 'Healing resumed', failed: 'Healing not resumed' };
      return perform(ALL_WATCHES, 'reset', titles, async (client) => {
        const { reset } = await client.watches.resetCooldown({ watch: null });
        return reset.length === 0 ? 'No watch was in cooldown.' : `Cooldown reset: ${reset.join(', ')}.`;
      });
    },

    undoEdit: (shown) => {
      const { id, name, revision } = definitionOf(shown);
      const titles = { done: `Edit of ${name} undone`, failed: `Edit of ${name} not undone` };
      return perform(id, 'edit', titles, async (client) => {
        return presentAfter(await client.watches.undo({ watch: id, revision }));
      });
    },

    undoSettings: (title, keys) => {
      const titles = { done: `Undone: ${title}`, failed: `Not undone: ${title}` };
      return perform(ALL_WATCHES, 'edit', titles, async (client) => {
        await client.settings.undo({ keys: [...keys] });
        return 'The settings are as they were before.';
      });
    },

    observe: (shown, on) => {
      const { id, name } = definitionOf(shown);
      const titles = {
        done: on ? `Observing ${name}` : `Healing ${name} again`,
        failed: on ? `Not observing ${name}` : `${name} is still observed`,
      };
      return perform(id, 'observe', titles, async (client) => {
        await client.watches.observe({ watch: id, on });
        return on
          ? 'Problems are detected and reported, but no action is taken.'
          : 'Action is taken again when a problem is detected.';
      });
    },

    end: async ({ pid, startTime, name }, { scope, ends }, force) => {
      const expect = ends.map((one) => ({ pid: one.pid, startTime: one.startTime }));
      try {
        const result = await session.ask((client) => client.processes.end({ pid, startTime, scope, force, expect }));
        announce({ ...endWords(result), title: `${force ? 'Killed' : 'Stopped'} ${name} (pid ${pid})` });
        return null;
      } catch (error) {
        return describeFailure(error);
      }
    },
  };
  return self;
}

function endWords({ pids, forced, survivors }: EndResult): { tone: 'ok' | 'bad'; message: string } {
  if (survivors.length > 0) {
    const left = `Pid ${survivors.join(', ')} could not be ended: it belongs to another user, or is blocked in the kernel.`;
    return { tone: 'bad', message: left };
  }
  const how = forced.length === 0 ? 'by TERM' : forced.length === pids.length ? 'by KILL' : `${forced.length} by KILL`;
  return { tone: 'ok', message: `${plural(pids.length, 'process', 'processes')} ended, ${how}.` };
}
