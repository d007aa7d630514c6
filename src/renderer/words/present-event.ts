import { definitionOf } from '../../shared/events';
import { EVENT_TYPES, type EventType, type Severity } from '../../shared/model/event';
import type { Tone } from './present-watch';

/** The types of events, in words. */
export const EVENT_WORDS = Object.fromEntries(EVENT_TYPES.map((type) => [type, definitionOf(type).label])) as Readonly<
  Record<EventType, string>
>;

/** The severities, in words and colours. */
export const SEVERITIES: Readonly<Record<Severity, { word: string; tone: Tone }>> = {
  info: { word: 'Info', tone: 'info' },
  warning: { word: 'Warning', tone: 'warn' },
  high: { word: 'High', tone: 'bad' },
  critical: { word: 'Critical', tone: 'bad' },
};
