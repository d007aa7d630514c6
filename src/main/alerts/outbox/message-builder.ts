import { channelOf } from '../../../shared/channels';
import type { Outbox, RouteName } from '../../engine/outbox-store';
import type { Clock, ReportError } from '../../engine/ports';
import type { AlertState } from './alert-state';
import { withTimeLimit } from '../../engine/time-limit';
import { messageIdOf } from '../message-id';
import type { Composer, MessageContent, MessageFacts } from '../message';
import { planHeld, planNext, type Draft, type PlanContext } from '../plan/plan';
import { plainContent } from './plain-content';
import { countOfWatch, type Route, type Thread } from '../plan/route';
import { isCritical, sinceResolved } from '../plan/alert-groups';
import { messageFactsOf, type IncidentSource } from './incident-facts';
import type { Turns } from './turns';

/** How long a text may take to be made. */
const COMPOSE_MS = 30_000;

export interface MakerOptions {
  state: AlertState;
  store: Outbox;
  turns: Turns;
  history: IncidentSource;
  composer: Composer;
  clock: Clock;
  hostname: string;
  newId: () => string;
  report: ReportError;
}

/** What is kept of a message until it is sent, besides its row. */
export type MessageBody = Omit<MessageContent, 'subject'> & Pick<MessageFacts, 'events' | 'eventCount'>;

interface Written {
  facts: MessageFacts;
  content: MessageContent;
  unreported: readonly number[];
}

/** Makes messages of what waits: plans, composes, and puts them into the outbox. */
export class MessageBuilder {
  constructor(private readonly options: MakerOptions) {}

  /** Makes all messages of a route that are due. Returns when to look again (monotonic). Rejects when the store can't be used. */
  async makeDue(name: RouteName, context: () => PlanContext): Promise<number> {
    for (;;) {
      const plan = planNext(this.options.state.route(name), context());
      if (plan.make === null) return plan.wakeMs;
      await this.make(name, plan.make, context);
    }
  }

  /** Makes one message of all that a route has waiting. Rejects when the store can't be used. */
  async makeHeld(name: RouteName, context: () => PlanContext): Promise<void> {
    const draft = planHeld(this.options.state.route(name), context());
    if (draft !== null) await this.make(name, draft, context);
  }

  private async make(name: RouteName, draft: Draft, context: () => PlanContext): Promise<void> {
    const written = await this.write(name, draft);
    await this.options.turns.take(() => this.keep(name, draft, written, context));
  }

  /** The content of a message, and which events it need not name any more. */
  private async write(name: RouteName, draft: Draft): Promise<Written> {
    const { unreported } = this.options.state.route(name);
    const more = { suppressed: unreported.length, hasFiles: channelOf(name.channel).takesFiles === true };
    const facts = await messageFactsOf(draft, more, this.options);
    return { facts, content: await this.compose(facts), unreported };
  }

  private async keep(
    name: RouteName,
    draft: Draft,
    { facts, content, unreported }: Written,
    context: () => PlanContext,
  ): Promise<void> {
    const { state, store, clock, hostname } = this.options;
    const { threads } = state.route(name);
    const { subject, ...rest } = content;
    const body: MessageBody = { ...rest, events: facts.events, eventCount: facts.eventCount };
    const message = {
      route: name,
      kind: draft.kind,
      severity: facts.severity,
      watch: draft.watch,
      incident: draft.incident,
      subject,
      events: facts.eventCount,
      budget: draft.budget,
      createdAt: clock.wallMs(),
      messageId: messageIdOf(this.options.newId(), hostname),
      inReplyTo: draft.incident === null ? null : (threads.get(draft.incident)?.root ?? null),
    };
    const reported = touchedThreads(state.route(name), draft, message.messageId, clock.monotonicMs());
    const id = await store.add(
      { ...message, body: JSON.stringify(body) },
      {
        events: [...draft.items.map((item) => item.event), ...unreported],
        threads: reported.map((thread) => state.stored(name, thread)),
      },
    );
    const nowMs = clock.monotonicMs();
    state.update(name, (route) => {
      const queued = {
        message: {
          ...message,
          id,
          state: 'queued' as const,
          attempts: 0,
          nextAttemptAt: null,
          sentAt: null,
          reply: null,
          problem: null,
        },
        dueMs: nowMs,
        sending: false,
      };
      const after = { ...accounted(route, draft, unreported, reported, nowMs), queue: [...route.queue, queued] };
      const perHour =
        draft.watch === null || draft.budget !== 'hourly'
          ? null
          : context().settings(draft.watch)['alerts.perWatchPerHour'];
      return draft.watch === null || perHour === null ? after : countOfWatch(after, draft.watch, nowMs, perHour);
    });
  }

  private async compose(facts: MessageFacts): Promise<MessageContent> {
    const { composer, clock, hostname, report } = this.options;
    try {
      return await withTimeLimit(clock, COMPOSE_MS, composer.compose(facts));
    } catch (error) {
      report('composing an alert', error);
      return plainContent(facts, hostname);
    }
  }
}

/** The incidents that a message speaks of, with it as their last one. */
function touchedThreads(route: Route, draft: Draft, messageId: string, nowMs: number): readonly Thread[] {
  const incidents = new Set(draft.items.map((item) => item.incident));
  if (draft.kind === 'reminder') incidents.add(draft.incident);
  return [...incidents].flatMap((incident) => {
    const thread = incident === null ? undefined : route.threads.get(incident);
    if (thread === undefined) return [];
    const items = draft.items.filter((item) => item.incident === incident);
    const criticalReported = thread.criticalReported || isCritical({ items: sinceResolved(items) });
    return [{ ...thread, root: thread.root ?? messageId, lastMs: nowMs, criticalReported }];
  });
}

/** The route when what a draft reports does not wait any more. */
function accounted(
  route: Route,
  draft: Draft,
  unreported: readonly number[],
  reported: readonly Thread[],
  nowMs: number,
): Route {
  const events = new Set(draft.items.map((item) => item.event));
  const loose = draft.items.filter((item) => item.incident === null).map((item) => item.watch);
  // A thread may have come to its end while the text was made.
  const threads = reported.map((thread): [number, Thread] => {
    const { ended, overMs, cause } = route.threads.get(thread.incident) ?? thread;
    return [thread.incident, { ...thread, ended, overMs, cause, criticalReported: thread.criticalReported && !ended }];
  });
  return {
    ...route,
    waiting: route.waiting.filter((item) => !events.has(item.event)),
    unreported: route.unreported.filter((event) => !unreported.includes(event)),
    threads: new Map([...route.threads, ...threads]),
    lastMs: new Map([...route.lastMs, ...loose.map((watch): [string | null, number] => [watch, nowMs])]),
  };
}
