import { distressTitle } from '../../../shared/lib/format/situation';
import type { EventDraft } from '../../../shared/model/event';
import type { Distress } from '../../../shared/model/snapshot';

type Found = Pick<Distress, 'kind' | 'subject' | 'severity' | 'detail'>;

/** It begins, or has become more severe. */
export function distressFound({ kind, subject, severity, detail }: Found, incident: number | 'opens'): EventDraft {
  return {
    type: 'machine_distress',
    ...{ severity, watch: null, pid: null, incident },
    message: detail,
    data: { kind, subject, detail },
  };
}

/** It is over. `now` is wall time in ms since the epoch. */
export function distressOver({ kind, subject, incident, sinceAt }: Distress, detail: string, now: number): EventDraft {
  return {
    type: 'machine_relieved',
    ...{ severity: 'info', watch: null, pid: null, incident },
    message: detail,
    data: { kind, subject, detail, durationMs: Math.max(0, now - sinceAt) },
  };
}

/** What stands in place of a reading where none comes any more: the disk was unmounted, or the check switched off. */
export function uncheckedText(distress: Pick<Distress, 'kind' | 'subject'>): string {
  return `${distressTitle(distress)}: no longer checked`;
}
