/** Run as a child process by tests: records moments of a made-up process table as fast as it can, until it is killed. */
import { ManualClock } from '../../engine/testing/manual-clock';
import { History } from '../history/history';
import { createTableChurn } from './table-churn';

const startAt = 1_790_000_000_000;
const history = new History({
  file: process.argv[2] ?? '',
  clock: new ManualClock(),
  retention: () => ({
    ...{ sampleHours: 24, minuteDays: 7, quarterDays: 365, eventDays: 365, tableHours: 24, maxBytes: 5e8 },
  }),
  notify: (notice) => process.stdout.write(`${notice.detail}\n`),
  report: (where, error) => process.stdout.write(`${where}: ${String(error)}\n`),
});
const churn = createTableChurn({ count: 100, birthsPerSecond: 1, startAt });
let recorded = 0;
function next(): void {
  churn.pass(10_000);
  recorded += 1;
  history.recordTable([{ at: startAt + recorded * 10_000, rows: churn.rows(), ended: [] }]);
  process.stdout.write(`recorded ${recorded}\n`);
  setImmediate(next);
}
next();
