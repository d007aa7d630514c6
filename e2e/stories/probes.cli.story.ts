import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventType, HealdeckEvent } from '../../src/shared/model/event';
import { freePort } from '../fixtures/free-port';
import { expect, test, type Headless } from '../fixtures/headless';
import { processesNaming } from '../fixtures/processes';

const INTERVAL_MS = 500;
const TIMEOUT_MS = 300;
const FAILURES = 3;
const QUICK = ['--probe-interval', `${INTERVAL_MS}ms`, '--probe-timeout', `${TIMEOUT_MS}ms`];
/** Nothing of this story waits for a heal to be confirmed. */
const CALM = ['--restart', 'always', '--set', 'restart.delays=false', '--set', 'heal.verifyMs=1s'];

test.setTimeout(60_000);

/** A program whose answers can be switched. */
class Answers {
  constructor(
    private readonly engine: Headless,
    readonly name: string,
    private readonly port: number,
  ) {}

  static async add(
    engine: Headless,
    name: string,
    { probe = ['--probe-http'], path = '/health', options = [], args = [] }: Partial<AnswersOptions> = {},
  ): Promise<Answers> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}${path}`;
    await engine.cli.ok(
      ...['add', name, ...CALM, ...probe, url, ...QUICK, ...options],
      ...['--', 'node', 'demo/answers.mjs', String(port), ...args],
    );
    return new Answers(engine, name, port);
  }

  async passes(): Promise<void> {
    const state = async () => (await this.engine.cli.watch(this.name)).probes[0]?.state;
    await expect.poll(state, { timeout: 10_000 }).toBe('passing');
  }

  async switchTo(mode: string): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.port}/mode`, { method: 'POST', body: mode });
    expect(response.status).toBe(200);
  }

  async get(path: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.port}${path}`)).text();
  }

  async first<T extends EventType>(type: T): Promise<HealdeckEvent & { type: T }> {
    const query = { watch: this.name, types: [type] };
    await expect.poll(async () => (await this.engine.cli.events(query)).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [event] = await this.engine.cli.events(query);
    return event as HealdeckEvent & { type: T };
  }
}

interface AnswersOptions {
  probe: readonly string[];
  path: string;
  options: readonly string[];
  args: readonly string[];
}

test('a program that accepts and never answers is restarted in time, and its last words are kept', async ({
  engine,
}) => {
  const web = await Answers.add(engine, 'web', { options: ['--probe-failures', `${FAILURES}/5`] });
  await web.passes();
  const [pid] = await engine.cli.pids('web');
  await web.switchTo('hang');
  const hungAt = Date.now();
  const restarted = await web.first('restarted');
  expect(Date.parse(restarted.at) - hungAt).toBeLessThan(INTERVAL_MS * FAILURES + 1000);
  const failed = await web.first('probe_failed');
  expect(failed.data).toMatchObject({
    ...{ probe: 'health', role: 'liveness', failures: FAILURES, action: 'restart' },
    answer: 'no answer within 300 ms',
  });
  expect(failed.incident).not.toBeNull();
  const story = await engine.cli.events({ watch: 'web' });
  const types = story.filter(({ incident }) => incident === failed.incident).map(({ type }) => type);
  expect(types.slice(0, 4)).toEqual(['probe_failed', 'last_words', 'killed', 'restarted']);
  expect(types).not.toContain('crash_detected');
  expect(await engine.cli.pids('web')).not.toContain(pid);
  await web.passes();
  expect(await engine.cli.ok('probe', 'web')).toMatch(/health +passed +[\d.]+ m?s +200 OK/);
  await web.first('recovered');
});

test('a program that answers every other time with 500 is restarted', async ({ engine }) => {
  const web = await Answers.add(engine, 'web', { options: ['--probe-failures', '2/4'] });
  await web.passes();
  await web.switchTo('every-other');
  const { data } = await web.first('probe_failed');
  expect(data).toMatchObject({ probe: 'health', failures: 2, action: 'restart' });
  expect(data.attempts.map(({ passed }) => passed).slice(-3)).toEqual([false, true, false]);
  expect(data.answer).toContain('500 Internal Server Error, body: broken');
  await web.first('restarted');
});

test('start --wait returns once the program is ready, and fails with the last answer where it never is', async ({
  engine,
}) => {
  const { cli } = engine;
  const readiness = { path: '/ready', options: ['--probe-role', 'readiness', '--set', 'start.readyMs=2s'] };
  const web = await Answers.add(engine, 'web', { ...readiness, args: ['--ready-after', '1500'] });
  expect(await cli.ok('restart', 'web', '--wait')).toMatch(/^web: running \(pid \d+\)/);
  expect(await web.get('/ready')).toBe('ready\n');
  const ready = (await cli.events({ watch: 'web', types: ['became_ready'] })).at(-1);
  expect(ready?.data).toMatchObject({ probe: 'health', answer: '200 OK' });
  expect((ready?.data as { afterMs: number }).afterMs).toBeGreaterThan(1000);
  expect(await cli.ok('status')).toMatch(/web +running, ready /);

  await cli.ok('stop', 'web');
  await cli.ok('edit', 'web', '--', 'node', 'demo/answers.mjs', String(await freePort()), '--ready-after', '60000');
  // The probe still asks the old port, where nobody is.
  const refused = await cli.run('start', 'web', '--wait');
  expect(refused.status).toBe(1);
  expect(refused.stdout).toBe('');
  expect(refused.stderr).toMatch(/^healdeck: web was started, and is not ready within 2 s \(probe health: .*refused/);
  await cli.ok('stop', 'web');

  const slow = await Answers.add(engine, 'slow', { ...readiness, args: ['--ready-after', '60000'] });
  expect((await cli.watch('slow')).readiness).toBe('awaited');
  const failed = await slow.first('restart_failed');
  expect(failed.data).toMatchObject({ reason: 'not_ready', operation: 'start' });
  expect(failed.message).toContain('503 Service Unavailable, body: still starting');
  await cli.ok('stop', 'slow');
  const late = await cli.run('start', 'slow', '--wait', '--timeout', '1s');
  expect(late.status).toBe(1);
  expect(late.stderr).toMatch(
    /slow is not ready within 1 s \(probe health: 503 Service Unavailable, body: still starting\)/,
  );
});

test('a command probe that forks and ignores TERM leaves no process', async ({ engine }) => {
  const script = join(engine.dataDir, 'stubborn-check.sh');
  // Its children are known by their time, as the script is by its name.
  const time = `61.${process.pid}`;
  writeFileSync(script, `trap '' TERM\nsleep ${time} &\nsleep ${time}\n`);
  // It fails at more attempts than there are in this story: the program stays as it is.
  const options = ['--probe-command', `sh ${script}`, ...QUICK, '--probe-failures', '50/50'];
  await engine.cli.ok('add', 'web', ...options, '--', 'node', 'demo/server.mjs', '0');
  const answers = async () => (await engine.cli.watch('web')).probes[0]?.attempts ?? [];
  await expect.poll(async () => (await answers()).length, { timeout: 15_000 }).toBeGreaterThan(1);
  expect((await answers())[0]).toMatchObject({ passed: false, words: expect.stringMatching(/^no end within 300 ms/) });
  await engine.cli.ok('stop', 'web');
  const left = () => [...processesNaming(script), ...processesNaming(`sleep ${time}`)];
  await expect.poll(left, { timeout: 5000 }).toEqual([]);
});

test('a secret in a header reaches the server, and is found nowhere else', async ({ engine }, testInfo) => {
  const { cli, dataDir } = engine;
  const canary = randomUUID();
  const SECRET = `Bearer ${canary}`;
  await cli.pipe(`${SECRET}\n`, 'secrets', 'set', 'probe.token');
  const options = ['--probe-header', 'Authorization: secret probe.token'];
  const web = await Answers.add(engine, 'web', { options });
  await web.passes();
  expect(await web.get('/seen')).toBe(`${SECRET.length}\n`);
  // The server sends it back with each failure.
  await web.switchTo('500');
  expect((await web.first('probe_failed')).data.answer).toMatch(/^500 Internal Server Error, body: broken \S*•••/);
  await web.first('restarted');
  const exported = testInfo.outputPath('exported.json');
  await cli.ok('export', exported);
  const outputs = [
    await cli.ok('status', 'web', '--json'),
    await cli.ok('status', 'web'),
    await cli.ok('events', '--json'),
    JSON.stringify(await cli.run('probe', 'web')),
    readFileSync(exported, 'utf8'),
  ];
  expect(outputs.filter((text) => text.includes('probe.token')).length).toBeGreaterThan(1);
  expect(outputs.filter((text) => text.includes(canary))).toEqual([]);
  // The file of the secrets is where it is kept: readable by its owner only.
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(canary));
  expect(files.length).toBeGreaterThan(5);
  expect(holding.filter((file) => file !== join(dataDir, 'secrets.json'))).toEqual([]);
});
