/** Run as a child process by tests: takes the lock of the data directory argv[2], says so, and holds it until it is killed. */
import { openDataDir } from '../files/data-dir';
import { DataDirLock } from '../files/engine-lock';

try {
  const paths = openDataDir(process.argv[2] ?? '');
  if (process.argv[3] !== 'open-only') {
    new DataDirLock(paths, { pid: process.pid, startedAt: new Date().toISOString(), shell: 'headless' });
    setInterval(() => undefined, 60_000);
  }
  process.stdout.write('ready\n');
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`);
}
