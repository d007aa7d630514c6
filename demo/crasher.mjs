// Runs for a while, then dies.
//   node demo/crasher.mjs --after 2000                    exit 1 after 2 s (default: 1000 ms)
//   node demo/crasher.mjs --after 0 --code 42             exit 42 at once
//   node demo/crasher.mjs --after 500 --signal SIGSEGV    dies by a signal
import { constants } from 'node:os';
import { afterStart, numberOption, option } from './lifetime.mjs';

const afterMs = Math.min(numberOption('after', 1000), 600_000);
const code = numberOption('code', 1);
const signal = option('signal', null);
if (signal !== null && !(signal in constants.signals)) {
  process.stderr.write(`--signal: expected a name such as SIGSEGV, got ${JSON.stringify(signal)}\n`);
  process.exit(2);
}

process.stdout.write(`crasher ${process.pid}: dies in ${afterMs} ms\n`);
afterStart(afterMs, () => {
  process.stderr.write(`crasher ${process.pid}: fatal: ${signal ?? `exit ${code}`}\n`);
  if (signal === null) process.exit(code);
  process.kill(process.pid, signal);
});
// A signal may be one that is ignored by default.
setTimeout(() => process.exit(code), afterMs + 60_000);
