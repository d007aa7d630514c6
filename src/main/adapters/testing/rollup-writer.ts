/** Run as a child process by tests: lives through a day of readings as fast as it can, with their upkeep, until it is killed. */
import { writeSync } from 'node:fs';
import { ManualClock } from '../../engine/testing/manual-clock';
import { History } from '../history/history';

/** Written at once: what waited in a stream would be lost with the process, and the word of it with it. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

const clock = new ManualClock();
const history = new History({
  file: process.argv[2] ?? '',
  clock,
  retention: () => ({ sampleHours: 1, minuteDays: 7, quarterDays: 365, eventDays: 365, tableHours: 24, maxBytes: 5e8 }),
  notify: (notice) => say(notice.detail),
  report: (where, error) => say(`${where}: ${String(error)}`),
});
async function liveOneDay(): Promise<void> {
  for (let recorded = 1; recorded <= 43_200; recorded += 1) {
    await clock.advance(2000);
    history.recordSamples(clock.wallMs(), [{ watchId: 'w', cpuPercent: recorded % 100, memoryBytes: recorded }]);
    say(`recorded ${recorded}`);
  }
}
void liveOneDay();
