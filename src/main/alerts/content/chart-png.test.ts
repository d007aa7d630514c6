import { decode, type DecodedPng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { chartHeight, CHART_WIDTH, drawChart, inkColor, type ChartDrawing, type Ink } from './chart-png';

const MINUTE = 60_000;

function drawing(change: Partial<ChartDrawing> = {}): ChartDrawing {
  const points = Array.from({ length: 61 }, (_, index) => ({ at: index * 10_000, value: 50 }));
  return {
    from: 0,
    to: 10 * MINUTE,
    mark: null,
    panels: [
      { runs: [points], top: 100, limit: null, ink: 'cpu' },
      { runs: [points], top: 100, limit: null, ink: 'memory' },
    ],
    ...change,
  };
}

/** Rows in which a column has this ink at full strength, or at all. */
function inked(png: DecodedPng, x: number, ink: Ink, opaque = true): number[] {
  const rows: number[] = [];
  for (let y = 0; y < png.height; y += 1) {
    const [r = 0, g = 0, b = 0, alpha = 0] = png.palette?.[png.data[y * png.width + x] ?? 0] ?? [];
    const color = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    if (color === inkColor(ink) && (opaque ? alpha === 255 : alpha > 0)) rows.push(y);
  }
  return rows;
}

/** The column of a moment, in a chart from 0 to ten minutes. */
const columnOf = (at: number): number => Math.round(12 + (at / (10 * MINUTE)) * (2 * CHART_WIDTH - 24));

describe('the picture of a chart', () => {
  it('has two panels above each other, with twice the pixels and no background', () => {
    const png = decode(drawChart(drawing()));
    expect([png.width, png.height]).toEqual([2 * CHART_WIDTH, 2 * chartHeight(2)]);
    const x = columnOf(3 * MINUTE);
    const [cpu, memory] = [inked(png, x, 'cpu'), inked(png, x, 'memory')];
    expect(Math.max(...cpu)).toBeLessThan(Math.min(...memory));
    // Half of the scale is half of the height.
    expect(cpu[0]).toBeCloseTo(12 + 84, -1);
    expect(png.palette?.[0]).toEqual([...(png.palette?.[0] ?? []).slice(0, 3), 0]);
    expect(png.data[0]).toBe(0);
  });

  it('has soft edges', () => {
    const [first, second] = [
      { at: 0, value: 0 },
      { at: 10 * MINUTE, value: 100 },
    ];
    const png = decode(
      drawChart(drawing({ panels: [{ runs: [[first, second]], top: 100, limit: null, ink: 'cpu' }] })),
    );
    const shades = new Set(
      inked(png, columnOf(5 * MINUTE), 'cpu', false).map((y) => png.data[y * png.width + columnOf(5 * MINUTE)]),
    );
    expect(shades.size).toBeGreaterThan(2);
  });

  it('leaves gaps open', () => {
    const all = drawing().panels[0]?.runs[0] ?? [];
    const runs = [all.filter(({ at }) => at < 4 * MINUTE), all.filter(({ at }) => at > 6 * MINUTE)];
    const png = decode(drawChart(drawing({ panels: [{ runs, top: 100, limit: null, ink: 'cpu' }] })));
    expect(inked(png, columnOf(5 * MINUTE), 'cpu', false)).toEqual([]);
    expect(inked(png, columnOf(3 * MINUTE), 'cpu')).not.toEqual([]);
    expect(inked(png, columnOf(7 * MINUTE), 'cpu')).not.toEqual([]);
  });

  it('shows a lonely reading as a dot', () => {
    const png = decode(
      drawChart(drawing({ panels: [{ runs: [[{ at: 5 * MINUTE, value: 50 }]], top: 100, limit: null, ink: 'cpu' }] })),
    );
    expect(inked(png, columnOf(5 * MINUTE), 'cpu').length).toBeGreaterThan(3);
  });

  it('draws the limit where it is, and none that is above the scale', () => {
    const of = (limit: number): DecodedPng =>
      decode(drawChart(drawing({ panels: [{ runs: drawing().panels[0]?.runs ?? [], top: 100, limit, ink: 'cpu' }] })));
    const x = columnOf(0) + 2;
    expect(inked(of(75), x, 'limit')[0]).toBeCloseTo(12 + 0.25 * 168, -1);
    expect(inked(of(175), x, 'limit')).toEqual([]);
  });

  it('marks the event in both panels', () => {
    const png = decode(drawChart(drawing({ mark: 2 * MINUTE })));
    const rows = inked(png, columnOf(2 * MINUTE), 'mark');
    expect(Math.min(...rows)).toBeLessThan(12);
    expect(Math.max(...rows)).toBeGreaterThan(chartHeight(2));
    expect(inked(png, columnOf(8 * MINUTE), 'mark')).toEqual([]);
  });

  it('is drawn of whatever there is', () => {
    const png = (points: { at: number; value: number }[], top: number): Uint8Array =>
      drawChart(drawing({ from: 5, to: 5, panels: [{ runs: [points], top, limit: 0, ink: 'memory' }] }));
    expect(png([], 0).length).toBeGreaterThan(0);
    expect(
      png(
        [
          { at: -1e15, value: 1e300 },
          { at: 1e15, value: 0 },
        ],
        1e-9,
      ).length,
    ).toBeGreaterThan(0);
  });
});
