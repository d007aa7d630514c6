/** Run as a child process by tests: appends to the healing.log argv[2] until the disk refuses. */
import { createSystemClock } from '../clock';
import { openHealingLog } from '../healing-log';
import { testEvent } from './event';

const log = openHealingLog({
  file: process.argv[2] ?? '',
  limits: () => ({ maxBytes: 10_000_000, files: 1 }),
  clock: createSystemClock(),
  notify: (notice) => process.stdout.write(`${notice.detail}\n`),
});
let id = 0;
while (log.unwritten === 0 && id < 10_000) log.append(testEvent((id += 1)));
process.stdout.write(`kept ${id - log.unwritten}\n`);
