import { describe, expect, it } from 'vitest';
import { READINGS_KEPT, RecentReadings } from './recent-readings';

function filled(count: number, apartMs: number): RecentReadings {
  const readings = new RecentReadings();
  for (let at = 0; at < count; at += 1) readings.add(at * apartMs, { cpuPercent: at, memoryBytes: 1000 * at });
  return readings;
}

describe('the recent readings of a watch', () => {
  it('are those of a span, the oldest first', () => {
    expect(filled(10, 1000).between(3000, 5000)).toEqual([
      { atMs: 3000, cpuPercent: 3, memoryBytes: 3000 },
      { atMs: 4000, cpuPercent: 4, memoryBytes: 4000 },
      { atMs: 5000, cpuPercent: 5, memoryBytes: 5000 },
    ]);
  });

  it('are bounded in number', () => {
    const kept = filled(1000, 1000).between(0, Infinity);
    expect(kept).toHaveLength(READINGS_KEPT);
    expect(kept.at(-1)).toEqual({ atMs: 999_000, cpuPercent: 999, memoryBytes: 999_000 });
  });

  it('are a second apart, however often passes are made', () => {
    expect(filled(91, 100).between(0, Infinity)).toHaveLength(11);
  });

  it('end with the newest, however soon it came', () => {
    const readings = filled(10, 1000);
    readings.add(9100, { cpuPercent: 97, memoryBytes: 5 });
    readings.add(9200, { cpuPercent: 98, memoryBytes: 6 });
    expect(readings.between(8000, 9200).map(({ cpuPercent }) => cpuPercent)).toEqual([8, 9, 98]);
    expect(readings.between(8000, 9100).map(({ cpuPercent }) => cpuPercent)).toEqual([8, 9]);
  });

  it('are kept all by ticks of a second that come some ms early or late', () => {
    const readings = new RecentReadings();
    for (const atMs of [0, 990, 2010, 2995, 4000]) readings.add(atMs, { cpuPercent: 0, memoryBytes: 0 });
    expect(readings.between(0, Infinity)).toHaveLength(5);
  });

  it('are none before the first', () => expect(new RecentReadings().between(0, Infinity)).toEqual([]));
});
