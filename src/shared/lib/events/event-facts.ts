import { definitionOf, type Fact } from '../../events';
import type { HealdeckEvent, LastWords } from '../../model/event';
import { PLAIN_WRITING, type Writing } from '../format/values';

/** What an event carries beside its message, in words. */
export function eventFacts(event: HealdeckEvent, writing: Writing = PLAIN_WRITING): readonly Fact[] {
  return definitionOf(event.type).facts(event, writing);
}

/** The last lines of standard error that an event carries, oldest first. */
export function stderrTailOf(event: HealdeckEvent): readonly string[] {
  return lastWordsOf(event)?.stderrTail ?? [];
}

/** What is known of the last words of a program whose end, or failed start, this event reports; null: it reports none. */
function lastWordsOf({ type, data }: HealdeckEvent): LastWords | null {
  return definitionOf(type).lastWords?.(data) ?? null;
}

/**
 * The last lines of standard error of the last end among events, oldest first. One that is known to have written nothing has
 * none: the words of an end before it are no evidence of its cause.
 */
export function lastStderrOf(events: readonly HealdeckEvent[]): readonly string[] {
  const last = events.findLast(
    (event) => stderrTailOf(event).length > 0 || lastWordsOf(event)?.stderrOf === 'this_run',
  );
  return last === undefined ? [] : stderrTailOf(last);
}
