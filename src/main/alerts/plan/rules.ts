import { compareSeverity } from '../../../shared/lib/format/severity';
import { isOperator, type HealdeckEvent, type Severity } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';

/** The settings that decide, as they are in force for the watch of the event. */
export type AlertRules = Pick<Settings, 'alerts.types' | 'alerts.minSeverity'>;

/**
 * Whether an event is reported to a recipient.
 *
 * | what it is                         | incident was begun there  | reported when                        |
 * |------------------------------------|---------------------------|--------------------------------------|
 * | about alerts themselves            | any                       | never: it would report itself        |
 * | the end of an incident             | yes                       | always                               |
 * | a recovery                         | no                        | never: its failure was not reported  |
 * | what an operator did               | no                        | never: who did it knows              |
 * | a restart with other watches       | no                        | never: their incident names it       |
 * | anything else                      | yes                       | its type is reported                 |
 * | anything else                      | no                        | its type is, and it is severe enough |
 */
export function isReported(
  event: HealdeckEvent,
  rules: AlertRules,
  route: { begun: boolean; takes: (severity: Severity) => boolean },
): boolean {
  if (isAboutAlerts(event)) return false;
  if (route.begun && endingOf(event) !== null) return true;
  if (!route.begun && (RECOVERIES.includes(event.type) || isByOperator(event) || isWithOthers(event))) return false;
  if (!rules['alerts.types'].includes(event.type)) return false;
  return (
    route.begun || (compareSeverity(event.severity, rules['alerts.minSeverity']) >= 0 && route.takes(event.severity))
  );
}

/** Ends of what went wrong by itself. */
const RECOVERIES: readonly HealdeckEvent['type'][] = ['recovered', 'forbidden_gone', 'machine_relieved'];

function isByOperator({ data }: HealdeckEvent): boolean {
  return 'actor' in data && isOperator(data.actor);
}

function isWithOthers(event: HealdeckEvent): boolean {
  return event.type === 'restarted' && event.data.actor === 'dependency';
}

/** How an incident ends with an event: the program has recovered or was ended on purpose, or Healdeck gave up; null: it continues. */
export type IncidentEnding = 'resolved' | 'given_up' | null;

export function endingOf(event: HealdeckEvent): IncidentEnding {
  switch (event.type) {
    case 'recovered':
    case 'forbidden_gone':
    case 'machine_relieved':
    case 'stopped':
    case 'exited':
      return 'resolved';
    case 'restart_failed':
      return event.data.nextAttemptInMs === null ? 'given_up' : null;
    case 'crash_detected':
      return event.data.policy === 'never' ? 'given_up' : null;
    default:
      return null;
  }
}

/** Whether it was found at the start that it had happened while no engine ran. */
export function happenedWhileDown(event: HealdeckEvent): boolean {
  return event.type === 'crash_detected' && event.data.whileEngineWasDown;
}

/** Topic of notices about the alerts themselves. */
export const ALERTS_TOPIC = 'alerts';

function isAboutAlerts(event: HealdeckEvent): boolean {
  if (event.type === 'alert_sent' || event.type === 'alert_failed') return true;
  return event.type === 'notice' && event.data.topic === ALERTS_TOPIC;
}
