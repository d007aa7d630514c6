import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePlacement, NO_MEMORY, remember, type Display, type Placement } from './placement';

const left: Display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
const right: Display = { id: 2, workArea: { x: 1920, y: 0, width: 2560, height: 1400 } };
const onRight: Placement = { x: 2000, y: 100, width: 1000, height: 700, maximized: false };

describe('where the window opens', () => {
  it('is the middle of the primary display the first time', () => {
    expect(choosePlacement(NO_MEMORY, [left, right], left)).toEqual({
      x: 370,
      y: 130,
      width: 1180,
      height: 780,
      maximized: false,
    });
  });

  it('is where it was, on the display it was on last', () => {
    const memory = remember(NO_MEMORY, right, onRight);
    expect(choosePlacement(memory, [left, right], left)).toEqual(onRight);
  });

  it('is where it was on the primary display when the last one is gone', () => {
    const onLeft: Placement = { x: 10, y: 20, width: 900, height: 600, maximized: true };
    const memory = remember(remember(NO_MEMORY, left, onLeft), right, onRight);
    expect(choosePlacement(memory, [left], left)).toEqual(onLeft);
  });

  it('is never off the screen, whatever the file says', () => {
    const number = fc.integer({ min: -100_000, max: 100_000 });
    const size = fc.integer({ min: 1, max: 100_000 });
    const placements = fc.record({ x: number, y: number, width: size, height: size, maximized: fc.boolean() });
    fc.assert(
      fc.property(placements, (placement) => {
        const chosen = choosePlacement(remember(NO_MEMORY, left, placement), [left, right], left);
        const { workArea } = left;
        expect(chosen.y).toBeGreaterThanOrEqual(workArea.y);
        expect(chosen.y).toBeLessThanOrEqual(workArea.y + workArea.height - 60);
        expect(chosen.x).toBeLessThanOrEqual(workArea.x + workArea.width - 200);
        expect(chosen.x + chosen.width).toBeGreaterThanOrEqual(workArea.x + 200);
        expect(chosen.width).toBeLessThanOrEqual(workArea.width);
        expect(chosen.height).toBeLessThanOrEqual(workArea.height);
      }),
    );
  });
});
