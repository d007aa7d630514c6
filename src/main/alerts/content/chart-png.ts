import { encode } from 'fast-png';

/** A curve over a time, on a scale from zero. Instants in ms since the epoch. */
export interface ChartPanel {
  /** Readings, cut where there are gaps. */
  runs: readonly (readonly { at: number; value: number }[])[];
  /** The value at the upper edge. */
  top: number;
  /** A dashed line, or null. */
  limit: number | null;
  ink: Ink;
}

export interface ChartDrawing {
  from: number;
  to: number;
  /** Where the event is marked; null when it is outside. */
  mark: number | null;
  panels: readonly ChartPanel[];
}

/** Size as shown; the picture has twice as many pixels. */
export const CHART_WIDTH = 552;
const PANEL_HEIGHT = 84;
const PANEL_GAP = 18;
const MARGIN = 6;

/** Height of a chart of this many panels, as shown. */
export function chartHeight(panels: number): number {
  return panels * PANEL_HEIGHT + (panels - 1) * PANEL_GAP + 2 * MARGIN;
}

/** Colours that can be distinguished on white and on black alike: the background is transparent. */
const INKS = {
  grid: [128, 138, 152],
  cpu: [98, 110, 232],
  memory: [18, 150, 160],
  limit: [214, 69, 60],
  mark: [120, 128, 140],
} as const satisfies Record<string, readonly [number, number, number]>;
export type Ink = keyof typeof INKS;

const INK_NAMES = Object.keys(INKS) as Ink[];
const INK_NUMBERS = Object.fromEntries(INK_NAMES.map((ink, index) => [ink, index])) as Record<Ink, number>;
/** Numbers of the palette that one level takes. */
const LEVEL_SIZE = INK_NAMES.length;
/** From none to opaque. A picture of few colours with few shades needs a byte a pixel and packs well. */
const LEVELS = 8;
const DENSITY = 2;

/** The colour of a curve for HTML. */
export function inkColor(ink: Ink): string {
  return `#${INKS[ink].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Draws panels above each other as a PNG with a transparent background. */
export function drawChart(drawing: ChartDrawing): Uint8Array {
  const canvas = new Canvas(CHART_WIDTH * DENSITY, chartHeight(drawing.panels.length) * DENSITY);
  drawing.panels.forEach((panel, index) => {
    drawPanel(canvas, panel, (MARGIN + index * (PANEL_HEIGHT + PANEL_GAP)) * DENSITY, drawing);
  });
  return canvas.encode();
}

function drawPanel(canvas: Canvas, panel: ChartPanel, top: number, { from, to, mark }: ChartDrawing): void {
  const bottom = top + PANEL_HEIGHT * DENSITY;
  const left = MARGIN * DENSITY;
  const right = canvas.width - left;
  const xOf = (at: number): number => left + ((at - from) / Math.max(1, to - from)) * (right - left);
  const yOf = (value: number): number => bottom - Math.min(1, value / (panel.top || 1)) * (bottom - top);

  for (const share of [0, 0.5, 1]) {
    const y = Math.round(bottom - share * (bottom - top));
    canvas.rectangle(left, y - 1, right, y + 1, 'grid', share === 0 ? 0.6 : 0.27);
  }
  for (const run of panel.runs) {
    const path = run.map(({ at, value }) => ({ x: xOf(at), y: yOf(value) }));
    canvas.fillBelow(path, bottom, panel.ink, 0.14);
    canvas.line(path, panel.ink, 1.6);
  }
  if (panel.limit !== null && panel.limit <= panel.top) {
    canvas.dashes({ from: left, to: right, at: Math.round(yOf(panel.limit)), along: 'x' }, 'limit');
  }
  if (mark !== null) {
    const x = Math.round(xOf(mark));
    canvas.dashes({ from: top, to: bottom, at: x, along: 'y' }, 'mark');
    canvas.triangle(x, top - MARGIN * DENSITY, 6 * DENSITY, 'mark');
  }
}

interface Point {
  x: number;
  y: number;
}

/** Pixels with an ink and a strength each; what is stronger covers what is weaker. Coordinates in pixels from the upper left. */
class Canvas {
  private readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    private readonly height: number,
  ) {
    this.pixels = new Uint8Array(width * height);
  }

  rectangle(left: number, top: number, right: number, bottom: number, ink: Ink, strength: number): void {
    const [x0, x1] = [Math.max(0, left), Math.min(this.width, right)];
    const [y0, y1] = [Math.max(0, top), Math.min(this.height, bottom)];
    const shade = shadeOf(ink, strength);
    for (let y = y0; y < y1; y += 1) for (let x = x0; x < x1; x += 1) this.put(x, y, shade);
  }

  dashes({ from, to, at, along }: { from: number; to: number; at: number; along: 'x' | 'y' }, ink: Ink): void {
    const [dash, space] = along === 'x' ? [12, 8] : [4, 6];
    for (let start = from; start < to; start += dash + space) {
      const end = Math.min(to, start + dash);
      if (along === 'x') this.rectangle(start, at - 1, end, at + 1, ink, 1);
      else this.rectangle(at - 1, start, at + 1, end, ink, 1);
    }
  }

  /** Its point is below. */
  triangle(x: number, top: number, size: number, ink: Ink): void {
    for (let row = 0; row < size; row += 1) {
      const half = (size - row) / 2;
      this.rectangle(Math.round(x - half), top + row, Math.round(x + half), top + row + 1, ink, 1);
    }
  }

  /** A line through all points with soft edges: a pixel is as strong as the line covers it. */
  line(path: readonly Point[], ink: Ink, halfWidth: number): void {
    path.forEach((end, index) => {
      const start = path[index - 1] ?? end;
      // A reading without neighbours is a dot, which has to be seen.
      this.segment(start, end, ink, path.length === 1 ? halfWidth * 2 : halfWidth);
    });
  }

  private segment(start: Point, end: Point, ink: Ink, halfWidth: number): void {
    const reach = halfWidth + 1;
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const squared = dx * dx + dy * dy;
    const [x0, x1] = within(start.x, end.x, reach, this.width);
    const [y0, y1] = within(start.y, end.y, reach, this.height);
    for (let y = y0; y < y1; y += 1) {
      for (let x = x0; x < x1; x += 1) {
        const px = x + 0.5 - start.x;
        const py = y + 0.5 - start.y;
        const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
        const distance = Math.sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2);
        if (distance < reach) this.put(x, y, shadeOf(ink, halfWidth + 0.5 - distance));
      }
    }
  }

  fillBelow(path: readonly Point[], bottom: number, ink: Ink, strength: number): void {
    path.slice(1).forEach((end, index) => {
      const start = path[index] ?? end;
      const [x0, x1] = [Math.max(0, Math.round(start.x)), Math.min(this.width, Math.round(end.x))];
      for (let x = x0; x < x1; x += 1) {
        const share = (x - start.x) / Math.max(1e-9, end.x - start.x);
        const y = Math.round(start.y + share * (end.y - start.y));
        this.rectangle(x, y, x + 1, bottom, ink, strength);
      }
    });
  }

  private put(x: number, y: number, shade: number): void {
    const index = y * this.width + x;
    // What is stronger covers what is weaker; of the same strength, what is drawn later.
    if (shade >= LEVEL_SIZE && levelOf(shade) >= levelOf(this.pixels[index] ?? 0)) this.pixels[index] = shade;
  }

  /** With a palette: each ink in each strength, the opaque ones last, as PNG's list of transparencies wants it. */
  encode(): Uint8Array {
    const palette = Array.from({ length: LEVELS }, (_, level) =>
      INK_NAMES.map((ink) => [...INKS[ink], Math.round((level * 255) / (LEVELS - 1))]),
    ).flat();
    const { width, height, pixels: data } = this;
    return encode({ width, height, data, depth: 8, channels: 1, palette }, { zlib: { level: 6 } });
  }
}

/** The number in the palette of an ink in some strength from 0 to 1. */
function shadeOf(ink: Ink, strength: number): number {
  const level = Math.round(Math.min(1, Math.max(0, strength)) * (LEVELS - 1));
  return level * LEVEL_SIZE + INK_NUMBERS[ink];
}

function levelOf(shade: number): number {
  return Math.floor(shade / LEVEL_SIZE);
}

/** The pixels of a line along one axis, on the canvas only: a value may be far off. */
function within(start: number, end: number, reach: number, size: number): readonly [first: number, end: number] {
  const [low, high] = [Math.min(start, end) - reach, Math.max(start, end) + reach];
  return [Math.max(0, Math.floor(low)), Math.min(size, Math.ceil(high) + 1)];
}
