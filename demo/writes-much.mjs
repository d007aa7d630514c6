// Fills its output, to see it rotated, or a file, to see the rate limited.
//   node demo/writes-much.mjs [--mb-per-second 5] [--mb 100] [--stream out|err] [--file PATH]
// Every line has a number, so that it shows when one is missing. Ends when --mb megabytes are written.
import { openSync, writeSync } from 'node:fs';
import { numberOption, option } from './lifetime.mjs';

const perSecond = Math.min(Math.max(numberOption('mb-per-second', 5), 1), 100) * 1e6;
const total = Math.min(numberOption('mb', 100), 1000) * 1e6;
const file = option('file', '');
const fd = file !== '' ? openSync(file, 'w') : option('stream', 'out') === 'err' ? 2 : 1;
const TICK_MS = 50;

let written = 0;
let line = 0;
const timer = setInterval(() => {
  let block = '';
  while (block.length < (perSecond * TICK_MS) / 1000) {
    line += 1;
    block += `line ${String(line).padStart(9, '0')} ${'.'.repeat(84)}\n`;
  }
  for (let done = 0; done < block.length;) done += writeSync(fd, block.slice(done));
  written += block.length;
  if (written >= total) clearInterval(timer);
}, TICK_MS);
