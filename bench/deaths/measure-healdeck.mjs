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
  ...{ clock, threadFile, maxFollowed: 100_000 },
  notify: ({ detail }) => console.error(detail),
  report: (where, error) => console.error(where, error),
});

/** Follows each process; then its own parent again and again, up to so many descriptors. What one more took, in µs. */
function follow(pids, descriptors) {
  const identities = pids.map((pid) => table.identify(pid)).filter((identity) => identity !== null);
  if (by === 'kernel') {
    const isFollowed = (identity, onIt) => notices.follow(identity, onIt) !== null;
    const followed = identities.filter((identity) => isFollowed(identity, (exit) => onEnd(identity.pid, exit))).length;
    const startedMs = performance.now();
    const parent = table.identify(process.ppid);
    let further = 0;
    while (followed + further < descriptors && isFollowed(parent, () => undefined)) further += 1;
    const addUs = further === 0 ? null : (1000 * (performance.now() - startedMs)) / further;
    return { followed, descriptors: followed + further, addUs };
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
  return { followed: identities.length };
}

process.on('message', async ({ name, pids, descriptors }) => {
  if (name === 'prepare') {
    // As in the engine, where each process is in the table, with a descriptor kept.
    await table.scan();
    process.send({ ...follow(pids, descriptors), reason: notices.status.reason ?? null });
  }
  if (name === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMs: (user + system) / 1000 });
  }
  if (name === 'ended') process.send({ ended });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
