import { z } from 'zod';

const rectangleSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
/** In device-independent pixels. */
export type Rectangle = z.infer<typeof rectangleSchema>;

const placementSchema = rectangleSchema.extend({ maximized: z.boolean() });
/** Where a window was on one display. */
export type Placement = z.infer<typeof placementSchema>;

export const windowMemorySchema = z.object({
  /** The display that the window was on last. */
  lastDisplay: z.string().nullable(),
  placements: z.record(z.string(), placementSchema),
  /** The operator was notified once that closing the window keeps Healdeck healing. */
  reportedThatItKeepsRunning: z.boolean(),
});
/** What is remembered of the window, over all displays it was ever on. */
export type WindowMemory = z.infer<typeof windowMemorySchema>;

export const NO_MEMORY: WindowMemory = { lastDisplay: null, placements: {}, reportedThatItKeepsRunning: false };

/** A screen; `workArea` is what panels and docks leave of it. */
export interface Display {
  id: number;
  workArea: Rectangle;
}

export const MINIMUM_SIZE = { width: 720, height: 480 } as const;
const PREFERRED_SIZE = { width: 1180, height: 780 } as const;
/** So much of a window must be on a screen that it can be seen and dragged. */
const GRIP = { width: 200, height: 60 } as const;

function matches(placement: Rectangle, area: Rectangle): boolean {
  const width = Math.min(placement.x + placement.width, area.x + area.width) - Math.max(placement.x, area.x);
  const height = Math.min(placement.y + placement.height, area.y + area.height) - Math.max(placement.y, area.y);
  // The title bar is at the top: it may not hang above the screen.
  return width >= GRIP.width && height >= GRIP.height && placement.y >= area.y;
}

/** Neither too small to use nor larger than the screen. */
function sized(placement: Placement, area: Rectangle): Placement {
  const width = Math.min(Math.max(placement.width, MINIMUM_SIZE.width), area.width);
  const height = Math.min(Math.max(placement.height, MINIMUM_SIZE.height), area.height);
  return { ...placement, width, height };
}

function centred(area: Rectangle): Placement {
  const width = Math.min(PREFERRED_SIZE.width, area.width);
  const height = Math.min(PREFERRED_SIZE.height, area.height);
  const x = area.x + Math.floor((area.width - width) / 2);
  const y = area.y + Math.floor((area.height - height) / 2);
  return { x, y, width, height, maximized: false };
}

/**
 * Where to open the window: as it was on the display it was on last, if that is still there and would show it;
 * else as it was on the primary one; else in the middle of that.
 */
export function choosePlacement(memory: WindowMemory, displays: readonly Display[], primary: Display): Placement {
  const last = displays.find((display) => String(display.id) === memory.lastDisplay);
  for (const display of [last, primary]) {
    if (display === undefined) continue;
    const remembered = memory.placements[String(display.id)];
    if (remembered === undefined) continue;
    const placement = sized(remembered, display.workArea);
    if (matches(placement, display.workArea)) return placement;
  }
  return centred(primary.workArea);
}

/** The memory after the window was seen at `placement` on a display. */
export function remember(memory: WindowMemory, display: Display, placement: Placement): WindowMemory {
  const id = String(display.id);
  return { ...memory, lastDisplay: id, placements: { ...memory.placements, [id]: placement } };
}
