// Notices the ends of processes that it did not start, as the engine does. Bundled by run.mjs; answers its parent's requests.
//   argv: `kernel` or `polling`, and the bundle of the thread that waits
import { createSystemClock } from '../../src/main/adapters/clock';
import { openEndNotices } from '../../src/main/adapters/processes/pidfd/open-end-notices';
import { openPidfds } from '../../src/main/adapters/processes/pidfd/pidfds';
import { createProcfsTable } from '../../src/main/adapters/processes/procfs';

/** As in engine/ticks/liveness-poller.ts. */
const POLL_INTERVAL_MS = 100;

const [by, threadFile] = process.argv.slice(2);
const clock = createSystemClock();
const table = createProcfsTable({ clock });
const ended = [];
const onEnd = (pid, exit) => ended.push({ pid, atNs: String(process.hrtime.bigint()), exit });

const notices = openEndNotices({
  kernel: openPidfds(),
  identify: (pid) => table.identify(pid),
  ...{ clock, threadFile, maxFollowed: 10_000 },
  notify: ({ detail }) => console.error(detail),
  report: (where, error) => console.error(where, error),
});

function follow(pids) {
  const identities = pids.map((pid) => table.identify(pid)).filter((identity) => identity !== null);
  if (by === 'kernel') {
    return identities.filter((identity) => notices.follow(identity, (exit) => onEnd(identity.pid, exit)) !== null)
      .length;
  }
  const living = new Set(identities);
  const poll = () => {
    for (const identity of living) {
      if (table.isAlive(identity)) continue;
      living.delete(identity);
      onEnd(identity.pid, null);
    }
    clock.after(POLL_INTERVAL_MS, poll);
  };
  clock.after(POLL_INTERVAL_MS, poll);
  return identities.length;
}

process.on('message', async ({ name, pids }) => {
  if (name === 'prepare') {
    // As in the engine, where each process is in the table, with a descriptor kept.
    await table.scan();
    process.send({ followed: follow(pids), reason: notices.status.reason ?? null });
  }
  if (name === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMs: (user + system) / 1000 });
  }
  if (name === 'ended') process.send({ ended });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
