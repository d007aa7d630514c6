import type { Actor, Change } from '../model/event-parts';
import type { EventDefinition } from './definition';
import { changeFacts, changesText, listed, pidsText } from './text';

/** What an operator does to watches. */

export const watchAdded: EventDefinition<'watch_added', { actor: Actor; watchId: string }> = {
  type: 'watch_added',
  label: 'Watch added',
  counted: ['watch added', 'watches added'],
  line: ({ data }) => ({ action: 'Added', details: [`by ${data.actor}`] }),
  facts: ({ data }) => [{ label: 'By', value: data.actor }],
};

/** `changes`: of earlier versions absent. */
export const watchEdited: EventDefinition<
  'watch_edited',
  { actor: Actor; watchId: string; changed: readonly string[]; changes?: readonly Change[] }
> = {
  type: 'watch_edited',
  label: 'Watch edited',
  counted: ['watch edited', 'watches edited'],
  line: ({ data }) => ({
    action: 'Edited',
    details: [
      `by ${data.actor}`,
      data.changes === undefined
        ? data.changed.length > 0 && `(${data.changed.join(', ')})`
        : `(${changesText(data.changes)})`,
    ],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    ...(data.changes === undefined
      ? [{ label: 'Changed', value: data.changed.length === 0 ? 'nothing' : data.changed.join(', ') }]
      : changeFacts(data.changes)),
  ],
};

export const watchRemoved: EventDefinition<
  'watch_removed',
  { actor: Actor; watchId: string; leftRunning: readonly number[] }
> = {
  type: 'watch_removed',
  label: 'Watch removed',
  counted: ['watch removed', 'watches removed'],
  part: 'ending',
  line: ({ data }) => ({
    action: 'Removed',
    details: [`by ${data.actor}`, listed('left running', data.leftRunning)],
  }),
  facts: ({ data }) => [
    { label: 'By', value: data.actor },
    { label: 'Left running', value: pidsText(data.leftRunning) },
  ],
  sentence: () => 'is no longer watched',
};
