import type { EarlyEnd } from '../../../shared/events/text';
import { assertNever } from '../../../shared/lib/assert-never';
import type { Dependency } from '../../../shared/model/dependency';
import type { Obstacle } from '../../../shared/model/crash-group';
import type { Actor, EndedProcess, EventDraft, LastWords } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { ProbeAttempt, ProbeRole } from '../../../shared/model/probe';
import type { Watch } from '../../../shared/model/watch';
import type { LimitMetric } from '../../../shared/findings';
import { FULL_BUDGET, type BudgetPolicy } from './restart-budget';
import type { ChildExit, CrashReading, LaunchFailure, ReplacedProcesses, RestartBudget } from '../ports';

/**
 * The life of one watch.
 *
 * ```text
 *            start                 launched / found
 *  stopped ────────► starting ─────────────────────────► running ◄─── found ─── waiting
 *     ▲                 ▲  │ launch_failed                │   │  ▲                 ▲
 *     │             due │  ▼                   last exit  │   │  └─ due: recovered │
 *     │                backoff ◄──────────────────────────┤   │ stop, restart,     │
 *     │                 ▲  ▲                              ├───┼─remedy─────────────┘ no start command
 *     │                 │  │ cleared, budget left         │   │
 *     │ clean exit,     │  └───────────────────────────┐  ▼   ▼      suspend
 *     ├─────────────────┼───────────────────────────── stopping ◄──────────── suspended ◄── running
 *     │ policy, kill    │ due, reset                   │  │ something can't be ended
 *     │                 └── cooldown ◄── budget spent ─┤  ▼
 *     │                     held     ◄── storm brake ──┘ failed   (also: too many restarts that did not hold)
 *     └─ stop ─────────────────── from everywhere
 * ```
 * Each way into `starting` leads through `blocked` while another watch is waited for.
 * A cooldown that starts while the program runs (a limit that may not be healed again) is no state of its own: it stands in
 * the budget, and the program is left running.
 * Times are monotonic milliseconds. A state carries all that only it needs.
 */
export type HealState =
  | { phase: 'stopped'; sinceMs: number; reason: StopReason }
  | { phase: 'waiting'; sinceMs: number; recovery: Recovery | null }
  | {
      phase: 'starting';
      sinceMs: number;
      cause: Cause;
      recovery: Recovery | null;
      appearByMs: number | null;
      /** Nothing that matches has come up in time, or the start command has failed; null: neither yet. */
      overdue: Overdue | null;
      /** What the machine lacked at the attempts before this one; null: it is the first. */
      shortage: Shortage | null;
    }
  /** Its start waits for other watches (`Watch.after`). */
  | { phase: 'blocked'; sinceMs: number; cause: Cause; recovery: Recovery | null; shortage: Shortage | null }
  | {
      phase: 'running';
      sinceMs: number;
      processes: readonly LiveProcess[];
      recovery: Recovery | null;
      health: Health;
    }
  /** `ending`: all that lived at its begin; until the end of the last one is reported, none of them is. */
  | {
      phase: 'stopping';
      sinceMs: number;
      processes: readonly LiveProcess[];
      ending: readonly LiveProcess[];
      next: Next;
      recovery: Recovery | null;
    }
  | { phase: 'backoff'; sinceMs: number; dueMs: number; recovery: Recovery | null; shortage: Shortage | null }
  /** Down until the cooldown of the budget ends. */
  | { phase: 'cooldown'; sinceMs: number; recovery: Recovery | null }
  /** Down until the storm brake is released. */
  | { phase: 'held'; sinceMs: number; recovery: Recovery | null }
  /** Stopped by SIGSTOP, until the operator decides. */
  | {
      phase: 'suspended';
      sinceMs: number;
      processes: readonly LiveProcess[];
      reason: string;
      recovery: Recovery | null;
    }
  | { phase: 'failed'; sinceMs: number; reason: string; processes: readonly LiveProcess[] }
  /** It must not run, and does not; forbidden/transition.ts has the diagram of this and the next one. */
  | { phase: 'absent'; sinceMs: number; sightings: Sightings | null }
  /** It must not run, and does. `standing`: what is done about it. */
  | {
      phase: 'present';
      sinceMs: number;
      processes: readonly LiveProcess[];
      standing: ForbiddenStanding;
      sightings: Sightings;
    };

/**
 * What is done about a program that must not run. `ending`: it is being ended; `observed`: it is only reported; `limited`: too many
 * were ended of late, so a cooldown keeps the next from being ended; `surviving`: it could not be ended.
 */
export type ForbiddenStanding = 'ending' | 'observed' | 'limited' | 'surviving';

/** What one incident of a program that must not run has come to. */
export interface Sightings {
  firstAtMs: number;
  /** Programs that were found running; a program counts once with all that it has started. */
  times: number;
  /** What has started the last one, as far as that is known. */
  startedBy: string | null;
}

/** A program that runs although it must not, as a scan shows it. */
export interface Sighted {
  process: LiveProcess;
  facts: EndedProcess;
  /** `cron (pid 812)`; null: whatever started it has ended. */
  startedBy: string | null;
}

/** What probes, or the program itself, have shown since it runs. */
export interface Health {
  /** `lost`: it was, and is not any more. */
  ready: 'unknown' | 'yes' | 'lost';
  /** By its liveness probes. */
  live: 'unknown' | 'yes' | 'no';
}

/** Of a program that has just been started or found. */
export const UNKNOWN_HEALTH: Health = { ready: 'unknown', live: 'unknown' };

export type StopReason = 'new' | 'operator' | 'clean_exit' | 'crash' | 'killed' | 'gave_up' | 'shutdown' | 'observed';

/** What goes on between a crash and the proof that its heal holds. */
export interface Recovery {
  openedAtMs: number;
  /** When it was last noticed to be down. */
  downSinceMs: number;
  oldPid: number | null;
  /** Automatic restarts so far. */
  attempts: number;
  /** It went wrong again soon after its heal was confirmed: how many of the attempts have held for a while. Absent: it did not. */
  flapping?: { held: number };
  /** Why the program, which still runs, is restarted once that is allowed again. Absent: nothing waits. */
  postponed?: string;
  /** What makes that unnecessary: it is ready, or live, by itself. Absent: nothing does. */
  postponedUntil?: 'ready' | 'live';
  /** So far a program that ended cleanly comes back, which is no incident. */
  isQuiet?: true;
  /** Until then somebody else may start it again; absent: nobody is expected to. */
  othersUntilMs?: number;
  /** The limit that it is about: the heal holds once that is kept again. Absent: once the program stays alive. */
  limit?: { metric: LimitMetric; holds: boolean };
}

/** Who wants a start, and as what it counts. */
export interface Cause {
  kind: 'start' | 'restart' | 'heal';
  actor: Actor;
  /** What a restart that was asked for has ended for it: the program, since when, every process that ended, and those that ran. */
  replaces?: { pid: number | null; sinceMs: number; ended: readonly number[]; ending: readonly LiveProcess[] };
  /** Those that it is restarted with; absent: it is not. */
  renewed?: readonly Renewed[];
}

/** Another watch that this one is restarted with. */
export interface FollowedWatch extends Pick<Dependency, 'watch' | 'until'> {
  id: string;
  /** Its run; null: it does not run; undefined: this engine has not taken it over yet. */
  run: string | null | undefined;
  /** It is as awaited, and neither it nor what it follows itself is about to be restarted. */
  isSettled: boolean;
}

/** Another watch that was started anew, as far as its dependants report that. */
export type Renewed = Pick<FollowedWatch, 'watch' | 'until'>;

/** The machine has no processes, memory or descriptors left for a start, which therefore waits and counts as no attempt. */
export interface Shortage {
  /** The errno name. */
  reason: string;
  sinceMs: number;
  /** Starts that the machine refused so far. */
  refusals: number;
  /** What is to be started again when it can be. */
  cause: Cause;
}

/** A start that has brought up no match: it has failed only once nothing of it lives, for a copy beside it would make it worse. */
export interface Overdue {
  failure: LaunchFailure;
  /** Those of its processes that were alive last; null: not checked yet. */
  living: readonly ProcessIdentity[] | null;
}

/** What follows once nothing of the tree is left. */
export type Next =
  | { kind: 'stop'; actor: Actor }
  | { kind: 'start' | 'restart'; actor: Actor; renewed?: readonly Renewed[] }
  /** `because` null: it died by itself; else why its living tree was ended. */
  | { kind: 'heal'; reason: string | null }
  /** Ended for good, because of what it did. */
  | { kind: 'kill'; reason: string };

export interface LiveProcess extends ProcessIdentity {
  /** `child`: started by this engine; `adopted`: by an earlier one; `match`: found. */
  origin: 'child' | 'adopted' | 'match';
  /** When it was started, as far as known: uptime and grace count from here. */
  startedAtMs: number;
  /** It is gone, and the earlier engine kept no record of its start: `startedAtMs` has no meaning. */
  isStartUnknown?: true;
  /**
   * Among several that match: `main` is the one whose death is a death of the watch, whoever else lives; a `worker` descends
   * from it. The others are there beside it.
   */
  role?: 'main' | 'worker';
  /** It goes on for one that has ended. */
  heir?: Heir;
}

/** How a process has taken the place of another one of the same program. */
export interface Heir {
  how: 'background' | 'replaced';
  /** If it ends sooner than this, it was a helper finishing its work, and the end of its predecessor counts; null: it is no helper. */
  probation: { untilMs: number; exit: ChildExit } | null;
}

/** Counts that outlive the states. */
export interface RestartLedger {
  /** Automatic restarts in a row without a healthy time. */
  consecutive: number;
  /** Automatic restarts since the watch was added. */
  restarts: number;
  lastRestartAtMs: number | null;
  budget: RestartBudget;
  /** The last ends, oldest first: a spent budget reports what they had in common. */
  lastExits: readonly CrashReading[];
  /** The run of its program (`runs.ts`); of one that has ended until the next begins. */
  run?: string;
  /** The runs of those that it is restarted with, by the id of the watch, when its own began; null: it did not run. */
  ranWith?: Readonly<Record<string, string | null>>;
  /** The end of the last incident, until the operator starts it again. */
  lastConfirmedHeal?: ConfirmedHeal | null;
}

/** The confirmed heal of an incident, in monotonic ms, with what another one goes on with. */
export interface ConfirmedHeal extends Pick<Recovery, 'openedAtMs' | 'attempts'> {
  atMs: number;
}

export interface HealMachine {
  state: HealState;
  ledger: RestartLedger;
}

/** What an engine does first with a watch that another engine may have kept before it. */
export type Takeover =
  | {
      kind: 'adopt';
      processes: readonly LiveProcess[];
      /** Those of the earlier engine that have died since: their deaths are reported next. */
      gone: readonly LiveProcess[];
      inIncident: boolean;
      suspended: boolean;
    }
  /** `gone`: what an earlier engine was ending when it ended itself. */
  | { kind: 'stay_stopped'; reason: StopReason; gone: readonly LiveProcess[] }
  /** A start was under way when the earlier engine ended, and had not been executed. `countedAtMs`: as an automatic restart, then. */
  | { kind: 'start_again'; inIncident: boolean; strays: boolean; countedAtMs: number | null }
  /** A start was under way when the earlier engine ended; nothing of it lives, and nothing shows whether it was executed. */
  | { kind: 'start_lost'; inIncident: boolean; strays: boolean }
  /**
   * `gone`: those whose deaths are reported next. `startLost`: a start that followed was under way; nothing of it lives, and nothing shows
   * whether it was executed.
   */
  | { kind: 'died_meanwhile'; gone: readonly LiveProcess[]; startLost: boolean }
  | { kind: 'cool_down'; inIncident: boolean }
  /**
   * `heal_on`: it is down, as was reported, and the earlier engine had not started it again yet. `strays`: what a start has left
   * and nobody keeps is ended first.
   */
  | { kind: 'start' | 'heal_on'; strays: boolean }
  /** A start was under way when the earlier engine ended; what it made lives, and does not match yet. */
  | { kind: 'still_starting'; inIncident: boolean }
  /** Somebody else keeps it. */
  | { kind: 'leave_alone'; reason: string }
  | { kind: 'wait' }
  | { kind: 'rest' }
  /** It must not run: what runs of it is found by the next scan. */
  | { kind: 'forbid'; inIncident: boolean };

export type HealInput =
  /** `replaced`: what a restart that the end of the earlier engine interrupted has ended; null: there was none. */
  | { type: 'taken_over'; takeover: Takeover; replaced: ReplacedProcesses | null }
  /** `strays`: something that an earlier start has left lives on, and is ended first. */
  | { type: 'start'; actor: Actor; strays: boolean }
  | { type: 'stop'; actor: Actor }
  | { type: 'restart'; actor: Actor }
  | { type: 'launched'; identity: ProcessIdentity }
  | { type: 'launch_failed'; failure: LaunchFailure }
  /** The start command of a match has ended so before anything has matched. */
  | { type: 'start_overdue'; failure: LaunchFailure }
  /** What still lives of an overdue start. */
  | { type: 'start_examined'; living: readonly ProcessIdentity[]; lastWords: LastWords }
  | { type: 'found'; processes: readonly LiveProcess[] }
  | { type: 'exited'; identity: ProcessIdentity; exit: ChildExit | null; death: Death }
  /** This process has ended, and the program goes on in another one; the others are those that are held beside it. */
  | {
      type: 'succeeded';
      identity: ProcessIdentity;
      heir: LiveProcess & { heir: Heir };
      others: readonly LiveProcess[];
    }
  | { type: 'cleared'; result: ClearResult }
  /** All that runs by a scan of a program that must not run. */
  | { type: 'sighted'; programs: readonly Sighted[] }
  /** `metric`: the limit that was exceeded; null when it is about something else. */
  | { type: 'remedy'; action: RemedyAction; reason: string; metric: LimitMetric | null }
  /** The limit of the open incident is kept again. */
  | { type: 'limit_holds' }
  /** All that is asked about its readiness passes. `afterMs`: since its start; null: when it was first ready is not known. */
  | { type: 'became_ready'; probe: string | null; answer: string; afterMs: number | null }
  | { type: 'readiness_lost'; probe: string | null; answer: string }
  /** It has not become ready in time. */
  | { type: 'never_ready'; withinMs: number; probe: string | null; answer: string }
  | { type: 'liveness_failed'; failure: ProbeFailure }
  /** All liveness probes pass. */
  | { type: 'liveness_holds' }
  /** What other watches are may be another now: a start that waits for them may be allowed. */
  | { type: 'dependencies_changed' }
  /** The watch is not only observed any more. */
  | { type: 'observe_over' }
  | { type: 'reset_cooldown'; actor: Actor }
  | { type: 'extend_cooldown'; actor: Actor; byMs: number }
  | { type: 'storm_over' }
  /** Another start would fail in the same way. */
  | { type: 'obstructed'; obstacle: Obstacle }
  /** What a port was in use by is what an earlier start has left. */
  | { type: 'leftovers_found' }
  /** What a cooldown waits for has come about. */
  | { type: 'cause_gone'; end: EarlyEnd }
  | { type: 'due' };

/** A probe that has failed often enough. */
export interface ProbeFailure {
  probe: string;
  role: ProbeRole;
  /** Attempts that are judged. */
  of: number;
  /** Oldest first; the last one has failed. */
  attempts: readonly ProbeAttempt[];
}

/** What a limit or a detector wants done. `freeze_and_kill`: at once, without grace, for a tree that outruns signals. */
export type RemedyAction = 'restart' | 'kill' | 'freeze_and_kill' | 'suspend';

/** What else was seen at a death. */
export interface Death extends Required<LastWords> {
  /** Whether its group or session may hold processes still. */
  leftovers: boolean;
  /** Whether something lives on elsewhere that a start of the watch has brought up. */
  strays: boolean;
  whileEngineWasDown: boolean;
  /** Which crash it was; null where nothing shows it. */
  crash: CrashOfDeath | null;
  /** Processes of the machine that the kernel's OOM killer ended at about that time, where this may be one of them. */
  oomKills: number;
  /** The operator who ended this process as such; null: nobody did. */
  endedBy: Actor | null;
  /** Who has taken the place of this main process, as at an upgrade without a gap. */
  heir?: ProcessIdentity;
}

/** The same id is the same crash, in whatever process and watch. */
export interface CrashOfDeath {
  id: string;
  /** In a line. */
  title: string;
  /** The version of the program that crashed, in 8 hex digits; null: not known. */
  version: string | null;
  /** Whether the program's output shows it, and not the exit alone. */
  isNamed: boolean;
  /** Whether the program itself may be the reason, and not the machine or a service that it needs. */
  isOfProgram: boolean;
}

export interface ClearResult {
  /** Every process that was signalled. */
  pids: readonly number[];
  /** Those that needed KILL. */
  forced: readonly number[];
  /** Those that even KILL did not end. */
  survivors: readonly number[];
  /** Those of `pids` that only the mark of an earlier start has shown; absent: none. */
  strays?: readonly number[];
}

type Without<T> = T extends unknown ? Omit<T, 'watch' | 'incident'> : never;

/** What the machine reports; the supervisor adds the name of the watch and the number of the incident. */
export type DraftOfWatch = Without<EventDraft>;

/** What the machine wants done; the supervisor does it, in order. */
export type HealEffect =
  | { type: 'emit'; draft: DraftOfWatch; recovery: RecoveryPlace }
  | { type: 'launch' }
  /** Looks up what lives of an overdue start. */
  | { type: 'examine_start' }
  | {
      type: 'clear';
      roots: readonly ProcessIdentity[];
      /** `leftovers`: group and session of the dead; `everything`: the tree, and all that carries the mark of the watch. */
      scope: 'leftovers' | 'everything';
      /** Freezes the tree and kills it without asking first. */
      atOnce: boolean;
    }
  | { type: 'signal'; processes: readonly ProcessIdentity[]; signal: 'SIGSTOP' | 'SIGCONT' }
  /** It is restarted with these watches, by their ids. */
  | { type: 'follow'; watches: readonly string[] };

/** Where an event stands in the incident of its watch; `whole`: it opens one, and nothing follows; `reopens`: the last one goes on. */
export type RecoveryPlace = 'opens' | 'reopens' | 'continues' | 'closes' | 'whole' | 'none';

export interface HealPolicy {
  /** Nothing is touched, only reported. */
  observe: boolean;
  /** How long somebody else's restart of a matched program is waited for. */
  othersMs: number;
  /** How long a start command of a match target has to bring up a match. */
  appearMs: number;
  verifyMs: number;
  /** What goes wrong within this time after a confirmed heal belongs to the same incident. */
  flappingMs: number;
  healthyMs: number;
  giveUpAfter: number;
  /** What probes decide: a heal is confirmed once they pass. */
  probed: { ready: boolean; live: boolean };
  /** A crash later than this after its start is no crash at the start. */
  startGraceMs: number;
  /** So many same crashes at the start, one after the other, start a cooldown; null: the budget alone does. */
  sameCrashLimit: number | null;
  /** Whether restarts in a row wait longer and longer. */
  delays: boolean;
  /** What the delays are multiplied by, around 1. */
  jitter: number;
  budget: BudgetPolicy;
  /** Healthy time after which the growth of cooldowns is forgotten. */
  stableMs: number;
}

export interface HealContext {
  nowMs: number;
  /** Wall time, for what people read only. */
  wallMs: number;
  watch: Watch;
  policy: HealPolicy;
  shuttingDown: boolean;
  /** Why a start has to wait for other watches, a sentence for each; empty: it need not. */
  blockers: readonly string[];
  /** Those that it is restarted with. */
  followed: readonly FollowedWatch[];
  /** The storm brake is on and holds this watch: it is not restarted automatically. */
  healingPaused: boolean;
}

export interface Transition extends HealMachine {
  effects: readonly HealEffect[];
}

/** A watch that was just added. */
export function initialMachine(nowMs: number): HealMachine {
  return {
    state: { phase: 'stopped', sinceMs: nowMs, reason: 'new' },
    ledger: { consecutive: 0, restarts: 0, lastRestartAtMs: null, budget: FULL_BUDGET, lastExits: [] },
  };
}

/** The processes that are known to belong to the watch now. */
export function processesOf(state: HealState): readonly LiveProcess[] {
  return 'processes' in state ? state.processes : [];
}

/** Whether a process that matches joins the watch: not if that is to be down or is being ended. */
export function takesMatches(phase: HealState['phase']): boolean {
  switch (phase) {
    case 'waiting':
    case 'blocked':
    case 'starting':
    case 'running':
    case 'backoff':
    case 'cooldown':
    case 'held':
      return true;
    case 'stopped':
    case 'stopping':
    case 'suspended':
    case 'failed':
    case 'absent':
    case 'present':
      return false;
    default:
      return assertNever(phase);
  }
}

/** Whether it is down, and somebody else may start it again before its start command does. */
export function isAwaitingOthers(state: HealState): boolean {
  return state.phase === 'backoff' && state.shortage === null && state.recovery?.othersUntilMs === state.dueMs;
}

/** Whether an operator's start launches the program: it is down, and nothing is under way. */
export function startsProgram(phase: HealState['phase']): boolean {
  switch (phase) {
    case 'stopped':
    case 'waiting':
    case 'backoff':
    case 'cooldown':
    case 'held':
    case 'failed':
      return true;
    case 'blocked':
    case 'starting':
    case 'running':
    case 'stopping':
    case 'suspended':
    case 'absent':
    case 'present':
      return false;
    default:
      return assertNever(phase);
  }
}
