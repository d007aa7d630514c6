import { expect, it } from 'vitest';
import { heapLimitOf } from './heap-limit';

const MIB = 1024 ** 2;

it.each([
  ['java -Xmx512m -jar app.jar', 512 * MIB],
  ['java -Xms1g -Xmx2G Main', 2048 * MIB],
  ['java -Xmx1g -Xmx256M Main', 256 * MIB],
  ['java -XX:MaxHeapSize=1073741824 Main', 1024 * MIB],
  ['java -jar app.jar -Xmx1g', null],
  ['node --max-old-space-size=4096 server.js', 4096 * MIB],
  ['node --max_old_space_size 512 server.js', 512 * MIB],
  ['node --max-old-space-size server.js', null],
  ['node server.js', null],
  ['-Xmx1g', null],
  ['java -Xmx0 Main', null],
  ['java -Xmxall Main', null],
])('reads the heap limit of "%s"', (line, bytes) => {
  expect(heapLimitOf(line.split(' '))).toBe(bytes);
});
