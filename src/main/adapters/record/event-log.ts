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
export function createEventLog({ history, healingLog, clock, report }: EventLogOptions): EventLog {
  let lastId = history.lastEventId;

  function keep(where: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      // Both promise not to throw; an event is worth a second net.
      report(where, error);
    }
  }

  return {
    append(draft: EventDraft): HealdeckEvent {
      lastId += 1;
      const event = {
        ...draft,
        id: lastId,
        incident: draft.incident === 'opens' ? lastId : draft.incident,
        at: new Date(clock.wallMs()).toISOString(),
        // As the database will give it back: clients see the same text live and later.
        message: wellFormed(draft.message),
      } as HealdeckEvent;
      keep('history.db', () => history.recordEvent(event));
      keep('healing.log', () => healingLog.append(event));
      return event;
    },
    get unwritten() {
      return Math.max(history.unwrittenEvents, healingLog.unwritten);
    },
    get unwrittenSince() {
      return history.unwrittenSince;
    },
    get readProblem() {
      return history.readProblem;
    },
  };
}
