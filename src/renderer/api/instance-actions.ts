import type { InstanceSet } from '../../shared/lib/format/instance-sets';
import { instanceName } from '../../shared/lib/instances';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { ActionPorts } from './action-ports';
import { describeFailure } from './errors';
import { isAskedFirst } from './watch-ends';

/** What an operator can do to a watch with instances as a whole. None rejects; what came of it is announced. */
export interface InstanceActions {
  /**
   * Runs one instance more (1) or fewer (-1) than was shown. An end of one that others start after opens the question instead, unless it is
   * `confirmed`.
   */
  scale(shown: InstanceSet, by: 1 | -1, confirmed?: boolean): Promise<void>;
  /** Restarts its instances one after the other. It goes on whatever becomes of this window. */
  roll(shown: InstanceSet): Promise<void>;
}

/** Binds the instances of watches to the engine. */
export function createInstanceActions({ session, ui, watches, announce }: ActionPorts): InstanceActions {
  const perform = async (
    { of: { id, name } }: InstanceSet,
    action: 'edit' | 'roll',
    failed: string,
    request: () => Promise<{ title: string; message: string } | null>,
  ) => {
    if (ui.getState().busy.has(busyKey(id))) return;
    ui.setBusy(busyKey(id), action);
    try {
      const done = await request();
      if (done !== null) announce({ tone: 'ok', ...done });
    } catch (error) {
      announce({ tone: 'bad', title: `${failed}: ${name}`, message: describeFailure(error).message });
    } finally {
      ui.setBusy(busyKey(id), null);
    }
  };

  return {
    scale: (shown, by, confirmed = false) => {
      const { id, name, instances } = shown.of;
      const to = (instances?.count ?? 1) + by;
      return perform(shown, 'edit', 'Not scaled', async () => {
        const leaving = shown.members.filter(({ instance }) => (instance?.number ?? 0) > to);
        const question = { action: 'stop', watches: leaving, scaling: shown } as const;
        const asks = by < 0 && !confirmed && leaving.length > 0;
        if (asks && (await session.ask((client) => isAskedFirst(client, { ui, watches }, question)))) return null;
        await session.ask((client) => client.watches.scale({ watch: id, change: { to } }));
        const one = instanceName(name, by > 0 ? to : to + 1);
        return { title: `Scaled ${name} to ${to}`, message: by > 0 ? `${one} is started.` : `${one} is ended.` };
      });
    },

    roll: (shown) => {
      const { id, name } = shown.of;
      return perform(shown, 'roll', 'Rolling restart failed', async () => {
        const result = await session.ask((client) => client.watches.rollingRestart({ watch: id }));
        if (result.problem !== null) throw new Error(`${result.problem}.`);
        return {
          title: `Restarted ${name}`,
          message: `All ${result.restarted.length} instances, one after the other.`,
        };
      });
    },
  };
}

/** By which an action on all instances is known to be under way: the id of the watch is that of its first one. */
export function busyKey(id: string): string {
  return `${id} instances`;
}

/** Of these watches and all other instances of theirs: what one definition stands for goes together. */
export function withSiblings(
  chosen: readonly WatchStatus[],
  all: ReadonlyMap<string, WatchStatus>,
): readonly WatchStatus[] {
  const kept = new Set(chosen.flatMap(({ instance }) => instance?.of.id ?? []));
  const siblings = [...all.values()].filter(({ instance }) => instance !== undefined && kept.has(instance.of.id));
  return [...chosen.filter(({ instance }) => instance === undefined), ...siblings];
}
