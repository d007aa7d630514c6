import type { MessageKind, Mute } from '../../shared/model/alert';
import type { AlertChannel, DeliveryProblem } from '../../shared/model/delivery';
import type { HealdeckEvent, Severity } from '../../shared/model/event';

/** Why an alert is not reported on purpose; `folded`: the messages about its cause name it. */
export type SuppressedBecause = 'maintenance' | 'acknowledged' | 'recipient_removed' | 'folded';

/** Who gets it, and how: each route has its own order, limits and retries. */
export interface RouteName {
  channel: AlertChannel;
  /** Mail address; empty where a channel has only one. */
  recipient: string;
}

/** An event that a route is to report, or deliberately is not. */
export interface NewItem {
  route: RouteName;
  event: number;
  /** null: it waits for a message. */
  suppressed: SuppressedBecause | null;
}

/** An item that no message accounts for yet. */
export interface WaitingItem {
  route: RouteName;
  event: HealdeckEvent;
  suppressed: SuppressedBecause | null;
}

/** What one route has reported of one incident. Instants are wall times in ms since the epoch. */
export interface AlertThread {
  route: RouteName;
  incident: number;
  watch: string | null;
  /** Message-ID of the first message that reported it; null while none has. */
  root: string | null;
  /** When the last message about it was made, or, before the first, when it began. */
  lastAt: number;
  endedAt: number | null;
  /** When it was resolved or given up; null: it goes on. */
  overAt: number | null;
  /** The incident that led to it; null: none did, as far as is known. */
  cause: number | null;
  /** A message has reported something critical of it. */
  criticalReported: boolean;
}

/**
 * What a message is paid from: the hourly limit of its recipient, the budget for the first critical message of an incident, or
 * nothing at all, when the operator asked for it.
 */
export type MessageBudget = 'hourly' | 'urgent' | 'operator';

/** What is known of a message from its beginning. */
export interface NewMessage {
  route: RouteName;
  kind: MessageKind;
  severity: Severity;
  watch: string | null;
  incident: number | null;
  subject: string;
  /** The rest of its content, as its builder wrote it; only kept while it may be sent. */
  body: string;
  /** Events that it accounts for. */
  events: number;
  budget: MessageBudget;
  createdAt: number;
  messageId: string;
  inReplyTo: string | null;
}

/** How far a message has come. `sending`: a try was begun, and nobody knows yet how it ended. */
export interface MessageProgress {
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'dropped';
  attempts: number;
  nextAttemptAt: number | null;
  sentAt: number | null;
  reply: string | null;
  problem: DeliveryProblem | null;
}

/** A message in the outbox, without its body. */
export type StoredMessage = Omit<NewMessage, 'body'> & MessageProgress & { id: number };

/** What an earlier engine left to do. */
export interface OutboxContents {
  /** The last event that was turned into items; null: there were no alerts before. */
  cursor: number | null;
  /** In the order of their events. */
  items: readonly WaitingItem[];
  threads: readonly AlertThread[];
  mutes: readonly Mute[];
  /** Those that are on their way, oldest first. */
  unfinished: readonly StoredMessage[];
  /** When messages were sent since `sinceAt`, oldest first. */
  sent: readonly (RouteName & { at: number; watch: string | null; budget: MessageBudget })[];
  lastSent: readonly { channel: AlertChannel; at: number }[];
  failed: number;
}

/** What came of the next events. */
export interface Admission {
  /** The last of them. */
  cursor: number;
  items: readonly NewItem[];
  threads: readonly AlertThread[];
  endedMutes: readonly number[];
}

/** The outbox as the alerts have it: each call takes as long as the disk does, and rejects with the error of the database. */
export type Outbox = {
  [K in keyof OutboxStore]: (...args: Parameters<OutboxStore[K]>) => Promise<ReturnType<OutboxStore[K]>>;
};

/**
 * The outbox and all that must outlive the engine, beside the events in the same database. Each call is one transaction
 * and takes a few ms at most; each throws the error of the database, and then nothing has changed.
 */
export interface OutboxStore {
  load(sinceAt: number): OutboxContents;
  /** The oldest events after this number, oldest first: only those that are on disk. */
  eventsAfter(id: number, limit: number): readonly HealdeckEvent[];
  /** Those that are still there, oldest first. */
  eventsOf(ids: readonly number[]): readonly HealdeckEvent[];
  /** How often each type of event happened to each watch. */
  countsOf(ids: readonly number[]): readonly { watch: string | null; type: HealdeckEvent['type']; count: number }[];
  /** Keeps the items of all events up to `cursor`, and the threads that they belong to; mutes that they end are gone. */
  admit(admission: Admission): void;
  /** Items that wait are not sent any more. */
  suppress(route: RouteName, events: readonly number[], reason: SuppressedBecause): void;
  /** Keeps a message that accounts for these events of its route, and its threads. Returns its number, never used twice. */
  add(message: NewMessage, covers: { events: readonly number[]; threads: readonly AlertThread[] }): number;
  /** The body goes once a message is sent or dropped. */
  save(id: number, progress: MessageProgress): void;
  /** null when there is no such message, or it has none any more. */
  body(id: number): string | null;
  message(id: number): StoredMessage | null;
  /** At most this many, newest first. */
  list(query: { states: readonly MessageProgress['state'][]; limit: number }): readonly StoredMessage[];
  addMute(mute: Omit<Mute, 'id'>): number;
  removeMutes(ids: readonly number[]): void;
}
