import { expect, it } from 'vitest';
import type { Incident } from '../../model/incident';
import { relationTexts, underCauses } from './incident-relations';

function incident(
  id: number,
  watch: string,
  cause: Incident['cause'] = null,
  affects: Incident['affects'] = [],
): Incident {
  return {
    ...{ id, watch, cause, affects, startedAt: '', endedAt: null, durationMs: null, outcome: 'open' },
    ...{ restarts: 0, cooldowns: 0, commonExit: null, summary: '', events: [] },
  };
}

const DB = { watch: 'db', incident: 3 };

it('an incident says what it has to do with others', () => {
  const affects = [
    { watch: 'api', incident: 4, how: 'incident' as const },
    { watch: 'web', incident: null, how: 'restarted' as const },
  ];
  expect(relationTexts(incident(3, 'db', null, affects))).toEqual([
    'also affected: api (incident 4), web (restarted, too)',
  ]);
  expect(relationTexts(incident(4, 'api', DB))).toEqual(['caused by db (incident 3)']);
  expect(relationTexts(incident(5, 'cron'))).toEqual([]);
});

it('what an incident has led to stands under it, unless its cause is not among them', () => {
  const [web, cron, api, db] = [incident(6, 'web', DB), incident(5, 'cron'), incident(4, 'api', DB), incident(3, 'db')];
  expect(underCauses([web, cron, api, db])).toEqual([
    { incident: cron, led: [] },
    { incident: db, led: [web, api] },
  ]);
  expect(underCauses([web, cron])).toEqual([
    { incident: web, led: [] },
    { incident: cron, led: [] },
  ]);
});
