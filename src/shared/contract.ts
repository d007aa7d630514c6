import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { drillScenarioSchema, type DrillStep } from './model/drill';
import { alertChannelSchema } from './model/delivery';
import {
  templatesSchema,
  type AlertPreview,
  type AlertsStatus,
  type Delivery,
  type Mute,
  type OutboxEntry,
  type TemplateKit,
} from './model/alert';
import { eventQuerySchema, type HealdeckEvent } from './model/event';
import {
  endScopeSchema,
  processIdentitySchema,
  type EndPreview,
  type EndResult,
  type MatchPreview,
  type ProcessDetails,
  type ProcessRow,
  type WatchEndPreview,
} from './model/process';
import type { CrashGroup } from './model/crash-group';
import type { Incident } from './model/incident';
import { importConflictSchema, portableConfigSchema, type ImportReport, type PortableConfig } from './model/portable';
import type { Backtest } from './model/backtest';
import { outputPositionSchema, outputStreamSchema, type OutputChunk, type OutputPage } from './model/output';
import { scaleChangeSchema } from './model/instances';
import { observationSchema, type ObservedGraph, type WatchPorts } from './model/ports';
import type { PastTable, RecordedTime } from './model/past';
import { PROBE_LIMITS, probeNameSchema, probeSchema, type ProbeTrialResult } from './model/probe';
import type { ProbeBacktest, ProbeHistory } from './model/probe-history';
import { secretNameSchema, secretValueSchema, type SecretStatus } from './model/secret';
import { settingKeySchema, watchOverridesSchema, type Settings } from './model/settings';
import type {
  EngineInfo,
  HistoryPoint,
  LiveMessage,
  ProcessesMessage,
  RollingResult,
  WatchStatus,
} from './model/snapshot';
import { targetSchema, watchSpecSchema } from './model/watch';

/** A watch by its name or id. */
const watchRef = z.string().min(1, 'expected the name of a watch');

/**
 * An action on a watch. `expect` binds it to the processes that were shown: when others run by now, it is refused with
 * CONFLICT and nothing is done.
 */
const watchAction = z.strictObject({ watch: watchRef, expect: z.array(processIdentitySchema).optional() });

/**
 * Everything that can be asked of an engine, typed once for the window, the browser and the CLI.
 * Errors: BAD_REQUEST (input), NOT_FOUND (no such watch or process), CONFLICT (it changed meanwhile, or a name is in use),
 * FORBIDDEN (a protected process); the message states what was expected. Inputs are parsed, outputs are ours and are not.
 */
export const contract = {
  /** Snapshot, then numbered deltas, at most 4 a second. */
  live: oc.output(eventIterator(type<LiveMessage>())),
  engine: {
    info: oc.output(type<EngineInfo>()),
    /** A fresh one-time URL of the web dashboard; NOT_FOUND when this engine serves none. */
    dashboardUrl: oc.output(type<{ url: string }>()),
    /**
     * A page on the engine's machine that leads to a fresh one-time URL, to be opened in a browser: unlike the URL, its path may stand
     * in an argument vector, since only the engine's user can read it. NOT_FOUND as above.
     */
    dashboardPage: oc.output(type<{ path: string }>()),
  },
  processes: {
    list: oc.output(type<readonly ProcessRow[]>()),
    /** The whole table, then what changed, once a tick. */
    live: oc.output(eventIterator(type<ProcessesMessage>())),
    /** The table as it was recorded at a moment (ms since the epoch) or last before it; NOT_FOUND when nothing was. */
    at: oc.input(z.strictObject({ at: z.number() })).output(type<PastTable>()),
    /** Which time is recorded, and what happened in it. */
    recorded: oc.output(type<RecordedTime>()),
    describe: oc.input(processIdentitySchema).output(type<ProcessDetails>()),
    /** What a process used in the recorded moments since then, oldest first, thinned to at most `points`. */
    readings: oc
      .input(
        processIdentitySchema.extend({ sinceAt: z.number(), points: z.number().int().min(2).max(200).default(90) }),
      )
      .output(type<readonly HistoryPoint[]>()),
    /** Every process that `end` would end now, and what stands against it. */
    endPreview: oc.input(processIdentitySchema.extend({ scope: endScopeSchema })).output(type<EndPreview>()),
    /**
     * Ends a process, or its tree: TERM, the grace of `stop.graceMs`, KILL; with `force` KILL at once. `expect` is what the
     * preview listed: CONFLICT when the process is gone or others belong to its tree by now, FORBIDDEN when one of them is
     * protected, and then nothing was signalled.
     */
    end: oc
      .input(
        processIdentitySchema.extend({
          scope: endScopeSchema,
          force: z.boolean(),
          expect: z.array(processIdentitySchema).min(1),
        }),
      )
      .output(type<EndResult>()),
  },
  watches: {
    list: oc.output(type<readonly WatchStatus[]>()),
    /**
     * What a target matches now and why, and what only resembles a match; nothing is changed. `watch` is the one that it would be
     * the target of: its own processes are no other watch's.
     */
    preview: oc
      .input(z.strictObject({ target: targetSchema, watch: watchRef.optional() }))
      .output(type<MatchPreview>()),
    /**
     * One attempt of a probe that need not be saved yet; nothing follows from it. `target`: where a command gets its user, directory and
     * variables from; `watch`: the one that it is for, whose values the target hides.
     */
    tryProbe: oc
      .input(z.strictObject({ probe: probeSchema, target: targetSchema, watch: watchRef.optional() }))
      .output(type<ProbeTrialResult>()),
    /**
     * What arguments hide (`•••`) they hide of `hiddenFrom`, the living process that the operator has chosen; CONFLICT when it has
     * ended.
     */
    add: oc
      .input(z.strictObject({ spec: watchSpecSchema, hiddenFrom: processIdentitySchema.optional() }))
      .output(type<WatchStatus>()),
    /**
     * What the spec hides (masked arguments, `hiddenEnv`) stays as it is. `revision` is that of the watch that was shown; CONFLICT when it is older
     * than the one in force.
     */
    edit: oc
      .input(z.strictObject({ watch: watchRef, revision: z.number().int().positive(), spec: watchSpecSchema }))
      .output(type<WatchStatus>()),
    /**
     * Undoes the last edit that was made since the engine started, hidden values included; edits from config.json and imports
     * count, too. `revision` as for `edit`; CONFLICT also if there is no such edit.
     */
    undo: oc
      .input(z.strictObject({ watch: watchRef, revision: z.number().int().positive() }))
      .output(type<WatchStatus>()),
    /** Ends the watch, not its processes. Returns the pids that go on running. */
    remove: oc.input(watchAction).output(type<{ leftRunning: readonly number[] }>()),
    /**
     * Undoes a removal, until the engine ends: the same watch, with its processes that still run and its budget.
     * NOT_FOUND when none of this id or name was removed, CONFLICT when its name or its program belongs to another watch by now.
     */
    restore: oc.input(z.strictObject({ watch: watchRef })).output(type<WatchStatus>()),
    /** On which sockets the programs of a watch listen, or those of all (null); read now. */
    ports: oc.input(z.strictObject({ watch: watchRef.nullable() })).output(type<readonly WatchPorts[]>()),
    /** Every process that `stop` or `restart` would end now; nothing is done. */
    endPreview: oc.input(z.strictObject({ watch: watchRef })).output(type<WatchEndPreview>()),
    start: oc.input(watchAction).output(type<WatchStatus>()),
    stop: oc.input(watchAction).output(type<WatchStatus>()),
    restart: oc.input(watchAction).output(type<WatchStatus>()),
    /** Another number of instances, within what the watch allows. Those that are too many end in the background. */
    scale: oc.input(z.strictObject({ watch: watchRef, change: scaleChangeSchema })).output(type<WatchStatus>()),
    /**
     * Restarts the instances so that `keep` stay ready (by default all but one), and answers at the end of it, which does not depend on the caller.
     * CONFLICT when one is under way.
     */
    rollingRestart: oc
      .input(z.strictObject({ watch: watchRef, keep: z.number().int().min(0).optional() }))
      .output(type<RollingResult>()),
    /** Ends the cooldown and empties the budget of one watch, or of all (null); for all it also ends a pause of healing. */
    resetCooldown: oc
      .input(z.strictObject({ watch: watchRef.nullable() }))
      .output(type<{ reset: readonly string[] }>()),
    /** CONFLICT when the watch is in no cooldown. */
    extendCooldown: oc
      .input(z.strictObject({ watch: watchRef, byMs: z.number().int().min(1000).max(86_400_000) }))
      .output(type<WatchStatus>()),
    /** Sets or clears the override `observe` of a watch. */
    observe: oc.input(z.strictObject({ watch: watchRef, on: z.boolean() })).output(type<WatchStatus>()),
    /** What the limits of a watch, with these in place of its own, would have done on the single readings of the last hours. */
    backtest: oc
      .input(
        z.strictObject({
          watch: watchRef,
          overrides: watchOverridesSchema.default({}),
          hours: z.number().min(1).max(720).default(24),
        }),
      )
      .output(type<Backtest>()),
    /** Adds many at once: all, or none when one of them can't be; the message names it. */
    addAll: oc
      .input(z.strictObject({ specs: z.array(watchSpecSchema).min(1).max(1000) }))
      .output(type<readonly WatchStatus[]>()),
  },
  probes: {
    /**
     * What is recorded of a probe of a watch: what its attempts came to in each `spanMs`, at most 5000 of them, and the newest attempts.
     * Whole minutes reach back further than other spans. NOT_FOUND when the watch has no such probe.
     */
    history: oc
      .input(
        z.strictObject({
          watch: watchRef,
          probe: probeNameSchema,
          sinceAt: z.number(),
          spanMs: z.number().int().min(1000).max(86_400_000).default(60_000),
          newest: z.number().int().min(0).max(1000).default(20),
        }),
      )
      .output(type<ProbeHistory>()),
    /** When the probe, with these numbers in place of its own, would have been failing on its attempts of the last hours. */
    backtest: oc
      .input(
        z.strictObject({
          watch: watchRef,
          probe: probeNameSchema,
          rule: z
            .strictObject({
              failures: z.number().int().min(1).max(PROBE_LIMITS.maxAttempts),
              of: z.number().int().min(1).max(PROBE_LIMITS.maxAttempts),
              successes: z.number().int().min(1).max(PROBE_LIMITS.maxAttempts),
              timeoutMs: z.number().int().min(10).max(PROBE_LIMITS.maxTimeoutMs),
            })
            .partial()
            .default({}),
          hours: z.number().min(1).max(720).default(24),
        }),
      )
      .output(type<ProbeBacktest>()),
  },
  graph: {
    /**
     * Which watch connects to which, by what their sockets show at some looks over a time; answered when that is over. It is a proposal:
     * what connects rarely is not seen.
     */
    observed: oc.input(observationSchema).output(type<ObservedGraph>()),
  },
  incidents: {
    /** The newest incidents, newest first. Only with `id` they have events that are large (`last_words`). */
    list: oc
      .input(
        z.strictObject({
          /** Only this one. */
          id: z.number().int().positive().optional(),
          watch: z.string().optional(),
          /** Incidents with an event after this moment, in ms since the epoch. */
          sinceAt: z.number().optional(),
          limit: z.number().int().min(1).max(1000).default(100),
        }),
      )
      .output(type<readonly Incident[]>()),
  },
  crashes: {
    /** All crashes that are kept, each kind once; those that came last first. */
    list: oc
      .input(
        z.strictObject({
          /** Only those whose fingerprint begins so. */
          id: z
            .string()
            .regex(/^[0-9a-f]{1,32}$/, 'expected the first digits of a fingerprint, in hex')
            .optional(),
          /** Seen in the watch of this name. */
          watch: z.string().optional(),
          /** Seen after this moment, in ms since the epoch. */
          sinceAt: z.number().optional(),
          limit: z.number().int().min(1).max(1000).default(100),
        }),
      )
      .output(type<readonly CrashGroup[]>()),
  },
  events: {
    list: oc.input(eventQuerySchema).output(type<readonly HealdeckEvent[]>()),
    /** The newest `limit` events that fit, then every new one. */
    follow: oc.input(eventQuerySchema).output(eventIterator(type<HealdeckEvent>())),
  },
  history: {
    /** Readings of one watch (the sum over its processes), or of the machine, thinned to at most `points`. */
    samples: oc
      .input(
        z.strictObject({
          watch: watchRef.nullable(),
          sinceAt: z.number(),
          points: z.number().int().min(10).max(5000).default(600),
        }),
      )
      .output(type<readonly HistoryPoint[]>()),
  },
  output: {
    /** Lines of a stream of a watched command, oldest first: the last ones, or those before a position that was given out. */
    tail: oc
      .input(
        z.strictObject({
          watch: watchRef,
          stream: outputStreamSchema,
          lines: z.number().int().min(1).max(10_000).default(200),
          before: outputPositionSchema.optional(),
        }),
      )
      .output(type<OutputPage>()),
    /** The last `lines` of each stream, then what is written, at most 4 times a second. */
    follow: oc
      .input(
        z.strictObject({
          watch: watchRef,
          streams: z.array(outputStreamSchema).min(1).max(2),
          lines: z.number().int().min(0).max(10_000).default(200),
        }),
      )
      .output(eventIterator(type<OutputChunk>())),
  },
  alerts: {
    status: oc.output(type<AlertsStatus>()),
    /** Messages of the outbox, newest first. */
    list: oc
      .input(
        z.strictObject({
          state: z.enum(['queued', 'sent', 'failed', 'dropped']).optional(),
          limit: z.number().int().min(1).max(1000).default(100),
        }),
      )
      .output(type<readonly OutboxEntry[]>()),
    /** Tries one message, or all that wait or failed (null), now. Returns how many are tried. */
    retry: oc.input(z.strictObject({ id: z.number().int().positive().nullable() })).output(type<{ tried: number }>()),
    /** Gives up one message that waits or failed, or all that failed (null). */
    drop: oc.input(z.strictObject({ id: z.number().int().positive().nullable() })).output(type<{ dropped: number }>()),
    /** Sends now what waits for limits, groups and quiet hours, outside the limits; not what is snoozed or in maintenance. */
    sendHeld: oc.output(type<{ events: number }>()),
    /** Sends one message now, past the outbox, to each recipient of the channel; returns each response. */
    test: oc
      .input(z.strictObject({ channel: alertChannelSchema }))
      .output(type<readonly { recipient: string; delivery: Delivery }[]>()),
    /** Checks the settings of a channel as far as that is possible without sending; null when all is well. */
    check: oc.input(z.strictObject({ channel: alertChannelSchema })).output(type<AlertsStatus['channels'][number]>()),
    /** The message about an incident (null: a made-up one) as it would be mailed, with templates that are not saved yet. */
    preview: oc
      .input(
        z.strictObject({ incident: z.number().int().positive().nullable(), templates: templatesSchema.optional() }),
      )
      .output(type<AlertPreview>()),
    /** What templates of messages can be made of. */
    templates: oc.output(type<TemplateKit>()),
    /** No reminders and no more mails of this incident, except when it ends. */
    acknowledge: oc.input(z.strictObject({ incident: z.number().int().positive() })).output(type<Mute>()),
    /** No alerts of a watch, an incident, or all (both null) for a time, or until it is resolved (null). */
    snooze: oc
      .input(
        z.strictObject({
          watch: watchRef.nullable(),
          incident: z.number().int().positive().nullable(),
          forMs: z.number().int().min(60_000).max(2_592_000_000).nullable(),
        }),
      )
      .output(type<Mute>()),
    /** Ends a mute by its number, or all (null). */
    unmute: oc.input(z.strictObject({ id: z.number().int().positive().nullable() })).output(type<{ ended: number }>()),
  },
  secrets: {
    list: oc.output(type<readonly SecretStatus[]>()),
    /** Keeps a secret; null removes it. CONFLICT when the environment gives it. */
    set: oc
      .input(z.strictObject({ name: secretNameSchema, value: secretValueSchema.nullable() }))
      .output(type<readonly SecretStatus[]>()),
  },
  config: {
    /** Settings and watches as a file to take along; secrets are left out. */
    export: oc.output(type<PortableConfig>()),
    /**
     * Brings such a file into force: all of it, or nothing. What exists and is not in the file stays. CONFLICT when something exists
     * already and differs, unless `conflict` decides which is used.
     */
    import: oc
      .input(
        z.strictObject({
          file: portableConfigSchema,
          conflict: importConflictSchema.default('refuse'),
          /** Only reports what would change. */
          dryRun: z.boolean().default(false),
        }),
      )
      .output(type<ImportReport>()),
  },
  drill: {
    /**
     * Programs that misbehave on purpose prove detection and heal, in an engine of their own beside this one. None named: all.
     * Ending the stream ends the drill. CONFLICT when one is running, or when it breaks off.
     */
    run: oc
      .input(z.strictObject({ scenarios: z.array(drillScenarioSchema).default([]) }))
      .output(eventIterator(type<DrillStep>())),
  },
  settings: {
    get: oc.output(type<Settings>()),
    set: oc.input(z.strictObject({ key: settingKeySchema, value: z.unknown() })).output(type<Settings>()),
    /** Sets several at once: all, or none when one of them can't be, or they don't go together; the message names it. */
    setAll: oc
      .input(z.strictObject({ values: z.partialRecord(settingKeySchema, z.unknown()) }))
      .output(type<Settings>()),
    /**
     * Undoes the last change that was made since the engine started. CONFLICT when there is none, when it was about other
     * settings than `keys` (null: any), or when config.json has changed since.
     */
    undo: oc.input(z.strictObject({ keys: z.array(settingKeySchema).nullable() })).output(type<Settings>()),
  },
};
export type Contract = typeof contract;
