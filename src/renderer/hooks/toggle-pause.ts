import type { AppStore } from '../store/store';
import type { UiStore } from '../store/ui';
import { parseRoute } from '../store/route';

/** Pauses the processes or the log, whichever is shown, or follows them again; elsewhere it does nothing. */
export function togglePause(hash: string, { ui, store }: { ui: UiStore; store: AppStore }): void {
  const { processView, logView } = ui.getState();
  switch (parseRoute(hash).tab) {
    case 'processes':
      // The past stands still by itself.
      if (processView.at === null)
        ui.viewProcesses({ pausedRows: processView.pausedRows === null ? store.getState().processes.rows : null });
      return;
    case 'log': {
      const newest = store.getState().live.events.at(-1)?.id ?? null;
      ui.viewLog({ pausedAtId: logView.pausedAtId === null ? newest : null });
      return;
    }
    default:
      return;
  }
}
