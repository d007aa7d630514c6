import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';
import { resolveSettings } from '../../../shared/model/settings';
import { createSystemClock } from '../../adapters/clock';
import { eventually, temporaryFolder } from '../../adapters/testing/children';
import { createAuthority } from '../testing/certificates';
import { startExim, whyNoExim } from '../testing/exim';
import { mailMessage } from '../testing/alert-message';
import { secretsOf } from '../testing/secrets';
import { MailChannel } from './mail-channel';

it("hands mails to Debian's Exim, by STARTTLS and with a login, and understands its refusals", async ({ skip }) => {
  const reason = whyNoExim();
  if (reason !== null) skip(reason);
  const [folder, own] = [temporaryFolder(), temporaryFolder()];
  const authority = createAuthority();
  const login = { user: 'ada', password: 'canary-7f3b91' };
  const exim = await startExim({ folder: folder.path, certificate: authority.issue(), login });
  const secrets: Record<string, string> = { 'mail.password': login.password };
  const caFile = join(own.path, 'ca.pem');
  writeFileSync(caFile, authority.cert);
  const settings = resolveSettings({
    'mail.host': exim.host,
    'mail.port': exim.port,
    'mail.user': login.user,
    'mail.caFile': caFile,
    'mail.to': ['ada@example.org'],
  });
  const channel = new MailChannel({
    settings: () => settings,
    env: {},
    secrets: secretsOf(secrets),
    hostname: 'kiosk-3',
    clock: createSystemClock(),
  });
  const deliver = (recipient: string) => channel.deliver(mailMessage({ recipient }), new AbortController().signal);
  try {
    expect(await channel.check()).toBeNull();
    expect(await deliver('Ada <ada@example.org>')).toMatchObject({
      ok: true,
      reply: expect.stringMatching(/^250 OK id=/),
    });
    expect(await deliver('bob@example.org')).toMatchObject({
      ok: false,
      problem: { step: 'recipient', message: expect.stringContaining('550 No such user'), temporary: false },
    });
    const [raw] = await eventually('the mail', () => exim.mails().length > 0 && exim.mails());
    const mail = await simpleParser(raw ?? '');
    const { subject, messageId, createdAt } = mailMessage();
    expect(mail).toMatchObject({ subject, messageId, date: new Date(createdAt) });
    expect(raw).toMatch(/^Received: .*\n?.*TLS1\.3.*$/m);

    secrets['mail.password'] = 'wrong';
    channel.settingsChanged();
    expect(await deliver('ada@example.org')).toMatchObject({
      ok: false,
      problem: {
        step: 'login',
        message: expect.stringContaining('535 Incorrect authentication data'),
        temporary: true,
      },
    });
  } finally {
    channel.dispose();
    await exim.dispose();
    folder.remove();
    own.remove();
  }
});
