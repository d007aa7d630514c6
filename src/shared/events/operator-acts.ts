import type { Actor, Change } from '../model/event-parts';
import type { EventDefinition } from './definition';
import { changeFacts, changesText } from './text';

/** What operators do beside watches and settings: who, and what was before and after. Never a value of a secret. */

interface Act {
  actor: Actor;
  changes: readonly Change[];
}

function act<T extends string, D extends Act>(
  type: T,
  label: string,
  counted: readonly [one: string, many: string],
): EventDefinition<T, D> {
  return {
    ...{ type, label, counted, part: 'aside', isAside: true },
    line: ({ data }) => ({
      action: label,
      subject: '',
      details: [`by ${data.actor}`, `(${changesText(data.changes)})`],
    }),
    facts: ({ data }) => [{ label: 'By', value: data.actor }, ...changeFacts(data.changes)],
  };
}

/** An operator has acknowledged an incident. */
export const incidentAcknowledged: EventDefinition<'incident_acknowledged', Act & { incident: number }> = act(
  'incident_acknowledged',
  'Incident acknowledged',
  ['acknowledgement', 'acknowledgements'],
);

/** Alerts are not wanted for a while: of all, of the watch, or of the incident that the event names. */
export const alertsSnoozed: EventDefinition<'alerts_snoozed', Act> = act('alerts_snoozed', 'Alerts snoozed', [
  'snooze',
  'snoozes',
]);

/** An acknowledgement or a snooze was taken back before its end. */
export const muteEnded: EventDefinition<'mute_ended', Act> = act('mute_ended', 'Mute ended', [
  'mute ended',
  'mutes ended',
]);

export const secretChanged: EventDefinition<'secret_changed', Act & { name: string }> = act(
  'secret_changed',
  'Secret changed',
  ['secret changed', 'secrets changed'],
);

/** A file with settings and watches was brought into force. What that changed is reported by the events that follow it. */
export const configImported: EventDefinition<
  'config_imported',
  {
    actor: Actor;
    /** Names of watches. */
    added: readonly string[];
    replaced: readonly string[];
    kept: readonly string[];
    /** Keys of settings. */
    settings: readonly string[];
  }
> = {
  type: 'config_imported',
  label: 'Configuration imported',
  counted: ['import', 'imports'],
  part: 'aside',
  isAside: true,
  line: ({ data }) => ({
    action: 'Configuration imported',
    subject: '',
    details: [
      `by ${data.actor}`,
      ...PARTS.map(({ label, key }) => data[key].length > 0 && `${label.toLowerCase()}: ${data[key].join(', ')}`),
    ],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    ...PARTS.map(({ label, key }) => ({ label, value: data[key].join(', ') || 'none' })),
  ],
};

const PARTS = [
  { label: 'Watches added', key: 'added' },
  { label: 'Watches replaced', key: 'replaced' },
  { label: 'Watches kept', key: 'kept' },
  { label: 'Settings changed', key: 'settings' },
] as const;
