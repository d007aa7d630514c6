import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependency } from '../../../shared/model/dependency';
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
  after: readonly (string | Dependency)[],
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
    expect(bench.status('api').watch.after).toEqual([{ watch: 'postgres', until: 'ready' }]);
    expect(
      bench
        .reported('watch_edited')
        .map(({ watch }) => watch)
        .sort(),
    ).toEqual(['api', 'postgres']);
  });
});
