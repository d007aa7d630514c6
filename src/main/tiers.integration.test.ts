import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { HealdeckEvent } from '../shared/model/event';
import { watchSpecSchema } from '../shared/model/watch';
import { eventually, temporaryFolder } from './adapters/testing/children';
import { startSmtpServer, type TestSmtpServer } from './alerts/testing/smtp-server';
import { openUnixClient, type ApiClient } from './api/testing/api-client';
import { prepareEngines, type ComposedEngines } from './testing/composed';
import { freePorts } from './testing/free-ports';

/** A heal takes seconds; a machine that is busy gets more time. */
const SOON_MS = 60_000;

let engines: ComposedEngines;
let client: ApiClient;
let smtp: TestSmtpServer;
let disposals: (() => void | Promise<void>)[];

beforeAll(async () => {
  engines = await prepareEngines();
});
afterAll(() => engines.dispose());
beforeEach(async () => {
  const folder = temporaryFolder();
  disposals = [folder.remove];
  smtp = await startSmtpServer();
  disposals.push(() => smtp.dispose());
  const dataDir = join(folder.path, 'data');
  const healdeck = await engines.compose(dataDir);
  disposals.push(async () => {
    const { watches } = healdeck.engine;
    for (const { watch } of watches.list()) await watches.stop({ watch: watch.id, actor: 'cli' });
    await healdeck.dispose('the test is over');
  });
  const opened = await openUnixClient(join(dataDir, 'engine.sock'));
  client = opened.client;
  disposals.push(() => opened.socket.terminate());
  await client.settings.setAll({
    values: {
      // Time for the tiers to follow before the heal is confirmed, and for what is wrong to be seen to be so.
      ...{ 'heal.verifyMs': 12_000, 'alerts.settleMs': 500, 'restart.delays': false },
      ...{ 'mail.host': smtp.host, 'mail.port': smtp.port, 'mail.tls': 'none' },
      ...{ 'mail.from': 'healdeck@example.org', 'mail.to': ['ada@example.org'] },
    },
  });
  const [db = '', api = '', web = ''] = await freePorts(3);
  await addTier('db', db);
  await addTier('api', api, 'db', db);
  await addTier('web', web, 'api', api);
  await eventually('all three are ready', async () => (await readiness()).every((one) => one === 'ready'), SOON_MS);
});
afterEach(async () => {
  for (const dispose of disposals.reverse()) await dispose();
});

/** A tier of the demo, which asks the one that it starts after, and is restarted with it. */
async function addTier(name: string, port: string, after?: string, upstream?: string): Promise<void> {
  const argv = [
    process.execPath,
    resolve(`demo/tiers/${name}.mjs`),
    port,
    ...(upstream === undefined ? [] : [upstream]),
  ];
  const probe = {
    ...{ name: 'health', role: 'readiness', intervalMs: 500, timeoutMs: 400 },
    check: { kind: 'http', url: `http://127.0.0.1:${port}/health` },
  };
  const spec = watchSpecSchema.parse({
    ...{ name, restart: 'always', probes: [probe] },
    after: after === undefined ? [] : [{ watch: after, restart: true }],
    target: { kind: 'command', command: { argv: [...argv, '--max-seconds', '240'], cwd: '/' } },
  });
  await client.watches.add({ spec });
}

const readiness = async () => (await client.watches.list()).map((status) => status.readiness);

async function kill(name: string): Promise<void> {
  const status = (await client.watches.list()).find(({ watch }) => watch.name === name);
  process.kill(status!.processes[0]!.pid, 'SIGKILL');
}

const events = (types: HealdeckEvent['type'][]) => client.events.list({ types, limit: 100 });
const mails = () => smtp.mails.map(({ mail }) => mail);

async function recovered(...names: readonly string[]): Promise<void> {
  await eventually(
    'all have recovered',
    async () => {
      const watches = (await events(['recovered'])).map(({ watch }) => watch);
      return names.every((name) => watches.includes(name));
    },
    SOON_MS,
  );
}

it('a database that is killed is one incident and one mail, and what depends on it is restarted in order', async () => {
  await kill('db');
  await recovered('db');
  await eventually('the mail', () => mails().length > 0, SOON_MS);

  const restarted = await events(['restarted']);
  expect(restarted.map(({ watch, data }) => [watch, 'actor' in data && data.actor])).toEqual([
    ['db', 'engine'],
    ['api', 'dependency'],
    ['web', 'dependency'],
  ]);
  // Each only once what it follows was ready.
  const ready = await events(['became_ready']);
  for (const [name, after] of [
    ['api', 'db'],
    ['web', 'api'],
  ]) {
    const mine = restarted.find(({ watch }) => watch === name)?.id ?? 0;
    const its = restarted.find(({ watch }) => watch === after)?.id ?? Infinity;
    expect(ready.some(({ watch, id }) => watch === after && id > its && id < mine)).toBe(true);
  }
  const incidents = await client.incidents.list({ limit: 10 });
  expect(incidents.map(({ watch }) => watch)).toEqual(['db']);
  expect(incidents[0]?.affects.map(({ watch }) => watch)).toEqual(['api', 'web']);
  // One, or where the machine is so busy that its recovery comes late, another one about that.
  await eventually('the mail of its end', () => mails().at(-1)?.subject?.includes('db recovered') === true, SOON_MS);
  expect(mails().filter(({ subject }) => !subject?.includes(' db '))).toEqual([]);
  expect(mails().at(-1)?.text).toContain('Also affected: api (restarted, too), web (restarted, too).');
}, 180_000);

it('what dies with the database has an incident under its own, and no mail of its own', async () => {
  await kill('api');
  await kill('db');
  await recovered('db', 'api');
  await eventually('the mail', () => mails().length > 0, SOON_MS);
  // What would come for the other one comes in this time.
  await eventually('nothing waits', async () => (await client.alerts.status()).held === 0, SOON_MS);

  const incidents = await client.incidents.list({ limit: 10 });
  const [db] = incidents.filter(({ cause }) => cause === null);
  expect(incidents.filter(({ cause }) => cause === null).map(({ watch }) => watch)).toEqual(['db']);
  expect(incidents.find(({ watch }) => watch === 'api')?.cause).toEqual({ watch: 'db', incident: db?.id });
  expect(mails().filter(({ subject }) => !subject?.includes(' db '))).toEqual([]);
  expect(mails().at(-1)?.text).toContain(
    `Also affected: api (incident ${incidents.find(({ watch }) => watch === 'api')?.id})`,
  );
}, 180_000);
