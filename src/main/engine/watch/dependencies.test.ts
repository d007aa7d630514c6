import { beforeEach, describe, expect, it } from 'vitest';
import type { DependencyInput } from '../../../shared/model/dependency';
import type { ProbeInput } from '../../../shared/model/probe';
import { watchSpecSchema, type WatchSpecInput } from '../../../shared/model/watch';
import { TestBench } from '../testing/test-engine';

const READY: ProbeInput = { name: 'ready', role: 'readiness', check: { kind: 'tcp', port: 5432 } };

let bench: TestBench;
let isReady: boolean;

beforeEach(async () => {
  bench = await TestBench.started();
  isReady = true;
  bench.prober.answer = () => ({ passed: isReady });
});

async function add(
  name: string,
  after: readonly (string | DependencyInput)[],
  spec: Partial<WatchSpecInput> = {},
): Promise<void> {
  const target = { kind: 'command' as const, command: { argv: [name], cwd: '/srv' } };
  const waits = after.map((one) => (typeof one === 'string' ? { watch: one } : one));
  await bench.through(bench.add({ name, target, after: waits, ...spec }));
}

async function addShop(): Promise<void> {
  await add('db', [], { probes: [READY] });
  await add('api', ['db']);
  await add('web', ['api']);
  await bench.clock.advance(2000);
}

const phases = (): readonly string[] => bench.engine.watches.list().map(({ watch, phase }) => `${watch.name} ${phase}`);

function edit(name: string, change: Partial<WatchSpecInput>): void {
  const { id, revision, ...spec } = bench.status(name).watch;
  const edited = watchSpecSchema.parse({ ...spec, ...change });
  bench.engine.watches.edit({ watch: id, revision, spec: edited, actor: 'cli' });
}

describe('a watch that starts after others', () => {
  it('waits until they are ready, and says so', async () => {
    isReady = false;
    await addShop();
    expect(phases()).toEqual(['db running', 'api blocked', 'web blocked']);
    expect(bench.status('api').reason).toBe('Waiting for other watches: db is not ready');
    expect(bench.status('web').reason).toBe('Waiting for other watches: api is not ready');
    isReady = true;
    await bench.clock.advance(2000);
    expect(phases()).toEqual(['db running', 'api running', 'web running']);
    expect(bench.reported('started').map(({ watch }) => watch)).toEqual(['db', 'api', 'web']);
  });

  it('waits for the next run of a job, and does not start that', async () => {
    await add('migrate', [], { schedule: { start: { cron: '0 3 1 1 *' } } });
    await add('web', [{ watch: 'migrate', until: 'completed' }]);
    await bench.clock.advance(1000);
    void bench.engine.watches.start({ watch: 'web', actor: 'cli' });
    await bench.clock.advance(2000);
    expect(bench.world.launches).toEqual([]);
    expect(bench.status('web').reason).toBe(
      'Waiting for other watches: migrate has not ended successfully, and runs only by its schedule or when it is started',
    );
  });

  it('is healed in their order: what crashes while they are down waits for them', async () => {
    await addShop();
    isReady = false;
    bench.world.exit(bench.pid('db'));
    bench.world.exit(bench.pid('api'));
    await bench.clock.advance(5000);
    expect(phases()).toEqual(['db running', 'api blocked', 'web running']);
    isReady = true;
    await bench.clock.advance(60_000);
    expect(phases()).toEqual(['db running', 'api running', 'web running']);
    expect(bench.reported('restarted').map(({ watch }) => watch)).toEqual(['db', 'api']);
    expect(
      bench
        .reported('recovered')
        .map(({ watch }) => watch)
        .sort(),
    ).toEqual(['api', 'db']);
    // One attempt each, whatever the wait.
    expect(bench.status('api').budget.windows[0]?.used).toBeLessThanOrEqual(1);
  });

  it('waits for what has ended together with it, whichever end is known first', async () => {
    await addShop();
    const launches = bench.world.launches.length;
    // The kernel may report the end of api first.
    const db = bench.world.processes.get(bench.pid('db'))!;
    db.state = 'zombie';
    bench.world.exit(bench.pid('api'));
    await bench.clock.advance(50);
    expect(phases()).toEqual(['db running', 'api blocked', 'web running']);
    bench.world.exit(db.pid);
    await bench.clock.advance(10_000);
    expect(phases()).toEqual(['db running', 'api running', 'web running']);
    expect(bench.world.launches.slice(launches).map(({ argv }) => argv[0])).toEqual(['db', 'api']);
  });

  it('brings up what it waits for when the operator starts it', async () => {
    await addShop();
    for (const name of ['web', 'api', 'db']) {
      await bench.through(bench.engine.watches.stop({ watch: name, actor: 'cli' }), 20_000);
    }
    expect(phases()).toEqual(['db stopped', 'api stopped', 'web stopped']);
    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }), 2000);
    await bench.clock.advance(2000);
    expect(phases()).toEqual(['db running', 'api running', 'web running']);
  });

  it('can be stopped while it waits, and starts no more then', async () => {
    isReady = false;
    await addShop();
    await bench.through(bench.engine.watches.stop({ watch: 'api', actor: 'cli' }), 2000);
    isReady = true;
    await bench.clock.advance(5000);
    expect(phases()).toEqual(['db running', 'api stopped', 'web blocked']);
  });

  it('goes on running when they end, and when the next engine finds them down', async () => {
    await addShop();
    await bench.through(bench.engine.watches.stop({ watch: 'db', actor: 'cli' }), 20_000);
    expect(phases()).toEqual(['db stopped', 'api running', 'web running']);
    await bench.replaceEngine();
    await bench.clock.advance(2000);
    expect(phases()).toEqual(['db stopped', 'api running', 'web running']);
  });

  it('waits on under the next engine', async () => {
    isReady = false;
    await addShop();
    await bench.replaceEngine();
    // Found running, it is asked whether it is ready, and is not.
    await bench.clock.advance(5000);
    expect(phases()).toEqual(['db running', 'api blocked', 'web blocked']);
    isReady = true;
    await bench.clock.advance(30_000);
    expect(phases()).toEqual(['db running', 'api running', 'web running']);
  });

  it('waits for a job to end successfully', async () => {
    await add('migrate', []);
    await add('api', [{ watch: 'migrate', until: 'completed' }]);
    expect(bench.status('api').reason).toBe('Waiting for other watches: migrate has not ended successfully');
    bench.world.exit(bench.pid('migrate'), { exitCode: 0, signal: null });
    await bench.clock.advance(1000);
    expect(phases()).toEqual(['migrate stopped', 'api running']);
  });

  it('starts as soon as it needs not wait any more', async () => {
    isReady = false;
    await addShop();
    edit('api', { after: [] });
    await bench.clock.advance(1000);
    expect(phases()).toEqual(['db running', 'api running', 'web running']);
  });
});

describe('what a watch may wait for', () => {
  it('exists, and is not itself, also through others', async () => {
    await addShop();
    await expect(add('job', ['nothing'])).rejects.toThrow(
      'Expected job to start after watches that exist; there is no "nothing"',
    );
    await expect(add('job', ['job'])).rejects.toThrow('but job waits for job: none of them could ever start');
    expect(() => edit('db', { after: [{ watch: 'web' }] })).toThrow(
      'Expected starts without a cycle, but db waits for web, which waits for api, which waits for db: none of them could ever start',
    );
    expect(bench.status('db').watch.after).toEqual([]);
  });

  it('is removed by nobody before that is edited', async () => {
    await addShop();
    expect(() => bench.engine.watches.remove({ watch: 'db', actor: 'cli' })).toThrow(
      'db is waited for by api: edit that first',
    );
    edit('api', { after: [] });
    bench.engine.watches.remove({ watch: 'db', actor: 'cli' });
    expect(phases()).toEqual(['api running', 'web running']);
  });

  it('may get another name, which is written down where it is waited for', async () => {
    await addShop();
    edit('db', { name: 'postgres' });
    expect(bench.status('api').watch.after).toEqual([{ watch: 'postgres', until: 'ready', restart: false }]);
    expect(
      bench
        .reported('watch_edited')
        .map(({ watch }) => watch)
        .sort(),
    ).toEqual(['api', 'postgres']);
  });
});

describe('a watch that is restarted with others', () => {
  const follows = (watch: string, until: 'started' | 'ready' = 'ready'): DependencyInput => ({
    watch,
    until,
    restart: true,
  });
  const restarts = (): readonly string[] =>
    bench.reported('restarted').map(({ watch, data }) => `${watch} by ${data.actor}`);

  async function addFollowers(): Promise<void> {
    await add('web', [], {});
    await add('db', [], { probes: [READY] });
    await add('api', [follows('db')]);
    // Before those in the list that it depends on, and on both.
    edit('web', { after: [follows('db'), follows('api')] });
    await bench.clock.advance(10_000);
  }

  it('comes after them, each once, and says so', async () => {
    await addFollowers();
    const [api, web] = [bench.pid('api'), bench.pid('web')];
    isReady = false;
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(5000);
    expect([bench.pid('api'), bench.pid('web')]).toEqual([api, web]);
    isReady = true;
    await bench.clock.advance(20_000);
    expect(restarts()).toEqual(['db by engine', 'api by dependency', 'web by dependency']);
    const [, second, third] = bench.reported('restarted');
    expect(second).toMatchObject({
      message: `api restarted as pid ${bench.pid('api')}, because db was restarted and is ready again; ended pid ${api}`,
      data: { renewed: ['db'], attempt: 0, ended: [api] },
      severity: 'info',
      incident: null,
    });
    expect(third?.data.renewed).toEqual(['db', 'api']);
    expect(bench.status('web').budget.windows[0]?.used).toBe(0);
    expect(bench.status('web').restarts).toBe(0);
  });

  it('does so whoever has started them anew, and not when they only were not ready for a while', async () => {
    await addFollowers();
    isReady = false;
    await bench.clock.advance(60_000);
    isReady = true;
    await bench.clock.advance(30_000);
    expect(restarts()).toEqual([]);
    await bench.through(bench.engine.watches.restart({ watch: 'db', actor: 'cli' }), 20_000);
    expect(restarts()).toEqual(['db by cli', 'api by dependency', 'web by dependency']);
  });

  it('is started once where it has died meanwhile', async () => {
    await addFollowers();
    isReady = false;
    bench.world.exit(bench.pid('db'));
    bench.world.exit(bench.pid('api'));
    await bench.clock.advance(5000);
    expect(bench.status('api').phase).toBe('blocked');
    isReady = true;
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual(['db by engine', 'api by engine', 'web by dependency']);
  });

  it('stays down where the operator has stopped it', async () => {
    await addFollowers();
    isReady = false;
    bench.world.exit(bench.pid('db'));
    await bench.through(bench.engine.watches.stop({ watch: 'api', actor: 'cli' }), 20_000);
    isReady = true;
    await bench.clock.advance(30_000);
    expect(bench.status('api').phase).toBe('stopped');
    // Its own start would wait for api.
    expect(restarts()).toEqual(['db by engine']);
  });

  it('does so under the next engine, which knows what it has run with', async () => {
    await addFollowers();
    isReady = false;
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(5000);
    await bench.replaceEngine();
    isReady = true;
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual(['db by engine', 'api by dependency', 'web by dependency']);
    await bench.replaceEngine();
    await bench.clock.advance(60_000);
    expect(restarts()).toHaveLength(3);
  });

  it('goes on while another one that its start would wait for is in the way', async () => {
    await addFollowers();
    await add('cache', []);
    edit('api', { after: [follows('db'), { watch: 'cache' }] });
    await bench.through(bench.engine.watches.stop({ watch: 'cache', actor: 'cli' }), 20_000);
    const pid = bench.pid('api');
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(30_000);
    expect(bench.pid('api')).toBe(pid);
    await bench.through(bench.engine.watches.start({ watch: 'cache', actor: 'cli' }), 30_000);
    expect(restarts()).toEqual(['db by engine', 'api by dependency', 'web by dependency']);
  });

  it('knows a run by its first process, also when that is gone and another one goes on for it', async () => {
    await addFollowers();
    const db = bench.status('db').watch.id;
    await bench.replaceEngine(() => {
      // As it is where db had put itself into the background.
      for (const [id, memory] of Object.entries(bench.state.state?.watches ?? {})) {
        if (id === db) memory.run = '1:1';
        else if (memory.ranWith?.[db] !== undefined) memory.ranWith = { ...memory.ranWith, [db]: '1:1' };
      }
    });
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual([]);
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual(['db by engine', 'api by dependency', 'web by dependency']);
  });

  it('is left alone by an engine that has a state without runs', async () => {
    await addFollowers();
    await bench.replaceEngine(() => {
      for (const memory of Object.values(bench.state.state?.watches ?? {})) {
        delete memory.run;
        delete memory.ranWith;
      }
    });
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual([]);
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual(['db by engine', 'api by dependency', 'web by dependency']);
  });

  it('is only reported of one that is observed, once', async () => {
    await addFollowers();
    edit('api', { overrides: { observe: true } });
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(60_000);
    expect(restarts()).toEqual(['db by engine', 'web by dependency']);
    const notices = bench.reported('notice').filter(({ data }) => data.topic === 'dependencies');
    expect(notices.map(({ message }) => message)).toEqual([
      'api goes on running, because db was restarted and is ready again; observed only, would have: restart',
    ]);
  });

  it('waits for the end of a cooldown', async () => {
    await addFollowers();
    edit('api', { overrides: { 'restart.limit': 1, 'cooldown.durationMs': 60_000 } });
    bench.world.exit(bench.pid('api'));
    await bench.clock.advance(20_000);
    bench.world.exit(bench.pid('api'));
    await bench.clock.advance(2000);
    expect(bench.status('api').phase).toBe('cooldown');
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(30_000);
    expect(bench.status('api').phase).toBe('cooldown');
    await bench.clock.advance(180_000);
    // Started once the cooldown is over, with what is there by then.
    expect(restarts().filter((one) => one.startsWith('api'))).toEqual(['api by engine', 'api by engine']);
  });

  it('follows what is to be started only as soon as that is', async () => {
    await add('db', [], { probes: [READY] });
    await add('api', [follows('db', 'started')]);
    await bench.clock.advance(5000);
    isReady = false;
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(10_000);
    expect(restarts()).toEqual(['db by engine', 'api by dependency']);
  });

  it('is restarted no more often than they are, however they fail', async () => {
    await addFollowers();
    bench.world.onLaunch = (process) => {
      if (process.name === 'db') bench.clock.after(3000, () => bench.world.exit(process.pid));
    };
    bench.world.exit(bench.pid('db'));
    await bench.clock.advance(3_600_000);
    const [db, api] = ['db', 'api'].map((name) => restarts().filter((one) => one.startsWith(name)).length);
    expect(Math.min(db ?? 0, api ?? 0)).toBeGreaterThan(5);
    expect(api).toBeLessThanOrEqual(db ?? 0);
    expect(bench.status('api').restarts).toBe(0);
  });

  it('is refused with what is awaited as completed', async () => {
    await add('migrate', []);
    expect(() =>
      watchSpecSchema.parse({
        ...bench.status('migrate').watch,
        after: [{ watch: 'x', until: 'completed', restart: true }],
      }),
    ).toThrow('what has completed runs no more');
  });
});
