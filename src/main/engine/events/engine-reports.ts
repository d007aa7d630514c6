import { plural } from '../../../shared/lib/format/values';
import { changesText } from '../../../shared/events/text';
import type { Actor, Change, EventDraft, Severity } from '../../../shared/model/event';
import type { EndCandidate, EndResult } from '../../../shared/model/process';
import { sharedProgramText, type ImportReport, type SharedProgram } from '../../../shared/model/portable';
import type { Watch } from '../../../shared/model/watch';

/** Reports of the engine about itself and the watches as such; heal/heal-reports.ts has those about what happens to them. */

/** The engine has begun to watch. */
export function engineStarted(version: string, shell: 'desktop' | 'headless', pid: number): EventDraft {
  return {
    type: 'engine_started',
    severity: 'info',
    ...ofNoWatch(pid),
    message: `Healdeck ${version} started (${shell}, pid ${pid})`,
    data: { version, shell, enginePid: pid },
  };
}

/** The engine watches no more. */
export function engineStopped(reason: string, pid: number): EventDraft {
  return {
    type: 'engine_stopped',
    severity: 'info',
    ...ofNoWatch(pid),
    message: `Healdeck stopped (${reason}); watched programs keep running`,
    data: { reason },
  };
}

/** Orphans go to the first process, and Node waits for its own children only (pid_namespaces(7)). */
export const FIRST_PROCESS_NOTICE = {
  topic: 'init',
  severity: 'warning',
  detail:
    'Healdeck is the first process here (pid 1) and does not reap orphans: ended programs remain zombies; start the container with an init (docker run --init)',
} as const;

/** Something about Healdeck itself. */
export function noticed(notice: { topic: string; severity: Severity; detail: string }): EventDraft {
  const { topic, severity, detail } = notice;
  return { type: 'notice', severity, ...ofNoWatch(), message: detail, data: { topic, detail } };
}

/** This data directory is a copy of one that a living engine keeps. */
export function copyFound(original: string): EventDraft {
  return noticed({
    topic: 'state.json',
    severity: 'high',
    detail: `This data directory is a copy of ${original}, where another engine is running. Its programs are left to that engine: none is adopted, ended or started here, unless it is started manually.`,
  });
}

/** The id of a watch in config.json was not the one that its program is known by. */
export function idRepaired(watch: Watch, id: string): EventDraft {
  return noticed({
    topic: 'config.json',
    severity: 'warning',
    detail: `The id of ${watch.name} in config.json was ${watch.id}, which no engine knows; its command is that of ${id}, so that id was restored and no second copy was started.`,
  });
}

/** A watch is in the configuration from now on. */
/** Some of the watches in force never start: `problem` says which, and what was expected. */
export function dependenciesUnusable(problem: string): EventDraft {
  return noticed({ topic: 'config.json', severity: 'warning', detail: `${problem}. Edit the watches in config.json.` });
}

export function watchAdded(watch: Watch, actor: Actor): EventDraft {
  return {
    type: 'watch_added',
    severity: 'info',
    ...ofWatch(watch),
    message: `${watch.name} is now watched`,
    data: { actor, watchId: watch.id },
  };
}

/** A watch is another one from now on. */
export function watchEdited(
  old: Watch,
  watch: Watch,
  { changed, changes }: { changed: readonly string[]; changes: readonly Change[] },
  actor: Actor,
): EventDraft {
  return {
    type: 'watch_edited',
    severity: 'info',
    ...ofWatch(watch),
    message:
      watch.name === old.name
        ? `${watch.name} edited: ${changed.join(', ') || 'nothing changed'}`
        : `${old.name} was renamed to ${watch.name}`,
    data: { actor, watchId: watch.id, changed, changes },
  };
}

/** Settings for all watches are others from now on. */
export function settingsChanged(changes: readonly Change[], actor: Actor): EventDraft {
  return {
    type: 'settings_changed',
    severity: 'info',
    ...ofNoWatch(),
    message: `Settings changed: ${changesText(changes)}`,
    data: { actor, changes },
  };
}

/** A file with settings and watches is in force from now on. */
export function configImported(
  { added, replaced, kept, settings }: Pick<ImportReport, 'added' | 'replaced' | 'kept' | 'settings'>,
  actor: Actor,
): EventDraft {
  const counts = [
    added.length > 0 && `${plural(added.length, 'watch', 'watches')} added`,
    replaced.length > 0 && `${plural(replaced.length, 'watch', 'watches')} replaced`,
    settings.length > 0 && `${plural(settings.length, 'setting')} changed`,
  ].filter((count) => count !== false);
  return {
    type: 'config_imported',
    severity: 'info',
    ...ofNoWatch(),
    message: `Configuration imported: ${counts.join(', ') || 'nothing changed'}`,
    data: { actor, added, replaced, kept, settings: settings.map(({ key }) => key) },
  };
}

/** A watch is not in the configuration any more. */
export function watchRemoved(watch: Watch, leftRunning: readonly number[], actor: Actor): EventDraft {
  const left = leftRunning.length === 0 ? '' : `; pid ${leftRunning.join(', ')} keeps running`;
  return {
    type: 'watch_removed',
    severity: 'info',
    ...ofWatch(watch),
    message: `${watch.name} is no longer watched${left}`,
    data: { actor, watchId: watch.id, leftRunning },
  };
}

/** An operator has ended a process, or its tree, in the process table. */
export function endedReport(
  { pid, startTime, name, argv, user, watch }: EndCandidate,
  { pids, forced, survivors }: EndResult,
  { actor, force }: { actor: Actor; force: boolean },
): EventDraft {
  const others = pids.filter((one) => one !== pid);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const what = `${watch === null ? '' : `${watch}: `}${name} (pid ${pid})${more}`;
  const left = survivors.length === 0 ? '' : `; pid ${survivors.join(', ')} could not be ended`;
  const base = { severity: 'info', watch, pid, incident: null } as const;
  const process = { name, argv, user, startTime };
  if (forced.length === 0 && survivors.length === 0) {
    const message = `${what} stopped by the operator (${actor})`;
    return { type: 'stopped', ...base, message, data: { actor, pids, forced, process } };
  }
  const reason = force ? "the operator's request" : "not ended within the grace period after the operator's TERM";
  const message = `${what} killed by the operator (${actor})${left}`;
  return { type: 'killed', ...base, message, data: { actor, reason, pids, forced, survivors, process } };
}

/** How many names the sentence lists; the rest is in the data. */
const NAMED_WATCHES = 10;

/** The storm brake is on. `untilAt` is wall time, ms since the epoch. */
export function healingPaused(restarts: number, untilAt: number, watches: readonly string[]): EventDraft {
  const more = watches.length - NAMED_WATCHES;
  const named = watches.slice(0, NAMED_WATCHES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return {
    type: 'healing_paused',
    severity: 'critical',
    ...ofNoWatch(),
    message: `Healing is paused for watches that keep ending (${named}): more than ${plural(restarts, 'repeated restart')} in a minute over all watches; other watches are healed as usual. Healing resumes by itself, or when all cooldowns are reset`,
    data: { restarts, windowSeconds: 60, untilAt: new Date(untilAt).toISOString(), watches },
  };
}

/** The storm brake is off. */
export function healingResumed(actor: Actor): EventDraft {
  return { type: 'healing_resumed', severity: 'info', ...ofNoWatch(), message: 'Healing resumed', data: { actor } };
}

/** Another engine keeps the program of a watch, too. */
export function programShared(shared: SharedProgram): EventDraft {
  return noticed({ topic: 'another engine', severity: 'high', detail: sharedProgramText(shared) });
}

/** What stands in an event about the engine or the machine. */
export function ofNoWatch(pid: number | null = null): { watch: null; pid: number | null; incident: null } {
  return { watch: null, pid, incident: null };
}

function ofWatch({ name }: Watch): { watch: string; pid: null; incident: null } {
  return { watch: name, pid: null, incident: null };
}
