/** Run as a child process by tests: appends to the healing.log argv[2] until the disk refuses. */
import { HealingFile } from '../logs/healing-file';
import { errorText } from '../files/notice';

const file = new HealingFile({
  file: process.argv[2] ?? '',
  limits: () => ({ maxBytes: 10_000_000, files: 1 }),
  notify: (notice) => process.stdout.write(`${notice.detail}\n`),
});
let id = 0;
try {
  while (id < 10_000) {
    file.append([`2026-11-22T00:00:01.000Z Notice test detail ${id + 1}`]);
    id += 1;
  }
} catch (error) {
  process.stdout.write(`kept ${id}, then ${errorText(error)}\n`);
}
