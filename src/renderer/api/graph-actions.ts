import type { Dependency } from '../../shared/model/dependency';
import type { WatchStatus } from '../../shared/model/snapshot';
import { plural } from '../format/format';
import { withObservation } from '../store/observed';
import type { ActionPorts } from './action-ports';
import { describeFailure } from './errors';

/** A watch as it was shown, with what it is to wait for from now on. */
export interface DependencyChange {
  shown: WatchStatus;
  after: readonly Dependency[];
}

/** What an operator does to the dependencies of watches. None rejects. */
export interface GraphActions {
  /**
   * Saves what watches wait for; the announcement can undo it. Resolves to what stood against it, for a dialog to show, or to null
   * once all was saved and announced as `title`.
   */
  changeDependencies(title: string, changes: readonly DependencyChange[]): Promise<string | null>;
  /** Saves dependencies that sockets show. What stood against it is announced. */
  acceptDependencies(changes: readonly DependencyChange[]): Promise<void>;
  /** Observes sockets for some seconds, and adds what they show to what was seen before. */
  observeSockets(): Promise<void>;
}

/** Connections come and go within some ms; how often a program connects is its own matter. */
const OBSERVATION = { looks: 20, overMs: 5000 } as const;

/** Binds the graph to the engine. */
export function createGraphActions({ session, ui, announce }: ActionPorts): GraphActions {
  const undo = async (done: readonly WatchStatus[]) => {
    try {
      for (const { watch } of done) {
        await session.ask((client) => client.watches.undo({ watch: watch.id, revision: watch.revision }));
      }
      announce({ tone: 'ok', title: 'Dependencies undone', message: `${namesOf(done)} as before.` });
    } catch (error) {
      announce({ tone: 'bad', title: 'Dependencies not undone', message: describeFailure(error).message });
    }
  };

  const edit = async ({ shown, after }: DependencyChange): Promise<WatchStatus> => {
    const { id, revision, ...spec } = shown.watch;
    ui.setBusy(id, 'edit');
    try {
      return await session.ask((client) =>
        client.watches.edit({ watch: id, revision, spec: { ...spec, after: [...after] } }),
      );
    } finally {
      ui.setBusy(id, null);
    }
  };

  const changeDependencies = async (title: string, changes: readonly DependencyChange[]): Promise<string | null> => {
    const done: WatchStatus[] = [];
    let problem: string | null = null;
    for (const change of changes) {
      try {
        done.push(await edit(change));
      } catch (error) {
        problem = `${change.shown.watch.name}: ${describeFailure(error).message}`;
        break;
      }
    }
    if (done.length > 0) {
      announce({ tone: 'ok', title, message: `Saved: ${namesOf(done)}.`, undo: () => void undo(done) });
    }
    return problem;
  };

  return {
    changeDependencies,

    acceptDependencies: async (changes) => {
      const title =
        changes.length === 1
          ? 'Dependency accepted'
          : `Dependencies of ${plural(changes.length, 'watch', 'watches')} accepted`;
      const problem = await changeDependencies(title, changes);
      if (problem !== null) announce({ tone: 'bad', title: 'Not accepted', message: problem });
    },

    observeSockets: async () => {
      if (ui.getState().observation.isRunning) return;
      ui.observe({ isRunning: true, problem: null });
      try {
        const graph = await session.ask((client) => client.graph.observed(OBSERVATION));
        const { soFar } = ui.getState().observation;
        ui.observe({ isRunning: false, soFar: withObservation(soFar, graph, Date.now()) });
      } catch (error) {
        ui.observe({ isRunning: false, problem: describeFailure(error).message });
      }
    },
  };
}

function namesOf(statuses: readonly WatchStatus[]): string {
  return statuses.map(({ watch }) => watch.name).join(', ');
}
