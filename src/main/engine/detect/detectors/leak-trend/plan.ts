import { envelopeEpochs, envelopeSearch } from './envelope-lane';
import { FloorWindow, floorState, storedNumbers, type FloorState } from './floor-window';
import type { GrowthSearch } from './growth';
import { kinkSearch } from './kink-lane';
import { OldHighs } from './old-highs';
import { KINK_EPOCH_MS, TREND_EPOCHS, type LeakTrendOptions } from './options';
import { trendSearch } from './trend-lane';

interface WindowPlan {
  epochMs: number;
  epochs: number;
  searches: readonly GrowthSearch[];
}

/** The windows of all lanes, what is searched in each, and the old highs; for the process that they are attached to. */
export class LeakPlan {
  readonly windows: readonly FloorWindow[];
  readonly searches: readonly (readonly GrowthSearch[])[];
  readonly highs: OldHighs;
  private readonly numbers: number;

  constructor(options: LeakTrendOptions) {
    const plans = windowPlans(options);
    let offset = 0;
    this.windows = plans.map(({ epochMs, epochs }, number) => {
      const window = new FloorWindow(epochMs, epochs, offset, number);
      offset += storedNumbers(epochs);
      return window;
    });
    this.searches = plans.map(({ searches }) => searches);
    this.highs = new OldHighs(offset, plans.length);
    this.numbers = offset + OldHighs.numbers;
  }

  /** What is known of a new process: nothing. */
  newState(): FloorState {
    const state = floorState(this.windows.length + OldHighs.windows, this.numbers);
    this.clear(state);
    return state;
  }

  attach(state: FloorState): void {
    for (const window of this.windows) window.attach(state);
    this.highs.attach(state);
  }

  clear(state: FloorState): void {
    this.attach(state);
    for (const window of this.windows) window.clear();
    this.highs.clear();
  }
}

const plans = new WeakMap<LeakTrendOptions, LeakPlan>();

/** Kept by options: hundreds of processes share one plan. */
export function planOf(options: LeakTrendOptions): LeakPlan {
  let made = plans.get(options);
  if (made === undefined) plans.set(options, (made = new LeakPlan(options)));
  return made;
}

function windowPlans({ fast, steady, kinks, envelopes }: LeakTrendOptions): readonly WindowPlan[] {
  const trends = [fast, steady].flatMap((lane) =>
    lane.windowsMs.map((windowMs) => {
      const epochMs = windowMs / TREND_EPOCHS;
      const also = epochMs === KINK_EPOCH_MS ? kinks.map(kinkSearch) : [];
      return { epochMs, epochs: TREND_EPOCHS, searches: [trendSearch(lane, windowMs), ...also] };
    }),
  );
  const risingMinutes = envelopes.map((lane) => ({
    epochMs: lane.epochMs,
    epochs: envelopeEpochs(lane),
    searches: [envelopeSearch(lane)],
  }));
  return [...trends, ...risingMinutes];
}
