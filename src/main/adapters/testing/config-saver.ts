/** Run as a child process by tests: saves the configuration of argv[2] without end, a longer and a shorter one in turn. */
import Conf from 'conf';
import { ConfigFileStore } from '../stores/config-store';
import { openDataDir } from '../files/data-dir';

const store = new ConfigFileStore({
  paths: openDataDir(process.argv[2] ?? ''),
  open: (options) => new Conf(options),
  nowMs: Date.now,
  notify: (notice) => process.stdout.write(`${notice.detail}\n`),
});
const rounds = Number(process.argv[3] ?? Infinity);
const argument = 'x'.repeat(Number(process.argv[4] ?? 1000));

function saveOnce(round: number): void {
  store.saveWatches(
    Array.from({ length: 1 + (round % 40) }, (_, i) => ({
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      revision: 1,
      name: `watch-${i}`,
      groups: [],
      target: { kind: 'command', command: { argv: ['true', argument], cwd: '/', env: {}, user: null } },
      restart: null,
      success: { exitCodes: [0], signals: [] },
      probes: [],
      after: [],
      schedule: null,
      autostart: true,
      overrides: {},
    })),
  );
}

let round = 0;
function next(): void {
  try {
    saveOnce(round);
  } catch (error) {
    process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\nwatches: ${store.watches().length}\n`);
    return;
  }
  round += 1;
  if (round === 1) process.stdout.write('saving\n');
  if (round < rounds) setImmediate(next);
  else process.stdout.write('done\n');
}
next();
