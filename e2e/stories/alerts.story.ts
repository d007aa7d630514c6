import { startSmtpServer, type TestSmtpServer } from '../../src/main/alerts/testing/smtp-server';
import { expect, test as base } from '../fixtures/test';
import { ALERT_PARTS } from '../pages/alerts-tab';

const LOGIN = { user: 'healdeck', password: 'correct-horse-battery' };
const STYLED = `<style>@media (prefers-color-scheme: dark) { p { color: rgb(4, 5, 6) !important } }</style>
<p style="color: rgb(1, 2, 3)">{{summary}}</p>`;
const WRONG = 'tr0ub4dor-and-3';

const test = base.extend<{ smtp: TestSmtpServer }>({
  smtp: async ({}, use) => {
    const server = await startSmtpServer({ login: LOGIN });
    await use(server);
    await server.dispose();
  },
});

test('mail is set up in the window: what is wrong is said, and then alerts arrive', async ({ healdeck, smtp }) => {
  const { cli, dashboard } = healdeck;
  const { alerts } = dashboard;
  for (const setting of ['desktop.enabled', 'webhook.enabled']) await cli.ok('settings', 'set', setting, 'false');
  await cli.ok('settings', 'set', 'alerts.settleMs', '500ms');
  // The incident stays open, so that there is something to acknowledge.
  await cli.ok('settings', 'set', 'heal.verifyMs', '10min');

  await alerts.open('Channels');
  await alerts.expectStateLine(/No one will be notified/);
  const account = { server: smtp.host, port: smtp.port, user: LOGIN.user, from: 'healdeck@example.org' };
  await alerts.setUpMail({ ...account, password: WRONG, to: 'ada@example.org' });
  await alerts.sendTest('E-mail');
  await alerts.expectReport('E-mail', /The login was refused.*What to try/s);
  expect(smtp.mails).toEqual([]);

  await alerts.replacePassword(LOGIN.password);
  await alerts.sendTest('E-mail');
  await alerts.expectReport('E-mail', /Delivered to ada@example\.org.*queued as \d+/s);
  await alerts.expectPasswordIs(/^Set, in/);
  expect(smtp.mails.map(({ to, user }) => ({ to, user }))).toContainEqual({
    to: ['ada@example.org'],
    user: 'healdeck',
  });

  await cli.ok('add', 'web', '--restart', 'always', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('web', 'Running');
  const [pid] = await cli.pids('web');
  process.kill(pid ?? -1, 'SIGKILL');
  await expect
    .poll(() => smtp.mails.map(({ mail }) => mail.subject ?? ''), { timeout: 60_000 })
    .toContainEqual(expect.stringMatching(/web/));
  await alerts.expectMessage(/web/, 'Sent');
  await alerts.expectChannel('E-mail', 'Ready');

  await alerts.open('Outbox');
  const details = await alerts.openMessage(/web/);
  await expect(details.getByText(/queued as/)).toBeVisible();
  await alerts.acknowledge(details);
  await alerts.expectMuted(/^Incident \d+/, /until resolved/);
  await alerts.snoozeAll();
  await alerts.expectMuted(/^All alerts/, /14:\d\d left/);
  await alerts.unmute(/^All alerts/);

  // Neither password is anywhere that is shown or kept in the open.
  const everywhere = [
    await dashboard.text(),
    healdeck.healingLog(),
    healdeck.output(),
    await cli.ok('events', '--json'),
  ];
  for (const text of everywhere) for (const secret of [LOGIN.password, WRONG]) expect(text).not.toContain(secret);
});

test('templates are seen as the mail they make, and quiet hours are set without a rule to learn', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  const { alerts } = dashboard;
  await alerts.expectPreview(/crash/i);
  // Its styles hold under the page's policy, in either scheme; nothing else of it does anything.
  await alerts.typeHtml(STYLED);
  await alerts.previewColours('Light');
  await alerts.expectPreviewColour('rgb(1, 2, 3)');
  await alerts.previewColours('Dark');
  await alerts.expectPreviewColour('rgb(4, 5, 6)');
  await alerts.typeSubject('{{machine}}: {{nothingLikeThis}}');
  await alerts.expectTemplateProblem(/no variable is called \{\{nothingLikeThis\}\}/i);
  await alerts.discardTemplates();

  await alerts.addQuietNight();
  expect(await cli.ok('settings', 'get', 'alerts.quietHours')).toContain('mon-sat 22:00-07:00');

  for (const part of ALERT_PARTS) {
    await alerts.open(part);
    expect(await dashboard.accessibilityViolations(), part).toEqual([]);
  }
});
