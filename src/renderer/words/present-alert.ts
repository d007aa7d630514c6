import { channelOf } from '../../shared/channels';
import { assertNever } from '../../shared/lib/assert-never';
import { HOLD_WORDS } from '../../shared/lib/events/hold-words';
import type { AlertsStatus, ChannelStatus, HeldAlerts, MessageKind, Mute, OutboxEntry } from '../../shared/model/alert';
import type { DeliveryStep } from '../../shared/model/delivery';
import { formatClock, formatCount, formatCountdown, plural } from '../format/format';
import type { Tone } from './present-watch';

/** What a message is, in words. */
export const MESSAGE_WORDS: Readonly<Record<MessageKind, string>> = {
  incident: 'New incident',
  update: 'Update of an incident',
  recovery: 'Recovery',
  reminder: 'Reminder',
  digest: 'Digest',
  summary: 'Summary after downtime',
  test: 'Test',
};

/** At which step a delivery failed, in words. */
export const STEP_WORDS: Readonly<Record<DeliveryStep, string>> = {
  configuration: 'The settings are incomplete',
  name: "The server's name was not found",
  connection: 'The server could not be reached',
  tls: 'No encrypted connection could be established',
  greeting: 'The server did not answer as a mail server does',
  login: 'The login was refused',
  sender: 'The sender was refused',
  recipient: 'The recipient was refused',
  content: 'The message was refused',
  timeout: 'There was no response in time',
  server: 'The server refused',
  program: 'The program failed',
};

/** The word and the colour of a channel. */
export function presentChannel(state: ChannelStatus['state']): { word: string; tone: Tone } {
  switch (state) {
    case 'off':
      return { word: 'Off', tone: 'idle' };
    case 'ready':
      return { word: 'Ready', tone: 'ok' };
    case 'failing':
      return { word: 'Failing', tone: 'bad' };
    default:
      return assertNever(state);
  }
}

/** The word and the colour of a message. */
export function presentMessage({ state, attempts }: Pick<OutboxEntry, 'state' | 'attempts'>): {
  word: string;
  tone: Tone;
} {
  switch (state) {
    case 'queued':
      return attempts === 0 ? { word: 'Waiting', tone: 'info' } : { word: 'Trying again', tone: 'warn' };
    case 'sent':
      return { word: 'Sent', tone: 'ok' };
    case 'failed':
      return { word: 'Failed', tone: 'bad' };
    case 'dropped':
      return { word: 'Dropped', tone: 'idle' };
    default:
      return assertNever(state);
  }
}

/** How alerts stand, in a line. */
export function describeAlerts(status: AlertsStatus): { tone: Tone; words: string } {
  const inUse = status.channels.filter(({ state }) => state !== 'off');
  const failing = inUse.filter(({ state }) => state === 'failing');
  const [worst] = failing;
  if (inUse.length === 0) return { tone: 'warn', words: 'No one will be notified: no alert channel is configured.' };
  if (worst !== undefined) {
    const others = failing.length === 1 ? '' : ` ${plural(failing.length - 1, 'other channel')} failing, too.`;
    const reason = worst.problem === null ? '' : `: ${worst.problem.message.replace(/\.?$/, '.')}`;
    return { tone: 'bad', words: `${channelOf(worst.channel).label} failing${reason === '' ? '.' : reason}${others}` };
  }
  const critical = status.holds.find(isCriticalHold);
  if (critical !== undefined) return { tone: 'warn', words: `A critical alert waits: ${describeHold(critical)}.` };
  const names = inUse.map(({ channel }) => channelOf(channel).label).join(', ');
  return { tone: 'ok', words: inUse.length === 1 ? `${names}: ready.` : `All channels ready: ${names}.` };
}

/** What is under way and what is left, in short clauses; empty when there is nothing. */
export function describeOutbox({ waiting, failed, held }: Pick<AlertsStatus, 'waiting' | 'failed' | 'held'>): string[] {
  return [
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
    ...(waiting === 0 ? [] : [`${formatCount(waiting)} waiting`]),
    ...(held === 0 ? [] : [`${plural(held, 'event')} held`]),
  ];
}

/** Whether something critical waits for longer than the seconds in which messages are collected. */
export function isCriticalHold({ critical, reason }: HeldAlerts): boolean {
  return critical && reason !== 'grouping';
}

/** What waits, why, and until when. */
export function describeHold({ reason, until, events }: HeldAlerts): string {
  const next = until === null ? '' : `, until ${formatClock(until, false)}`;
  return `${plural(events, 'event')} held, ${HOLD_WORDS[reason]}${next}`;
}

/** What holds alerts back now, in a sentence; null when nothing does. */
export function describeSilence({ quietUntil, mutes }: AlertsStatus, breaksThrough: boolean): string | null {
  const save = breaksThrough ? '; critical alerts are sent' : '';
  const all = mutes.find(({ watchId, incident }) => watchId === null && incident === null);
  if (all !== undefined) {
    const until = all.until === null ? 'until all is resolved' : `until ${formatClock(all.until, false)}`;
    return `All alerts are snoozed ${until}${save}.`;
  }
  return quietUntil === null ? null : `Quiet hours until ${formatClock(quietUntil, false)}${save}.`;
}

/** How long a mute holds, as a clock that runs down. */
export function muteLeft({ until }: Mute, now: number): string {
  return until === null ? 'until resolved' : `${formatCountdown(until - now)} left`;
}

/** The mute that holds for a watch: its own, or one of all; null when there is none. */
export function muteOfWatch(mutes: readonly Mute[], watchId: string): Mute | null {
  return (
    mutes.find((mute) => mute.watchId === watchId) ??
    mutes.find((mute) => mute.watchId === null && mute.incident === null) ??
    null
  );
}
