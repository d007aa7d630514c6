import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../engine/testing/manual-clock';
import { ServiceManager } from './service-manager';

let clock: ManualClock;
let sent: string[];
let problems: string[];
let problem: string | null;

beforeEach(() => {
  clock = new ManualClock();
  [sent, problems, problem] = [[], [], null];
});

const manager = (watchdogMs: number | null = 60_000): ServiceManager =>
  new ServiceManager({
    address: { socket: '@test', watchdogMs },
    clock,
    send: (text) => {
      if (problem === null) sent.push(text);
      return Promise.resolve(problem);
    },
    onProblem: (text) => problems.push(text),
  });
const tick = async (to: ServiceManager, status = '1 running', nextWithinMs = 8000): Promise<void> => {
  to.ticked({ status, nextWithinMs });
  await Promise.resolve();
};
const ready = async (to: ServiceManager): Promise<void> => {
  to.ready();
  await Promise.resolve();
};

describe('an engine under a service manager', () => {
  it('reports nothing before it is up, then that it is ready, and how its programs are', async () => {
    const service = manager();
    await tick(service, 'api is down');
    expect(sent).toEqual([]);
    await ready(service);
    expect(sent).toEqual(['READY=1\nSTATUS=api is down']);
  });

  it('gives a sign of life by a tick that has finished, three times in the time of the watchdog at most', async () => {
    const service = manager();
    await ready(service);
    for (let ms = 0; ms < 60_000; ms += 2000) {
      await tick(service);
      await clock.advance(2000);
    }
    expect(sent).toEqual(['READY=1', 'WATCHDOG=1\nSTATUS=1 running', 'WATCHDOG=1', 'WATCHDOG=1']);
  });

  it('that is stuck gives none, however much time passes', async () => {
    const service = manager();
    await ready(service);
    await tick(service);
    await clock.advance(600_000);
    expect(sent).toHaveLength(2);
  });

  it('reports a change at once, and in one line', async () => {
    const service = manager(null);
    await ready(service);
    await tick(service);
    await tick(service);
    await tick(service, 'a\nREADY=1 is down');
    expect(sent).toEqual(['READY=1', 'STATUS=1 running', 'STATUS=a READY=1 is down']);
  });

  it('asks for more time where its ticks are further apart, and gives that back', async () => {
    const service = manager();
    await ready(service);
    await tick(service, 'x', 240_000);
    await tick(service, 'x', 8000);
    expect(sent).toEqual([
      'READY=1',
      'WATCHDOG_USEC=720000000\nWATCHDOG=1\nSTATUS=x',
      'WATCHDOG_USEC=60000000\nWATCHDOG=1',
    ]);
  });

  it('sends again with the next tick what could not be sent, and reports that once', async () => {
    const service = manager();
    problem = '@test: EAGAIN';
    await ready(service);
    await tick(service);
    problem = null;
    await tick(service);
    expect(problems).toEqual(['@test: EAGAIN']);
    expect(sent).toEqual(['READY=1\nWATCHDOG=1\nSTATUS=1 running']);
  });

  it('says once that it ends, and nothing after that', async () => {
    const service = manager();
    await ready(service);
    await service.stopping();
    await service.stopping();
    await tick(service);
    expect(sent).toEqual(['READY=1', 'STOPPING=1\nSTATUS=Stopping; the programs go on running']);
  });

  it('that no manager has started sends nothing', async () => {
    const service = new ServiceManager({
      ...{ address: null, clock, onProblem: (text) => problems.push(text) },
      send: (text) => Promise.resolve(void sent.push(text) as unknown as null),
    });
    await ready(service);
    await tick(service);
    await service.stopping();
    expect(sent).toEqual([]);
  });
});
