import type { ProcessSample } from '../../shared/model/process';
import type { ProcessTable } from './ports';

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
 * | several   | no OS tells what is shared  | nothing more                           | rss     |
 * | several   | up to `exactAbove`, or null | private parts                          | private |
 * | several   | above `exactAbove`          | PSS; of who has none, as in the line above | pss |
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
  const exact = exactAbove !== null && rss > exactAbove;
  let bytes = 0;
  let shared = 0;
  let proportional = 0;
  counted.forEach((sample, at) => {
    const pss = exact ? table.proportionalBytes(sample) : null;
    if (pss !== null) {
      bytes += pss;
      proportional += 1;
      return;
    }
    const own = Math.min(privates[at] ?? sample.rssBytes, sample.rssBytes);
    bytes += own;
    shared = Math.max(shared, sample.rssBytes - own);
  });
  return { bytes: Math.min(rss, bytes + shared), basis: proportional > 0 ? 'pss' : 'private', processes };
}
