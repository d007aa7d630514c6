import { describe, expect, it } from 'vitest';
import { watchSpecSchema } from '../../shared/model/watch';
import { liveFeed, MAX_PENDING_EVENTS } from './live-feed';
import { processesFeed } from './processes-feed';
import { ManualClock } from '../engine/testing/manual-clock';
import { FakeAlerts } from './testing/fake-alerts';
import { FakeEngine, fakeEvent, fakeRow, fakeStatus } from './testing/fake-engine';

const status = (name: string, number = 1) =>
  fakeStatus(watchSpecSchema.parse({ name, target: { kind: 'command', command: { argv: ['x'], cwd: '/' } } }), number);

function setUp() {
  const engine = new FakeEngine();
  const alerts = new FakeAlerts();
  const clock = new ManualClock();
  const abort = new AbortController();
  return { engine, alerts, clock, abort, feed: liveFeed({ engine, alerts, clock }, abort.signal) };
}

/** The next message, once the clock has been moved far enough for it. */
async function next<T>(feed: AsyncGenerator<T, void>, clock: ManualClock): Promise<T> {
  const result = feed.next();
  await clock.advance(250);
  const { value, done } = await result;
  if (done === true) throw new Error('the stream ended');
  return value;
}

describe('the live feed', () => {
  it('begins with the snapshot and numbers its messages from 0 without gaps', async () => {
    const { engine, clock, feed } = setUp();
    expect(await next(feed, clock)).toMatchObject({ kind: 'snapshot', seq: 0 });
    engine.happen('one');
    expect(await next(feed, clock)).toMatchObject({ kind: 'delta', seq: 1 });
    engine.happen('two');
    expect(await next(feed, clock)).toMatchObject({ kind: 'delta', seq: 2 });
  });

  it('loses nothing that happens between the snapshot and the first delta', async () => {
    const { engine, clock, feed } = setUp();
    await next(feed, clock);
    engine.happen('while nobody was asking');
    expect(await next(feed, clock)).toMatchObject({ events: [{ message: 'while nobody was asking' }] });
  });

  it('sends no event twice when the engine tells it late', async () => {
    const { engine, clock, feed } = setUp();
    const early = engine.happen('in the snapshot');
    await next(feed, clock);
    engine.emit({ events: [early] });
    const late = engine.happen('after it');
    expect(await next(feed, clock)).toMatchObject({ events: [late] });
  });

  it('merges what comes within the interval: newest value by watch, every event, at most 4 messages a second', async () => {
    const { engine, clock, feed } = setUp();
    await feed.next();
    const pending = feed.next();
    let arrived = false;
    void pending.then(() => (arrived = true));
    engine.emit({ watches: [{ ...status('web'), reason: 'old' }, status('gone', 2)] });
    engine.happen('one');
    await clock.advance(249);
    expect(arrived).toBe(false);
    engine.emit({ watches: [{ ...status('web'), reason: 'new' }], removedWatchIds: [status('gone', 2).watch.id] });
    engine.happen('two');
    await clock.advance(1);
    expect((await pending).value).toMatchObject({
      kind: 'delta',
      watches: [{ reason: 'new' }],
      removedWatchIds: [status('gone', 2).watch.id],
      events: [{ message: 'one' }, { message: 'two' }],
    });
  });

  it('sends at once what comes after a quiet time', async () => {
    const { engine, clock, feed } = setUp();
    await feed.next();
    await clock.advance(10_000);
    const pending = feed.next();
    await clock.advance(0);
    engine.happen('one');
    expect((await pending).value).toMatchObject({ events: [{ message: 'one' }] });
    expect(clock.pending).toBe(0);
  });

  it('gives a client that is too slow for its events a new snapshot in the same numbering', async () => {
    const { engine, clock, feed } = setUp();
    await next(feed, clock);
    for (let id = 1; id <= MAX_PENDING_EVENTS + 1; id++) engine.happen(`event ${id}`);
    expect(await next(feed, clock)).toMatchObject({ kind: 'snapshot', seq: 1 });
    const after = engine.happen('after it');
    expect(await next(feed, clock)).toMatchObject({ kind: 'delta', seq: 2, events: [after] });
  });

  it.each(['waiting for a change', 'waiting for its turn', 'with a message under way'])(
    'ends and unsubscribes when the client breaks off while it is %s',
    async (moment) => {
      const { engine, clock, abort, feed } = setUp();
      await feed.next();
      const pending = moment === 'with a message under way' ? null : feed.next();
      if (moment === 'waiting for its turn') engine.happen('one');
      await clock.advance(0);
      expect(engine.listeners.size).toBe(1);
      abort.abort();
      expect(engine.listeners.size).toBe(0);
      expect((await (pending ?? feed.next())).done).toBe(true);
      expect(clock.pending).toBe(0);
    },
  );

  it('unsubscribes when the reader returns', async () => {
    const { engine, feed } = setUp();
    await feed.next();
    await feed.return();
    expect(engine.listeners.size).toBe(0);
  });

  it('says nothing about changes that are no news to it', async () => {
    const { engine, clock, feed } = setUp();
    await feed.next();
    let arrived = false;
    void feed.next().then(() => (arrived = true));
    engine.pass([fakeRow(1)]);
    await clock.advance(1000);
    expect(arrived).toBe(false);
    engine.emit({ events: [fakeEvent(1, 'news')] });
    await clock.advance(1000);
    expect(arrived).toBe(true);
  });
});

describe('the processes feed', () => {
  it('sends the table, then rows that differ by value and processes that ended', async () => {
    const engine = new FakeEngine();
    const clock = new ManualClock();
    engine.table = [fakeRow(1), fakeRow(2), fakeRow(3)];
    const feed = processesFeed(engine, clock);
    expect(await next(feed, clock)).toEqual({ kind: 'table', seq: 0, rows: engine.table });
    const busy = fakeRow(2, { cpuPercent: 50 });
    const exec = fakeRow(1, { argv: ['other', '1'] });
    engine.pass([exec, busy, fakeRow(4)]);
    expect(await next(feed, clock)).toEqual({
      ...{ kind: 'delta', seq: 1, changed: [exec, busy, fakeRow(4)] },
      ended: [{ pid: 3, startTime: 30 }],
    });
  });

  it('takes a pid with another start time for another process', async () => {
    const engine = new FakeEngine();
    const clock = new ManualClock();
    engine.table = [fakeRow(7)];
    const feed = processesFeed(engine, clock);
    await next(feed, clock);
    engine.pass([fakeRow(7, { startTime: 99 })]);
    expect(await next(feed, clock)).toMatchObject({ changed: [{ startTime: 99 }], ended: [{ pid: 7, startTime: 70 }] });
  });

  it('is silent after a pass that changed nothing, and compares with what was sent, not with the pass before', async () => {
    const engine = new FakeEngine();
    const clock = new ManualClock();
    engine.table = [fakeRow(1)];
    const feed = processesFeed(engine, clock);
    await next(feed, clock);
    engine.pass([fakeRow(1, { cpuPercent: 10 })]);
    engine.pass([fakeRow(1)]);
    let arrived = false;
    const pending = feed.next();
    void pending.then(() => (arrived = true));
    await clock.advance(1000);
    expect(arrived).toBe(false);
    engine.pass([fakeRow(1, { cpuPercent: 20 })]);
    expect((await pending).value).toMatchObject({ seq: 1, changed: [{ cpuPercent: 20 }] });
  });
});
