import { expect, it } from 'vitest';
import { readWaitChannels } from './wait-channels';

it('shows where each thread of a process waits, and nothing of what is gone', () => {
  const channels = readWaitChannels(`/proc/${process.pid}/task`)!;
  // This thread reads, so it does not wait; those of the pool wait for work.
  expect(channels.length).toBeGreaterThan(1);
  expect(channels).toContain(null);
  expect(channels.some((channel) => channel?.includes('futex') === true)).toBe(true);
  expect(readWaitChannels('/proc/0/task')).toBeNull();
});
