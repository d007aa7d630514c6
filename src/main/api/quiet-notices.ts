import type { Severity } from '../../shared/model/event';
import type { Clock } from '../engine/ports';

const QUIET_MS = 60_000;

/** A notice as the engine publishes it. */
export interface ClientNotice {
  topic: string;
  severity: Severity;
  detail: string;
}

export interface QuietNoticesOptions {
  clock: Pick<Clock, 'monotonicMs'>;
  note: (notice: ClientNotice) => void;
}

/**
 * Publishes what clients can cause as often as they like: at most one notice a minute for each cause, with the number of those
 * that were left out since.
 */
export class QuietNotices {
  private readonly causes = new Map<string, { atMs: number; leftOut: number }>();

  constructor(private readonly options: QuietNoticesOptions) {}

  /** `cause` comes from a fixed set, never from a client. */
  note(cause: string, notice: ClientNotice): void {
    const { clock, note } = this.options;
    const nowMs = clock.monotonicMs();
    const last = this.causes.get(cause);
    if (last !== undefined && nowMs - last.atMs < QUIET_MS) {
      last.leftOut += 1;
      return;
    }
    const more = last === undefined || last.leftOut === 0 ? '' : ` (${last.leftOut} more since the last report)`;
    this.causes.set(cause, { atMs: nowMs, leftOut: 0 });
    note({ ...notice, detail: notice.detail + more });
  }
}

/** What is published about a client whose message was no call of the API. */
export function malformedMessage(client: string): ClientNotice {
  const detail = `A message of ${client} could not be read as a call; its connection was closed`;
  return { topic: 'api', severity: 'info', detail };
}
