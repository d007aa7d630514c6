import { describe, expect, it } from 'vitest';
import { watchSpecSchema } from '../../shared/model/watch';
import { pastIncidents } from './incidents-feed';
import { FakeEngine } from './testing/fake-engine';

const spec = (name: string) =>
  watchSpecSchema.parse({ name, target: { kind: 'command', command: { argv: ['x'], cwd: '/' } } });
const CRASH = {
  ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail: [], policy: 'always' as const, remaining: 0 },
  whileEngineWasDown: false,
};

async function withStories() {
  const engine = new FakeEngine();
  await engine.watches.add(spec('web'), 'cli');
  await engine.watches.add(spec('api'), 'cli');
  const first = engine.report('crash_detected', CRASH, { watch: 'web', incident: 'opens' });
  engine.report('recovered', { attempts: 1, durationMs: 900 }, { watch: 'web', incident: first.id });
  engine.happen('no story', 'web');
  const second = engine.report('crash_detected', CRASH, { watch: 'api', incident: 'opens' });
  return { engine, first, second };
}
const list = (engine: FakeEngine, query: object = {}) =>
  pastIncidents(engine, { listIncidentEvents: engine.listIncidentEvents }, { limit: 100, ...query });

describe('the incidents of the API', () => {
  it('are the newest first, with all their events', async () => {
    const { engine, first, second } = await withStories();
    engine.change('api', { incident: second.id });
    expect(await list(engine)).toMatchObject([
      { id: second.id, watch: 'api', outcome: 'open' },
      { id: first.id, watch: 'web', outcome: 'recovered', durationMs: 900, events: { length: 2 } },
    ]);
    expect(await list(engine, { watch: 'web' })).toHaveLength(1);
    expect(await list(engine, { limit: 1 })).toMatchObject([{ id: second.id }]);
    expect(await list(engine, { sinceAt: Date.parse(second.at) })).toEqual([]);
  });

  it('have what is large only where one is asked for', async () => {
    const { engine, second } = await withStories();
    const words = { readings: [], processes: [], dump: null, tookMs: 0 };
    engine.report('last_words', words, { watch: 'api', incident: second.id });
    const typesOf = async (query: object) => (await list(engine, query))[0]?.events.map(({ type }) => type);
    expect(await typesOf({ watch: 'api' })).toEqual(['crash_detected']);
    expect(await typesOf({ id: second.id })).toEqual(['crash_detected', 'last_words']);
  });

  it('have events that are in the engine only', async () => {
    const { engine, second } = await withStories();
    const incidents = await pastIncidents(engine, { listIncidentEvents: async () => [] }, { limit: 100, watch: 'api' });
    expect(incidents).toMatchObject([{ id: second.id }]);
  });

  it('ended when no watch goes on with them', async () => {
    const { engine, second } = await withStories();
    expect((await list(engine))[0]).toMatchObject({ id: second.id, outcome: 'stopped', endedAt: second.at });
  });

  it('are open when they began while the history was read', async () => {
    const { engine } = await withStories();
    const incidents = await pastIncidents(
      engine,
      {
        listIncidentEvents: (query) => {
          engine.report('crash_detected', CRASH, { watch: 'web', incident: 'opens' });
          return engine.listIncidentEvents(query);
        },
      },
      { limit: 1 },
    );
    expect(incidents).toMatchObject([{ watch: 'web', outcome: 'open' }]);
  });
});
