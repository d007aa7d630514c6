import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HealdeckEvent } from '../../shared/model/event';
import type { ProcessIdentity } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { WatchDraft } from '../lib/watch-draft';

/** What the editor was opened for. */
export type EditorRequest =
  { kind: 'add'; draft: WatchDraft } | { kind: 'edit'; id: string; name: string; revision: number; draft: WatchDraft };

/** What lies over the tabs. Each carries what was shown when it was opened. */
export interface UiState {
  editor: EditorRequest | null;
  /** The watch as it was when its removal was asked for. */
  removing: WatchStatus | null;
  /** The process whose details are open. */
  process: ProcessIdentity | null;
  event: HealdeckEvent | null;
}

export type UiStore = StoreApi<UiState> & { readonly show: (change: Partial<UiState>) => void };

/** What is open in the window; nothing of it is known to the engine. */
export function createUiStore(): UiStore {
  const store = createStore<UiState>(() => ({ editor: null, removing: null, process: null, event: null }));
  return Object.assign(store, { show: (change: Partial<UiState>) => store.setState(change) });
}
