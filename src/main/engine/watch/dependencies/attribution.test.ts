import { beforeEach, describe, expect, it } from 'vitest';
import { incidentsOf } from '../../../../shared/lib/events/incidents';
import type { DependencyInput } from '../../../../shared/model/dependency';
import type { Incident } from '../../../../shared/model/incident';
import type { ProbeInput } from '../../../../shared/model/probe';
import type { WatchSpecInput } from '../../../../shared/model/watch';
import { TestBench } from '../../testing/test-engine';
import { SAME_CAUSE_MS } from './attribution';

const READY: ProbeInput = { name: 'ready', role: 'readiness', check: { kind: 'tcp', port: 5432 } };

let bench: TestBench;
let isReady: boolean;

beforeEach(async () => {
  bench = await TestBench.started();
  isReady = true;
  bench.prober.answer = () => ({ passed: isReady });
  await add('db', [], { probes: [READY] });
  await add('api', [{ watch: 'db' }]);
  await add('web', [{ watch: 'api' }]);
  await bench.clock.advance(5000);
});

async function add(name: string, after: DependencyInput[], spec: Partial<WatchSpecInput> = {}): Promise<void> {
  const target = { kind: 'command' as const, command: { argv: [name], cwd: '/srv' } };
  await bench.through(bench.add({ name, target, after, ...spec }));
}

async function die(name: string): Promise<void> {
  bench.world.exit(bench.pid(name));
  await bench.clock.advance(0);
}

/** Of each watch its newest incident. */
function incidents(): ReadonlyMap<string, Incident> {
  return new Map(
    incidentsOf(bench.events.events)
      .reverse()
      .map((incident) => [incident.watch, incident]),
  );
}

/** `api under db`, `db: api, web` */
function story(): readonly string[] {
  return [...incidents().values()].map(({ watch, cause, affects }) =>
    cause === null ? `${watch}: ${affects.map((one) => one.watch).join(', ')}` : `${watch} under ${cause.watch}`,
  );
}

describe('the cause of an incident', () => {
  it('is that of a watch that its own depends on, also through others', async () => {
    isReady = false;
    await die('db');
    await die('api');
    await bench.clock.advance(60_000);
    await die('web');
    expect(story()).toEqual(['db: api, web', 'api under db', 'web under db']);
    const [db, api] = [incidents().get('db'), incidents().get('api')];
    expect(api?.cause).toEqual({ watch: 'db', incident: db?.id });
    expect(db?.affects[0]).toEqual({ watch: 'api', incident: api?.id, how: 'incident' });
  });

  it('may be found after what it has led to', async () => {
    await die('web');
    await bench.clock.advance(2000);
    await die('api');
    expect(story()).toEqual(['web under api', 'api: web']);
    await bench.clock.advance(2000);
    isReady = false;
    await die('db');
    expect(story()).toEqual(['web under db', 'api under db', 'db: api, web']);
  });

  it('is no incident that came long after, or was over long before', async () => {
    isReady = false;
    await die('api');
    isReady = true;
    await bench.clock.advance(SAME_CAUSE_MS + 1000);
    await die('db');
    expect(story()).toEqual(['api: ', 'db: ']);
    await bench.clock.advance(600_000);
    await die('web');
    expect(story()).toEqual(['api: ', 'db: ', 'web: ']);
  });

  it('is no incident of a watch that depends on it, or that has nothing to do with it', async () => {
    await add('cron', []);
    await die('web');
    await die('cron');
    await die('db');
    // What was noticed just before.
    expect(story()).toEqual(['web under db', 'cron: ', 'db: web']);
  });

  it('is known to the next engine', async () => {
    isReady = false;
    await die('db');
    await die('api');
    await bench.replaceEngine();
    await die('web');
    // The end of what an earlier engine has started is noticed a little later.
    await bench.clock.advance(2000);
    expect(story()).toEqual(['db: api, web', 'api under db', 'web under db']);
  });

  it('names those that are restarted with it, through others, too', async () => {
    for (const [name, after] of [
      ['cache', 'db'],
      ['page', 'cache'],
    ] as const) {
      await add(name, [{ watch: after, restart: true }]);
    }
    await die('db');
    await bench.clock.advance(60_000);
    expect(bench.reported('restarted').map(({ watch }) => watch)).toEqual(['db', 'cache', 'page']);
    expect(incidents().get('db')?.affects).toEqual([
      { watch: 'cache', incident: null, how: 'restarted' },
      { watch: 'page', incident: null, how: 'restarted' },
    ]);
    // Another restart of it is one by the operator, and has no incident.
    await bench.through(bench.engine.watches.restart({ watch: 'db', actor: 'cli' }), 60_000);
    expect(bench.reported('dependant_affected')).toHaveLength(2);
  });

  it('names those that are not ready without it', async () => {
    const probe: ProbeInput = { name: 'ready', role: 'readiness', check: { kind: 'tcp', port: 80 }, intervalMs: 1000 };
    await add('page', [{ watch: 'api' }], { probes: [probe] });
    await bench.clock.advance(5000);
    isReady = false;
    await die('db');
    await bench.clock.advance(30_000);
    expect(incidents().get('db')?.affects).toEqual([{ watch: 'page', incident: null, how: 'not_ready' }]);
  });
});
