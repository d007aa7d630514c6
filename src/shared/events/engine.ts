import type { Actor, Change } from '../model/event-parts';
import type { Writing } from '../lib/format/values';
import type { EventDefinition } from './definition';
import { changeFacts, changesText, secondsText } from './text';

/** What happens to Healdeck itself. */

export const engineStarted: EventDefinition<
  'engine_started',
  { version: string; shell: 'desktop' | 'headless'; enginePid: number }
> = {
  type: 'engine_started',
  label: 'Engine started',
  counted: ['start of the engine', 'starts of the engine'],
  alert: 'optional',
  line: ({ data }) => ({
    action: 'Engine started',
    subject: '',
    pid: data.enginePid,
    details: [`version ${data.version}`, `(${data.shell})`],
  }),
  facts: ({ data }) => [
    { label: 'Version', value: data.version },
    { label: 'Shell', value: data.shell },
    { label: 'Engine pid', value: String(data.enginePid) },
  ],
};

export const engineStopped: EventDefinition<'engine_stopped', { reason: string }> = {
  type: 'engine_stopped',
  label: 'Engine stopped',
  counted: ['stop of the engine', 'stops of the engine'],
  alert: 'optional',
  line: ({ data }) => ({ action: 'Engine stopped', subject: '', details: [`(${data.reason})`] }),
  facts: ({ data }) => [{ label: 'Reason', value: data.reason }],
};

/** `engine`: by an edited config.json. */
export const settingsChanged: EventDefinition<'settings_changed', { actor: Actor; changes: readonly Change[] }> = {
  type: 'settings_changed',
  label: 'Settings changed',
  counted: ['settings change', 'settings changes'],
  line: ({ data }) => ({
    action: 'Changed settings',
    subject: '',
    details: [`by ${data.actor}`, `(${changesText(data.changes)})`],
  }),
  facts: ({ data }) => [{ label: 'By', value: data.actor }, ...changeFacts(data.changes)],
};

/** Time in which nobody watched: sleep, a starved machine, a clock that jumped. */
export const gap: EventDefinition<'gap', { seconds: number; clockJumpSeconds: number }> = {
  type: 'gap',
  label: 'Gap',
  counted: ['gap', 'gaps'],
  alert: 'optional',
  line: ({ data }) => ({
    action: 'Gap',
    subject: '',
    details: [
      `${secondsText(data.seconds)} without monitoring`,
      data.clockJumpSeconds !== 0 &&
        `the clock jumped ${data.clockJumpSeconds > 0 ? 'forward' : 'back'} by ${secondsText(Math.abs(data.clockJumpSeconds))}`,
    ],
  }),
  facts: ({ data }, writing) => [
    { label: 'Not monitored for', value: writing.duration(data.seconds * 1000) },
    { label: 'Clock', value: clockJump(data.clockJumpSeconds, writing) },
    { label: 'Done', value: 'the readings in all windows were discarded; the gap itself caused no heal' },
  ],
};

/** Something about Healdeck itself that the operator should know: a file set aside, a disk that is full. */
export const notice: EventDefinition<'notice', { topic: string; detail: string }> = {
  type: 'notice',
  label: 'Notice',
  counted: ['notice', 'notices'],
  alert: 'standard',
  part: 'aside',
  line: ({ data }) => ({
    action: 'Notice',
    // Most details begin with their topic.
    ...(data.detail.startsWith(data.topic) ? {} : { subject: data.topic }),
    details: [data.detail],
  }),
  facts: ({ data }) => [
    { label: 'About', value: data.topic },
    { label: 'Detail', value: data.detail },
  ],
};

function clockJump(seconds: number, { duration }: Writing): string {
  if (seconds === 0) return 'did not jump';
  const span = duration(Math.abs(seconds) * 1000);
  return seconds > 0 ? `jumped ahead by ${span}` : `was set back by ${span}`;
}
