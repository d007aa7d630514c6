import { describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../../shared/model/event';
import { eventOf } from '../../testing/samples';
import { storyParts } from './story-parts';

const story = (...types: readonly string[]): HealdeckEvent[] =>
  types.map((type, id) => ({ ...eventOf(id), type, data: { nextAttemptInMs: null } }) as unknown as HealdeckEvent);

const shown = (events: readonly HealdeckEvent[]) =>
  storyParts(events).map((part) => (part.kind === 'event' ? part.event.type : `${part.count} × ${part.words}`));

const CRASH = ['crash_detected', 'restarted'] as const;

describe('the story of an incident', () => {
  it('has attempts that went the same way as one part, without the last', () => {
    expect(shown(story(...CRASH, ...CRASH, ...CRASH, ...CRASH, 'recovered'))).toEqual([
      '3 × Crash detected → Restarted',
      ...CRASH,
      'recovered',
    ]);
  });

  it('is told event by event where few are alike', () => {
    expect(shown(story(...CRASH, ...CRASH, ...CRASH))).toEqual([...CRASH, ...CRASH, ...CRASH]);
  });

  it('counts attempts as alike whatever stands beside them', () => {
    expect(shown(story(...CRASH, 'death_explained', ...CRASH, ...CRASH, ...CRASH))[0]).toBe(
      '3 × Crash detected → Restarted',
    );
  });

  it('keeps every event, in its order', () => {
    const events = story('notice', ...CRASH, ...CRASH, ...CRASH, 'limit_exceeded', ...CRASH, 'cooldown_started');
    const all = storyParts(events).flatMap((part) => (part.kind === 'event' ? [part.event] : part.events));
    expect(all).toEqual(events);
    expect(storyParts([])).toEqual([]);
  });
});
