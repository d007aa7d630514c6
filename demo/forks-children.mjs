// A family of three generations: a parent, --children children, --grandchildren children of each.
//   node demo/forks-children.mjs [--children 2] [--grandchildren 1] [--ignore-sigterm] [--own-session] [--max-seconds 600]
// --ignore-sigterm   no one of them ends when asked to
// --own-session      the first grandchild runs in a session of its own (setsid), where no process group reaches it
// When all of them run, the parent prints one line: {"parent":1,"children":[2,3],"grandchildren":[4,5],"ownSession":4}
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endAfterMaxSeconds, numberOption, option } from './lifetime.mjs';

const role = option('role', 'parent');
const ignoreSigterm = option('ignore-sigterm', false) === true;
const ownSession = option('own-session', false) === true;
const children = Math.min(numberOption('children', 2), 50);
const grandchildren = Math.min(numberOption('grandchildren', 1), 50);
const maxSeconds = endAfterMaxSeconds();

if (ignoreSigterm) process.on('SIGTERM', () => undefined);

/** Starts one of the family and resolves with the line that it prints. */
function start(asRole, flags, detached) {
  const self = fileURLToPath(import.meta.url);
  const argv = [self, '--role', asRole, '--max-seconds', String(maxSeconds), ...flags];
  if (ignoreSigterm) argv.push('--ignore-sigterm');
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], detached });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
  });
}

/** Runs `create` for 0 to count - 1, all at once. */
const times = (count, create) => Promise.all(Array.from({ length: count }, (_, index) => create(index)));

if (role === 'grandchild') {
  process.stdout.write(`${JSON.stringify({ pid: process.pid })}\n`);
} else if (role === 'child') {
  const own = await times(grandchildren, (index) => start('grandchild', [], ownSession && index === 0));
  process.stdout.write(`${JSON.stringify({ pid: process.pid, grandchildren: own.map(({ pid }) => pid) })}\n`);
} else {
  const family = await times(children, (index) =>
    start(
      'child',
      ['--grandchildren', String(grandchildren), ...(ownSession && index === 0 ? ['--own-session'] : [])],
      false,
    ),
  );
  const pids = {
    parent: process.pid,
    children: family.map(({ pid }) => pid),
    grandchildren: family.flatMap((child) => child.grandchildren),
    ownSession: ownSession ? (family[0]?.grandchildren[0] ?? null) : null,
  };
  process.stdout.write(`${JSON.stringify(pids)}\n`);
}
