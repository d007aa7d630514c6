// Children that hold memory: each of them little, all together much.
//   node demo/hog-children.mjs [--children 3] [--mb 60] [--after 0] [--max-seconds 120]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterStart, endAfterMaxSeconds, numberOption, option } from './lifetime.mjs';

const children = Math.min(numberOption('children', 3), 20);
const mb = Math.min(numberOption('mb', 60), 500);
const afterMs = Math.min(numberOption('after', 0), 600_000);
const maxSeconds = endAfterMaxSeconds(120);

if (option('role', 'parent') === 'child') {
  const held = Buffer.alloc(mb * 1e6, 1);
  // No child outlives its parent: its input ends with it.
  process.stdin.on('end', () => process.exit(held.length >= 0 ? 0 : 1)).resume();
} else {
  process.stdout.write(`hog-children ${process.pid}: ${children} x ${mb} MB after ${afterMs} ms\n`);
  afterStart(afterMs, () => {
    const argv = [fileURLToPath(import.meta.url), '--role', 'child', '--mb', mb, '--max-seconds', maxSeconds];
    for (let index = 0; index < children; index += 1) {
      spawn(process.execPath, argv.map(String), { stdio: ['pipe', 'ignore', 'inherit'] });
    }
  });
}
