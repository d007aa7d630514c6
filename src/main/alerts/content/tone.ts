import { definitionOf } from '../../../shared/events';
import type { EventType, Severity } from '../../../shared/model/event';
import type { MailTone } from '../../../shared/model/mail-view';

/** A severity by word, shape and colour: each of them alone is sufficient. */
export const TONES: Readonly<Record<Severity | 'good', MailTone>> = {
  critical: { name: 'critical', word: 'Critical', mark: '■', color: '#a3150f', tint: '#fde7e5' },
  high: { name: 'high', word: 'High', mark: '◆', color: '#b3261e', tint: '#fde7e5' },
  warning: { name: 'warning', word: 'Warning', mark: '▲', color: '#855000', tint: '#fff0d2' },
  info: { name: 'info', word: 'Info', mark: '●', color: '#1a56b0', tint: '#e3edfc' },
  good: { name: 'good', word: 'Recovered', mark: '✓', color: '#0b6e38', tint: '#e2f5e9' },
};

/** The tone of one event. */
export function toneOf({ type, severity }: { type: EventType; severity: Severity }): MailTone {
  return definitionOf(type).tone === 'good' ? TONES.good : TONES[severity];
}

/** The tone of many events of a type, whose severities are not known one by one. */
export function typicalTone(type: EventType): MailTone {
  return TONES[definitionOf(type).tone ?? 'info'];
}
