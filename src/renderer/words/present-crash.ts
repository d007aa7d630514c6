import { DAY_MS } from '../../shared/lib/crash/crash-groups';
import type { CrashGroup, CrashState } from '../../shared/model/crash-group';
import type { HealdeckEvent } from '../../shared/model/event';
import { formatCount, formatDay, formatUtcDay, plural } from '../format/format';
import type { Tone } from './present-watch';

/** The states of crashes in words and colours, and what each of them means. */
export const CRASH_STATES: Readonly<Record<CrashState, { word: string; tone: Tone; meaning: string }>> = {
  new: { word: 'New', tone: 'bad', meaning: 'first seen within the last day' },
  regressed: { word: 'Regressed', tone: 'bad', meaning: 'back after at least a week without it' },
  ongoing: { word: 'Ongoing', tone: 'warn', meaning: 'seen within the last week' },
  resolved: { word: 'Resolved', tone: 'idle', meaning: 'not seen for a week' },
};

/** What is looked for among crashes. */
export interface CrashFilter {
  text: string;
  watch: string | null;
  state: CrashState | null;
}

/** Whether a crash fits: its words are its title and what it wrote to standard error last. */
export function crashFits(crash: CrashGroup, { text, watch, state }: CrashFilter): boolean {
  if (watch !== null && !crash.watches.includes(watch)) return false;
  if (state !== null && crash.state !== state) return false;
  const wanted = text.trim().toLowerCase();
  return crash.id.startsWith(wanted) || [crash.title, ...crash.stderrTail].some((one) => includes(one, wanted));
}

function includes(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted);
}

/** The id of a crash as long as it is needed by people: a command takes it as well. */
export function shortCrashId(id: string): string {
  return id.slice(0, 8);
}

/** How often it occurred, in a sentence: `This crash occurred 14 times since 3 May.` */
export function timesText({ count, firstAt }: Pick<CrashGroup, 'count' | 'firstAt'>): string {
  return count === 1
    ? 'This crash occurred for the first time.'
    : `This crash occurred ${plural(count, 'time')} since ${formatDay(Date.parse(firstAt))}.`;
}

/** How often a crash occurred on one day (UTC). */
export interface CrashDay {
  /** As `22 Nov`. */
  name: string;
  count: number;
}

/** The days of a crash with their names, the day of `nowMs` last. */
export function crashDays({ perDay }: Pick<CrashGroup, 'perDay'>, nowMs: number): readonly CrashDay[] {
  return perDay.map((count, at) => ({ name: formatUtcDay(nowMs - (perDay.length - 1 - at) * DAY_MS), count }));
}

/** The days in a line: `14 times on 5 of the last 30 days, 6 of them on 3 May` */
export function daysText(days: readonly CrashDay[]): string {
  const within = `the last ${plural(days.length, 'day')}`;
  const seen = days.filter(({ count }) => count > 0);
  const [first] = seen;
  if (first === undefined) return `Not seen within ${within}`;
  const total = seen.reduce((sum, { count }) => sum + count, 0);
  const most = seen.reduce((one, other) => (other.count > one.count ? other : one), first);
  const peak = seen.length === 1 ? '' : `, ${formatCount(most.count)} of them on ${most.name}`;
  return `${plural(total, 'time')} on ${seen.length === 1 ? most.name : `${seen.length} of ${within}`}${peak}`;
}

/** The id of the crash that an event is about; null when it is about none, or one that nothing shows. */
export function crashIdOf(event: HealdeckEvent): string | null {
  return event.type === 'crash_detected' ? (event.data.crash?.id ?? null) : null;
}

/** The crashes that events are about, each once, the newest first. */
export function crashesOf(events: readonly HealdeckEvent[]): readonly { id: string; title: string }[] {
  const byId = new Map<string, { id: string; title: string }>();
  for (const event of [...events].reverse()) {
    const crash = event.type === 'crash_detected' ? event.data.crash : undefined;
    if (crash !== undefined && !byId.has(crash.id)) byId.set(crash.id, crash);
  }
  return [...byId.values()];
}
