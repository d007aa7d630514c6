import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Io } from '../cli/io';
import { runCli } from '../cli/program';
import type { DeliveryStep } from '../shared/model/delivery';
import type { ProcessIdentity } from '../shared/model/process';
import type { Settings } from '../shared/model/settings';
import { eventually, temporaryFolder } from './adapters/testing/children';
import { createAuthority } from './alerts/testing/certificates';
import { startSmtpServer, type TestSmtpServer } from './alerts/testing/smtp-server';
import { openUnixClient, type ApiClient } from './api/testing/api-client';
import type { Healdeck } from './compose';
import { filesBelow, holds, LOGIN_OF_CANARY, rowsOf } from './testing/canary';
import { prepareEngines } from './testing/composed';

/** Kept as mail.password and webhook.key. Its characters are written otherwise in URLs, JSON and base64. */
const SECRET = 'Canary+7f3b/91 "é"=secret';
/** In the arguments of a watch, of a process beside it, and of the alert command; none of them tells it. */
const OF_ARGUMENTS = 'Argument-7f3b-91secret';
/** In a variable whose name says nothing, but which was said to be secret. */
const BY_WISH = 'Wish-7f3b-91secret';
/** In the environment of a watch, whose program tells it. */
const OF_PROGRAM = 'Program+7f3b/91 "é"=secret';

/** Everything that anybody was told, by where. */
const reported = new Map<string, string>();
const report = (where: string, what: unknown): void => {
  const text = typeof what === 'string' ? what : (JSON.stringify(what) ?? '');
  reported.set(where, `${reported.get(where) ?? ''}${text}\n`);
};

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const disposals: (() => void | Promise<void>)[] = [];
const authority = createAuthority();
let healdeck: Healdeck;
let client: ApiClient;
let webPort: number;
let servers: Record<'plain' | 'implicit' | 'expired' | 'unknown', TestSmtpServer>;

const login = { user: LOGIN_OF_CANARY, password: SECRET };

beforeAll(async () => {
  const write = process.stderr.write.bind(process.stderr);
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    report('standard error', String(text));
    return write(text as string);
  });
  disposals.push(() => spy.mockRestore());
  writeFileSync(join(folder.path, 'ca.pem'), authority.cert);
  const start = async (...options: Parameters<typeof startSmtpServer>): Promise<TestSmtpServer> => {
    const server = await startSmtpServer(...options);
    disposals.push(() => server.dispose());
    return server;
  };
  servers = {
    plain: await start({ login }),
    implicit: await start({ tls: 'implicit', certificate: authority.issue(), login }),
    expired: await start({ tls: 'implicit', certificate: authority.issue({ days: -1 }), login }),
    unknown: await start({ tls: 'implicit', certificate: createAuthority('Nobody').issue(), login }),
  };
  // What it is asked for stands in its answer, and that is a failure.
  const web = createHttpServer(({ url = '' }, answer) => answer.writeHead(500).end(`${url} ${SECRET}`));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webPort = (web.address() as AddressInfo).port;
  disposals.push(() => {
    web.closeAllConnections();
    web.close();
  });
  const engines = await prepareEngines();
  disposals.push(() => engines.dispose());
  healdeck = await engines.compose(dataDir);
  disposals.push(() => healdeck.dispose('the test is over'));
  const opened = await openUnixClient(join(dataDir, 'engine.sock'));
  client = opened.client;
  disposals.push(() => opened.socket.terminate());
  void listen('live stream', () => client.live());
  void listen('events', () => client.events.follow({ limit: 1000 }));
});

afterAll(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
  folder.remove();
});

async function listen(where: string, open: () => Promise<AsyncIterable<unknown>>): Promise<void> {
  try {
    for await (const message of await open()) report(where, message);
  } catch {
    // The stream ends with the engine.
  }
}

/** An answer of the API, or its refusal, kept for the search. */
async function ask<T>(where: string, call: Promise<T>): Promise<T | null> {
  try {
    const answer = await call;
    report(where, answer);
    return answer;
  } catch (error) {
    report(where, error instanceof Error ? `${error.message}\n${error.stack}` : error);
    return null;
  }
}

async function cli(...argv: string[]): Promise<void> {
  const io: Io = {
    ...{ env: {}, cwd: folder.path, platform: process.platform, homedir: folder.path, columns: 120 },
    ...{ now: () => Date.now(), machine: { memoryBytes: 8e9, cores: 4, hostname: 'here' }, confirm: () => null },
    out: (text) => report(`healdeck ${argv.join(' ')}`, text),
    err: (text) => report(`healdeck ${argv.join(' ')}`, text),
    terminal: () => null,
    secret: () => Promise.resolve(SECRET),
  };
  await runCli(['--data-dir', dataDir, ...argv], io, '0.0.0');
}

const mail = (server: { port: number }, more: Partial<Settings> = {}): Partial<Settings> => ({
  ...{ 'mail.host': '127.0.0.1', 'mail.port': server.port, 'mail.tls': 'none', 'mail.user': LOGIN_OF_CANARY },
  ...{ 'mail.from': 'healdeck@example.org', 'mail.to': ['ada@example.org'], 'mail.timeoutMs': 1000 },
  ...more,
});

/** A server that repeats what it was given, in whatever form. */
const gossip = (code: string): { reply: string } => ({
  reply: `${code} no: ${SECRET} ${Buffer.from(`\0${LOGIN_OF_CANARY}\0${SECRET}`).toString('base64')} ${Buffer.from(SECRET).toString('base64')}`,
});

async function closedPort(): Promise<{ port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { port };
}

/** Each way in which a mail can fail, and the step that is named. */
const FAILURES: readonly [name: string, step: DeliveryStep, set: () => Promise<Partial<Settings>>][] = [
  ['refused', 'connection', async () => mail(await closedPort())],
  [
    'name not found',
    'name',
    async () => mail(servers.plain, { 'mail.host': 'nobody.invalid', 'mail.allowPlaintext': true }),
  ],
  ['login', 'login', async () => (servers.plain.answer('login', gossip('535')), mail(servers.plain))],
  ['sender', 'sender', async () => (servers.plain.answer('sender', gossip('550')), mail(servers.plain))],
  ['recipient', 'recipient', async () => (servers.plain.answer('recipient', gossip('550')), mail(servers.plain))],
  ['content', 'content', async () => (servers.plain.answer('message', gossip('554')), mail(servers.plain))],
  ['busy', 'server', async () => (servers.plain.answer('message', gossip('421')), mail(servers.plain))],
  ['cut', 'server', async () => (servers.plain.answer('message', 'cut'), mail(servers.plain))],
  ['black hole', 'timeout', async () => (servers.plain.answer('login', 'silence'), mail(servers.plain))],
  [
    'expired',
    'tls',
    async () => mail(servers.expired, { 'mail.tls': 'implicit', 'mail.caFile': join(folder.path, 'ca.pem') }),
  ],
  ['unknown authority', 'tls', async () => mail(servers.unknown, { 'mail.tls': 'implicit' })],
  ['no TLS', 'tls', async () => mail(servers.plain, { 'mail.tls': 'starttls' })],
];

describe('a secret', () => {
  it('is kept where it belongs', async () => {
    await cli('secrets', 'set', 'mail.password');
    await ask('secrets.set', client.secrets.set({ name: 'webhook.key', value: SECRET }));
    await ask(
      'secrets.set',
      client.secrets.set({ name: 'webhook.url', value: `http://127.0.0.1:${webPort}/${encodeURIComponent(SECRET)}` }),
    );
    // Refused values are no less secret.
    await ask('secrets.set', client.secrets.set({ name: 'nonsense', value: SECRET }));
    await ask('secrets.set', client.secrets.set({ name: 'mail.password', value: SECRET.repeat(1000) }));
    await ask('secrets.list', client.secrets.list());
    const file = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    expect(holds(file, SECRET)).toBe(true);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('of a program that tells it is in the configuration and in the output of that program', async () => {
    const printsAll = 'console.error("key", process.env.API_KEY, Object.keys(process.env).join()); process.exit(1)';
    const spec = {
      ...{ name: 'gossip', restart: 'on-failure' as const },
      target: {
        kind: 'command' as const,
        command: {
          ...{ argv: [process.execPath, '-e', printsAll, '--', `--password=${OF_ARGUMENTS}`], cwd: '/' },
          ...{ env: { API_KEY: OF_PROGRAM, LOGIN: BY_WISH }, hiddenEnv: ['LOGIN'] },
        },
      },
    };
    const atOnce = { 'alerts.settleMs': 0, 'alerts.groupMs': 0 };
    await ask('settings.setAll', client.settings.setAll({ values: { ...mail(servers.plain), ...atOnce } }));
    await ask('watches.add', client.watches.add({ spec }));
    await eventually('it crashed', () => reported.get('events')?.includes('"stderrTail":["key'));
    await eventually('it was mailed', () => servers.plain.mails.some(({ raw }) => raw.includes('gossip')));
    const output = readFileSync(join(dataDir, 'logs', 'gossip.err.log'), 'utf8');
    expect(holds(output, OF_PROGRAM)).toBe(true);
    expect(output).not.toContain('HEALDECK_SMTP');
    expect(holds(readFileSync(join(dataDir, 'config.json'), 'utf8'), OF_PROGRAM)).toBe(true);
  });

  it('in arguments is what programs run with', async () => {
    const argv = [process.execPath, '-e', 'setTimeout(() => {}, 60_000)', '--', '--token', OF_ARGUMENTS];
    // In a session of its own and left to init: a child of this test would be a part of Healdeck.
    const { stdout } = spawnSync('sh', ['-c', 'setsid "$@" </dev/null >/dev/null 2>&1 & echo $!', 'sh', ...argv]);
    const stray = Number(stdout);
    disposals.push(() => void endIfAlive(stray));
    const row = await vi.waitFor(
      async () => {
        const found = (await client.processes.list()).find(({ pid }) => pid === stray);
        return found ?? Promise.reject(new Error('it is not in the table yet'));
      },
      { timeout: 30_000, interval: 50 },
    );
    const details = await ask('processes.describe', client.processes.describe(row));
    await ask('processes.endPreview', client.processes.endPreview({ ...identityOf(row), scope: 'tree' }));
    await cli('inspect', String(stray));
    await cli('ps', '--all', '--text', String(stray));
    // A watch of it, as the window makes one of what it was shown.
    const start = { argv: [...(details?.argv ?? [])], cwd: '/' };
    const target = { kind: 'match' as const, by: 'cmdline' as const, pattern: `--token .*-91secret`, start };
    const spec = { name: 'stray', target };
    await ask('watches.preview', client.watches.preview({ target }));
    await ask('watches.add', client.watches.add({ spec, hiddenFrom: identityOf(row) }));
    await ask('watches.restart', client.watches.restart({ watch: 'stray' }));
    const [status] = (await client.watches.list()).filter(({ watch }) => watch.name === 'stray');
    const pid = status?.processes[0]?.pid ?? 0;
    expect(pid).not.toBe(stray);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)).toEqual(argv);
    // An edit of what was shown, and an end by the operator.
    await cli('edit', 'stray', '--restart', 'never');
    const again = status?.processes[0] ?? row;
    await ask(
      'processes.end',
      client.processes.end({ ...identityOf(again), scope: 'process', force: true, expect: [identityOf(again)] }),
    );
    await ask('watches.start', client.watches.start({ watch: 'stray' }));
    await ask('watches.stop', client.watches.stop({ watch: 'stray' }));
    const command = ['/nonexistent/page', `--api-key=${OF_ARGUMENTS}`];
    await ask('settings.set', client.settings.set({ key: 'command.argv', value: command }));
  });

  it('logs in where it is right', async () => {
    await ask('settings.setAll', client.settings.setAll({ values: mail(servers.plain) }));
    expect(await ask('alerts.test', client.alerts.test({ channel: 'mail' }))).toMatchObject([
      { delivery: { ok: true } },
    ]);
    expect(servers.plain.mails.at(-1)?.user).toBe(LOGIN_OF_CANARY);
  });

  it.each(FAILURES)('goes through a failure: %s', async (_name, step, set) => {
    await ask('settings.setAll', client.settings.setAll({ values: await set() }));
    const tries = await ask('alerts.test', client.alerts.test({ channel: 'mail' }));
    expect(tries).toMatchObject([{ delivery: { ok: false, problem: { step } } }]);
    await ask('alerts.check', client.alerts.check({ channel: 'mail' }));
    await cli('mail', 'test');
    await cli('mail', 'check');
    for (const each of ['login', 'sender', 'recipient', 'message'] as const) servers.plain.answer(each, null);
  });

  it('goes through the other channels and every question', async () => {
    const posted = await ask('alerts.test', client.alerts.test({ channel: 'webhook' }));
    expect(posted).toMatchObject([{ delivery: { ok: false, problem: { step: 'server' } } }]);
    for (const channel of ['webhook', 'desktop', 'command'] as const) {
      await ask('alerts.test', client.alerts.test({ channel }));
      await ask('alerts.check', client.alerts.check({ channel }));
    }
    await ask('alerts.status', client.alerts.status());
    await ask('alerts.list', client.alerts.list({ limit: 1000 }));
    await ask('alerts.retry', client.alerts.retry({ id: null }));
    const [incident] = (await ask('incidents.list', client.incidents.list({ limit: 10 }))) ?? [];
    await ask('alerts.preview', client.alerts.preview({ incident: incident?.id ?? null }));
    await ask('settings.get', client.settings.get());
    await ask('engine.info', client.engine.info());
    await ask('config.export', client.config.export());
    await ask('watches.list', client.watches.list());
    await ask('processes.list', client.processes.list());
    await cli('export', join(folder.path, 'export.json'));
    report('export', readFileSync(join(folder.path, 'export.json'), 'utf8'));
    for (const words of ['status', 'alerts', 'alerts outbox', 'secrets', 'events', 'incidents', 'settings', 'doctor']) {
      await cli(...words.split(' '));
      await cli(...words.split(' '), '--json');
    }
    await cli('mail', 'preview', '--json');
    await cli('events', '--csv');
    const recorded = await ask('processes.recorded', client.processes.recorded());
    await ask('processes.at', client.processes.at({ at: recorded?.to ?? Date.now() }));
    await ask('watches.restart', client.watches.restart({ watch: 'gossip' }));
    await cli('incidents', String(incident?.id ?? 1));
    for (const server of Object.values(servers)) for (const { raw } of server.mails) report('mails', raw);
  });

  it('was told to nobody', () => {
    expect([...reported.keys()]).toEqual(
      expect.arrayContaining(['live stream', 'events', 'mails', 'healdeck mail test']),
    );
    const leaks = [...reported].flatMap(([where, text]) => [
      ...(holds(text, SECRET) ? [`${where}: mail.password or webhook.key`] : []),
      ...(holds(text, OF_PROGRAM) ? [`${where}: the environment of a watch`] : []),
      ...(holds(text, BY_WISH) ? [`${where}: a variable that was said to be secret`] : []),
      ...(holds(text, OF_ARGUMENTS) ? [`${where}: arguments`] : []),
    ]);
    expect(leaks).toEqual([]);
  });

  it('is in no other file', async () => {
    await healdeck.dispose('the search begins');
    const files = filesBelow(dataDir);
    expect(files).toEqual(expect.arrayContaining(['history.db', 'healing.log', 'state.json', 'logs/gossip.err.log']));
    const leaks = files.flatMap((file) => {
      const content = readFileSync(join(dataDir, file));
      return [
        ...(!/^secrets\.json(\.backup)?$/.test(file) && holds(content, SECRET) ? [`${file}: mail.password`] : []),
        ...(!/^((config|state)\.json(\.backup)?|logs\/gossip\.err\.log)$/.test(file) && holds(content, OF_PROGRAM)
          ? [`${file}: the environment of a watch`]
          : []),
        ...(!/^(config|state)\.json(\.backup)?$/.test(file) && (holds(content, OF_ARGUMENTS) || holds(content, BY_WISH))
          ? [`${file}: arguments, or a variable that was said to be secret`]
          : []),
      ];
    });
    expect(leaks).toEqual([]);
    const rows = rowsOf(join(dataDir, 'history.db'));
    expect(rows).toContain('crash_detected');
    expect([SECRET, OF_PROGRAM, OF_ARGUMENTS, BY_WISH].filter((secret) => holds(rows, secret))).toEqual([]);
  });
});

const identityOf = ({ pid, startTime }: ProcessIdentity): ProcessIdentity => ({ pid, startTime });

function endIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The engine has ended it.
  }
}
