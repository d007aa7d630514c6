import { describe, expect, it } from 'vitest';
import { parseSchedstat, readSchedulerTimes } from './scheduler-times';

describe('scheduler times', () => {
  it('are the time on a processor and the time waited for one', () => {
    expect(parseSchedstat('221392022 47967531 1036\n')).toBeCloseTo(269.36, 2);
    expect(parseSchedstat('')).toBeNull();
    expect(parseSchedstat('0 0 0\n')).toBe(0);
  });

  it('of a thread that only computes grow as fast as time does, whatever else runs', () => {
    const own = () =>
      readSchedulerTimes(`/proc/${process.pid}/task`)?.find(({ tid }) => tid === process.pid)?.wantedMs ?? NaN;
    const [beforeMs, startedMs] = [own(), performance.now()];
    while (performance.now() - startedMs < 100);
    const grownMs = own() - beforeMs;
    expect(grownMs).toBeGreaterThan(60);
    expect(grownMs).toBeLessThan(3 * (performance.now() - startedMs));
  });

  it('of what is gone are not known', () => {
    expect(readSchedulerTimes('/proc/0/task')).toBeNull();
  });
});
