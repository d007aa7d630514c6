import type { HealdeckEvent } from '../../../shared/model/event';
import { EVENT_WORDS } from '../../words/present-event';
import { partOf } from '../../words/present-incident';

/** What stands in one place of the story of an incident: an event, or attempts that went the same way. */
export type StoryPart =
  | { kind: 'event'; event: HealdeckEvent }
  | {
      kind: 'attempts';
      count: number;
      /** `Crash detected → Restarted` */ words: string;
      events: readonly HealdeckEvent[];
    };

/** Fewer that are alike are no longer than the line that would stand for them. */
const MIN_FOLDED = 3;

/** The story with attempts that went the same way, one after the other, as one part. The last attempt is never folded: it is how things are. */
export function storyParts(events: readonly HealdeckEvent[]): readonly StoryPart[] {
  const attempts = attemptsOf(events);
  const parts: StoryPart[] = [];
  for (let at = 0; at < attempts.length;) {
    const way = wayOf(attempts[at] ?? []);
    const end = attempts.findIndex((attempt, index) => index > at && wayOf(attempt) !== way);
    // What follows belongs to the last attempt of the story.
    const alike = attempts.slice(at, end === -1 ? attempts.length - 1 : end);
    const those = alike.flat();
    if (alike.length >= MIN_FOLDED) parts.push({ kind: 'attempts', count: alike.length, words: way, events: those });
    else parts.push(...those.map((event) => ({ kind: 'event', event }) as const));
    at += alike.length;
    if (alike.length === 0) {
      parts.push(...(attempts[at] ?? []).map((event) => ({ kind: 'event', event }) as const));
      at += 1;
    }
  }
  return parts;
}

/** Each from what was noticed up to the next time that something was. */
function attemptsOf(events: readonly HealdeckEvent[]): readonly (readonly HealdeckEvent[])[] {
  const attempts: HealdeckEvent[][] = [];
  for (const event of events) {
    const last = attempts.at(-1);
    if (last === undefined || partOf(event) === 'detection') attempts.push([event]);
    else last.push(event);
  }
  return attempts;
}

/** What was noticed and done, in words; what was beside it makes no difference. */
function wayOf(events: readonly HealdeckEvent[]): string {
  return events
    .filter((event) => partOf(event) !== 'aside')
    .map(({ type }) => EVENT_WORDS[type])
    .join(' → ');
}
