import { describeKind, type FindingShape } from '../../../shared/findings';
import { formatClock, formatDay } from '../../format/format';
import { SEVERITIES } from '../../words/present-event';
import { timeTicks } from '../../format/ticks';
import type { Mark, Span } from './timeline';

/** Sizes of the drawing, in its px. */
export const LANE_HEIGHT = 30;
export const AXIS_HEIGHT = 22;
/** Names of lanes stand in this width at the left. */
export const NAMES_WIDTH = 132;
const RADIUS = 6;
const FONT = '12.5px system-ui, sans-serif';

export interface TimelinePicture {
  lanes: readonly string[];
  marks: readonly Mark[];
  span: Span;
  /** The mark under the pointer or with the focus. */
  current: Mark | null;
}

/** The height of so many lanes, in px of the drawing. */
export function lanesHeight(lanes: number): number {
  return Math.max(1, lanes) * LANE_HEIGHT;
}

/** Draws the times below the lanes. */
export function drawAxis(
  context: CanvasRenderingContext2D,
  width: number,
  colour: (name: string) => string,
  span: Span,
): void {
  context.font = FONT;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.fillStyle = colour('--mantine-color-dimmed');
  for (const { at, x } of ticksOf(span, width))
    context.fillText(tickWords(at, span), Math.min(width - 30, x), AXIS_HEIGHT / 2);
}

/** Where the times of a span stand. */
function ticksOf(span: Span, width: number): readonly { at: number; x: number }[] {
  const scale = (width - NAMES_WIDTH) / (span.to - span.from);
  return timeTicks(span.from, span.to).map((at) => ({
    at,
    x: Math.round(NAMES_WIDTH + (at - span.from) * scale) + 0.5,
  }));
}

/** Draws lanes and marks, and a line for each time of the axis. */
export function drawLanes(
  context: CanvasRenderingContext2D,
  width: number,
  colour: (name: string) => string,
  { lanes, marks, span, current }: TimelinePicture,
): void {
  const bottom = lanesHeight(lanes.length);
  const plot = width - NAMES_WIDTH;
  context.font = FONT;
  context.textBaseline = 'middle';
  context.lineWidth = 1;

  context.strokeStyle = colour('--hd-line');
  for (const { x } of ticksOf(span, width)) line(context, x, 0, x, bottom);
  context.textAlign = 'start';
  lanes.forEach((name, lane) => {
    const y = (lane + 1) * LANE_HEIGHT - 0.5;
    line(context, 0, y, width, y);
    context.fillStyle = colour('--mantine-color-text');
    context.fillText(shortened(context, name, NAMES_WIDTH - 20), 10, lane * LANE_HEIGHT + LANE_HEIGHT / 2);
  });

  context.save();
  context.beginPath();
  context.rect(NAMES_WIDTH, 0, plot, bottom);
  context.clip();
  for (const mark of marks) {
    const [x, y] = [NAMES_WIDTH + mark.x, mark.lane * LANE_HEIGHT + LANE_HEIGHT / 2];
    const { tone } = SEVERITIES[mark.severity];
    const toneColour = colour(`--hd-${tone}`);
    const newest = mark.findings[0];
    if (newest !== undefined)
      outline(context, describeKind(newest.kind).shape, x, y, mark.findings.length > 1 ? RADIUS + 1 : RADIUS);
    // Whoever can't distinguish the colours sees what is bad filled, and the rest hollow.
    context.fillStyle = tone === 'bad' ? toneColour : colour('--hd-surface');
    context.fill();
    if (tone !== 'bad') {
      context.strokeStyle = toneColour;
      context.lineWidth = 1.75;
      context.stroke();
    }
    if (mark === current) {
      context.strokeStyle = colour('--mantine-color-text');
      context.lineWidth = 2;
      context.stroke();
    }
    if (mark.findings.length > 1) {
      context.fillStyle = colour('--mantine-color-text');
      context.font = '600 11px system-ui, sans-serif';
      context.fillText(String(mark.findings.length), x + RADIUS + 4, y);
    }
  }
  context.restore();
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

function outline(context: CanvasRenderingContext2D, shape: FindingShape, x: number, y: number, r: number): void {
  context.beginPath();
  switch (shape) {
    case 'circle':
      context.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case 'square':
      context.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
      return;
    case 'diamond':
      return path(context, x, y, r, [0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]);
    case 'triangle':
      return path(context, x, y, r, [0, -1.05], [1.1, 0.85], [-1.1, 0.85]);
    case 'cross':
      return path(
        ...([context, x, y, r] as const),
        ...([
          [-1, -0.4],
          [-0.4, -1],
          [0, -0.6],
          [0.4, -1],
          [1, -0.4],
          [0.6, 0],
        ] as const),
        ...([
          [1, 0.4],
          [0.4, 1],
          [0, 0.6],
          [-0.4, 1],
          [-1, 0.4],
          [-0.6, 0],
        ] as const),
      );
  }
}

function path(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  ...corners: readonly (readonly [number, number])[]
): void {
  corners.forEach(([dx, dy], index) =>
    index === 0 ? context.moveTo(x + dx * r, y + dy * r) : context.lineTo(x + dx * r, y + dy * r),
  );
  context.closePath();
}

function tickWords(at: number, { from, to }: Span): string {
  const length = to - from;
  if (length > 36 * 3_600_000) return formatDay(at);
  return formatClock(at, length < 300_000);
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
