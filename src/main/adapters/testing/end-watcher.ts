import { createSystemClock } from '../clock';
import { openEndNotices } from '../processes/pidfd/open-end-notices';
import { openPidfds } from '../processes/pidfd/pidfds';
import { identifyByProc } from './children';

/** Follows a process that goes on, and ends in the way that it is told: a child for tests that the thread hinders no end. */
const [threadFile = '', pid = '', ending = ''] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const notices = openEndNotices({
  ...{ kernel: openPidfds(), threadFile, maxFollowed: 9, clock: createSystemClock(), identify: identifyByProc },
  notify: ({ detail }) => say(detail),
  report: (where, error) => say(`${where}: ${String(error)}`),
});
const identity = identifyByProc(Number(pid));
const followed = identity === null ? null : notices.follow(identity, () => say('it ended'));
say(followed === null ? 'refused' : 'followed');
// By then the thread waits.
setTimeout(() => {
  say(`ending at ${Date.now()}`);
  if (ending === 'exit') process.exit(0);
}, 500);
