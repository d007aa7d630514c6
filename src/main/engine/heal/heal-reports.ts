import type { CrashOfEvent } from '../../../shared/events/crash';
import { earlyEndText, earlyReasonText, oomKillsText, type EarlyEnd } from '../../../shared/events/text';
import type { EarlyReason } from '../../../shared/model/crash-group';
import { limitOf } from '../../../shared/findings';
import { formatDuration } from '../../../shared/lib/format/duration';
import { describeExit } from '../../../shared/lib/format/exit-words';
import { plural } from '../../../shared/lib/format/values';
import { isOperator, type Actor, type ExitFacts } from '../../../shared/model/event';
import { isForbidden, restartPolicyOf, type Watch } from '../../../shared/model/watch';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { RapidCrashesAnomaly } from '../detect/detectors';
import type { ChildExit, Cooldown } from '../ports';
import type { ClearResult, CrashOfDeath, Death, DraftOfWatch, Heir, LiveProcess, Next, Recovery } from './heal-state';

/** What is reported of a process that was found alive. */
export function adoptedReport(process: LiveProcess, watch: Watch, nowMs: number): DraftOfWatch {
  const uptimeMs = nowMs - process.startedAtMs;
  return {
    type: 'adopted',
    severity: 'info',
    pid: process.pid,
    message: `${watch.name} adopted: pid ${process.pid} has been running for ${formatDuration(uptimeMs)}`,
    data: { how: process.origin === 'match' ? 'match' : 'child', uptimeSeconds: seconds(uptimeMs) },
  };
}

/** A matched program has come back before it was started again. */
export function restartedByOthersReport(process: LiveProcess, watch: Watch, nowMs: number): DraftOfWatch {
  const message = `${watch.name} was restarted by somebody else as pid ${process.pid}, so no copy is started`;
  return { ...adoptedReport(process, watch, nowMs), message };
}

/** The program goes on in another process than before. */
export function succeededReport(
  dead: ProcessIdentity,
  { pid, heir: { how } }: LiveProcess & { heir: Heir },
  watch: Watch,
): DraftOfWatch {
  const what = how === 'background' ? 'put itself into the background' : 'replaced itself';
  return {
    type: 'adopted',
    severity: 'info',
    pid,
    message: `${watch.name} has ${what}: pid ${dead.pid} → pid ${pid}, which is watched from now on`,
    data: { how: 'heir', uptimeSeconds: 0 },
  };
}

/** An end that is no crash. */
export function exitedReport(end: End, kind: 'shutdown' | 'clean' | 'operator', watch: Watch): DraftOfWatch {
  const reason = {
    clean: `ended by itself${uptimeWords(end)} (${describeExit(end.exit)})`,
    operator: `was ended by the operator (${end.death.endedBy})${uptimeWords(end)}`,
    shutdown: 'ended because the machine is shutting down',
  }[kind];
  return {
    type: 'exited',
    severity: 'info',
    pid: end.pid,
    message: `${watch.name} (pid ${end.pid}) ${reason}`,
    data: { ...factsOf(end), reason: kind === 'clean' ? 'clean_exit' : kind },
  };
}

/** The end of one process, as it was seen. */
export interface End {
  pid: number;
  /** null: when it was started is not known. Where nobody watched, this is the most that can have passed since its start. */
  uptimeMs: number | null;
  exit: ChildExit | null;
  death: Death;
}

/** A crash; `remaining` other processes of the watch live on. */
export function crashReport(end: End, remaining: number, watch: Watch): DraftOfWatch {
  const { whileEngineWasDown, oomKills, crash } = end.death;
  const where = whileEngineWasDown ? ' while Healdeck was not running' : '';
  const others = remaining > 0 ? `; ${plural(remaining, 'process', 'processes')} of it still running` : '';
  const what = crash?.isNamed === true ? `; ${crash.title}` : '';
  const oom = oomKills > 0 ? `; ${oomKillsText(oomKills)}` : '';
  return {
    type: 'crash_detected',
    severity: remaining > 0 ? 'warning' : 'high',
    pid: end.pid,
    message: `${watch.name} (pid ${end.pid}) crashed${where}${uptimeWords(end)}: ${describeExit(end.exit)}${what}${oom}${others}`,
    data: {
      ...factsOf(end),
      policy: restartPolicyOf(watch),
      remaining,
      whileEngineWasDown,
      ...(oomKills > 0 ? { oomKills } : {}),
      ...(crash === null ? {} : { crash: crashOf(crash) }),
    },
  };
}

function crashOf({ id, title, version }: CrashOfDeath): CrashOfEvent {
  return { id, title, ...(version === null ? {} : { version }) };
}

/** What an earlier engine was ending for the operator has ended. */
export function stopCompletedReport(gone: readonly ProcessIdentity[], watch: Watch): DraftOfWatch {
  const pids = gone.map(({ pid }) => pid);
  return {
    type: 'stopped',
    severity: 'info',
    pid: pids[0] ?? null,
    message: `${watch.name} (pid ${pids.join(', ')}) ended while Healdeck was not running: it was being stopped`,
    data: { actor: 'engine', pids, forced: [] },
  };
}

/** The same, with what would have been done if the watch was not only observed. */
export function observedOnly(report: DraftOfWatch, leftovers: boolean): DraftOfWatch {
  const would = leftovers ? 'end what it left behind, restart' : 'restart';
  return { ...report, message: `${report.message}; observed only, would have: ${would}` };
}

/** Processes that nothing could end. */
export function unkillableReport(reason: string, next: Next, result: ClearResult, watch: Watch): DraftOfWatch {
  return {
    type: 'restart_failed',
    severity: 'critical',
    pid: result.survivors[0] ?? null,
    message: `${watch.name}: ${reason}; it stays down until it is started or stopped manually`,
    data: {
      actor: actorOf(next),
      operation: next.kind === 'kill' || next.kind === 'heal' ? 'restart' : next.kind,
      reason: 'unkillable',
      tried: null,
      nextAttemptInMs: null,
    },
  };
}

/** The heal holds. */
export function recoveredReport(
  recovery: Recovery,
  pid: number | null,
  aliveMs: number,
  watch: Watch,
  nowMs: number,
): DraftOfWatch {
  const since = recovery.attempts > 0 ? `after ${plural(recovery.attempts, 'restart')}` : 'since it came back';
  // For a limit that is kept again by itself nothing was restarted.
  const isUntouched = recovery.attempts === 0 && recovery.limit !== undefined;
  const how = isUntouched ? '' : `alive for ${formatDuration(aliveMs)} ${since}`;
  const limit = recovery.limit === undefined ? '' : `${limitOf(recovery.limit.metric).quantity} below the limit`;
  return {
    type: 'recovered',
    severity: 'info',
    pid,
    message: `${watch.name} has recovered: ${[how, limit].filter((part) => part !== '').join(', ')}`,
    data: { attempts: recovery.attempts, durationMs: Math.round(nowMs - recovery.openedAtMs) },
  };
}

/** What the operator asked for was done. */
export function stoppedReport(actor: Actor, result: ClearResult, watch: Watch): DraftOfWatch {
  const what = result.pids.length === 0 ? 'none of its processes was running' : `ended pid ${result.pids.join(', ')}`;
  const who = isOperator(actor) ? `the operator (${actor})` : 'Healdeck';
  return {
    type: 'stopped',
    severity: 'info',
    pid: result.pids[0] ?? null,
    message: `${watch.name} stopped by ${who}: ${what}`,
    data: { actor, pids: result.pids, forced: result.forced },
  };
}

/** Processes that were ended by force, that a dead program had left behind, or that did what they may not. */
export function killedReport(next: Next, result: ClearResult, watch: Watch): DraftOfWatch {
  const { strays = [], ...ended } = result;
  const leftOver =
    strays.length === 0
      ? 'left over from the process that died'
      : `left over from an earlier start${strays.length < result.pids.length ? ` (pid ${strays.join(', ')}) and from the process that died` : ''}; a port, a lock or the like that it held may be the reason why the starts failed`;
  const reason = next.kind === 'kill' || next.kind === 'heal' ? (next.reason ?? leftOver) : 'did not end when asked to';
  const pids = next.kind === 'kill' || next.kind === 'heal' ? result.pids : result.forced;
  const shown = pids.length > 20 ? `${pids.slice(0, 20).join(', ')} and ${pids.length - 20} more` : pids.join(', ');
  return {
    type: 'killed',
    severity: 'warning',
    pid: pids[0] ?? null,
    message: `${watch.name}: killed pid ${shown}: ${reason}`,
    data: { actor: actorOf(next), reason, ...ended },
  };
}

/** It is not restarted for a while. */
export function cooldownStartedReport(
  cooldown: Cooldown,
  cause: RapidCrashesAnomaly | null,
  toWall: (atMs: number) => number,
  watch: Watch,
): DraftOfWatch {
  const durationMs = cooldown.untilMs - cooldown.startedAtMs;
  return {
    type: 'cooldown_started',
    severity: 'critical',
    pid: null,
    message: `${watch.name} is not ${isForbidden(watch) ? 'ended' : 'restarted'} for ${formatDuration(durationMs)}: ${cooldownReason(cooldown, watch)}`,
    data: {
      restarts: cooldown.restarts,
      windowSeconds: cooldown.windowMs / 1000,
      durationMs: wholeSeconds(durationMs),
      untilAt: new Date(toWall(cooldown.untilMs)).toISOString(),
      commonExit: commonExit(cause),
      ...(isForbidden(watch) ? { counts: 'ends' as const } : {}),
      ...earlyReasonOf(cooldown),
    },
  };
}

function cooldownReason(cooldown: Cooldown, watch: Watch): string {
  const { restarts, windowMs } = cooldown;
  const counted = isForbidden(watch) ? 'end' : 'restart';
  return earlyReasonText(cooldown) ?? `${plural(restarts, counted)} within ${formatDuration(windowMs)}`;
}

/** What of a cooldown says why it started early; absent where that is not so. */
export function earlyReasonOf({ sameCrash, obstacle }: EarlyReason): EarlyReason {
  return { ...(sameCrash === undefined ? {} : { sameCrash }), ...(obstacle === undefined ? {} : { obstacle }) };
}

/** The cooldown ended by itself, or before its time. */
export function cooldownEndedReport(
  cooldown: Cooldown,
  nowMs: number,
  watch: Watch,
  early: EarlyEnd = {},
): DraftOfWatch {
  const durationMs = nowMs - cooldown.startedAtMs;
  const text = earlyEndText(early);
  const reason = text === null ? '' : `, since ${text}`;
  return {
    type: 'cooldown_ended',
    severity: 'info',
    pid: null,
    message: `${againText(watch)}: its cooldown ended after ${formatDuration(durationMs)}${reason}`,
    data: { durationMs: wholeSeconds(durationMs), ...early },
  };
}

/** What the end of a cooldown comes to. */
function againText(watch: Watch): string {
  return isForbidden(watch) ? `${watch.name} is ended on sight again` : `${watch.name} may be restarted again`;
}

/** The operator ended the cooldown. */
export function cooldownResetReport(actor: Actor, remainingMs: number, watch: Watch): DraftOfWatch {
  return {
    type: 'cooldown_reset',
    severity: 'info',
    pid: null,
    message: `${againText(watch)}: its cooldown was reset by the operator (${actor}), ${formatDuration(remainingMs)} before its end`,
    data: { actor, remainingMs: Math.max(0, wholeSeconds(remainingMs)) },
  };
}

/** The operator made the cooldown longer. `untilAt` is wall time, ms since the epoch. */
export function cooldownExtendedReport(actor: Actor, byMs: number, untilAt: number, watch: Watch): DraftOfWatch {
  return {
    type: 'cooldown_extended',
    severity: 'info',
    pid: null,
    message: `${watch.name}: its cooldown was extended by ${formatDuration(byMs)} by the operator (${actor})`,
    data: { actor, byMs: wholeSeconds(byMs), untilAt: new Date(untilAt).toISOString() },
  };
}

/** The program is suspended until the operator decides. */
export function suspendedReport(reason: string, processes: readonly ProcessIdentity[], watch: Watch): DraftOfWatch {
  const pids = processes.map((process) => process.pid);
  return {
    type: 'suspended',
    severity: 'high',
    pid: pids[0] ?? null,
    message: `${watch.name} is suspended (pid ${pids.join(', ')}): ${reason}; start it to resume it, or stop it`,
    data: { reason, pids },
  };
}

function commonExit(cause: RapidCrashesAnomaly | null): string | null {
  if (cause === null) return null;
  const { commonExitCode, commonSignal } = cause.evidence;
  if (commonExitCode === null && commonSignal === null) return null;
  return describeExit({ exitCode: commonExitCode, signal: commonSignal });
}

function actorOf(next: Next): Actor {
  return 'actor' in next ? next.actor : 'engine';
}

function factsOf({ exit, uptimeMs, death }: End): ExitFacts {
  return {
    exitCode: exit?.exitCode ?? null,
    signal: exit?.signal ?? null,
    uptimeSeconds: uptimeMs === null ? null : seconds(uptimeMs),
    ...(uptimeMs !== null && death.whileEngineWasDown ? { uptimeIsAtMost: true as const } : {}),
    stderrTail: death.stderrTail,
    stderrOf: death.stderrOf,
  };
}

/** How long it ran, as part of a sentence; empty where that is not known. */
function uptimeWords({ uptimeMs, death }: End): string {
  if (uptimeMs === null) return '';
  const uptime = formatDuration(uptimeMs);
  return death.whileEngineWasDown ? `, at most ${uptime} after its start` : ` after ${uptime}`;
}

/** Nobody counts the rest of a cooldown in milliseconds. */
function wholeSeconds(ms: number): number {
  return Math.round(ms / 1000) * 1000;
}

function seconds(ms: number): number {
  return Math.round(Math.max(0, ms) / 100) / 10;
}
