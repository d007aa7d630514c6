import { withBothNames } from '../../../shared/events/renamed-fields';
import { wellFormed } from '../../../shared/lib/text/escape';
import type { EventDraft, HealdeckEvent } from '../../../shared/model/event';
import type { Clock, EventLog, ReportError } from '../../engine/ports';
import type { HealingLog } from '../logs/healing-log';
import type { EngineRecord } from './record';

export interface EventLogOptions {
  history: Pick<EngineRecord, 'lastEventId' | 'recordEvent' | 'unwrittenEvents' | 'unwrittenSince' | 'readProblem'>;
  healingLog: Pick<HealingLog, 'append' | 'unwritten'>;
  clock: Clock;
  report: ReportError;
}

/**
 * Numbers and times each event once, and hands the same event to the history and to healing.log; one that fails never
 * keeps the other from it. Numbers go on from the last one in the history.
 */
export class RecordedEventLog implements EventLog {
  private lastId: number;

  constructor(private readonly options: EventLogOptions) {
    this.lastId = options.history.lastEventId;
  }

  append(draft: EventDraft): HealdeckEvent {
    const { history, healingLog, clock } = this.options;
    this.lastId += 1;
    const id = this.lastId;
    const event = withBothNames({
      ...draft,
      id,
      incident: draft.incident === 'opens' ? id : draft.incident,
      at: new Date(clock.wallMs()).toISOString(),
      // As the database will give it back: clients see the same text live and later.
      message: wellFormed(draft.message),
    } as HealdeckEvent);
    this.keep('history.db', () => history.recordEvent(event));
    this.keep('healing.log', () => healingLog.append(event));
    return event;
  }

  get unwritten(): number {
    const { history, healingLog } = this.options;
    return Math.max(history.unwrittenEvents, healingLog.unwritten);
  }

  get unwrittenSince(): number | null {
    return this.options.history.unwrittenSince;
  }

  get readProblem(): string | null {
    return this.options.history.readProblem;
  }

  private keep(where: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      // Both promise not to throw; an event is worth a second net.
      this.options.report(where, error);
    }
  }
}
