import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, type EventData, type HealdeckEvent } from '../../shared/model/event';
import { decidingEvents } from '../testing/fake-decisions';
import { eventOf } from '../testing/samples';
import { eventFacts } from '../../shared/lib/events/event-facts';
import { evidenceOf } from '../../shared/lib/events/evidence';
import type { Writing } from '../../shared/lib/format/values';
import { formatInstant, WINDOW_WRITING } from '../format/format';
import { setLocale } from '../format/locale';
import { EVENT_WORDS } from './present-event';

const events = decidingEvents(1, 1_000_000_000);
const eventAbout = (part: string): HealdeckEvent => {
  const found = events.find((event) => event.message.includes(part));
  if (found === undefined) throw new Error(`no event says "${part}"`);
  return found;
};
const factsOf = (event: HealdeckEvent, writing?: Writing) =>
  Object.fromEntries(eventFacts(event, writing).map(({ label, value }) => [label, value]));

describe('what the engine has decided', () => {
  it('has words for every type of event', () => {
    expect(Object.keys(EVENT_WORDS).toSorted()).toEqual(EVENT_TYPES.toSorted());
    for (const event of events) expect(eventFacts(event).every(({ value }) => value !== '')).toBe(true);
  });

  it('shows a limit beside the value, the readings and what was done', () => {
    const event = eventAbout('exceeds its CPU');
    expect(factsOf(event)).toEqual({
      Measured: 'CPU of the whole tree',
      Level: 'the limit',
      Value: '97 % > 80 % of one core',
      'Above it': '3 of the last 5 readings',
      Done: 'restarted',
    });
    expect(evidenceOf(event)).toEqual({
      readings: [41, 92, 74, 88, 97].map((value) => ({ at: null, value })),
      unit: '% of one core',
      threshold: 80,
      thresholdName: 'limit',
    });
    expect(factsOf(eventAbout('uses much memory'))['Value']).toBe('412 MB > 400 MB');
  });

  it('shows the rule of an anomaly in words, its numbers, and what would have been done', () => {
    const event = eventAbout('memory grows');
    expect(factsOf(event)).toMatchObject({
      Anomaly: 'Memory leak',
      Rule: expect.stringMatching(/^trend: the lowest readings/) as string,
      Window: 'the last 24 min',
      'Warm up': '1 min',
      'Would have been': 'restarted; the watch is in observe mode, so nothing was done',
    });
    expect(evidenceOf(event)).toMatchObject({ unit: 'bytes', threshold: 290e6, thresholdName: 'threshold' });
  });

  it('draws nothing where there are no readings', () => {
    expect(evidenceOf(eventAbout('again and again'))).toBeNull();
    expect(evidenceOf(eventOf(1))).toBeNull();
  });

  it('says how a clock has jumped', () => {
    expect(factsOf(eventAbout('Nobody watched'))).toMatchObject({
      'Not monitored for': '32 s',
      Clock: 'was set back by 1 h',
    });
  });

  it('writes the numbers of detectors with their units', () => {
    const event = eventAbout('memory grows');
    const data = event.data as EventData['anomaly_detected'];
    const numbers = { threshold: 1, bytesPerSecond: 12_340, tau: 0.98765, parentPid: 47_110, limitInMs: 90_000 };
    const facts = factsOf({ ...event, data: { ...data, evidence: { ...data.evidence, numbers } } } as HealdeckEvent);
    expect(facts).toMatchObject({
      Growth: '12.3 kB/s',
      "Steadiness (Kendall's tau)": '0.988',
      'Parent pid': '47110',
      'Limit in': '1 min 30 s',
    });
    expect(facts).not.toHaveProperty('Threshold');
  });

  it('writes numbers and moments of the window in the language of the system', () => {
    setLocale('de-DE');
    try {
      const event = eventAbout('memory grows');
      const data = event.data as EventData['anomaly_detected'];
      const numbers = { bytesPerSecond: 12_340, tau: 0.98765, limitInMs: 4200 };
      const grown = { ...event, data: { ...data, evidence: { ...data.evidence, numbers } } } as HealdeckEvent;
      expect(Object.values(factsOf(grown, WINDOW_WRITING))).toEqual(
        expect.arrayContaining(['12,3 kB/s', '0,988', '4,2 s']),
      );
      const cooldown = eventAbout('is not restarted for');
      const { untilAt } = cooldown.data as EventData['cooldown_started'];
      expect(factsOf(cooldown, WINDOW_WRITING)['Until']).toBe(formatInstant(Date.parse(untilAt)));
    } finally {
      setLocale('en-GB');
    }
  });
});
