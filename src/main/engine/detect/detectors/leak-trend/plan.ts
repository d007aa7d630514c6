import { envelopeEpochs, envelopeSearch } from './envelope-lane';
import type { GrowthSearch } from './growth';
import { kinkSearch } from './kink-lane';
import { KINK_EPOCH_MS, TREND_EPOCHS, type LeakTrendOptions } from './options';
import { trendSearch } from './trend-lane';

/** A window of floors and what is searched in it. */
export interface WindowPlan {
  epochMs: number;
  epochs: number;
  searches: readonly GrowthSearch[];
}

const plans = new WeakMap<LeakTrendOptions, readonly WindowPlan[]>();

/** The windows of all lanes. Kept by options: hundreds of processes share one set of them. */
export function plansOf(options: LeakTrendOptions): readonly WindowPlan[] {
  let made = plans.get(options);
  if (made === undefined) plans.set(options, (made = makePlans(options)));
  return made;
}

function makePlans({ fast, steady, kinks, envelopes }: LeakTrendOptions): readonly WindowPlan[] {
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
