import { request } from 'node:http';
import type { WatchStatus } from '../../src/shared/model/snapshot';
import { freePort } from '../fixtures/free-port';
import { expect, test, type Headless } from '../fixtures/headless';

const PROBE = ['--probe-role', 'readiness', '--probe-interval', '200ms', '--probe-timeout', '1s'];
const PROGRAM = ['demo/drains.mjs', '--ready-after', '300', '--work', '20', '--drain', '1500'];

test.setTimeout(120_000);

/** Status and body of a request; null: it was lost. */
function get(port: number, path: string): Promise<{ status: number; text: string } | null> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, timeout: 5000 }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('error', () => resolve(null));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(null));
    asked.end();
  });
}

/** A load balancer with health checks and clients that never repeat a request. */
class Load {
  /** When each port was last found to be ready, in monotonic ms. */
  private readonly readyAt = new Map<number, number>();
  private isOver = false;
  answered = 0;
  readonly lost: string[] = [];
  readonly pids = new Set<string>();
  private readonly work: Promise<unknown>;

  constructor(private readonly ports: readonly number[]) {
    const clients = Array.from({ length: 8 }, () => this.ask());
    this.work = Promise.all([...ports.map((port) => this.check(port)), ...clients]);
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.work;
  }

  private async check(port: number): Promise<void> {
    while (!this.isOver) {
      const askedAt = performance.now();
      const answer = await get(port, '/ready');
      if (answer?.status === 200) this.readyAt.set(port, askedAt);
      else this.readyAt.delete(port);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async ask(): Promise<void> {
    for (let turn = 0; !this.isOver; turn += 1) {
      // An old answer proves nothing: on a busy machine a check may come late.
      const ready = this.ports.filter((port) => performance.now() - (this.readyAt.get(port) ?? -Infinity) < 500);
      const port = ready[turn % Math.max(1, ready.length)];
      const answer = port === undefined ? undefined : await get(port, '/');
      if (answer?.status === 200) {
        this.answered += 1;
        this.pids.add(answer.text.trim());
      } else if (answer !== undefined) this.lost.push(`port ${port}: ${answer?.status ?? 'no answer'}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** The first of some ports in a row that are likely to be free; the first instance has the one after it. */
async function add(engine: Headless, instances: string): Promise<number> {
  const base = await freePort();
  const place = `{${base}+instance}`;
  const [script = '', ...options] = PROGRAM;
  await engine.cli.ok(
    ...['add', 'web', '--instances', instances, '--probe-http', `http://127.0.0.1:${place}/ready`, ...PROBE],
    ...['--set', 'restart.delays=false', '--', 'node', script, place, ...options],
  );
  return base;
}

const ready = async (engine: Headless): Promise<readonly string[]> =>
  (await engine.cli.watches())
    .filter(({ readiness }: WatchStatus) => readiness === 'ready')
    .map(({ watch }) => watch.name);

test('a rolling restart of four instances under load loses no request', async ({ engine }) => {
  const { cli } = engine;
  const base = await add(engine, '4');
  await expect.poll(() => ready(engine), { timeout: 20_000 }).toHaveLength(4);
  const before = (await cli.watches()).flatMap(({ processes }) => processes.map(({ pid }) => String(pid)));
  const load = new Load([1, 2, 3, 4].map((number) => base + number));
  await expect.poll(() => load.pids.size, { timeout: 20_000 }).toBe(4);
  const said = await cli.ok('restart', 'web', '--rolling');
  await expect.poll(() => load.pids.size, { timeout: 20_000 }).toBe(8);
  await load.end();
  expect(said).toContain('web: all 4 instances were restarted\n');
  expect(load.lost).toEqual([]);
  expect(load.answered).toBeGreaterThan(100);
  const after = (await cli.watches()).flatMap(({ processes }) => processes.map(({ pid }) => String(pid)));
  expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  expect(await cli.events({ types: ['crash_detected'] })).toEqual([]);
});

test('instances are scaled while they run, within what the watch allows, and one that breaks stops a rolling restart', async ({
  engine,
}) => {
  const { cli } = engine;
  const base = await add(engine, '1..3');
  await expect.poll(() => ready(engine), { timeout: 20_000 }).toEqual(['web#1']);
  expect(await cli.ok('scale', 'web', '+2')).toMatch(/^web: 3 of 1\.\.3 instances; /);
  await expect.poll(() => ready(engine), { timeout: 20_000 }).toEqual(['web#1', 'web#2', 'web#3']);
  const refused = await cli.run('scale', 'web', '+1');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('expected 1..3 instances of web, got 4');
  expect((await cli.run('edit', 'web', '--instances', '1000')).stderr).toContain(
    'expected at most 64 instances, got 1000',
  );
  await cli.ok('scale', 'web', '-1');
  await expect.poll(async () => (await cli.watches()).length, { timeout: 20_000 }).toBe(2);
  expect(await get(base + 3, '/ready')).toBeNull();
  expect(await cli.ok('status', 'web')).toMatch(
    /web#2 +running, ready[\s\S]*web: 2 of 1\.\.3 instances; 2 of 2 running/,
  );

  // What is edited now never gets ready: the first instance shows it, and the second one goes on as it is.
  const [first, second] = (await cli.watches()).map(({ processes }) => processes[0]?.pid);
  const [script = ''] = PROGRAM;
  await cli.ok(
    ...['edit', 'web', '--set', 'start.readyMs=1s', '--'],
    ...['node', script, `{${base}+instance}`, '--ready-after', '60000', '--drain', '100'],
  );
  const stopped = await cli.run('restart', 'web', '--rolling');
  expect(stopped.status).toBe(1);
  expect(stopped.stdout).toMatch(/^web: stopped, web#1 did not become ready: .*; as before: web#1, web#2$/m);
  const now = (await cli.watches()).map(({ processes }) => processes[0]?.pid);
  expect(now[1]).toBe(second);
  expect(now[0]).not.toBe(first);
});
