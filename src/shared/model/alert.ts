import { z } from 'zod';
import type { AlertChannel, DeliveryProblem } from './delivery';
import { eventTypesWith } from '../events';
import { eventTypeSchema, severitySchema, type Severity } from './event';

/** Types of events that can be reported; which of them are is a setting (`alerts.types`). */
export const ALERT_TYPES = eventTypesWith(({ alert }) => alert !== undefined);

/** Those that are reported by default: everything that went wrong, what was done, and how it ended. */
export const STANDARD_ALERT_TYPES = eventTypesWith(({ alert }) => alert === 'standard');

/**
 * What one message is: the first of an incident, more of the same, its end, a reminder that it goes on, what was folded
 * together, what happened while Healdeck was down, or a try by the operator.
 */
export const MESSAGE_KINDS = ['incident', 'update', 'recovery', 'reminder', 'digest', 'summary', 'test'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** The result of an attempt. `reply` is the response of the server or program. */
export type Delivery = { ok: true; reply: string } | { ok: false; problem: DeliveryProblem };

/** `queued`: on its way, or to be tried again; `failed`: given up after the last try; `dropped`: by the operator. */
export type OutboxState = 'queued' | 'sent' | 'failed' | 'dropped';

/** A message in the outbox, as clients see it. Instants are wall times in ms since the epoch. */
export interface OutboxEntry {
  id: number;
  channel: AlertChannel;
  /** Mail address; empty where a channel has only one. */
  recipient: string;
  kind: MessageKind;
  severity: Severity;
  watch: string | null;
  incident: number | null;
  subject: string;
  /** How many events it reports. */
  events: number;
  createdAt: number;
  state: OutboxState;
  attempts: number;
  /** null when no further try is planned. */
  nextAttemptAt: number | null;
  sentAt: number | null;
  /** The response of the server or program to the delivery. */
  reply: string | null;
  /** Of the last try. */
  problem: DeliveryProblem | null;
}

/** Alerts that are not wanted for a while. */
export interface Mute {
  id: number;
  /** `acknowledged`: an operator knows of the incident; `snoozed`: not before `until`. */
  kind: 'acknowledged' | 'snoozed';
  /** Only of this watch (its id); null with no incident: of all. */
  watchId: string | null;
  /** Only of this incident. */
  incident: number | null;
  at: number;
  /** null: until it is resolved. */
  until: number | null;
}

/**
 * Why an alert waits: it is collected with what follows, the hourly limit of its recipient or its watch is used up, quiet hours
 * or maintenance, somebody has snoozed it, the messages about its cause name it, or the channel can't deliver what went before it.
 */
export const HOLD_REASONS = [
  'grouping',
  'hourly_limit',
  'watch_limit',
  'quiet_hours',
  'maintenance',
  'snoozed',
  'folded',
  'undelivered',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** Alerts that wait for the same reason. */
export interface HeldAlerts {
  reason: HoldReason;
  /** When the next of them is sent, wall time in ms since the epoch; null: not known. */
  until: number | null;
  /** Events that wait. */
  events: number;
  /** One of them is critical. */
  critical: boolean;
}

/** The status of a channel. */
export interface ChannelStatus {
  channel: AlertChannel;
  /** `off`: nothing is set up or it is switched off; `failing`: the last try failed; `ready`: else. */
  state: 'off' | 'ready' | 'failing';
  recipients: readonly string[];
  /** In words: `smtp.example.org:587, STARTTLS, as ada`. */
  description: string;
  /** What is wrong with its settings or with the last try. */
  problem: DeliveryProblem | null;
  lastSentAt: number | null;
}

/** A setting that the environment of the engine gives: it holds before every other, and can't be changed. */
export interface GivenSetting {
  /** Key of the setting. */
  key: string;
  /** Name of the variable. */
  variable: string;
  /** As it is written in the environment. */
  value: string;
}

/** The current status of alerts; part of the live state. */
export interface AlertsStatus {
  channels: readonly ChannelStatus[];
  /** Messages that are on their way. */
  waiting: number;
  /** Messages that were given up and wait for the operator. */
  failed: number;
  /** Events that wait to be folded into a message. */
  held: number;
  /** Why they wait: the reason that lasts longest first. */
  holds: readonly HeldAlerts[];
  mutes: readonly Mute[];
  /** Alerts of all watches are held until then by quiet hours, or null. */
  quietUntil: number | null;
  /** What the operator should know of the settings and secrets, one sentence each. */
  warnings: readonly string[];
  fromEnvironment: readonly GivenSetting[];
}

/** A message as it would be sent now. */
export interface AlertPreview {
  subject: string;
  text: string;
  /** A whole document; pictures are `data:` addresses in it. */
  html: string;
}

/** Templates that are not saved yet; null: those that come with Healdeck. */
export const templatesSchema = z.strictObject({
  subject: z.string().max(1000).nullable(),
  text: z.string().max(100_000).nullable(),
  html: z.string().max(300_000).nullable(),
});
export type Templates = z.infer<typeof templatesSchema>;

/** What templates are written with. */
export interface TemplateKit {
  /** Those that come with Healdeck. */
  standard: { subject: string; text: string; html: string };
  /** What may stand between `{{` and `}}`, with its meaning. */
  variables: readonly { name: string; help: string }[];
}

/**
 * What a webhook of the format `json` is posted and a command reads from its standard input: one JSON object. Within a
 * `version` nothing is taken away or changes its meaning; new fields may come.
 */
export const alertBodySchema = z.strictObject({
  version: z.literal(1),
  /** The same on each try: whoever has seen it may drop the message. */
  id: z.string().min(1),
  kind: z.enum(MESSAGE_KINDS),
  /** The highest of the reported events. */
  severity: severitySchema,
  hostname: z.string(),
  /** Name of the watch when all of it is about one. */
  watch: z.string().nullable(),
  /** Number of the incident when all of it is about one. */
  incident: z.number().int().positive().nullable(),
  createdAt: z.iso.datetime(),
  /** One line. */
  subject: z.string(),
  /** The whole message as plain text. */
  text: z.string(),
  /** What is reported, oldest first: the objects that `healdeck events --json` prints. */
  events: z.array(
    z.strictObject({
      id: z.number().int().positive(),
      at: z.iso.datetime(),
      type: eventTypeSchema,
      severity: severitySchema,
      watch: z.string().nullable(),
      pid: z.number().int().nullable(),
      incident: z.number().int().nullable(),
      message: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  /** How many events it accounts for: at least those in `events`. */
  eventCount: z.number().int().nonnegative(),
});
export type AlertBody = z.infer<typeof alertBodySchema>;
