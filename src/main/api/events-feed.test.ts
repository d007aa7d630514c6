import { eventFits } from '../../shared/lib/events/event-query';
import { describe, expect, it } from 'vitest';
import { eventQuerySchema } from '../../shared/model/event';
import { followEvents, MAX_WAITING_EVENTS, pastEvents } from './events-feed';
import { ManualClock } from '../engine/testing/manual-clock';
import { FakeEngine, fakeEvent } from './testing/fake-engine';

const query = (given: object = {}) => eventQuerySchema.parse(given);

/** Lets pending promises run. */
const settle = () => new ManualClock().advance(0);

async function read(feed: AsyncGenerator<{ message: string }, void>, count: number): Promise<string[]> {
  const messages: string[] = [];
  for (let index = 0; index < count; index++) {
    const { value } = await feed.next();
    if (value) messages.push(value.message);
  }
  return messages;
}

describe('following events', () => {
  it('tells the backlog, then what happens, each once and in order, even while the history is being read', async () => {
    const engine = new FakeEngine();
    engine.happen('old');
    let release: () => void = () => {};
    const history = {
      listEvents: async (asked: ReturnType<typeof query>) => {
        const before = await engine.listEvents(asked);
        await new Promise<void>((resolve) => (release = resolve));
        return before;
      },
    };
    const feed = followEvents(engine, history, query());
    const messages = read(feed, 3);
    await settle();
    engine.happen('meanwhile');
    release();
    await settle();
    engine.happen('new');
    expect(await messages).toEqual(['old', 'meanwhile', 'new']);
    await feed.return();
    expect(engine.listeners.size).toBe(0);
  });

  it('tells only what was asked for', async () => {
    const engine = new FakeEngine();
    const feed = followEvents(engine, engine, query({ watch: 'web' }));
    const messages = read(feed, 2);
    await settle();
    engine.happen('no', 'db');
    engine.happen('first', 'web');
    engine.happen('no', null);
    engine.happen('second', 'web');
    expect(await messages).toEqual(['first', 'second']);
  });

  it('ends at once when the client breaks off while nothing happens', async () => {
    const engine = new FakeEngine();
    const abort = new AbortController();
    const pending = followEvents(engine, engine, query(), abort.signal).next();
    await settle();
    abort.abort();
    expect((await pending).done).toBe(true);
    expect(engine.listeners.size).toBe(0);
  });

  it('ends with the place to go on when a client lets too many wait', async () => {
    const engine = new FakeEngine();
    const feed = followEvents(engine, engine, query());
    engine.happen('first');
    await feed.next();
    for (let count = 0; count <= MAX_WAITING_EVENTS; count++) engine.happen('flood');
    await expect(feed.next()).rejects.toThrow('afterId 1');
    expect(engine.listeners.size).toBe(0);
  });
});

describe('past events', () => {
  it('include those that are not on disk yet', async () => {
    const engine = new FakeEngine();
    ['one', 'two', 'three'].forEach((message) => engine.happen(message));
    const onDisk = { listEvents: () => Promise.resolve([fakeEvent(1, 'one'), fakeEvent(2, 'two')]) };
    const found = await pastEvents(engine, onDisk, query({ limit: 2 }));
    expect(found.map(({ message }) => message)).toEqual(['two', 'three']);
  });
});

describe('an event query', () => {
  const event = fakeEvent(5, 'Restarted Web-Worker', 'web');
  it.each([
    [{}, true],
    [{ types: ['notice'] }, true],
    [{ types: ['killed'] }, false],
    [{ watch: 'web' }, true],
    [{ watch: 'we' }, false],
    [{ afterId: 4 }, true],
    [{ afterId: 5 }, false],
    [{ sinceAt: Date.parse(event.at) - 1 }, true],
    [{ sinceAt: Date.parse(event.at) }, false],
    [{ text: 'web-w' }, true],
    [{ text: 'killed' }, false],
  ])('%j fits: %s', (given, expected) => {
    expect(eventFits(event, query(given))).toBe(expected);
  });
});
