import { situationOf } from '../../shared/lib/format/situation';
import { isForbidden } from '../../shared/model/watch';
import type { WatchStatus } from '../../shared/model/snapshot';

/** A watch that is not well, and what a click does about it. */
export interface TrayItem {
  watchId: string;
  label: string;
}

/** Most watches in a menu; the window has them all. */
const MAX_ITEMS = 8;
/** Longest text of an item. */
const MAX_LABEL = 70;
/** Phases in which a start is an earlier attempt of what is planned anyway. */
const WAITS: readonly WatchStatus['phase'][] = ['backoff', 'cooldown', 'held', 'suspended'];
const STARTABLE: readonly WatchStatus['phase'][] = [...WAITS, 'failed', 'stopped'];

/** Those that are not well and can be started, the most urgent first: `Retry api: crashed 5 times`. */
export function trayItems(watches: Iterable<WatchStatus>): readonly TrayItem[] {
  return situationOf(watches)
    .troubles.flatMap(({ those }) => those)
    .filter(({ watch, phase }) => !isForbidden(watch) && STARTABLE.includes(phase))
    .slice(0, MAX_ITEMS)
    .map(({ watch, phase, cause }) => {
      const text = `${WAITS.includes(phase) ? 'Retry' : 'Start'} ${watch.name}${cause === null ? '' : `: ${cause}`}`;
      return { watchId: watch.id, label: shortened(text) };
    });
}

function shortened(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length <= MAX_LABEL ? characters.join('') : `${characters.slice(0, MAX_LABEL - 1).join('')}…`;
}
