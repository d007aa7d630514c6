import type { HoldReason } from '../../model/alert';

/** Why alerts wait, as the rest of a sentence that counts them. */
export const HOLD_WORDS: Readonly<Record<HoldReason, string>> = {
  grouping: 'they are being grouped into one message',
  hourly_limit: 'the hourly limit is used up',
  watch_limit: 'the hourly limit of the watch is used up',
  quiet_hours: 'quiet hours',
  maintenance: 'maintenance',
  snoozed: 'snoozed',
  folded: 'messages about their cause name them',
  undelivered: "earlier messages can't be delivered yet",
};
