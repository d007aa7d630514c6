import type { WatchStatus } from '../../../shared/model/snapshot';
import { presentTarget } from '../../words/present-watch';

/** Whether every word appears in the name, groups or target of a watch, in any case. */
export function fitsFilter({ watch }: Pick<WatchStatus, 'watch'>, filter: string): boolean {
  const text = `${watch.name}\n${watch.groups.join('\n')}\n${presentTarget(watch.target).text}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
