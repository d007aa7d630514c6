import type { HealdeckEvent } from '../../shared/model/event';
import type { Incident } from '../../shared/model/incident';
import type { Tone } from './present-watch';

/** How stories end, in words and colours. */
export const OUTCOMES: Readonly<Record<Incident['outcome'], { word: string; tone: Tone }>> = {
  open: { word: 'Open', tone: 'warn' },
  recovered: { word: 'Recovered', tone: 'ok' },
  stopped: { word: 'Stopped', tone: 'idle' },
  failed: { word: 'Failed', tone: 'bad' },
};

/** What is looked for among incidents. */
export interface IncidentFilter {
  text: string;
  watch: string | null;
  outcome: Incident['outcome'] | null;
}

/** Whether a story fits: its words are those of its events. */
export function incidentFits(incident: Incident, { text, watch, outcome }: IncidentFilter): boolean {
  if (watch !== null && incident.watch !== watch) return false;
  if (outcome !== null && incident.outcome !== outcome) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return (
    String(incident.id) === wanted || incident.events.some((event) => event.message.toLowerCase().includes(wanted))
  );
}

/** The part that an event has in its story. */
export type Part = 'detection' | 'action' | 'ending' | 'aside';

/** What was noticed, what was done, how it ended, or something beside it. */
export function partOf(event: HealdeckEvent): Part {
  switch (event.type) {
    case 'crash_detected':
    case 'limit_exceeded':
    case 'anomaly_detected':
      return 'detection';
    case 'recovered':
    case 'stopped':
    case 'exited':
    case 'watch_removed':
      return 'ending';
    case 'restart_failed':
      return event.data.nextAttemptInMs === null ? 'ending' : 'action';
    case 'signal_refused':
    case 'alert_sent':
    case 'alert_failed':
    case 'notice':
      return 'aside';
    default:
      return 'action';
  }
}
