import { describe, expect, it } from 'vitest';
import { crash, restart, STORIES, storyEvent, REPORTED_AT } from '../../../main/alerts/testing/stories';
import type { LimitMetric } from '../../findings';
import type { Unit } from '../../model/unit';
import { EVENT_TYPES, type EventData, type HealdeckEvent } from '../../model/event';
import { countedWord, countSummary, incidentSummary } from './story-summary';

const limit = (change: Partial<EventData['limit_exceeded']>): HealdeckEvent =>
  storyEvent('limit_exceeded', {
    ...{ metric: 'cpu', level: 'act', value: 97, limit: 80, unit: '% of one core', scope: 'tree' },
    ...{ action: 'notify', observed: false, violations: 3, values: [97] },
    ...change,
  });
const anomaly = (
  kind: EventData['anomaly_detected']['anomaly'],
  evidence: Partial<EventData['anomaly_detected']['evidence']> = {},
): HealdeckEvent =>
  storyEvent('anomaly_detected', {
    ...{ anomaly: kind, action: 'notify', observed: false },
    evidence: {
      rule: 'r',
      threshold: '5 restarts in 1 min',
      windowSeconds: 60,
      samples: [],
      unit: 'processes',
      numbers: {},
      ...evidence,
    },
  });
const failed = (change: Partial<EventData['restart_failed']>, message = ''): HealdeckEvent =>
  storyEvent(
    'restart_failed',
    { actor: 'engine', operation: 'restart', reason: 'ENOENT', tried: null, nextAttemptInMs: 4000, ...change },
    { message },
  );
const killed = storyEvent('killed', { actor: 'engine', reason: 'x', pids: [1], forced: [], survivors: [] });

describe('a story in one sentence', () => {
  it.each<[string, readonly HealdeckEvent[]]>([
    ['web-worker crashed (SIGSEGV)', [crash()]],
    ['web-worker crashed (SIGSEGV), restarted after 112 ms', [crash(), restart()]],
    ['web-worker crashed (SIGSEGV), restarted after 12 ms', [crash(), restart({ afterMs: 12 })]],
    [
      'web-worker crashed (exit code 1), restarted after 4.1 s (attempt 3)',
      [crash({ signal: null, exitCode: 1 }), restart({ attempt: 3, afterMs: 4100 })],
    ],
    ['web-worker crashed 2 times (SIGSEGV), restarted after 112 ms', [crash(), restart(), crash(), restart()]],
    ['web-worker crashed (exit code unknown), is not restarted', [crash({ signal: null, policy: 'never' })]],
    ['web-worker crashed while Healdeck was not running (SIGSEGV)', [crash({ whileEngineWasDown: true })]],
    [
      'web-worker crashed (SIGSEGV), restarted by the operator',
      [crash(), restart({ actor: 'cli', attempt: 0, afterMs: null })],
    ],
    ['web-worker crashed (SIGSEGV)', [crash(), killed]],
    ['web-worker used too much CPU (97 % > 80 % of one core)', [limit({})]],
    [
      'web-worker used too much CPU (97 % > 80 % of one core), restarted',
      [limit({ action: 'restart' }), killed, restart()],
    ],
    [
      'web-worker used too much memory (612 MB > 500 MB), killed',
      [limit({ metric: 'memory', value: 612e6, limit: 500e6, unit: 'bytes', action: 'kill' }), killed],
    ],
    [
      'web-worker is near its memory limit (480 MB > 450 MB)',
      [limit({ metric: 'memory', level: 'warn', value: 480e6, limit: 450e6, unit: 'bytes' })],
    ],
    [
      'web-worker had too many threads (70 > 64 threads)',
      [limit({ metric: 'threads', value: 70, limit: 64, unit: 'threads' })],
    ],
    [
      'web-worker exceeded its limit of constructor (2 > 1)',
      [limit({ metric: 'constructor' as LimitMetric, value: 2, limit: 1, unit: '' as Unit })],
    ],
    [
      'web-worker used too much CPU (97 % > 80 % of one core); only observed, would have been restarted',
      [limit({ action: 'restart', observed: true })],
    ],
    [
      'web-worker used too much CPU (97 % > 80 % of one core), suspended',
      [limit({ action: 'suspend' }), storyEvent('suspended', { reason: 'x', pids: [1] })],
    ],
    [
      'web-worker used too much CPU (97 % > 80 % of one core), priority lowered',
      [limit({ action: 'lower_priority' }), storyEvent('priority_lowered', { reason: 'x', pids: [1] })],
    ],
    [
      'web-worker leaks memory (200 MB to 599 MB in 10 min)',
      [
        anomaly('memory_leak', {
          unit: 'bytes',
          windowSeconds: 600,
          samples: [
            { at: 0, value: 200e6 },
            { at: 1, value: 599e6 },
          ],
        }),
      ],
    ],
    [
      'web-worker has a CPU spike (97 % of one core, usually 12 %)',
      [
        anomaly('cpu_spike', {
          unit: 'percent_of_core' as Unit,
          samples: [{ at: 0, value: 97 }],
          numbers: { medianPercent: 12 },
        }),
      ],
    ],
    [
      'web-worker is a fork bomb (212 processes), killed',
      [anomaly('fork_bomb', { unit: 'processes', samples: [{ at: 0, value: 212 }] }), killed],
    ],
    [
      'web-worker left a zombie (for 45 s)',
      [anomaly('zombie', { unit: 'zombie_ms' as Unit, samples: [{ at: 0, value: 45_000 }] })],
    ],
    ['web-worker is in cooldown for 2 min after 5 restarts in 1 min', STORIES.cooldown.facts.events],
    [
      'web-worker is in cooldown for 2 min after 5 restarts in 1 min',
      [...STORIES.cooldown.facts.events, anomaly('rapid_crashes')],
    ],
    ['web-worker recovered after 12 s', STORIES.recovery.facts.events],
    [
      'web-worker recovered after 1 min 5 s and 4 restarts',
      [crash(), storyEvent('recovered', { attempts: 4, durationMs: 65_000 })],
    ],
    ['web-worker could not be restarted (ENOENT), next attempt in 4 s', [crash(), failed({})]],
    [
      'web-worker could not be started (bad cwd)',
      [failed({ operation: 'start', reason: 'bad_cwd', nextAttemptInMs: null })],
    ],
    [
      'web-worker failed: gave up after 50 restarts',
      [failed({ reason: 'gave_up', nextAttemptInMs: null }, 'web-worker failed: gave up after 50 restarts')],
    ],
    [
      'web-worker was stopped by the operator',
      [crash(), storyEvent('stopped', { actor: 'cli', pids: [], forced: [] })],
    ],
    [
      'Storm brake: healing is paused for 5 min after more than 20 restarts in 1 min',
      [
        storyEvent(
          'healing_paused',
          { restarts: 20, windowSeconds: 60, untilAt: new Date(REPORTED_AT + 290_000).toISOString() },
          { watch: null },
        ),
      ],
    ],
    [
      'disk full',
      [storyEvent('notice', { topic: 'history', detail: 'disk full' }, { watch: null, message: 'disk full' })],
    ],
  ])('%s', (text, events) => expect(incidentSummary(events)).toBe(text));

  it('is none where nothing is reported', () => expect(incidentSummary([])).toBeNull());
});

describe('many events in one sentence', () => {
  it('name the gravest first', () => {
    expect(countSummary(STORIES.digest.facts.counts)).toBe(
      '412 events of 5 watches: 17 cooldowns, 215 crashes, 180 restarts',
    );
    expect(countSummary([{ watch: 'web', type: 'crash_detected', count: 1 }])).toBe('1 event of web: 1 crash');
    expect(countSummary([{ watch: null, type: 'notice', count: 1200 }])).toBe('1,200 events: 1,200 notices');
  });

  it('name three types at most', () => {
    const counts = (['recovered', 'restarted', 'crash_detected', 'killed'] as const).map((type) => ({
      watch: 'a',
      type,
      count: 2,
    }));
    expect(countSummary(counts)).toBe('8 events of a: 2 crashes, 2 kills, 2 restarts and more');
  });

  it('have words for every type', () => {
    for (const type of EVENT_TYPES) expect(countedWord(type, 2)).not.toBe('');
  });
});
