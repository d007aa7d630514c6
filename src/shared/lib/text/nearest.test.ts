import { describe, expect, it } from 'vitest';
import { nearest } from './nearest';

describe('names that somebody may have meant', () => {
  it('are the nearest first, at most three, and none that are far away', () => {
    const known = ['crash_detected', 'restarted', 'restart_failed', 'recovered'];
    expect(nearest('crash_detect', known)).toEqual(['crash_detected']);
    expect(nearest('restart', known)).toEqual(['restarted', 'restart_failed']);
    expect(nearest('nope', known)).toEqual([]);
  });
});
