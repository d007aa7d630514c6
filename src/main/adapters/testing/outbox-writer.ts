/**
 * Run as a child process by tests: records crashes in the history argv[2], turns them into items and messages of its outbox by
 * the rules of the alerts, and delivers each message as a line of its standard output, until it is killed.
 */
import { FakeEngine } from '../../api/testing/fake-engine';
import { Alerts } from '../../alerts/alerts';
import { FakeChannel } from '../../alerts/testing/fake-channel';
import { FakeComposer } from '../../alerts/testing/fake-composer';
import { dirname } from 'node:path';
import { createSystemClock } from '../clock';
import { EngineRecord } from '../record/record';
import { hostInPlace } from '../record/record-host';
import type { StorageNotice } from '../files/notice';
import { crashEvent } from './event';

const clock = createSystemClock();
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const file = process.argv[2] ?? '';
const notify = (notice: StorageNotice): void => say(notice.detail);
const { client } = hostInPlace({
  files: { dataDir: dirname(file), history: file, healingLog: `${file}.log`, state: `${file}.state` },
  limits: {
    retention: { sampleHours: 24, tableHours: 24, minuteDays: 30, quarterDays: 365, eventDays: 365, maxBytes: 1e9 },
    healingLog: { maxBytes: 1e9, files: 1 },
  },
  ...{ clock, notify },
  report: (where, error) => say(`${where}: ${String(error)}`),
});

async function main(): Promise<void> {
  const history = new EngineRecord({ client, start: await client.open(), dataDir: dirname(file), clock, notify });
  const engine = new FakeEngine();
  engine.settings.set({ 'alerts.settleMs': 0, 'alerts.groupMs': 0, 'alerts.perWatchPerHour': null }, 'cli');
  engine.publish = () => undefined;
  const channel = new FakeChannel(() => clock.monotonicMs());
  channel.hourly = 10_000;
  channel.deliver = (message) => {
    say(`sent ${message.messageId} ${message.events.map((event) => event.id).join(',')}`);
    return Promise.resolve({ ok: true, reply: 'printed' });
  };
  const alerts = new Alerts({
    engine,
    clock,
    store: history.outbox,
    history,
    lastEventId: history.lastEventId,
    channels: [channel],
    composer: new FakeComposer(),
    hostname: 'test',
    newId: () => `${process.pid}-${Math.random()}`,
    random: Math.random,
    report: (where, error) => say(`${where}: ${String(error)}`),
    warnings: () => [],
    fromEnvironment: () => [],
  });
  alerts.start();
  let id = history.lastEventId;
  const last = id + Number(process.argv[3] ?? 0);
  async function next(): Promise<void> {
    if (id === last) {
      say('all happened');
      setInterval(() => undefined, 60_000);
      return;
    }
    const event = crashEvent((id += 1), `watch-${id % 7}`);
    history.recordEvent(event);
    await history.written(10_000);
    say(`happened ${id}`);
    engine.emit({ events: [event] });
    setTimeout(() => void next(), 2);
  }
  void next();
}

void main();
