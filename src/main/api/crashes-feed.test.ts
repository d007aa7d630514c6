import { describe, expect, it } from 'vitest';
import type { EventQuery, HealdeckEvent } from '../../shared/model/event';
import { MAX_CRASH_INCIDENTS } from '../../shared/model/crash-group';
import { crashGroups, type CrashHistory } from './crashes-feed';
import type { EventHistory } from './events-feed';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const crash = (id: number, crashId: string, watch = 'web'): HealdeckEvent => ({
  ...{ id, type: 'crash_detected', severity: 'high', watch, pid: 1, incident: id, message: 'crashed' },
  at: new Date(NOW - 60_000 + id).toISOString(),
  data: {
    ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail: [`line of ${id}`], stderrOf: 'this_run' },
    ...{ policy: 'always', remaining: 0, whileEngineWasDown: false, crash: { id: crashId, title: `crash ${crashId}` } },
  },
});
const engineWith = (...events: HealdeckEvent[]) => ({ snapshot: () => ({ events }) }) as never;
const OLD = { id: 'aa', watch: 'web', day: 20_000, version: null, count: 3, firstAt: NOW - 9e8, lastAt: NOW - 8e8 };
const history: CrashHistory & EventHistory = {
  listEvents: () => Promise.resolve([]),
  crashCounts: () => Promise.resolve([OLD, { ...OLD, id: 'cc', watch: 'db' }]),
  crashEvents: (ids, belowId, limitEach) => {
    const keptOf = (id: string) => (id === 'bb' ? [] : [crash(3, id), crash(2, id)]);
    return Promise.resolve(
      ids.flatMap((id) =>
        keptOf(id)
          .filter((one) => one.id < belowId)
          .slice(0, limitEach),
      ),
    );
  },
};

describe('the crashes of the API', () => {
  it('are those of the history and of the newest events together', async () => {
    const engine = engineWith(crash(10, 'aa'), crash(11, 'aa', 'api'), crash(12, 'bb'));
    const groups = await crashGroups(engine, history, { limit: 10 }, NOW);
    expect(groups).toMatchObject([
      { id: 'bb', count: 1, title: 'crash bb', incidents: [12], stderrTail: ['line of 12'] },
      { id: 'aa', count: 5, watches: ['web', 'api'], incidents: [11, 10, 3, 2], stderrTail: ['line of 11'] },
      { id: 'cc', count: 3, watches: ['db'], incidents: [3, 2] },
    ]);
  });

  it('are asked for once, and none whose newest events are enough', async () => {
    const asked: (readonly string[])[] = [];
    const counting: CrashHistory & EventHistory = {
      ...history,
      crashEvents: (...query) => {
        asked.push(query[0]);
        return history.crashEvents(...query);
      },
    };
    const many = Array.from({ length: MAX_CRASH_INCIDENTS }, (_, index) => crash(100 + index, 'bb'));
    await crashGroups(engineWith(crash(10, 'aa'), ...many), counting, { limit: 10 }, NOW);
    expect(asked).toEqual([['aa', 'cc']]);
  });

  it('have what was changed before they came first, where one is asked for', async () => {
    const first = { ...crash(1, 'aa'), at: new Date(OLD.firstAt).toISOString() };
    const explained = {
      ...{
        id: 2,
        at: first.at,
        type: 'death_explained',
        severity: 'info',
        watch: 'web',
        pid: 1,
        incident: 1,
        message: '',
      },
      data: { reason: 'r', certainty: 'likely', evidence: [], changedFile: 'server.js' },
    } as HealdeckEvent;
    const asked: unknown[] = [];
    const kept = {
      ...history,
      listEvents: (query: EventQuery) => {
        asked.push(query);
        return Promise.resolve([first, explained]);
      },
    };
    expect(await crashGroups(engineWith(), kept, { id: 'aa', limit: 2 }, NOW)).toMatchObject([
      { firstAfter: 'server.js' },
    ]);
    expect(asked).toMatchObject([{ types: ['crash_detected', 'death_explained'], sinceAt: OLD.firstAt - 1 }]);
    const all = await crashGroups(engineWith(), kept, { limit: 10 }, NOW);
    expect(all.map(({ firstAfter }) => firstAfter)).toEqual([null, null]);
    expect(asked).toHaveLength(1);
  });

  it('are those that were asked for', async () => {
    const engine = engineWith(crash(10, 'aa'), crash(12, 'bb'));
    const ids = async (query: object) =>
      (await crashGroups(engine, history, { limit: 10, ...query }, NOW)).map(({ id }) => id);
    expect(await ids({ watch: 'db' })).toEqual(['cc']);
    expect(await ids({ sinceAt: NOW - 3_600_000 })).toEqual(['bb', 'aa']);
    expect(await ids({ id: 'c' })).toEqual(['cc']);
    expect(await ids({ limit: 1 })).toEqual(['bb']);
  });
});
