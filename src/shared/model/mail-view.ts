/**
 * What the templates of a message may contain: `{{summary}}`, `{{#timeline}}{{time}} {{text}}{{/timeline}}`. Every text is one
 * line, without secrets and control characters; what does not apply is empty, so that `{{#watch}}…{{/watch}}` leaves it out, and
 * `{{#facts.length}}…{{/facts.length}}` a heading with nothing below it.
 */
export interface MailView {
  machine: string;
  summary: string;
  kind: string;
  watch: string;
  incident: string;
  tone: MailTone;
  happened: string;
  related: string;
  at: string;
  zone: string;
  facts: readonly MailFact[];
  done: readonly { text: string }[];
  next: readonly { text: string }[];
  stderr: readonly { line: string }[];
  chart: MailChart | null;
  timeline: readonly MailMoment[];
  counts: readonly { watch: string; what: string; count: string; tone: MailTone }[];
  total: string;
  suppressed: string;
  open: readonly { text: string }[];
  note: string;
}

/** Its severity, by word, shape and colour. */
export interface MailTone {
  name: 'critical' | 'high' | 'warning' | 'info' | 'good';
  word: string;
  mark: string;
  color: string;
  tint: string;
}

export interface MailFact {
  label: string;
  value: string;
  code: boolean;
}

export interface MailMoment {
  time: string;
  text: string;
  tone: MailTone;
}

export interface MailChart {
  src: string;
  alt: string;
  width: string;
  height: string;
  panels: readonly { name: string; scale: string; range: string; limit: string; spark: string; color: string }[];
  from: string;
  mark: string;
  to: string;
}

/** What is known of a variable: its meaning, and for groups and lists what is in them (lists have a `length`, too). */
export type Variable = string | { kind: 'group' | 'list'; help: string; holds: Variables };
export interface Variables {
  readonly [name: string]: Variable;
}

/** A variable for each field, with fields of its own where the view has some. */
type VariablesOf<T> = { readonly [K in keyof T]: VariableOf<NonNullable<T[K]>> };
type VariableOf<T> = T extends string | boolean
  ? string
  : T extends readonly (infer Item)[]
    ? { kind: 'list'; help: string; holds: VariablesOf<Item> }
    : { kind: 'group'; help: string; holds: VariablesOf<T> };

const TONE: VariablesOf<MailTone> = {
  name: '`critical`, `high`, `warning`, `info` or `good`',
  word: 'the same as a word for people',
  mark: 'a shape of its own for each: ■ ◆ ▲ ● ✓',
  color: 'a dark colour for texts, as HTML writes it',
  tint: 'a pale colour for backgrounds',
};

/** The variables of templates with their meaning. A field of the view that is not listed breaks the build. */
export const MAIL_VARIABLES: VariablesOf<MailView> = {
  machine: 'name of the machine',
  summary: 'the whole message in one sentence',
  kind: '`incident`, `update`, `recovery`, `reminder`, `digest`, `summary` or `test`',
  watch: 'name of the watch, when it is about one',
  incident: 'number of the incident, when it is about one',
  tone: { kind: 'group', help: 'its severity', holds: TONE },
  happened: 'what happened, in one sentence',
  related: 'which other incident led to it, or which other watches it has affected, as a sentence',
  at: 'when it began: local date and time, the zone, and how long ago',
  zone: 'offset of local times from UTC: `UTC+01:00`',
  facts: {
    kind: 'list',
    help: 'why: exit, limits, readings and thresholds',
    holds: { label: 'what it is', value: 'the value with its unit', code: 'whether it is text of a program' },
  },
  done: { kind: 'list', help: 'what was done about it', holds: { text: 'one sentence' } },
  next: { kind: 'list', help: 'what comes next, and what ends it', holds: { text: 'one sentence' } },
  stderr: { kind: 'list', help: 'the last lines of standard error, at most 40', holds: { line: 'a line' } },
  chart: {
    kind: 'group',
    help: 'CPU and memory around the event',
    holds: {
      src: 'address of the picture',
      alt: 'what it shows, in words',
      width: 'pixels',
      height: 'pixels',
      panels: {
        kind: 'list',
        help: 'its two halves, CPU and memory',
        holds: {
          name: '`CPU` or `Memory`',
          scale: 'the value at the upper edge',
          range: 'lowest to highest reading, and the last one',
          limit: 'the limit, where there is one',
          spark: 'the readings as a row of block characters',
          color: 'colour of the line',
        },
      },
      from: 'local time at the left edge',
      mark: 'local time of the event',
      to: 'local time at the right edge',
    },
  },
  timeline: {
    kind: 'list',
    help: 'the events, oldest first',
    holds: {
      time: 'local time',
      text: 'what happened',
      tone: { kind: 'group', help: 'its severity', holds: TONE },
    },
  },
  counts: {
    kind: 'list',
    help: 'in digests: all events by watch and type, the most severe first',
    holds: {
      watch: 'name of the watch, or that of the machine',
      what: 'the type in words, in the singular or plural',
      count: 'how many',
      tone: { kind: 'group', help: 'their highest severity', holds: TONE },
    },
  },
  total: 'in digests: the sum of the counts, with its unit',
  suppressed: 'how many alerts were not sent because of maintenance, as a sentence',
  open: { kind: 'list', help: 'how to open the incident', holds: { text: 'one way' } },
  note: 'something about the message itself, such as a template that could not be used',
};
