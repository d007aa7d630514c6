import type { FloorWindow } from './floor-window';

/** Loads change: no forecast is better than this, as a share of the time that is left. */
const MIN_SHARE = 0.2;
/** Above it a forecast says no more than that it grows. */
const MAX_SHARE = 0.9;
/** Floors of a heap follow one another, so the error of the fit is larger than if they did not. */
const ERROR_FACTOR = 3;

/**
 * How far the true time may be from that forecast, either way, as a share of the time that is left: from the error of the slope of a straight line
 * through the floors (least squares). On the labelled traces the true time lies inside in nine of ten cases (bench/detection).
 */
export function forecastError(floors: FloorWindow, run: number): number {
  const middle = (run - 1) / 2;
  let sum = 0;
  for (let back = 0; back < run; back++) sum += floors.floor(back);
  const mean = sum / run;
  let squares = 0;
  let products = 0;
  for (let back = 0; back < run; back++) {
    squares += (back - middle) ** 2;
    products += (back - middle) * (floors.floor(back) - mean);
  }
  const slope = products / squares;
  let errors = 0;
  for (let back = 0; back < run; back++) errors += (floors.floor(back) - mean - slope * (back - middle)) ** 2;
  const slopeError = Math.sqrt(errors / (run - 2) / squares);
  return Math.min(MAX_SHARE, Math.max(MIN_SHARE, (ERROR_FACTOR * slopeError) / Math.abs(slope)));
}
