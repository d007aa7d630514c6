import type { ProcessSample } from '../../../shared/model/process';
import type { ProcessTable } from '../ports';

/** What a number for the memory of a tree is made of. */
export interface MemoryReading {
  bytes: number;
  /**
   * `rss`: resident memory; `pss`: that with each shared page divided by the number of its sharers; `private`: what each
   * process has for itself, and the largest part that one of them shares.
   */
  basis: 'rss' | 'pss' | 'private';
  processes: number;
}

/**
 * The memory of several processes together, with shared memory counted once: a database or a preforked pool of a hundred
 * processes would else seem to use a hundred times the buffers that they share.
 *
 * | processes | resident, in all            | read                                   | basis   |
 * |-----------|-----------------------------|----------------------------------------|---------|
 * | one       | any                         | nothing more                           | rss     |
 * | several   | the OS reports no shared    | nothing more                           | rss     |
 * | several   | up to `exactAbove`, or null | private parts                          | private |
 * | several   | above `exactAbove`, of all  | PSS                                    | pss     |
 * | several   | above `exactAbove`, but not | private parts: some PSS and some       | private |
 * |           | of all                      | estimates would count a part twice     |         |
 *
 * Resident memory is never less than PSS, so below a limit nobody has to ask for the latter.
 */
export function memoryOf(
  counted: readonly ProcessSample[],
  privates: readonly (number | null)[],
  table: Pick<ProcessTable, 'proportionalBytes'>,
  exactAbove: number | null,
): MemoryReading {
  const processes = counted.length;
  const rss = counted.reduce((total, { rssBytes }) => total + rssBytes, 0);
  if (processes === 1 || privates.every((bytes) => bytes === null)) return { bytes: rss, basis: 'rss', processes };
  if (exactAbove !== null && rss > exactAbove) {
    // Each is asked, also after one that has none: it may be their turn to be read.
    const pss = counted.map((sample) => table.proportionalBytes(sample));
    const known = pss.filter((bytes) => bytes !== null);
    if (known.length === processes) {
      return { bytes: known.reduce((total, bytes) => total + bytes, 0), basis: 'pss', processes };
    }
  }
  let own = 0;
  let shared = 0;
  counted.forEach(({ rssBytes }, at) => {
    const bytes = Math.min(privates[at] ?? rssBytes, rssBytes);
    own += bytes;
    shared = Math.max(shared, rssBytes - bytes);
  });
  return { bytes: own + shared, basis: 'private', processes };
}
