import { createStore, type StoreApi } from 'zustand/vanilla';
import type { InstanceSet } from '../../shared/lib/format/instance-sets';
import type { EventType, HealdeckEvent } from '../../shared/model/event';
import type { ProcessIdentity, ProcessRow } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import { ALL_FINDINGS, type FindingFilter } from '../words/findings';
import type { CrashFilter } from '../words/present-crash';
import type { IncidentFilter } from '../words/present-incident';
import type { Drafts } from '../drafts/setting-drafts';
import type { WatchDraft } from '../drafts/watch-draft';
import { STANDARD_CHARTS, type ChartPreferences } from './chart-preferences';
import { keptNowhere, type Kept } from './kept';
import type { ObservedSoFar } from './observed';
import { STANDARD_TASTE, type ProcessTablePreferences } from './process-table-preferences';
import type { RecentCommands } from './recent-commands';
import { STANDARD_WATCH_TABLE, type WatchTablePreferences } from './watch-table-preferences';

/** What the editor was opened for. */
export type EditorRequest =
  | { kind: 'add'; draft: WatchDraft; /** The process that it was made from. */ from?: ProcessIdentity }
  | { kind: 'edit'; id: string; name: string; revision: number; draft: WatchDraft };

/** By which column the table of watches is sorted. */
export interface WatchSort {
  column: string;
  descending: boolean;
}

/** What can be done to a watch with one press. */
export type WatchAction = 'start' | 'stop' | 'restart' | 'reset' | 'extend' | 'observe' | 'edit' | 'roll';

/** Stands for all watches where actions under way are kept by the id of a watch. */
export const ALL_WATCHES = '*';

/** How the process table is looked at. */
export interface ProcessView extends ProcessTablePreferences {
  text: string;
  user: string | null;
  watchedOnly: boolean;
  /** Keys of the processes whose children are folded away in the tree. */
  folded: ReadonlySet<string>;
  /** Key of the process that stays in view, whatever its place becomes. */
  followed: string | null;
  /** The moment of the past that is looked at, in ms since the epoch; null: now. */
  at: number | null;
  /** The rows as they were when the table was paused; null while it is live. */
  pausedRows: ReadonlyMap<string, ProcessRow> | null;
}

/** An end that the operator is asked about. */
export interface EndQuestion extends ProcessIdentity {
  name: string;
  /** KILL at once, instead of TERM first. */
  force: boolean;
}

/** A stop or a restart of watches, as they were shown when it was asked for. */
export interface WatchEndQuestion {
  action: 'stop' | 'restart';
  watches: readonly WatchStatus[];
  /** They end since this watch is to have one instance fewer. */
  scaling?: InstanceSet;
}

/** How the log is looked at. */
export interface LogView {
  text: string;
  types: readonly EventType[];
  watch: string | null;
  /** Nothing later than this moment is shown, in ms since the epoch; null: up to now. */
  untilAt: number | null;
  /** Newest event that is shown while the log is paused; null while it follows. */
  pausedAtId: number | null;
  /** How many events before the known ones were asked for. */
  older: number;
}

/** What the graph shows of sockets. */
export interface ObservationView {
  isShown: boolean;
  /** True while the engine observes. */
  isRunning: boolean;
  /** null: nothing was observed yet. */
  soFar: ObservedSoFar | null;
  /** Why the last observation failed, or null. */
  problem: string | null;
}

/** Which settings are shown. */
export interface SettingsFilter {
  text: string;
  changedOnly: boolean;
}

/** What the window shows of what it knows. What lies over the tabs carries what was shown when it was opened. */
export interface UiState {
  editor: EditorRequest | null;
  /** The watches as they were when their removal was asked for. */
  removing: readonly WatchStatus[] | null;
  /** True while a file is being imported. */
  importing: boolean;
  /** The process whose details are open. */
  process: ProcessIdentity | null;
  /** A process of the past whose details are open, and the moment in which it was so. */
  pastProcess: { row: ProcessRow; at: number } | null;
  /** The process that is about to be ended. */
  ending: EndQuestion | null;
  /** The stop or restart that would end more than one process of a watch, and waits for a confirmation. */
  endingWatches: WatchEndQuestion | null;
  event: HealdeckEvent | null;
  /** What lies over everything. */
  over: 'palette' | 'help' | null;
  /** Ids of the commands that were used last, the last one first. */
  recentCommands: readonly string[];
  /** Whether the drill is open. */
  drill: boolean;
  /** Watches with an action under way, by id. */
  busy: ReadonlyMap<string, WatchAction>;
  processView: ProcessView;
  logView: LogView;
  watchFilter: string;
  /** Only the watches of this group; null: all. */
  watchGroup: string | null;
  watchSort: WatchSort;
  watchTable: WatchTablePreferences;
  /** What is typed into the filter of the overview. */
  overviewFilter: string;
  charts: ChartPreferences;
  /** Keys of the groups that are folded in the tables of watches. */
  foldedGroups: ReadonlySet<string>;
  /** Ids of the watches that are chosen in the table. */
  chosenWatches: ReadonlySet<string>;
  /** The group that the graph shows, with what it touches; null: all. */
  graphGroup: string | null;
  observation: ObservationView;
  /** Warnings about alerts that were read: they are not shown over the views again. */
  dismissedWarnings: ReadonlySet<string>;
  incidentFilter: IncidentFilter;
  crashFilter: CrashFilter;
  findingFilter: FindingFilter;
  settingsFilter: SettingsFilter;
  /** What was typed for settings and is not saved, by form: another view may be looked at meanwhile. */
  settingDrafts: ReadonlyMap<string, Drafts>;
}

export type UiStore = StoreApi<UiState> & {
  readonly show: (change: Partial<UiState>) => void;
  /** Notes what is being done to a watch; null: nothing any more. */
  readonly setBusy: (id: string, action: WatchAction | null) => void;
  /** Chooses a watch in the table, or leaves it. */
  readonly toggleWatch: (id: string) => void;
  readonly chooseWatches: (ids: readonly string[]) => void;
  readonly arrangeWatches: (change: Partial<WatchTablePreferences>) => void;
  readonly arrangeCharts: (change: Partial<ChartPreferences>) => void;
  /** Folds a group in the tables of watches, or unfolds it. */
  readonly toggleGroup: (key: string) => void;
  readonly viewProcesses: (change: Partial<ProcessView>) => void;
  readonly rememberCommands: (ids: readonly string[]) => void;
  readonly viewLog: (change: Partial<LogView>) => void;
  readonly observe: (change: Partial<ObservationView>) => void;
};

/** Where what outlives the window is kept; what is left out is forgotten with it. */
export interface Memories {
  processTable: Kept<ProcessTablePreferences>;
  recent: RecentCommands;
  watchTable: Kept<WatchTablePreferences>;
  charts: Kept<ChartPreferences>;
}

/** What is open in the window; nothing of it is known to the engine. */
export function createUiStore({
  processTable = keptNowhere(STANDARD_TASTE),
  recent = keptNowhere([]),
  watchTable: watchTables = keptNowhere(STANDARD_WATCH_TABLE),
  charts: chartMemory = keptNowhere(STANDARD_CHARTS),
}: Partial<Memories> = {}): UiStore {
  const store = createStore<UiState>(() => ({
    editor: null,
    removing: null,
    importing: false,
    process: null,
    pastProcess: null,
    ending: null,
    endingWatches: null,
    event: null,
    over: null,
    recentCommands: recent.read(),
    drill: false,
    busy: new Map(),
    processView: {
      text: '',
      user: null,
      watchedOnly: false,
      folded: new Set(),
      followed: null,
      at: null,
      pausedRows: null,
      ...processTable.read(),
    },
    logView: { text: '', types: [], watch: null, untilAt: null, pausedAtId: null, older: 0 },
    watchFilter: '',
    watchGroup: null,
    watchSort: { column: 'watch', descending: false },
    watchTable: watchTables.read(),
    overviewFilter: '',
    charts: chartMemory.read(),
    foldedGroups: new Set(),
    chosenWatches: new Set(),
    graphGroup: null,
    observation: { isShown: false, isRunning: false, soFar: null, problem: null },
    dismissedWarnings: new Set(),
    incidentFilter: { text: '', watch: null, outcome: null },
    crashFilter: { text: '', watch: null, state: null },
    findingFilter: ALL_FINDINGS,
    settingsFilter: { text: '', changedOnly: false },
    settingDrafts: new Map(),
  }));
  return Object.assign(store, {
    show: (change: Partial<UiState>) => store.setState(change),
    setBusy: (id: string, action: WatchAction | null) => {
      const busy = new Map(store.getState().busy);
      if (action === null) busy.delete(id);
      else busy.set(id, action);
      store.setState({ busy });
    },
    toggleWatch: (id: string) => store.setState(({ chosenWatches }) => ({ chosenWatches: toggled(chosenWatches, id) })),
    chooseWatches: (ids: readonly string[]) => store.setState({ chosenWatches: new Set(ids) }),
    arrangeWatches: (change: Partial<WatchTablePreferences>) => {
      const watchTable = { ...store.getState().watchTable, ...change };
      store.setState({ watchTable });
      watchTables.write(watchTable);
    },
    arrangeCharts: (change: Partial<ChartPreferences>) => {
      const charts = { ...store.getState().charts, ...change };
      store.setState({ charts });
      chartMemory.write(charts);
    },
    toggleGroup: (key: string) => store.setState(({ foldedGroups }) => ({ foldedGroups: toggled(foldedGroups, key) })),
    viewProcesses: (change: Partial<ProcessView>) => {
      const processView = { ...store.getState().processView, ...change };
      store.setState({ processView });
      const { mode, columns, sort } = processView;
      processTable.write({ mode, columns, sort });
    },
    rememberCommands: (recentCommands: readonly string[]) => {
      store.setState({ recentCommands });
      recent.write(recentCommands);
    },
    viewLog: (change: Partial<LogView>) => store.setState(({ logView }) => ({ logView: { ...logView, ...change } })),
    observe: (change: Partial<ObservationView>) =>
      store.setState(({ observation }) => ({ observation: { ...observation, ...change } })),
  });
}

function toggled(those: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(those);
  if (!next.delete(one)) next.add(one);
  return next;
}
