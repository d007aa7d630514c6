import { expect, it } from 'vitest';
import { FloorWindow, floorState, storedNumbers } from './floor-window';
import { forecastError } from './forecast';

/** Floors of a minute each. */
function windowOf(...floors: readonly number[]): FloorWindow {
  const window = new FloorWindow(60_000, floors.length).attach(floorState(1, storedNumbers(floors.length)));
  window.clear();
  for (const [index, floor] of [...floors, 0].entries()) window.push(index * 60_000, floor);
  return window;
}

it('is a fifth of the time that is left at best, more where the floors sway, and never all of it', () => {
  expect(forecastError(windowOf(10, 20, 30, 40, 50, 60), 6)).toBe(0.2);
  const swaying = forecastError(windowOf(10, 28, 26, 44, 42, 60), 6);
  expect(swaying).toBeGreaterThan(0.2);
  expect(swaying).toBeLessThan(0.6);
  expect(forecastError(windowOf(10, 60, 10, 60, 10, 60), 6)).toBe(0.9);
});
