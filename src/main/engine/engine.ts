import type { Actor, EventDraft, HealdeckEvent, Severity } from '../../shared/model/event';
import type { Observation, ObservedGraph, WatchPorts } from '../../shared/model/ports';
import type { ImportConflict, ImportReport, PortableConfig } from '../../shared/model/portable';
import type {
  EndPreview,
  EndResult,
  EndScope,
  MatchPreview,
  WatchEndPreview,
  ProcessDetails,
  ProcessIdentity,
  ProcessRow,
} from '../../shared/model/process';
import type { Probe } from '../../shared/model/probe';
import type { ScaleChange } from '../../shared/model/instances';
import type { SettingKey, Settings } from '../../shared/model/settings';
import type {
  Distress,
  EngineInfo,
  EngineState,
  MachineSample,
  RollingResult,
  WatchStatus,
} from '../../shared/model/snapshot';
import type { Target, WatchSpec } from '../../shared/model/watch';
import type { Dispose, ProbeAnswer } from './ports';
import type { SettingValues } from './settings-change';

/** Something changed; listeners get the new values, never a reason to ask back. */
export interface EngineChange {
  engine?: EngineInfo;
  machine?: MachineSample;
  watches?: readonly WatchStatus[];
  removedWatchIds?: readonly string[];
  events?: readonly HealdeckEvent[];
  /** A new scan over the process table is there: `processes()` has it. Rows are made only for those who ask. */
  processesChanged?: true;
  /** A tick has finished: each watch in here was judged by a new scan. */
  ticked?: true;
}

/** An operator's action on a watch, by name or id, and the processes it was shown with (if any). */
export interface WatchActionRequest {
  watch: string;
  expect?: readonly ProcessIdentity[] | undefined;
  actor: Actor;
}

/** What a watch, by name or id, is to become, and the revision of it that this was made from. */
export interface EditRequest {
  watch: string;
  revision: number;
  spec: WatchSpec;
  actor: Actor;
}

/** How many instances a watch, by name or id, is to have: so many, or so many more or fewer. */
export interface ScaleRequest {
  watch: string;
  change: ScaleChange;
  actor: Actor;
}

/** The instances of a watch, by name or id, are to be restarted so that some stay ready; `keep` undefined: all but one. */
export interface RollingRequest {
  watch: string;
  keep: number | undefined;
  actor: Actor;
}

/** A watch, by name or id, whose last edit is to be taken back, and the revision of it that was shown. */
export type UndoRequest = Omit<EditRequest, 'spec'>;

/** A file to apply, or only to report what that would change. */
export interface ImportRequest {
  file: PortableConfig;
  conflict: ImportConflict;
  dryRun: boolean;
  actor: Actor;
}

/** A process, and whether its whole tree is meant. */
export interface OperatorKillRequest extends ProcessIdentity {
  scope: EndScope;
}

/** An end that the operator has confirmed. */
export interface ConfirmedKill extends OperatorKillRequest {
  /** KILL at once, without asking first. */
  force: boolean;
  /** All that was shown to be ended. */
  expect: readonly ProcessIdentity[];
  actor: Actor;
}

/** All processes of the machine, watched or not. */
export interface ProcessControl {
  /** The last scan over all processes. */
  list(): readonly ProcessRow[];
  describe(identity: ProcessIdentity): ProcessDetails;
  /** What an end would do now, by a fresh scan. */
  endPreview(request: OperatorKillRequest): Promise<EndPreview>;
  /** Resolves when nothing of it lives any more, or can't be ended. */
  end(request: ConfirmedKill): Promise<EndResult>;
}

/** A probe that is tried before it is saved. */
export interface ProbeTrial {
  probe: Probe;
  /** Where a command probe gets its user, its directory and its variables from. */
  target: Target;
  /** The watch that it is for: what the target hides is that watch's. */
  watch?: string | undefined;
}

/** The watches: their definitions, and what an operator does to the programs. */
export interface WatchControl {
  list(): readonly WatchStatus[];
  /** What a target matches by a fresh scan, and why; `watch` is the one that it would be the target of. */
  preview(target: Target, watch?: string): Promise<MatchPreview>;
  /** One attempt of a probe that need not be saved yet, for a target that need not be either. */
  tryProbe(trial: ProbeTrial): Promise<ProbeAnswer>;
  /** What the arguments of the spec hide, they hide of a living process, which the operator has chosen. */
  add(spec: WatchSpec, actor: Actor, hiddenFrom?: ProcessIdentity): Promise<WatchStatus>;
  /** Adds all, or none. */
  addAll(specs: readonly WatchSpec[], actor: Actor): Promise<readonly WatchStatus[]>;
  edit(request: EditRequest): WatchStatus;
  /** Takes the last edit back that was made since this engine started and was not taken back yet. */
  undo(request: UndoRequest): WatchStatus;
  observe(watch: string, on: boolean, actor: Actor): WatchStatus;
  remove(request: WatchActionRequest): { leftRunning: readonly number[] };
  /** Takes a removal back: by id or name, with the processes that still run, its budget and its history. */
  restore(watch: string, actor: Actor): Promise<WatchStatus>;
  /** Where the programs of one watch, by name or id, are reached, or of all (null). */
  ports(watch: string | null): Promise<readonly WatchPorts[]>;
  /** Every process that a stop or a restart of the watch would end now, by a fresh scan. */
  endPreview(watch: string): Promise<WatchEndPreview>;
  /** Resolves when the program runs (or was found); rejects with a `Refusal` that gives the reason. */
  start(request: WatchActionRequest): Promise<WatchStatus>;
  /** Resolves when nothing of its tree lives any more. */
  stop(request: WatchActionRequest): Promise<WatchStatus>;
  restart(request: WatchActionRequest): Promise<WatchStatus>;
  /** Puts another number of instances in force; those that are too many are ended in the background. */
  scale(request: ScaleRequest): WatchStatus;
  /** Resolves when all instances are through, or it has stopped at one; rejects with a `Refusal` when it can't begin. */
  rollingRestart(request: RollingRequest): Promise<RollingResult>;
  /** One watch by name or id, or all (null). Returns the names of those that were in cooldown. */
  resetCooldown(watch: string | null, actor: Actor): { reset: readonly string[] };
  extendCooldown(watch: string, byMs: number, actor: Actor): WatchStatus;
}

/** What depends on what. */
export interface GraphControl {
  /** By what sockets show, over some time. */
  observed(observation: Observation): Promise<ObservedGraph>;
}

/** The settings for all watches and for the engine itself. */
export interface SettingsControl {
  /** The settings in force, for use within this process. */
  inForce(): Settings;
  /** The settings in force, with hidden arguments. */
  shown(): Settings;
  /** Sets all of these, or none; returns what is in force, with hidden arguments. @throws Refusal `invalid` */
  set(values: SettingValues, actor: Actor): Settings;
  /**
   * Takes the last change of settings back that was made since this engine started; returns what is in force, with hidden
   * arguments. @throws Refusal `conflict` when it was about others than `keys` (null: any), or config.json has changed since
   */
  undo(keys: readonly SettingKey[] | null, actor: Actor): Settings;
}

/** Watches and settings as a whole. */
export interface ConfigControl {
  export(): PortableConfig;
  /** Brings a file into force: all of it, or nothing. */
  import(request: ImportRequest): Promise<ImportReport>;
  /** A configuration that was changed from outside and is in the store already comes into force, with cooldowns and processes kept. */
  reload(): void;
}

/**
 * All supervisors of a machine; what clients ask for is grouped as in the contract. Requests are refused with a `Refusal`; then
 * nothing has changed.
 */
export interface Engine {
  readonly processes: ProcessControl;
  readonly watches: WatchControl;
  readonly graph: GraphControl;
  readonly settings: SettingsControl;
  readonly config: ConfigControl;
  /** Adopts what an earlier engine left, starts what is to run, and begins to tick. Resolves after the first tick. */
  start(): Promise<void>;
  /** Stops watching, and leaves every watched program running. */
  dispose(reason: string): void;
  /** The whole live state. `seq` counts changes of this engine; streams number their own messages. */
  snapshot(): EngineState;
  /** What is wrong with the machine itself, the most severe first. */
  distress(): readonly Distress[];
  subscribe(listener: (change: EngineChange) => void): Dispose;
  /** Publishes an event that happened beside the engine, such as an alert that was sent. */
  publish(draft: EventDraft): void;
  /** Publishes something about Healdeck itself that the operator should know. */
  note(notice: { topic: string; severity: Severity; detail: string }): void;
}
