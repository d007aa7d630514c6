import Database from 'libsql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../../../shared/model/event';
import { AlertsBench } from '../../../alerts/testing/alerts-bench';
import { SERVER_DOWN } from '../../../alerts/testing/fake-channel';
import { distant, MemoryOutbox } from '../../../alerts/testing/memory-outbox';
import type { MessageProgress, NewMessage, OutboxStore } from '../../../engine/outbox-store';
import { bundleForNode } from '../../testing/bundle';
import { startNode } from '../../testing/child';
import { crashEvent, testEvent } from '../../testing/event';
import { HistoryFolder, KEEP } from '../../testing/history-folder';
import { eventually } from '../../testing/children';

const HOUR = 3_600_000;

let folder: HistoryFolder;
let writer: { file: string; dispose: () => void };

beforeAll(async () => {
  writer = await bundleForNode('src/main/adapters/testing/outbox-writer.ts');
});
afterAll(() => writer.dispose());
beforeEach(() => {
  folder = new HistoryFolder();
});
afterEach(() => {
  folder.dispose();
});

const open = () => folder.open();

const ROUTE = { channel: 'mail' as const, recipient: 'ada@example.org' };
const MESSAGE: NewMessage = {
  route: ROUTE,
  kind: 'incident',
  severity: 'high',
  watch: 'web',
  incident: 2,
  subject: 'web crashed',
  body: '{"text":"…"}',
  events: 2,
  budget: 'urgent',
  createdAt: Date.UTC(2026, 10, 22),
  messageId: '<1@test>',
  inReplyTo: null,
};
const SENT: MessageProgress = {
  state: 'sent',
  attempts: 1,
  nextAttemptAt: null,
  sentAt: Date.UTC(2026, 10, 22) + 5000,
  reply: '250 OK',
  problem: null,
};

/** The table and the fake that stands for it in other tests. */
const KINDS: [string, (events: readonly HealdeckEvent[]) => OutboxStore][] = [
  [
    'in history.db',
    (events) => {
      const history = open();
      for (const event of events) history.recordEvent(event);
      return history.outbox;
    },
  ],
  ['in memory', (events) => new MemoryOutbox(() => events)],
];

describe.each(KINDS)('the outbox %s', (_, make) => {
  const events = [testEvent(1, { watch: 'api' }), crashEvent(2, 'web'), testEvent(3, { watch: 'api' }), testEvent(4)];

  it('begins with nothing', () => {
    expect(make([]).load(0)).toEqual({
      cursor: null,
      items: [],
      threads: [],
      mutes: [],
      unfinished: [],
      sent: [],
      lastSent: [],
      failed: 0,
    });
  });

  it('reads events in order, by number, and counts them', () => {
    const store = make(events);
    expect(store.eventsAfter(1, 2)).toEqual(events.slice(1, 3));
    expect(store.eventsOf([4, 2, 99])).toEqual([events[1], events[3]]);
    expect(store.countsOf([1, 2, 3, 4])).toEqual(
      expect.arrayContaining([
        { watch: 'api', type: 'notice', count: 2 },
        { watch: 'web', type: 'crash_detected', count: 1 },
        { watch: null, type: 'notice', count: 1 },
      ]),
    );
  });

  it('keeps what waits until a message accounts for it, each item once', () => {
    const store = make(events);
    const thread = {
      ...{ route: ROUTE, incident: 2, watch: 'web', root: null, lastAt: 1000, endedAt: null },
      overAt: null,
      cause: 3,
      criticalReported: true,
    };
    const item = (event: number, suppressed: 'maintenance' | null = null) => ({ route: ROUTE, event, suppressed });
    const items = [item(1), item(2), item(3, 'maintenance'), item(4)];
    store.admit({ cursor: 4, items, threads: [thread], endedMutes: [] });
    store.admit({ cursor: 4, items: [item(4)], threads: [], endedMutes: [] });
    expect(store.load(0)).toMatchObject({ cursor: 4, threads: [thread] });
    expect(store.load(0).items).toEqual(
      events.map((event) => ({ route: ROUTE, event, suppressed: event.id === 3 ? 'maintenance' : null })),
    );
    store.suppress(ROUTE, [1], 'acknowledged');
    const root = { ...thread, root: '<1@test>', lastAt: 2000 };
    expect(store.add(MESSAGE, { events: [2, 3], threads: [root] })).toBe(1);
    const after = store.load(0);
    expect(after.items.map(({ event, suppressed }) => [event.id, suppressed])).toEqual([
      [1, 'acknowledged'],
      [4, null],
    ]);
    expect(after.threads).toEqual([root]);
  });

  it('keeps how far each message has come, and its body until it is sent', () => {
    const store = make(events);
    const id = store.add(MESSAGE, { events: [], threads: [] });
    expect(store.body(id)).toBe(MESSAGE.body);
    const problem = { ...SERVER_DOWN };
    store.save(id, { ...SENT, state: 'sending', sentAt: null, reply: null, problem });
    expect(store.load(0).unfinished).toMatchObject([{ id, state: 'sending', problem, subject: 'web crashed' }]);
    store.save(id, { ...SENT, state: 'failed', sentAt: null });
    expect(store.load(0)).toMatchObject({ failed: 1, unfinished: [] });
    store.save(id, SENT);
    expect([store.body(id), store.body(99), store.message(99)]).toEqual([null, null, null]);
    expect(store.load(0)).toMatchObject({
      failed: 0,
      sent: [{ ...ROUTE, watch: 'web', at: SENT.sentAt }],
      lastSent: [{ channel: 'mail', at: SENT.sentAt }],
    });
    expect(store.load(SENT.sentAt ?? 0).sent).toEqual([]);
    const second = store.add(MESSAGE, { events: [], threads: [] });
    expect(store.list({ states: ['queued', 'sent'], limit: 10 }).map((message) => message.id)).toEqual([second, id]);
    expect(store.list({ states: ['sent'], limit: 10 }).map((message) => message.id)).toEqual([id]);
  });

  it('keeps mutes', () => {
    const store = make([]);
    const mute = { kind: 'snoozed' as const, watchId: 'w1', incident: null, at: 5, until: null };
    const ids = [store.addMute(mute), store.addMute(mute), store.addMute(mute)];
    store.removeMutes([ids[0] ?? 0]);
    store.admit({ cursor: 1, items: [], threads: [], endedMutes: [ids[1] ?? 0] });
    expect(store.load(0).mutes).toEqual([{ ...mute, id: ids[2] }]);
  });
});

describe('alerts on history.db', () => {
  it('lose none and tell none twice when the engine is killed at any moment', async () => {
    const said: string[] = [];
    let happened = 0;
    for (let life = 1; life <= 6; life += 1) {
      const child = startNode(writer.file, [folder.file, life === 6 ? '20' : '1000']);
      // The next life goes on where the last one was broken off, somewhere between an event and its message.
      happened += 15 + life;
      const mark = life === 6 ? 'all happened' : `happened ${happened}`;
      said.push(await child.saysWithin(mark));
      if (life === 6) await waitUntilIdle();
      await child.kill();
      said.push(await child.ended);
      happened = Number([...(said.at(-1) ?? '').matchAll(/happened (\d+)/g)].at(-1)?.[1] ?? happened);
    }
    const arrived = new Map<string, string[]>();
    for (const [, messageId = '', events = ''] of said.join('\n').matchAll(/sent (\S+) (\S+)/g)) {
      arrived.set(messageId, events.split(','));
    }
    const database = new Database(folder.file);
    const events = database
      .prepare(
        `SELECT e.id, o.message_id AS message FROM events e
          LEFT JOIN alert_items i ON i.event = e.id LEFT JOIN outbox o ON o.id = i.message ORDER BY e.id`,
      )
      .all() as { id: number; message: string | null }[];
    database.close();
    for (const { id, message } of events) {
      // A message has room for the words of some events only; those that have words have them in this message alone.
      expect([id, message !== null && arrived.has(message)]).toEqual([id, true]);
      const saying = [...arrived].filter(([, ids]) => ids.includes(String(id))).map(([messageId]) => messageId);
      expect(saying.filter((messageId) => messageId !== message)).toEqual([]);
    }
    expect(events.length).toBeGreaterThan(50);
  });

  it('reach everybody once and in order when the server was down for 2 hours and the engine killed twice', async () => {
    const history = open();
    const bench = new AlertsBench(
      {},
      { store: distant(history.outbox), record: (event) => history.recordEvent(event) },
    );
    bench.mail.answers(SERVER_DOWN);
    const times: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const incident = bench.crash(`watch-${i}`);
      times.push(bench.events.find(({ id }) => id === incident)?.at ?? '');
      await bench.clock.advance(HOUR / 2);
      if (i % 2 === 0) bench.restart();
    }
    expect(bench.mails).toEqual([]);
    bench.mail.answers('well');
    await bench.clock.advance(2 * HOUR);
    expect(bench.mails).toEqual([0, 1, 2, 3].map((i) => `incident watch-${i} 1`));
    expect(bench.mail.delivered.map(({ events }) => events[0]?.at)).toEqual(times);
    expect(new Set(bench.mail.delivered.map(({ messageId }) => messageId)).size).toBe(4);
    bench.alerts.dispose();
    expect(bench.reported).toEqual([]);
  });

  it('wait for a database that somebody else has locked', async () => {
    const record = await folder.openRecord();
    const bench = new AlertsBench({}, { store: record.outbox, record: (event) => record.recordEvent(event) });
    await bench.clock.advance(1000);
    const other = new Database(folder.file);
    other.exec('BEGIN IMMEDIATE');
    bench.crash();
    await Promise.all([bench.clock.advance(60_000), folder.clock.advance(60_000)]);
    expect(bench.mails).toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    await folder.clock.advance(60_000);
    await bench.clock.advance(60_000);
    expect(bench.mails).toEqual(['incident web 1']);
    bench.alerts.dispose();
  });

  it('are forgotten with their events, save what waits', async () => {
    const history = open();
    for (const event of [testEvent(1), testEvent(2), testEvent(3)]) history.recordEvent(event);
    const store = history.outbox;
    const items = [1, 2].map((event) => ({ route: ROUTE, event, suppressed: null }));
    store.admit({ cursor: 3, items, threads: [], endedMutes: [] });
    const sent = store.add(MESSAGE, { events: [1], threads: [] });
    store.save(sent, SENT);
    const failed = store.add(MESSAGE, { events: [], threads: [] });
    store.save(failed, { ...SENT, state: 'failed', sentAt: null });
    folder.clock.jumpWall(Date.UTC(2026, 11, 31) - folder.clock.wallMs());
    folder.retention = { ...KEEP, eventDays: 1 };
    await folder.clock.advance(120_000);
    expect(store.list({ states: ['sent', 'failed'], limit: 10 }).map(({ id }) => id)).toEqual([failed]);
    expect(store.load(0).items).toEqual([]);
  });
});

/** The last life has nothing more to do once its queue is empty; looked at from outside. */
async function waitUntilIdle(): Promise<void> {
  const nothingWaits = (): boolean => {
    const database = new Database(folder.file, { readonly: true });
    const waiting = database
      .prepare(
        `SELECT (SELECT count(*) FROM events WHERE id > (SELECT event FROM alert_cursor))
          + (SELECT count(*) FROM alert_items WHERE message IS NULL) + (SELECT count(*) FROM outbox WHERE state != 'sent') AS n`,
      )
      .get() as { n: number };
    database.close();
    return waiting.n === 0;
  };
  await eventually('nothing waits', nothingWaits, 15_000);
}
