import { maskMessage } from '../mask';
import type { Language, Trace } from './language';

/** What the C library writes before abort(3): assertions, and damage that it found in the heap or on the stack. */
export const libc: Language<'libc'> = {
  name: 'libc',
  find: (lines) => {
    const found = [assertion(lines), damage(lines)];
    return found.reduce(
      (last, trace) => (trace !== null && trace.lastLine > (last?.lastLine ?? -1) ? trace : last),
      null,
    );
  },
};

/** glibc, musl, macOS: the same facts in another order. */
const ASSERTIONS: readonly RegExp[] = [
  /^(?:[^:]+: )?(?<file>[^:]+):\d+: (?<name>.+?): Assertion [`'](?<condition>.*)' failed\.?$/,
  /^Assertion failed: (?<condition>.*) \((?<file>[^():]+): (?<name>[^():]+): \d+\)$/,
  /^Assertion failed: \((?<condition>.*)\), function (?<name>\S+), file (?<file>[^,]+), line \d+\.$/,
];

function assertion(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => line.includes('Assertion') && ASSERTIONS.some((form) => form.test(line)));
  const groups = ASSERTIONS.map((form) => form.exec(lines[at] ?? '')?.groups).find((match) => match !== undefined);
  if (groups === undefined) return null;
  const { file = '', name = '', condition = '' } = groups;
  // g++ writes the whole signature: `void Queue::push(int)`.
  const called = name.replace(/\(.*$/, '').split(' ').at(-1) ?? name;
  return {
    type: 'Assertion failed',
    message: condition,
    frames: [{ function: called, file, origin: 'own' }],
    lastLine: at,
    isFatal: true,
    identifiedBy: 'message',
    site: `${called} ${file.slice(file.lastIndexOf('/') + 1)}`,
  };
}

const DAMAGE =
  /((?:free|malloc|realloc|calloc|munmap_chunk|malloc_consolidate|unlink|mremap_chunk|malloc_printerr|_int_\w+)(?:_chunk)?\(\): [a-z][^:]*|double free or corruption \(\S+\)|double free or corruption|corrupted (?:size vs\. prev_size(?: \w+ \w+| in fastbins)?|double-linked list(?: \(not small\))?)|break adjusted to free malloc space|invalid fastbin entry[^:]*|\*\*\* (?:stack smashing|buffer overflow|invalid %N\$ use|%n in writable segment) detected \*\*\*|Fatal glibc error: .*|libc\+\+abi: .*|pthread_mutex_\w+: .*)/;

function damage(lines: readonly string[]): Trace | null {
  const at = lines.findLastIndex((line) => DAMAGE.test(line));
  const [, said] = DAMAGE.exec(lines[at] ?? '') ?? [];
  if (said === undefined) return null;
  const type = maskMessage(said.replaceAll('*', ''));
  return { type, message: '', frames: [], lastLine: at, isFatal: true, identifiedBy: 'message' };
}
