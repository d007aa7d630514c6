import { describe, expect, it } from 'vitest';
import { misses, summarize } from './report.mjs';

const measured = (delaysMs: number[], idleCpuMs: number, exitEventsMs = [1]) =>
  summarize({ delaysMs, exitEventsMs, exits: delaysMs.length, total: 4, idleCpuMs, idleSeconds: 10 });

describe('the report on noticed ends', () => {
  it('counts what was never noticed, and idle CPU in % of one core', () => {
    expect(measured([1, 2, 3], 50)).toMatchObject({ lost: 1, p50Ms: 2, p95Ms: 3, maxMs: 3, idlePercent: 0.5 });
  });

  it('is content with ends at once at hardly any cost', () => {
    expect(misses({ kernel: measured([1, 1, 2, 5], 1), polling: measured([10, 40, 60, 99], 10) })).toEqual([]);
  });

  it('names lost ends, late ends and a cost near that of polling', () => {
    const found = misses({ kernel: measured([1, 1, 6], 6), polling: measured([10, 40, 60, 99], 10) });
    expect(found).toHaveLength(3);
    expect(found.join()).toMatch(/1 of 4 ends.*p95 6\.00 ms.*60 %/);
  });

  it('holds many descriptors to the same targets', () => {
    const [kernel, polling] = [measured([1, 1, 2, 5], 1), measured([10, 40, 60, 99], 10)];
    expect(misses({ kernel, polling, many: measured([1, 1, 2, 5], 1) })).toEqual([]);
    const found = misses({ kernel, polling, many: measured([1, 1, 6], 6) });
    expect(found.map((text) => text.split(':')[0])).toEqual(['many', 'many', 'many']);
  });

  it('measures a busy machine by the exit events of the same ends', () => {
    const polling = measured([10, 40, 60, 99], 10);
    expect(misses({ kernel: measured([1, 1, 2, 12], 1, [9]), polling })).toEqual([]);
    expect(misses({ kernel: measured([1, 1, 2, 14], 1, [9]), polling }).join()).toMatch(
      /14\.00 ms is more than 13\.50/,
    );
  });

  it('does not take nothing noticed for a success', () => {
    expect(misses({ kernel: measured([], 0), polling: measured([], 0) }).length).toBeGreaterThan(2);
  });
});
