import type { AlertPreview, Delivery, MessageKind, TemplateKit, Templates } from '../../shared/model/alert';
import type { AlertChannel, DeliveryProblem } from '../../shared/model/delivery';
import type { HealdeckEvent, Severity } from '../../shared/model/event';
import type { LastWordsEvent } from '../../shared/lib/events/last-words';
import type { Incident } from '../../shared/model/incident';
import type { HistoryPoint, WatchStatus } from '../../shared/model/snapshot';

/** A picture that the HTML of a message shows as `cid:<cid>`. */
export interface InlinePicture {
  cid: string;
  contentType: 'image/png';
  base64: string;
  /** What it shows, for those who do not see it. */
  alt: string;
}

/** A file that comes with a message, where the channel has files. */
export interface TextAttachment {
  name: string;
  text: string;
}

/** The content of a message. */
export interface MessageContent {
  /** One line without control characters. */
  subject: string;
  text: string;
  html: string;
  pictures: readonly InlinePicture[];
  attachments: readonly TextAttachment[];
}

/** What one recipient is to be notified of: the composer makes a text of it. */
export interface MessageFacts {
  kind: MessageKind;
  /** The highest of the reported events. */
  severity: Severity;
  /** Name of the watch when all of it is about one. */
  watch: string | null;
  /** The whole incident so far, when all of it is about one. */
  incident: Incident | null;
  /** What is reported, oldest first, at most MAX_REPORTED_EVENTS; the rest is in `counts` only. */
  events: readonly HealdeckEvent[];
  /** How many events it accounts for: those in `events` and those that are only counted. */
  eventCount: number;
  /** All of them by watch and type. */
  counts: readonly { watch: string | null; type: HealdeckEvent['type']; count: number }[];
  /** Alerts that were not reported because of maintenance, since the last message. */
  suppressed: number;
  /** What the program did before its end, where that belongs to what is reported and is to be attached. */
  lastWords: LastWordsEvent | null;
}

/** Events whose sentences a message has room for. */
export const MAX_REPORTED_EVENTS = 50;

/** A message on its way: its content is final, each attempt sends the same. */
export interface AlertMessage extends MessageContent {
  /** Its number in the outbox; 0 for a test. */
  id: number;
  channel: AlertChannel;
  /** Mail address; empty where the channel has only one. */
  recipient: string;
  kind: MessageKind;
  severity: Severity;
  watch: string | null;
  incident: number | null;
  /** ISO 8601. */
  createdAt: string;
  hostname: string;
  /** `<…@…>`: the same on each try, so that a mail that arrived twice is known by it. */
  messageId: string;
  inReplyTo: string | null;
  references: readonly string[];
  events: readonly HealdeckEvent[];
  eventCount: number;
}

/** An alert channel. Implementations never throw and never wait longer than their own time limit. */
export interface Channel {
  readonly name: AlertChannel;
  /** Who is reached by it as it is set up now; empty: it is off. */
  recipients(): readonly string[];
  /** In words, without secrets: `smtp.example.org:587, STARTTLS, as ada`. */
  describe(): string;
  /** Never more messages than this in any hour to one recipient. */
  perHour(): number;
  /** Whether a message of this severity goes this way. */
  takes(severity: Severity): boolean;
  /** What is wrong with the set-up, found out without sending anything; null when nothing is, or when it is off. */
  check(): Promise<DeliveryProblem | null>;
  /** Sends one message. An aborted signal ends the try as a timeout. */
  deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery>;
  /** Settings or secrets have changed: connections that were kept are closed. */
  settingsChanged(): void;
  dispose(): void;
}

/** Makes the text of a message. */
export interface Composer {
  compose(facts: MessageFacts): Promise<MessageContent>;
  /**
   * The same with templates that are not saved yet (null: the saved ones), pictures as `data:` addresses; of a made-up incident
   * when there is none. @throws Refusal `invalid` when one of these templates is wrong
   */
  preview(facts: MessageFacts | null, templates: Templates | null): Promise<AlertPreview>;
  /** What templates can be made of. */
  kit(): TemplateKit;
}

/** What a composer asks of the rest. */
export interface ComposerSources {
  hostname: string;
  /** Wall time, ms since the epoch. */
  nowMs(): number;
  /** IANA name of the zone of local times; that of the machine when it is missing. */
  timeZone?: string;
  /** `healdeck open` in words or a link, by shell: how to open an incident. */
  howToOpen(incident: number | null): string;
  /** Where the watch of this name stands now: countdown, retries left; null when there is none. */
  watch(name: string): WatchStatus | null;
  samples(query: { watchId: string; sinceAt: number; points: number }): Promise<readonly HistoryPoint[]>;
  templates(): Templates;
  /** Values that must never be in a text: the secrets in force, and those in the environment of watches. */
  secretValues(): readonly string[];
}

/** Secrets for those that need them: channels. */
export interface SecretSource {
  /** null when there is none, or it can't be opened. */
  read(name: string): string | null;
}
