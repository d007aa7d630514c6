import { compareUrgency } from '../../shared/lib/format/standing';
import { compareNames } from '../../shared/lib/text/compare-names';
import type { HealdeckEvent } from '../../shared/model/event';
import type { EngineInfo, LiveMessage, MachineSample, WatchStatus } from '../../shared/model/snapshot';

export const TOP_ORDERS = ['urgency', 'cpu', 'memory', 'uptime', 'name'] as const;
export type TopOrder = (typeof TOP_ORDERS)[number];
/** What an operator can do to the selected watch. */
export type TopAction = 'start' | 'stop' | 'restart' | 'resetCooldown';

/** What `top` shows. */
export interface TopState {
  engine: EngineInfo | null;
  machine: MachineSample | null;
  watches: ReadonlyMap<string, WatchStatus>;
  /** The newest ones, oldest first. */
  events: readonly HealdeckEvent[];
  order: TopOrder;
  /** Id of the selected watch; null: the first one. */
  selected: string | null;
  filter: string;
  /** The filter is being typed. */
  isTyping: boolean;
  /** What is done once the operator says yes. */
  asked: { action: TopAction; watch: WatchStatus } | null;
  /** How the last action went; null: nothing to say. */
  notice: string | null;
}

/** What a key comes to beside another state. */
export type TopEffect = { type: 'quit' } | { type: 'act'; action: TopAction; watch: WatchStatus } | null;

const MAX_EVENTS = 200;
const PAGE = 10;

export const FIRST_TOP_STATE: TopState = {
  ...{ engine: null, machine: null, watches: new Map(), events: [], order: 'urgency', selected: null },
  ...{ filter: '', isTyping: false, asked: null, notice: null },
};

/** The state after a message of the live stream. */
export function withMessage(state: TopState, message: LiveMessage): TopState {
  const watches = new Map(message.kind === 'snapshot' ? [] : state.watches);
  for (const status of message.watches) watches.set(status.watch.id, status);
  if (message.kind === 'delta') for (const id of message.removedWatchIds) watches.delete(id);
  const before = message.kind === 'snapshot' ? [] : state.events;
  return {
    ...state,
    engine: message.engine ?? state.engine,
    machine: message.machine ?? state.machine,
    watches,
    events: [...before, ...message.events].slice(-MAX_EVENTS),
  };
}

/** The watches that are shown, in their order. */
export function shownWatches({ watches, filter, order }: TopState): readonly WatchStatus[] {
  const words = filter
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  const text = ({ watch }: WatchStatus): string => [watch.name, ...watch.groups].join(' ').toLowerCase();
  return [...watches.values()]
    .filter((status) => words.every((word) => text(status).includes(word)))
    .sort((one, other) => COMPARE[order](one, other) || compareNames(one.watch.name, other.watch.name));
}

const startOf = ({ processes }: WatchStatus): number =>
  Math.min(Infinity, ...processes.map(({ startedAt }) => startedAt));

const COMPARE: Readonly<Record<TopOrder, (one: WatchStatus, other: WatchStatus) => number>> = {
  urgency: compareUrgency,
  cpu: (one, other) => other.use.cpuPercent - one.use.cpuPercent,
  memory: (one, other) => other.use.memoryBytes - one.use.memoryBytes,
  uptime: (one, other) => startOf(one) - startOf(other) || 0,
  name: () => 0,
};

/** The selected one of those that are shown; null: none is shown. */
export function selectedWatch(state: TopState): WatchStatus | null {
  const shown = shownWatches(state);
  return shown.find(({ watch }) => watch.id === state.selected) ?? shown[0] ?? null;
}

const ORDER_KEYS: Readonly<Record<string, TopOrder>> = {
  ...{ P: 'cpu', M: 'memory', T: 'uptime', N: 'name', U: 'urgency' },
};

/** What a key does. Keys are single characters, or names such as `up` and `escape`. */
export function onKey(state: TopState, key: string): { state: TopState; effect: TopEffect } {
  if (key === 'ctrl-c') return { state, effect: { type: 'quit' } };
  if (state.asked !== null) return answered(state, state.asked, key);
  if (state.isTyping) return stay(typed(state, key));
  const calm = { ...state, notice: null };
  const order = ORDER_KEYS[key];
  if (order !== undefined) return stay({ ...calm, order });
  const steps = { up: -1, k: -1, down: 1, j: 1, pageup: -PAGE, pagedown: PAGE, home: -Infinity, end: Infinity };
  if (Object.hasOwn(steps, key)) return stay(moved(calm, steps[key as keyof typeof steps]));
  switch (key) {
    case 'q':
    case 'f10':
      return { state, effect: { type: 'quit' } };
    case '/':
    case 'f4':
      return stay({ ...calm, isTyping: true });
    case 'escape':
      return stay({ ...calm, filter: '' });
    case 'r':
      return asking(calm, 'restart');
    case 's':
      return asking(calm, 'stop');
    case 'a':
      return now(calm, 'start');
    case 'c':
      return now(calm, 'resetCooldown');
    default:
      return stay(state);
  }
}

function stay(state: TopState): { state: TopState; effect: TopEffect } {
  return { state, effect: null };
}

function moved(state: TopState, by: number): TopState {
  const shown = shownWatches(state);
  const at = shown.findIndex(({ watch }) => watch.id === selectedWatch(state)?.watch.id);
  const to = Math.max(0, Math.min(shown.length - 1, at + by));
  return { ...state, selected: shown[to]?.watch.id ?? null };
}

function typed(state: TopState, key: string): TopState {
  if (key === 'enter') return { ...state, isTyping: false };
  if (key === 'escape') return { ...state, isTyping: false, filter: '' };
  if (key === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join('') };
  return [...key].length === 1 ? { ...state, filter: state.filter + key } : state;
}

/** What ends a program is asked about first. */
function asking(state: TopState, action: TopAction): { state: TopState; effect: TopEffect } {
  const watch = selectedWatch(state);
  return stay(watch === null ? state : { ...state, selected: watch.watch.id, asked: { action, watch } });
}

function now(state: TopState, action: TopAction): { state: TopState; effect: TopEffect } {
  const watch = selectedWatch(state);
  return watch === null ? stay(state) : { state, effect: { type: 'act', action, watch } };
}

function answered(
  state: TopState,
  asked: NonNullable<TopState['asked']>,
  key: string,
): { state: TopState; effect: TopEffect } {
  const next = { ...state, asked: null };
  return key === 'y' || key === 'Y' ? { state: next, effect: { type: 'act', ...asked } } : stay(next);
}
