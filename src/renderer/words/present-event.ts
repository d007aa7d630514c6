import type { EventType, Severity } from '../../shared/model/event';
import type { Tone } from './present-watch';

/** The types of events, in words. */
export const EVENT_WORDS: Readonly<Record<EventType, string>> = {
  engine_started: 'Engine started',
  engine_stopped: 'Engine stopped',
  watch_added: 'Watch added',
  watch_edited: 'Watch edited',
  watch_removed: 'Watch removed',
  settings_changed: 'Settings changed',
  started: 'Started',
  adopted: 'Adopted',
  stopped: 'Stopped',
  exited: 'Exited',
  crash_detected: 'Crash detected',
  restarted: 'Restarted',
  restart_failed: 'Restart failed',
  limit_exceeded: 'Limit exceeded',
  anomaly_detected: 'Anomaly detected',
  cooldown_started: 'Cooldown started',
  cooldown_ended: 'Cooldown ended',
  cooldown_reset: 'Cooldown reset',
  cooldown_extended: 'Cooldown extended',
  suspended: 'Suspended',
  priority_lowered: 'Priority lowered',
  healing_paused: 'Healing paused',
  healing_resumed: 'Healing resumed',
  gap: 'Gap',
  recovered: 'Recovered',
  killed: 'Killed',
  signal_refused: 'Signal refused',
  alert_sent: 'Alert sent',
  alert_failed: 'Alert failed',
  notice: 'Notice',
};

/** The severities, in words and colours. */
export const SEVERITIES: Readonly<Record<Severity, { word: string; tone: Tone }>> = {
  info: { word: 'Info', tone: 'info' },
  warning: { word: 'Warning', tone: 'warn' },
  high: { word: 'High', tone: 'bad' },
  critical: { word: 'Critical', tone: 'bad' },
};
