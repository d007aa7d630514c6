import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../shared/model/event';
import type { Incident } from '../../shared/model/incident';
import { eventOf } from '../testing/samples';
import { incidentFits, listedIncidents, partOf } from './present-incident';

const incident: Incident = {
  id: 4711,
  watch: 'web',
  startedAt: '2026-01-31T12:00:00.000Z',
  endedAt: null,
  durationMs: null,
  outcome: 'open',
  restarts: 1,
  cooldowns: 0,
  commonExit: null,
  cause: null,
  affects: [],
  summary: 'web crashed',
  events: [{ ...eventOf(4711), message: 'web crashed: SIGSEGV' }],
};
const all = { text: '', watch: null, outcome: null };

describe('the list of incidents', () => {
  const led: Incident = { ...incident, id: 4712, watch: 'api', cause: { watch: 'web', incident: 4711 } };

  it('has one line for a cause, until something is looked for', () => {
    expect(listedIncidents([led, incident], all)).toEqual([incident]);
    expect(listedIncidents([led], all)).toEqual([led]);
    expect(listedIncidents([led, incident], { ...all, watch: 'api' })).toEqual([led]);
    expect(listedIncidents([led, incident], { ...all, outcome: 'open' })).toEqual([led, incident]);
  });
});

describe('incidents', () => {
  it('are found by words of their events, their number, their watch and their outcome', () => {
    expect(incidentFits(incident, all)).toBe(true);
    expect(incidentFits(incident, { ...all, text: 'sigsegv' })).toBe(true);
    expect(incidentFits(incident, { ...all, text: '4711' })).toBe(true);
    expect(incidentFits(incident, { ...all, text: '47' })).toBe(false);
    expect(incidentFits(incident, { ...all, watch: 'api' })).toBe(false);
    expect(incidentFits(incident, { ...all, outcome: 'failed' })).toBe(false);
  });

  it('give every type of event a part in the story', () => {
    for (const type of EVENT_TYPES) {
      const data = { nextAttemptInMs: null };
      expect(['detection', 'action', 'ending', 'aside']).toContain(partOf({ ...eventOf(1), type, data } as never));
    }
  });
});
