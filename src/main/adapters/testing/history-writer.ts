/** Run as a child process by tests: records events in the history argv[2] until the disk refuses some, or it is killed. */
import { createSystemClock } from '../clock';
import { History } from '../history/history';
import { errorText } from '../files/notice';
import { testEvent } from './event';

const history = new History({
  file: process.argv[2] ?? '',
  clock: createSystemClock(),
  retention: () => ({
    sampleHours: 24,
    minuteDays: 7,
    quarterDays: 365,
    eventDays: 365,
    tableHours: 24,
    maxBytes: 5e8,
  }),
  notify: (notice) => process.stdout.write(`${notice.detail}\n`),
  report: (where, error) => process.stdout.write(`${where}: ${String(error)}\n`),
});
let id = history.lastEventId;
function next(): void {
  try {
    for (let i = 0; i < 20; i += 1) {
      history.record([{ events: [testEvent(id + 1, { message: 'm'.repeat(500) })], memories: [] }]);
      id += 1;
    }
  } catch (error) {
    process.stdout.write(`recorded ${id} then ${errorText(error)}\n`);
    process.exit(0);
  }
  history.recordSamples(Date.now(), [{ watchId: 'w', cpuPercent: 1, memoryBytes: 1 }]);
  process.stdout.write(`written ${id}\n`);
  setImmediate(next);
}
next();
