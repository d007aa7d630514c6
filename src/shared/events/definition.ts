import type { Severity, LastWords } from '../model/event-parts';
import type { Writing } from '../lib/format/values';

/** An event of one type. `HealdeckEvent` in model/event.ts is the union of all types. */
export interface EventBase<T extends string, D> {
  /** Rises by one; never used twice. */
  id: number;
  /** ISO 8601, UTC, with milliseconds. */
  at: string;
  type: T;
  severity: Severity;
  /** Name of the watch at that time. */
  watch: string | null;
  pid: number | null;
  /** Id of the event that opened this story, or null when it belongs to none. */
  incident: number | null;
  /** One sentence for people, in plain text: names in it are not escaped. */
  message: string;
  data: D;
}

/** One line of what an event carries. `code` is text of a program: shown as it is, in a fixed-width font. */
export interface Fact {
  label: string;
  value: string;
  code?: boolean;
}

/** What follows the time in a line of healing.log: the action, its subject, and details. */
export interface Phrase {
  action: string;
  /** Who it happened to, when no watch is named by the event. */
  subject?: string;
  /** `pid=` is written from the event's pid unless this is given. */
  pid?: number | null;
  details: readonly (string | null | false)[];
}

/** The part that an event has in its story: what was noticed, what was done, how it ended, or something beside it. */
export type EventPart = 'detection' | 'action' | 'ending' | 'aside';

/** The whole definition of a type of event: a new type is one of these, listed in list.ts. */
export interface EventDefinition<T extends string, D> {
  type: T;
  /** What it is called in lists. */
  label: string;
  /** How it is counted: `1 crash`, `12 crashes`. */
  counted: readonly [one: string, many: string];
  /** Its rank among others, from 1 to 100: the highest are named first. Left out: it is named last. */
  impact?: number;
  /** How an event of this type reads as a rule, where its own severity is not known; `good`: always. Left out: info. */
  tone?: Severity | 'good';
  /** Whether it can be alerted on: `standard` by default, `optional` only if set. Left out: never. */
  alert?: 'standard' | 'optional';
  /** It marks the recorded past, where the process table is shown as it was. */
  marksPast?: true;
  /** It reports what is wrong: messages explain themselves by the last of them. */
  isProblem?: true;
  /** It reports what was done: messages list the last of them. */
  isDeed?: true;
  /** Left out: an action. */
  part?: EventPart | ((data: D) => EventPart);
  /** It stands beside its story and is never its outcome. */
  isAside?: true | ((data: D) => boolean);
  /** It carries many kB: lists of stories and alerts leave it out, and the story by itself has it. */
  isLarge?: true;
  /** The line in healing.log; `cause`: what led to it, where that is known. */
  line(event: EventBase<T, D>, cause: string | null): Phrase;
  /** What it carries beside its message. */
  facts(event: EventBase<T, D>, writing: Writing): readonly Fact[];
  /** As the last event of its story: what the story came to, after the name of the watch. Left out: its message. */
  sentence?(event: EventBase<T, D>): string;
  /** What went wrong, after the name of the watch; `times`: the number of events of this type in the story. */
  problem?(event: EventBase<T, D>, times: number): string;
  /** After a problem without an answer: the state it leaves; begins with a punctuation mark, or is empty. */
  unanswered?(event: EventBase<T, D>): string;
  /** It answers a problem: what was done about it; begins with a comma, or is empty. */
  answer?(event: EventBase<T, D>, afterCrash: boolean): string;
  /** The cause that later heals of this story report; null: nothing new. */
  cause?(data: D): string | null;
  /** The same data with other arguments of programs. Whatever carries arguments has it: they are masked by it. */
  withArgv?(data: D, change: (argv: readonly string[]) => readonly string[]): D;
  /** The last words of a program whose end, or failed start, it reports. */
  lastWords?(data: D): LastWords | null;
}
