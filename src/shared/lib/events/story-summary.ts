import { definitionOf } from '../../events';
import { withoutName } from '../../events/text';
import type { EventType, HealdeckEvent } from '../../model/event';
import { plural } from '../format/values';

/**
 * The events of one incident in one short sentence, with what came of it: `web crashed (SIGSEGV), restarted after 112 ms`. Names in
 * it are as they are. Null when there is no event.
 */
export function incidentSummary(events: readonly HealdeckEvent[]): string | null {
  const last = events.findLast((event) => !isAside(event));
  if (last === undefined) return null;
  const subject = last.watch ?? '';
  const words = wordsOf(last, events);
  return subject === '' ? words : `${subject} ${words}`;
}

/** Events beside the incident, which are never its outcome. */
function isAside({ type, data }: HealdeckEvent): boolean {
  const { isAside = false } = definitionOf(type);
  return typeof isAside === 'function' ? isAside(data) : isAside;
}

/** What the last event means for the whole incident. */
function wordsOf(last: HealdeckEvent, events: readonly HealdeckEvent[]): string {
  const { sentence, problem, answer } = definitionOf(last.type);
  if (sentence !== undefined) return sentence(last);
  return problem === undefined && answer === undefined ? withoutName(last) : problemAndAnswer(last, events);
}

/** What went wrong last, and what was done about it, or would have been. */
function problemAndAnswer(last: HealdeckEvent, events: readonly HealdeckEvent[]): string {
  const at = events.findLastIndex((event) => !isAside(event) && definitionOf(event.type).problem !== undefined);
  const trigger = events[at];
  if (trigger === undefined) return withoutName(last);
  const { problem, unanswered } = definitionOf(trigger.type);
  const times = events.filter(({ type }) => type === trigger.type).length;
  const answer = events.slice(at + 1).findLast(({ type }) => definitionOf(type).answer !== undefined);
  const outcome =
    answer === undefined
      ? unanswered?.(trigger)
      : definitionOf(answer.type).answer?.(answer, trigger.type === 'crash_detected');
  return `${problem?.(trigger, times) ?? ''}${outcome ?? ''}`;
}

/** For sorting: lower is graver. */
export function impactRank(type: EventType): number {
  return -(definitionOf(type).impact ?? 0);
}

/** `1 crash`, `12 crashes` as number and noun. */
export function countedWord(type: EventType, count: number): string {
  return definitionOf(type).counted[count === 1 ? 0 : 1];
}

/** How many types a summary of many events names. */
const NAMED_TYPES = 3;

/** Many events in one sentence, the most severe types first: `412 events of 5 watches: 12 cooldowns, 200 crashes, 200 restarts`. */
export function countSummary(counts: readonly { watch: string | null; type: EventType; count: number }[]): string {
  const byType = new Map<EventType, number>();
  for (const { type, count } of counts) byType.set(type, (byType.get(type) ?? 0) + count);
  const types = [...byType].sort(
    ([one, ones], [other, others]) => impactRank(one) - impactRank(other) || others - ones,
  );
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  const watches = new Set(counts.map(({ watch }) => watch).filter((watch) => watch !== null));
  const [only] = watches;
  const of =
    watches.size === 0 ? '' : watches.size === 1 ? ` of ${only}` : ` of ${plural(watches.size, 'watch', 'watches')}`;
  const named = types.slice(0, NAMED_TYPES).map(([type, count]) => plural(count, ...definitionOf(type).counted));
  const more = types.length > NAMED_TYPES ? ' and more' : '';
  return `${plural(total, 'event')}${of}: ${named.join(', ')}${more}`;
}
