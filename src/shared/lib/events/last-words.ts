import type { HealdeckEvent } from '../../model/event';
import type { RuntimeDump, ThreadEvidence } from '../../model/last-words';
import { escapeUnprintable } from '../text/escape';

export type LastWordsEvent = Extract<HealdeckEvent, { type: 'last_words' }>;

/** The newest last words among events; null: there are none. */
export function newestLastWords(events: readonly HealdeckEvent[]): LastWordsEvent | null {
  return events.findLast((event): event is LastWordsEvent => event.type === 'last_words') ?? null;
}

/** The lines of a dump, each printable; tabs are blanks. */
export function dumpLines({ text }: Pick<RuntimeDump, 'text'>): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => escapeUnprintable(line.replaceAll('\t', '    ')));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What a thread does, in words: `sleeping in futex_do_wait`. */
export function threadWords({ state, waitChannel }: Pick<ThreadEvidence, 'state' | 'waitChannel'>): string {
  return `${state.replace('_', ' ')}${waitChannel === null ? '' : ` in ${waitChannel}`}`;
}

/** What threads do, by number: `6 sleeping in futex_do_wait, 1 running`. */
export function threadCounts(threads: readonly ThreadEvidence[]): string {
  const counts = new Map<string, number>();
  for (const thread of threads) counts.set(threadWords(thread), (counts.get(threadWords(thread)) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([words, count]) => `${count} ${words}`)
    .join(', ');
}
