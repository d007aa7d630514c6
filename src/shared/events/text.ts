import type { EarlyReason, Obstacle } from '../model/crash-group';
import type { Change, EndedProcess, ExitFacts, LastWords } from '../model/event-parts';
import { formatArgv } from '../lib/text/argv';
import { formatDuration } from '../lib/format/duration';
import { describeExit } from '../lib/format/exit-words';
import { plural, type Writing } from '../lib/format/values';
import type { Fact, Phrase } from './definition';

/** What several types of events write alike. */

/** `pids 12,13` in a line, or nothing. */
export function listed(label: string, pids: readonly number[]): string | null {
  return pids.length === 0 ? null : `${label} ${pids.join(',')}`;
}

/** `pid 12, 13` as a fact. */
export function pidsText(list: readonly number[]): string {
  return list.length === 0 ? 'none' : `pid ${list.join(', ')}`;
}

/** Changes that one line lists. */
const MAX_LISTED = 5;

/** `limit: none → 50%, name: web → shop`; of very many the first ones. */
export function changesText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing';
  const first = changes.slice(0, MAX_LISTED).map((change) => `${change.field}: ${changeText(change)}`);
  const more = changes.length - first.length;
  return [...first, ...(more > 0 ? [plural(more, 'further change')] : [])].join(', ');
}

/** `none → 50%` */
export function changeText({ before, after }: Pick<Change, 'before' | 'after'>): string {
  return `${before ?? 'not set'} → ${after ?? 'not set'}`;
}

/** Each change as a fact. */
export function changeFacts(changes: readonly Change[]): Fact[] {
  return changes.map((change) => ({ label: change.field, value: changeText(change) }));
}

/** How a process ended, in a line. */
export function exitDetails(exit: ExitFacts): readonly (string | null)[] {
  return [
    exit.signal !== null ? `signal ${exit.signal}` : exit.exitCode !== null ? `exit code ${exit.exitCode}` : null,
    exit.uptimeSeconds !== null
      ? `after ${exit.uptimeIsAtMost === true ? 'at most ' : ''}${secondsText(exit.uptimeSeconds)}`
      : null,
  ];
}

/** How a process ended, as facts. */
export function exitFacts({ exitCode, signal, uptimeSeconds, ...exit }: ExitFacts, { duration }: Writing): Fact[] {
  const ended = exitCode === null && signal === null ? 'not known' : describeExit({ exitCode, signal });
  return [
    { label: signal === null ? 'Exit code' : 'Signal', value: ended.replace(/^exit code /, '') },
    {
      label: 'Uptime',
      value:
        uptimeSeconds === null
          ? 'not known'
          : `${exit.uptimeIsAtMost === true ? 'at most ' : ''}${duration(uptimeSeconds * 1000)}`,
    },
    ...stderrFacts(exit),
  ];
}

/** Who may have sent SIGKILL. It names no process: the kernel counts its victims, but reports only to root which they were. */
export function oomKillsText(oomKills: number): string {
  const victims = oomKills === 1 ? 'a process' : `${oomKills} processes`;
  return `the kernel's OOM killer ended ${victims} of this machine at about that time`;
}

/** Why a cooldown starts before the budget is spent; null: it is spent. */
export function earlyReasonText({ sameCrash, obstacle }: EarlyReason): string | null {
  if (obstacle !== undefined) return `port ${obstacle.port} is in use by ${obstacle.holder}`;
  if (sameCrash === undefined) return null;
  return `the same crash ${sameCrash.times} times in a row, each right after the start: ${sameCrash.title}`;
}

/** The same in a few words, beside which the whole is shown. */
export function shortEarlyReason({ sameCrash, obstacle }: EarlyReason): string | null {
  if (obstacle !== undefined) return `port ${obstacle.port} in use`;
  return sameCrash === undefined ? null : `same crash ${plural(sameCrash.times, 'time')}`;
}

/** What has ended a cooldown before its time. */
export interface EarlyEnd {
  /** Absolute paths of files that were changed. */
  changed?: readonly string[];
  /** What is no obstacle any more. */
  freed?: Obstacle;
}

/** `server.js was changed`, `port 80 is free again`; null: the time of the cooldown was over. */
export function earlyEndText({ changed, freed }: EarlyEnd): string | null {
  if (freed !== undefined) return `port ${freed.port} is free again`;
  return changed === undefined ? null : changedFilesText(changed);
}

/** `server.js was changed`; of many files the first. */
function changedFilesText(paths: readonly string[]): string {
  const [first = ''] = paths;
  const name = first.slice(first.lastIndexOf('/') + 1);
  return paths.length < 2
    ? `${name} was changed`
    : `${name} and ${plural(paths.length - 1, 'further file')} were changed`;
}

/** What the last lines of standard error don't show by themselves. */
export function stderrFacts({ stderrTail, stderrOf }: LastWords): Fact[] {
  if (stderrOf === 'this_run' && stderrTail.length === 0) {
    return [{ label: 'Standard error', value: 'nothing was written to it' }];
  }
  if (stderrOf === 'several_runs' && stderrTail.length > 0) {
    return [{ label: 'Standard error', value: 'its last lines may include those of an earlier run' }];
  }
  return [];
}

/** The process that an operator chose to end. */
export function processFacts(process: EndedProcess | undefined): Fact[] {
  if (process === undefined) return [];
  return [
    { label: 'Program', value: process.name },
    { label: 'Command', value: formatArgv(process.argv), code: true },
    { label: 'User', value: process.user },
  ];
}

/** Where no watch is named, a line is about the process that the operator chose. */
export function subjectOf(process: EndedProcess | undefined): Pick<Phrase, 'subject'> {
  return process === undefined ? {} : { subject: process.name };
}

/** Whose process it was, and its arguments, in a line. */
export function argvOf(process: EndedProcess | undefined): string | null {
  return process === undefined ? null : `of ${process.user}: ${process.argv.join(' ')}`;
}

/** Data whose chosen process has other arguments. */
export function withProcessArgv<D extends { process?: EndedProcess }>(
  data: D,
  change: (argv: readonly string[]) => readonly string[],
): D {
  const { process } = data;
  return process === undefined ? data : { ...data, process: { ...process, argv: change(process.argv) } };
}

/** `3 restarts in 1 min` as a fact. */
export function restartsWithin(
  { restarts, windowSeconds }: { restarts: number; windowSeconds: number },
  { duration }: Writing,
): string {
  return `${plural(restarts, 'restart')} in ${duration(windowSeconds * 1000)}`;
}

/** A time that data give in seconds, in a sentence. */
export function secondsText(count: number): string {
  return formatDuration(count * 1000);
}

/** An event's own sentence without the name of its watch, which it begins with as a rule. */
export function withoutName({ message, watch }: { message: string; watch: string | null }): string {
  if (watch === null || !message.startsWith(watch)) return message;
  return message.slice(watch.length).replace(/^[:,]?\s+/, '');
}
