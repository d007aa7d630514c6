import type { Delivery } from '../../../shared/model/alert';
import type { AlertChannel, DeliveryProblem, DeliveryStep } from '../../../shared/model/delivery';
import type { EventDraft } from '../../../shared/model/event';
import type { MessageProgress, Outbox, RouteName, StoredMessage } from '../../engine/outbox-store';
import type { Clock, ReportError } from '../../engine/ports';
import type { AlertState } from './alert-state';
import type { MessageBody } from './message-builder';
import type { AlertMessage, Channel } from '../message';
import { retryDelayMs } from './retry-schedule';
import { budgetDueMs, spendBudget, type HourlyBudgets, type Queued, type Route } from '../plan/route';
import { TimeLimitError, withTimeLimit } from '../../engine/time-limit';
import type { Turns } from './turns';

/** A second net: channels have time limits of their own. */
const DELIVERY_MS = 300_000;
/** After the signal a channel has this long to report how it ended. */
const ABORT_GRACE_MS = 10_000;
/** What the outbox would not take is offered to it again after this. */
const STORE_RETRY_MS = 5000;

export interface DispatcherOptions {
  state: AlertState;
  store: Outbox;
  turns: Turns;
  channels: readonly Channel[];
  /** Urgent messages an hour to each recipient. */
  urgentPerHour: () => number;
  clock: Clock;
  hostname: string;
  random: () => number;
  publish: (draft: EventDraft) => void;
  /** Something has come to an end: there may be more to do, and a new status to report. */
  changed: () => void;
  report: ReportError;
}

/** Carries messages from the outbox to their recipients: in order for each route, one at a time for each channel. */
export class Dispatcher {
  private readonly busy = new Map<AlertChannel, AbortController>();
  /** How messages ended, as long as the outbox has not taken it: none of them is sent again by this engine. */
  private readonly unsaved = new Map<number, MessageProgress>();
  /** Channels whose try under way began before the settings were what they are now. */
  private readonly outdated = new Set<AlertChannel>();
  private disposed = false;

  constructor(private readonly options: DispatcherOptions) {}

  /** Begins every delivery that can begin now. Resolves to when to look again (monotonic). */
  pump(): Promise<number> {
    return this.options.turns.take(() => this.beginAll());
  }

  private async beginAll(): Promise<number> {
    const { channels, clock } = this.options;
    let wakeMs = (await this.saveResults()) ? Infinity : clock.monotonicMs() + STORE_RETRY_MS;
    for (const channel of channels) {
      if (this.busy.has(channel.name)) continue;
      const heads = this.headsOf(channel);
      const ready = heads
        .filter(({ readyMs }) => readyMs <= clock.monotonicMs())
        .sort(
          (one, other) =>
            Number(isUrgent(other.head)) - Number(isUrgent(one.head)) || one.head.message.id - other.head.message.id,
        )[0];
      if (this.disposed) return Infinity;
      if (ready !== undefined) await this.begin(channel, ready.route, ready.head);
      else wakeMs = Math.min(wakeMs, ...heads.map(({ readyMs }) => readyMs));
    }
    return wakeMs;
  }

  /** Settings or secrets have changed: an attempt that began before does not test them, and is repeated at once when it fails. */
  settingsChanged(): void {
    for (const channel of this.busy.keys()) this.outdated.add(channel);
  }

  dispose(): void {
    this.disposed = true;
    for (const controller of this.busy.values()) controller.abort();
    void this.saveResults();
  }

  /**
   * The messages that may go next, and when: the oldest of each route of a channel, and the oldest that does not wait for the
   * hourly limit, which goes past those that do.
   */
  private headsOf(channel: Channel): { route: Route; head: Queued; readyMs: number }[] {
    const { state, clock } = this.options;
    const nowMs = clock.monotonicMs();
    const perHour = this.perHour(channel);
    return channel.recipients().flatMap((recipient) => {
      const route = state.route({ channel: channel.name, recipient });
      const heads = new Set([route.queue[0], route.queue.find(isUrgent)].filter((head) => head !== undefined));
      return [...heads].map((head) => ({
        route,
        head,
        readyMs: Math.max(head.dueMs, budgetDueMs(route, head.message.budget, nowMs, perHour)),
      }));
    });
  }

  private perHour(channel: Channel): HourlyBudgets {
    return { hourly: channel.perHour(), urgent: this.options.urgentPerHour() };
  }

  private async begin(channel: Channel, route: Route, head: Queued): Promise<void> {
    const { state, store, clock } = this.options;
    const attempt = { ...head.message, attempts: head.message.attempts + 1 };
    let body: string | null;
    try {
      body = await store.body(attempt.id);
      await store.save(attempt.id, { ...progressOf(attempt), state: 'sending', nextAttemptAt: null });
    } catch {
      // Without a record in the outbox an attempt might be repeated after a crash unnoticed.
      this.replace(route.name, { ...head, dueMs: clock.monotonicMs() + STORE_RETRY_MS });
      return this.options.changed();
    }
    if (this.disposed) return;
    const { sent, sentUrgent } = state.route(route.name);
    state.update(route.name, (now) => ({
      ...spendBudget(now, attempt.budget, clock.monotonicMs(), this.perHour(channel)),
      queue: now.queue.map((queued) =>
        queued.message.id === head.message.id ? { ...queued, message: attempt, sending: true } : queued,
      ),
    }));
    void this.deliver(channel, messageOf(attempt, body, this.options.hostname)).then((delivery) => {
      if (this.disposed) return;
      // What did not arrive does not count.
      if (!delivery.ok && isForLater(delivery.problem))
        state.update(route.name, (now) => ({ ...now, sent, sentUrgent }));
      this.finish(channel, route.name, attempt, delivery);
      this.options.changed();
    });
  }

  /** One try, which ends however the channel behaves. */
  private async deliver(channel: Channel, message: AlertMessage): Promise<Delivery> {
    const { clock } = this.options;
    const controller = new AbortController();
    this.busy.set(channel.name, controller);
    const cancel = clock.after(DELIVERY_MS, () => controller.abort());
    try {
      return await withTimeLimit(clock, DELIVERY_MS + ABORT_GRACE_MS, channel.deliver(message, controller.signal));
    } catch (error) {
      if (!(error instanceof TimeLimitError)) this.options.report(`sending by ${channel.name}`, error);
      return { ok: false, problem: stray(error) };
    } finally {
      cancel();
      this.busy.delete(channel.name);
    }
  }

  private finish(channel: Channel, name: RouteName, message: StoredMessage, delivery: Delivery): void {
    const { state, clock, random } = this.options;
    const { attempts } = message;
    if (delivery.ok) {
      this.outdated.delete(channel.name);
      const sentAt = clock.wallMs();
      state.lastSentAt.set(channel.name, sentAt);
      state.problems.delete(channel.name);
      this.settle(name, message, { ...ENDED, state: 'sent', attempts, sentAt, reply: delivery.reply });
      this.options.publish(sentEvent(message));
      return;
    }
    const { problem } = delivery;
    state.problems.set(channel.name, problem);
    const delayMs = this.outdated.delete(channel.name)
      ? 0
      : isForLater(problem)
        ? retryDelayMs(attempts, random())
        : null;
    if (delayMs !== null) {
      const nextAttemptAt = clock.wallMs() + delayMs;
      const waiting = { ...message, state: 'queued' as const, nextAttemptAt, problem };
      this.unsaved.set(message.id, progressOf(waiting));
      this.replace(name, { message: waiting, dueMs: clock.monotonicMs() + delayMs, sending: false });
      this.saveSoon();
      return;
    }
    state.failed += 1;
    this.settle(name, message, { ...ENDED, state: 'failed', attempts, problem });
    this.options.publish(failedEvent(message, problem));
  }

  private settle(name: RouteName, { id }: StoredMessage, progress: MessageProgress): void {
    this.unsaved.set(id, progress);
    this.options.state.update(name, (route) => ({
      ...route,
      queue: route.queue.filter((queued) => queued.message.id !== id),
    }));
    this.saveSoon();
  }

  private saveSoon(): void {
    void this.options.turns.take(() => this.saveResults());
  }

  private replace(name: RouteName, queued: Queued): void {
    this.options.state.update(name, (route) => ({
      ...route,
      queue: route.queue.map((other) => (other.message.id === queued.message.id ? queued : other)),
    }));
  }

  /** Never rejects; resolves to false when the outbox does not take them now. */
  private async saveResults(): Promise<boolean> {
    const results = await Promise.all([...this.unsaved].map((result) => this.saveResult(...result)));
    return results.every((isSaved) => isSaved);
  }

  private async saveResult(id: number, progress: MessageProgress): Promise<boolean> {
    try {
      await this.options.store.save(id, progress);
    } catch {
      return false;
    }
    if (this.unsaved.get(id) === progress) this.unsaved.delete(id);
    return true;
  }
}

/** Whether it waits for no hourly limit. */
function isUrgent({ message }: Queued): boolean {
  return message.budget !== 'hourly';
}

const ENDED = { nextAttemptAt: null, sentAt: null, reply: null, problem: null };

/** Steps at which it is the message that is refused, not the way it goes. */
const ABOUT_THE_MESSAGE: readonly DeliveryStep[] = ['recipient', 'content', 'server'];

/** Whether a later try may do better: what is wrong with a channel as a whole is fixed by its operator. */
function isForLater({ temporary, step }: DeliveryProblem): boolean {
  return temporary || !ABOUT_THE_MESSAGE.includes(step);
}

function progressOf({ state, attempts, nextAttemptAt, sentAt, reply, problem }: StoredMessage): MessageProgress {
  return { state, attempts, nextAttemptAt, sentAt, reply, problem };
}

function stray(error: unknown): DeliveryProblem {
  const late = error instanceof TimeLimitError;
  return {
    step: late ? 'timeout' : 'program',
    message: late ? 'The delivery gave no result in time.' : `The delivery failed: ${String(error)}`,
    advice: 'It is tried again; if this continues, restart Healdeck.',
    temporary: true,
  };
}

function messageOf(stored: StoredMessage, body: string | null, hostname: string): AlertMessage {
  const none: MessageBody = { text: '', html: '', pictures: [], attachments: [], events: [], eventCount: 0 };
  // Bodies of earlier versions have no attachments.
  const content = { ...none, ...(JSON.parse(body ?? '{}') as Partial<MessageBody>) };
  const { id, route, kind, severity, watch, incident, subject, messageId, inReplyTo } = stored;
  return {
    ...content,
    ...route,
    id,
    kind,
    severity,
    watch,
    incident,
    subject,
    createdAt: new Date(stored.createdAt).toISOString(),
    hostname,
    messageId,
    inReplyTo,
    references: inReplyTo === null ? [] : [inReplyTo],
  };
}

function sentEvent(message: StoredMessage): EventDraft {
  return {
    type: 'alert_sent',
    severity: 'info',
    ...placeOf(message),
    message: `Alert sent ${wayOf(message)}: ${message.subject}`,
    data: dataOf(message),
  };
}

function failedEvent(message: StoredMessage, problem: DeliveryProblem): EventDraft {
  return {
    type: 'alert_failed',
    severity: 'high',
    ...placeOf(message),
    message: `Alert could not be sent ${wayOf(message)} and failed permanently (${problem.message}): ${message.subject}`,
    data: { ...dataOf(message), problem },
  };
}

function placeOf({ watch, incident }: StoredMessage): Pick<EventDraft, 'watch' | 'pid' | 'incident'> {
  return { watch, pid: null, incident };
}

function wayOf({ route }: StoredMessage): string {
  return route.recipient === '' ? `by ${route.channel}` : `by ${route.channel} to ${route.recipient}`;
}

function dataOf({ route, subject, id, events }: StoredMessage) {
  return { ...route, subject, outboxId: id, events };
}
