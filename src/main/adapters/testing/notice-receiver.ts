/** Run as a child process by tests: receives what programs report until it is killed, or exits soon. */
import { createSystemClock } from '../clock';
import { noticePlace } from '../notices/notice-place';
import { openServiceNotices } from '../notices/open-service-notices';
import { loadSystemCalls } from '../processes/pidfd/system-calls';

const [dataDir = '', threadFile = '', ending] = process.argv.slice(2);
const notices = openServiceNotices({
  ...{ loaded: loadSystemCalls(), place: noticePlace(dataDir, 1000), uid: process.geteuid?.() ?? -1 },
  ...{ clock: createSystemClock(), threadFile },
  notify: ({ detail }) => process.stdout.write(`${detail}\n`),
  report: (where, error) => process.stdout.write(`${where}: ${String(error)}\n`),
});
notices.subscribe(() => undefined);
const { status } = notices;
process.stdout.write(`${status.at} ${status.at === 'unavailable' ? status.reason : status.address}\n`);
if (ending === 'exit') {
  setTimeout(() => {
    process.stdout.write(`exiting at ${Date.now()}\n`);
    process.exit();
  }, 300);
} else setInterval(() => undefined, 60_000);
