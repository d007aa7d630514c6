import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeAlerts, FakeSecrets } from '../main/api/testing/fake-alerts';
import type { FakeEngine } from '../main/api/testing/fake-engine';
import type { ChannelStatus, OutboxEntry } from '../shared/model/alert';
import type { DeliveryProblem } from '../shared/model/delivery';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
let engine: FakeEngine;
let alerts: FakeAlerts;
let secrets: FakeSecrets;

beforeEach(async () => {
  bench = new CliBench();
  ({ engine, alerts, secrets } = await bench.startEngine());
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);
const json = async (...argv: string[]): Promise<unknown> => JSON.parse((await run(...argv, '--json')).out);

const login: DeliveryProblem = {
  step: 'login',
  message: 'smtp.example.org refused the login of ada: 535 5.7.8 Authentication failed',
  advice: 'Check mail.user and the secret mail.password.',
  temporary: false,
};
const ready: ChannelStatus = {
  ...{ channel: 'mail', state: 'ready', recipients: ['ada@example.org'], problem: null, lastSentAt: null },
  description: 'smtp.example.org:587, STARTTLS, as ada',
};
const entry = (id: number, changes: Partial<OutboxEntry> = {}): OutboxEntry => ({
  ...{ id, channel: 'mail', recipient: 'ada@example.org', kind: 'incident', severity: 'high', watch: 'web' },
  ...{ incident: 7, subject: '[kiosk] web crashed', events: 2, createdAt: 0, state: 'queued', attempts: 1 },
  ...{ nextAttemptAt: 61_000, sentAt: null, reply: null, problem: null, ...changes },
});

describe('a test mail', () => {
  it('shows what the server said', async () => {
    expect(await run('mail', 'test')).toEqual({ exitCode: 0, out: 'ada@example.org  delivered: 250 OK\n', err: '' });
    expect(await json('alerts', 'test', 'mail')).toEqual(alerts.deliveries);
  });

  it('that does not arrive says where it ended, why and what to try, and fails', async () => {
    alerts.deliveries.push({ recipient: 'bob@example.org', delivery: { ok: false, problem: login } });
    expect(await run('mail', 'test')).toEqual({
      exitCode: 1,
      out:
        'ada@example.org  delivered: 250 OK\n' +
        'bob@example.org  failed at the login: smtp.example.org refused the login of ada: 535 5.7.8 Authentication failed\n' +
        '                 → Check mail.user and the secret mail.password.\n',
      err: 'healdeck: 1 of 2 test messages did not arrive\n',
    });
    const { exitCode, out } = await run('alerts', 'test', 'mail', '--json');
    expect({ exitCode, tries: JSON.parse(out) as unknown }).toEqual({ exitCode: 1, tries: alerts.deliveries });
  });

  it('can not write to the terminal through the words of a server', async () => {
    alerts.deliveries = [{ recipient: '', delivery: { ok: true, reply: '200 \u001b[2J' } }];
    expect((await run('alerts', 'test', 'webhook')).out).toBe('webhook  delivered: 200 \\x1b[2J\n');
  });

  it('to nobody is a failure', async () => {
    alerts.deliveries = [];
    expect(await run('mail', 'test')).toMatchObject({ exitCode: 1, err: expect.stringContaining('mail is off') });
  });
});

describe('a check of the mail settings', () => {
  it('says that all is well', async () => {
    alerts.channel = ready;
    expect(await run('mail', 'check')).toEqual({
      ...{ exitCode: 0, err: '' },
      out: 'ok  smtp.example.org:587, STARTTLS, as ada, to ada@example.org\n',
    });
  });

  it('says what is wrong', async () => {
    alerts.channel = { ...ready, state: 'failing', problem: login };
    const { exitCode, out } = await run('mail', 'check');
    expect(exitCode).toBe(1);
    expect(out).toContain('failed at the login: smtp.example.org refused');
    expect(out).toContain('  → Check mail.user');
  });

  it('says once what keeps every server from being used', async () => {
    const missing = 'The password for the login at smtp.example.org:587 as ada is not set';
    alerts.channel = {
      ...{ ...ready, state: 'failing', description: `${missing}.` },
      problem: { ...login, message: missing },
    };
    expect((await run('mail', 'check')).out.split(missing)).toHaveLength(2);
  });

  it('says how to set it up', async () => {
    expect(await run('mail', 'check')).toMatchObject({ exitCode: 1, err: expect.stringContaining('set mail.host') });
  });
});

describe('a preview', () => {
  it('is the text, or a file of HTML', async () => {
    expect(await run('mail', 'preview')).toMatchObject({
      ...{ exitCode: 0, out: 'Subject: [test] web crashed\n\nweb crashed\n' },
    });
    const file = join(bench.dataDir, 'mail.html');
    expect((await run('mail', 'preview', '4711', '--html', file)).out).toContain(`Its HTML is in ${file}`);
    expect(readFileSync(file, 'utf8')).toBe('<p>web crashed</p>');
    expect(await json('mail', 'preview')).toMatchObject({ html: '<p>web crashed</p>' });
    expect(await run('mail', 'preview', '--html', '/nowhere/x')).toMatchObject({ exitCode: 1 });
  });
});

describe('the templates', () => {
  it('are shown with what they can be made of', async () => {
    const kit = await json('mail', 'templates');
    expect(kit).toHaveProperty('standard.text');
    const { exitCode, out } = await run('mail', 'templates');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^VARIABLE +MEANING\n\{\{/);
    expect(out).toContain('mail.subjectTemplate\n');
  });
});

describe('the outbox', () => {
  beforeEach(() => {
    alerts.entries = [entry(3), entry(2, { state: 'failed', nextAttemptAt: null, problem: login, attempts: 70 })];
  });

  it('is shown, by state too', async () => {
    const { out } = await run('alerts', 'outbox');
    expect(out).toMatch(/^ID +CREATED +TO +STATE +TRIES +NEXT +EVENTS +SUBJECT/);
    expect(out).toMatch(/ 3 +1970-01-01 00:00:00Z +ada@example.org +queued +1 +in 1 min +2 +\[kiosk\] web crashed/);
    expect(out).toContain('535 5.7.8');
    expect(await json('alerts', 'outbox', '--state', 'failed')).toMatchObject([{ id: 2 }]);
    expect(await json('alerts', 'outbox', '--limit', '1')).toMatchObject([{ id: 3 }]);
    expect((await run('alerts', 'outbox', '--state', 'sent')).out).toBe('No messages.\n');
  });

  it('is tried again and dropped', async () => {
    expect((await run('alerts', 'retry', '3')).out).toBe('1 message is on the way now.\n');
    expect(await json('alerts', 'retry', '--all')).toEqual({ tried: 1 });
    expect((await run('alerts', 'drop', '--all')).out).toBe('1 message is dropped.\n');
    expect((await run('alerts', 'drop', '--all')).out).toBe('No messages have failed.\n');
    expect(await run('alerts', 'drop', '99')).toMatchObject({
      ...{ exitCode: 1, err: 'healdeck: no message has the number 99\n' },
    });
  });

  it('stands in the status of the alerts', async () => {
    alerts.channel = { ...ready, state: 'failing', problem: login };
    alerts.warnings = ['mail.password is not encrypted.'];
    const { out } = await run('alerts');
    expect(out).toMatch(
      /^CHANNEL +STATE +LAST SENT +TO +HOW\nmail +failing +- +ada@example\.org +smtp\.example\.org:587/,
    );
    expect(out).toContain('mail failed at the login: smtp.example.org refused');
    expect(out).toContain('Messages: 1 on the way, 1 failed (healdeck alerts retry --all, or drop --all)\n');
    expect(out).toContain('Warning: mail.password is not encrypted.\n');
    expect(await json('alerts')).toMatchObject({ waiting: 1, failed: 1, warnings: alerts.warnings });
  });

  it('and what keeps alerts from arriving is one line of the status, and a finding of the doctor', async () => {
    alerts.channel = { ...ready, state: 'failing', problem: login };
    alerts.warnings = ['mail.password is not encrypted.'];
    const { out } = await run('status');
    expect(out.split('\n')[1]).toBe(
      `Alerts: mail fails: ${login.message}; 1 message failed permanently; 1 warning (see: healdeck alerts)`,
    );
    expect(await json('status')).toMatchObject({ alerts: { failed: 1 } });
    const { checks } = (await json('doctor')) as { checks: object[] };
    expect(checks).toContainEqual({ name: 'mail', result: 'warn', finding: login.message, advice: login.advice });
    alerts.channel = ready;
    alerts.warnings = [];
    alerts.entries = [];
    expect((await run('status')).out).not.toContain('Alerts');
  });
});

describe('what waits', () => {
  it('is shown with its reason and time, and is sent when it is asked for', async () => {
    const until = 1000 + 720_000;
    alerts.holds = [{ reason: 'hourly_limit', until, events: 39, critical: true }];
    expect((await run('alerts')).out).toContain(
      '  39 events (critical): the hourly limit is used up, for another 12:00\n  Send them now: healdeck alerts send-held\n',
    );
    expect((await run('status')).out).toContain('a critical alert waits: the hourly limit is used up');
    expect(await run('alerts', 'send-held')).toEqual({ exitCode: 0, out: '39 events are on the way now.\n', err: '' });
    expect(await json('alerts', 'send-held')).toEqual({ events: 0 });
  });
});

describe('what is muted', () => {
  it('is snoozed by name, incident or at all, shown, and ended', async () => {
    await run('add', 'web', '--', 'node', 'x');
    // The fake engine takes the duration for the end.
    expect((await run('snooze', 'web', '15m')).out).toBe(
      'web: snoozed for another 14:59 (end it: healdeck unmute 1)\n',
    );
    expect((await run('snooze', '--incident', '7', 'until-resolved')).out).toBe(
      'incident 7: snoozed until it is resolved (end it: healdeck unmute 2)\n',
    );
    expect((await run('snooze', '--all', '1h')).out).toContain('all watches: snoozed for another 59:59');
    expect((await run('acknowledge', '8')).out).toBe('incident 8: acknowledged (end it: healdeck unmute 4)\n');
    const { out } = await run('alerts');
    expect(out).toContain('\nweb: snoozed for another 14:59 (end it: healdeck unmute 1)\n');
    expect(out).toContain('\nincident 8: acknowledged');
    expect((await run('unmute', '1')).out).toBe('Alerts are sent again.\n');
    expect(await json('unmute', '--all')).toEqual({ ended: 3 });
    expect((await run('unmute', '--all')).out).toBe('Nothing was muted.\n');
    expect(await run('snooze', 'nobody', '15m')).toMatchObject({
      ...{ exitCode: 1, err: expect.stringContaining('no watch is called "nobody"') },
    });
    expect(engine.watches.list()).toHaveLength(1);
  });
});

describe('secrets', () => {
  it('are set without being shown, listed and removed', async () => {
    bench.typed = 'canary';
    const set = await run('secrets', 'set', 'mail.password');
    expect(set).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^mail\.password is set, in secrets\.json/) });
    expect(secrets.values.get('mail.password')).toBe('canary');
    const list = await run('secrets');
    expect(list.out).toMatch(/^SECRET +WHERE +MEANING\nmail\.password +file +in secrets\.json/);
    expect(await json('secrets')).toEqual([{ name: 'mail.password', where: 'file' }]);
    expect(JSON.stringify([set, list])).not.toContain('canary');
    expect((await run('secrets', 'unset', 'mail.password')).out).toBe('mail.password is removed.\n');
    expect((await run('secrets', 'unset', 'mail.password')).out).toBe('mail.password was not set.\n');
    expect((await run('secrets')).out).toContain('No secret is set.');
  });

  it('of the environment can not be changed here', async () => {
    secrets.given.add('webhook.key');
    bench.typed = 'canary';
    const { exitCode, err } = await run('secrets', 'set', 'webhook.key');
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: 'healdeck: webhook.key is given by the environment\n' });
    expect((await run('secrets')).out).toContain('given to the engine as HEALDECK_WEBHOOK_KEY');
  });

  it('in the place of a name are not repeated', async () => {
    const { exitCode, err } = await run('secrets', 'set', 'canary');
    expect(exitCode).toBe(2);
    expect(err).not.toContain('canary');
  });
});

describe('an exported file', () => {
  it('is private, and says what it does not hold', async () => {
    await run('add', 'web', '--env', 'API_KEY=canary', '--env', 'PORT=1', '--', 'node', 'x');
    await run('settings', 'set', 'cpu.limitPercent', '80');
    secrets.values.set('mail.password', 'canary');
    const file = join(bench.dataDir, 'out.json');
    const { exitCode, out } = await run('export', file);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `1 setting and 1 watch exported to ${file}.\nLeft out; set these values after the import:\n  secrets: mail.password\n  web: API_KEY\n`,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('canary');
    expect(text).toContain('"PORT": "1"');
    expect(await json('export', file)).toEqual({
      ...{
        file,
        settings: 1,
        watches: 1,
        leftOut: [{ watch: 'web', variable: 'API_KEY' }],
        secrets: ['mail.password'],
      },
    });
    expect(await run('export', '-')).toEqual({
      exitCode: 0,
      out: text,
      err: 'Left out; set these values after the import:\n  secrets: mail.password\n  web: API_KEY\n',
    });
    expect(await run('export', '-', '--json')).toMatchObject({ exitCode: 1, err: expect.stringContaining('got -') });
    expect(await run('export', '/nowhere/x')).toMatchObject({ exitCode: 1, err: expect.stringContaining("can't be") });
  });
});
