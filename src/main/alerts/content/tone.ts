import type { EventType, Severity } from '../../../shared/model/event';
import type { MailTone } from '../../../shared/model/mail-view';

/** How grave something is, by word, shape and colour: none of them alone has to be seen. */
export const TONES: Readonly<Record<Severity | 'good', MailTone>> = {
  critical: { name: 'critical', word: 'Critical', mark: '■', color: '#a3150f', tint: '#fde7e5' },
  high: { name: 'high', word: 'High', mark: '◆', color: '#b3261e', tint: '#fde7e5' },
  warning: { name: 'warning', word: 'Warning', mark: '▲', color: '#855000', tint: '#fff0d2' },
  info: { name: 'info', word: 'Info', mark: '●', color: '#1a56b0', tint: '#e3edfc' },
  good: { name: 'good', word: 'Recovered', mark: '✓', color: '#0b6e38', tint: '#e2f5e9' },
};

/** The tone of one event. */
export function toneOf({ type, severity }: { type: EventType; severity: Severity }): MailTone {
  return type === 'recovered' ? TONES.good : TONES[severity];
}

const TYPICAL: Partial<Record<EventType, MailTone>> = {
  healing_paused: TONES.critical,
  cooldown_started: TONES.critical,
  restart_failed: TONES.high,
  crash_detected: TONES.high,
  suspended: TONES.high,
  anomaly_detected: TONES.warning,
  limit_exceeded: TONES.warning,
  killed: TONES.warning,
  restarted: TONES.warning,
  recovered: TONES.good,
};

/** The tone of many events of a type, whose severities are not known one by one. */
export function typicalTone(type: EventType): MailTone {
  return TYPICAL[type] ?? TONES.info;
}
