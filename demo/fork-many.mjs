// Starts many processes, all at once and a bounded number of them. They only sleep, and end by themselves.
//   node demo/fork-many.mjs --children 120       so many children of one parent, as a pool of workers has them
//   node demo/fork-many.mjs --generations 7      each starts two more, to that depth: 127 at most, as a fork bomb grows
// [--after 0] is quiet for so many ms first; [--seconds 20] is how long they live; [--every N] does it again every N s.
import { spawn } from 'node:child_process';
import { afterStart, endAfterMaxSeconds, numberOption } from './lifetime.mjs';

const generations = Math.min(Math.max(numberOption('generations', 1), 1), 7);
const children = Math.min(Math.max(numberOption('children', generations > 1 ? 1 : 120), 1), generations > 1 ? 1 : 300);
const afterMs = Math.min(numberOption('after', 0), 600_000);
const seconds = Math.min(Math.max(numberOption('seconds', 20), 1), 600);

// The depth is counted down, so this can't run away; each becomes `sleep` once its own two are started.
const GROW =
  'grow() { if [ "$1" -gt 1 ]; then grow $(($1 - 1)) "$2" & grow $(($1 - 1)) "$2" & fi; exec sleep "$2"; }; grow "$1" "$2"';

const everySeconds = numberOption('every', 0);

process.stdout.write(`fork-many ${process.pid}: ${children} x ${2 ** generations - 1} processes after ${afterMs} ms\n`);
function grow() {
  for (let index = 0; index < children; index += 1) {
    spawn('sh', ['-c', GROW, 'sh', String(generations), String(seconds)], { stdio: 'ignore' });
  }
}

afterStart(afterMs, () => {
  grow();
  // Never more than one lot at a time: the next comes when the last has ended.
  if (everySeconds > 0) setInterval(grow, Math.max(everySeconds, seconds + 2) * 1000);
});
endAfterMaxSeconds(600);
