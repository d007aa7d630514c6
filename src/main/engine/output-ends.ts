import type { Watch } from '../../shared/model/watch';
import type { OutputEnd, OutputFiles } from './ports';

/** Where both streams of output of a watch end at one moment. */
export interface OutputEnds {
  out: OutputEnd;
  err: OutputEnd;
}

export function outputEnds(output: Pick<OutputFiles, 'end'>, watch: Watch): OutputEnds {
  return { out: output.end(watch, 'out'), err: output.end(watch, 'err') };
}

/** Whether nothing was written to a stream between two moments. */
export function sameEnd(one: OutputEnd, other: OutputEnd): boolean {
  return one.offset === other.offset && one.olderInode === other.olderInode;
}

/** The same of both streams. */
export function sameEnds(one: OutputEnds, other: OutputEnds): boolean {
  return sameEnd(one.out, other.out) && sameEnd(one.err, other.err);
}
