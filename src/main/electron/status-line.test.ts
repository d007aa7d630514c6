import { describe, expect, it } from 'vitest';
import type { WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import { statusLine } from './status-line';

function status(name: string, phase: WatchPhase): WatchStatus {
  return { watch: { name }, phase } as WatchStatus;
}

describe('the status line of the tray', () => {
  it('counts what is healthy', () => {
    expect(statusLine([])).toBe('No watches yet');
    expect(statusLine([status('web', 'running')])).toBe('1 watch healthy');
    expect(statusLine([status('web', 'running'), status('db', 'running')])).toBe('2 watches healthy');
  });

  it('puts first what is wrong, by its name when it is one', () => {
    const others = [status('db', 'running'), status('job', 'stopped'), status('queue', 'waiting')];
    expect(statusLine([...others, status('web', 'backoff')])).toBe('web is down, 1 healthy, 1 waiting, 1 stopped');
    expect(statusLine([status('a', 'failed'), status('b', 'backoff')])).toBe('2 watches are down');
    expect(statusLine([...others, status('web', 'cooldown')])).toBe('web is down, 1 healthy, 1 waiting, 1 stopped');
  });

  it('cuts a name that would fill the screen', () => {
    expect(statusLine([status('x'.repeat(4000), 'failed')])).toBe(`${'x'.repeat(39)}… is down`);
  });
});
