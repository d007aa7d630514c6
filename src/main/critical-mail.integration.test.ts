import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Settings } from '../shared/model/settings';
import { watchSpecSchema } from '../shared/model/watch';
import { eventually, temporaryFolder } from './adapters/testing/children';
import { startSmtpServer, type TestSmtpServer } from './alerts/testing/smtp-server';
import { openUnixClient, type ApiClient } from './api/testing/api-client';
import { prepareEngines, type ComposedEngines } from './testing/composed';

/** A mail takes a second; a machine that is busy gets more time, and a mail that is held would come in an hour. */
const SOON_MS = 45_000;

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
  disposals.push(() => healdeck.dispose('the test is over'));
  const opened = await openUnixClient(join(dataDir, 'engine.sock'));
  client = opened.client;
  disposals.push(() => opened.socket.terminate());
});
afterEach(async () => {
  for (const dispose of disposals.reverse()) await dispose();
});

/** A bucket holds half of what an hour allows: one ordinary mail, and two critical ones beside it. */
const LIMITS: Partial<Settings> = { 'mail.perHour': 2, 'alerts.criticalPerHour': 4 };

/** A program that fails at each start, and is left in cooldown after its first restart. */
async function crashLoop(name: string): Promise<void> {
  await crash(name, { restart: 'on-failure', overrides: { 'restart.limit': 1, 'cooldown.durationMs': 600_000 } });
}

async function crash(name: string, more: object = { restart: 'never' }): Promise<void> {
  const target = { kind: 'command', command: { argv: ['sh', '-c', 'exit 7'], cwd: '/' } };
  await client.watches.add({ spec: watchSpecSchema.parse({ name, target, ...more }) });
}

const subjects = (): string[] => smtp.mails.map(({ mail }) => mail.subject ?? '');
const mailAbout = (name: string) => subjects().find((subject) => subject.includes(name));

it('a crash loop is mailed at once though the mails of the hour are used up, and a flood of them is bounded', async () => {
  await client.settings.setAll({
    values: {
      ...LIMITS,
      ...{ 'mail.host': smtp.host, 'mail.port': smtp.port, 'mail.tls': 'none', 'alerts.settleMs': 500 },
      ...{ 'mail.from': 'healdeck@example.org', 'mail.to': ['ada@example.org'] },
    },
  });

  // The hour is used up: what else is grave waits.
  await crash('first');
  // A machine whose disk is slow may be in it, or be the whole of it.
  await eventually('the mail that uses up the hour', () => subjects().length === 1, SOON_MS);
  await crash('second');
  const held = async () => (await client.alerts.status()).holds;
  // How many events wait is the machine's to say: a slow disk is reported, too.
  await expect.poll(held, { timeout: SOON_MS }).toMatchObject([{ reason: 'hourly_limit', critical: false }]);

  await crashLoop('third');
  await eventually('the mail about the crash loop', () => mailAbout('third'), SOON_MS);
  expect(smtp.mails.at(-1)?.raw).toMatch(/^Importance: high\r?$/m);
  expect(await held()).toMatchObject([{ reason: 'hourly_limit', critical: false }]);

  // The second critical one is the last for now; from then on they wait, and it is said that they do.
  await crashLoop('fourth');
  await eventually('the mail about the second loop', () => mailAbout('fourth'), SOON_MS);
  for (const name of ['fifth', 'sixth', 'seventh']) await crashLoop(name);
  await expect
    .poll(async () => (await client.events.list({ types: ['cooldown_started'], limit: 10 })).length, {
      timeout: 30_000,
    })
    .toBe(5);
  await expect
    .poll(held, { timeout: SOON_MS })
    .toMatchObject([{ reason: 'hourly_limit', until: expect.any(Number) as number, critical: true }]);
  expect(subjects()).toHaveLength(3);

  // None is lost: the operator sends what waits.
  await client.alerts.sendHeld();
  await eventually('the mail about all that waited', () => subjects().length === 4, SOON_MS);
  const rest = smtp.mails.at(-1)?.mail.text ?? '';
  for (const name of ['second', 'fifth', 'sixth', 'seventh']) expect(rest).toContain(name);
  expect(subjects()).toHaveLength(4);
});
