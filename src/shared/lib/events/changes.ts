import type { Change } from '../../model/event';
import { plural } from '../format/values';

/** Changes that one line lists. */
const MAX_LISTED = 5;

/** `limit: none → 50%, name: web → shop`; of very many the first ones. */
export function changesText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing';
  const listed = changes.slice(0, MAX_LISTED).map((change) => `${change.field}: ${changeText(change)}`);
  const more = changes.length - listed.length;
  return [...listed, ...(more > 0 ? [plural(more, 'further change')] : [])].join(', ');
}

/** `none → 50%` */
export function changeText({ before, after }: Pick<Change, 'before' | 'after'>): string {
  return `${before ?? 'not set'} → ${after ?? 'not set'}`;
}
