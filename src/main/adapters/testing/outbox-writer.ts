/**
 * Run as a child process by tests: records crashes in the history argv[2], turns them into items and messages of its outbox by
 * the rules of the alerts, and delivers each message as a line of its standard output, until it is killed.
 */
import { FakeEngine } from '../../api/testing/fake-engine';
import { createAlerts } from '../../alerts/alerts';
import { FakeChannel } from '../../alerts/testing/fake-channel';
import { FakeComposer } from '../../alerts/testing/fake-composer';
import { createSystemClock } from '../clock';
import { openHistory } from '../history/history';
import { crashEvent } from './event';

const clock = createSystemClock();
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const history = openHistory({
  file: process.argv[2] ?? '',
  clock,
  retention: () => ({
    sampleHours: 24,
    tableHours: 24,
    minuteDays: 30,
    quarterDays: 365,
    eventDays: 365,
    maxBytes: 1e9,
  }),
  notify: (notice) => say(notice.detail),
  report: (where, error) => say(`${where}: ${String(error)}`),
});
const engine = new FakeEngine();
engine.setSettings({ 'alerts.settleMs': 0, 'alerts.groupMs': 0, 'alerts.perWatchPerHour': null });
engine.publish = () => undefined;
const channel = new FakeChannel(() => clock.monotonicMs());
channel.hourly = 10_000;
channel.deliver = (message) => {
  say(`sent ${message.messageId} ${message.events.map((event) => event.id).join(',')}`);
  return Promise.resolve({ ok: true, reply: 'printed' });
};
const alerts = createAlerts({
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
function next(): void {
  if (id === last) {
    say('all happened');
    setInterval(() => undefined, 60_000);
    return;
  }
  const event = crashEvent((id += 1), `watch-${id % 7}`);
  history.recordEvent(event);
  say(`happened ${id}`);
  engine.emit({ events: [event] });
  setTimeout(next, 2);
}
next();
