import { createConnection } from 'node:net';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveMail } from '../../main/alerts/mail/resolve-mail';
import { resolveSettings } from '../../shared/model/settings';
import { DRILL_RECIPIENT, openMailbox, type Mailbox } from './mailbox';

describe('the mailbox of a drill', () => {
  let mailbox: Mailbox;
  beforeEach(async () => {
    mailbox = await openMailbox();
  });
  afterEach(() => mailbox.dispose());

  const place = () => ({
    host: mailbox.settings['mail.host'] ?? '',
    port: mailbox.settings['mail.port'] ?? 0,
  });

  it('is a set-up that an engine sends with, to nobody who exists', () => {
    const settings = resolveSettings(mailbox.settings);
    const setup = resolveMail({ settings, env: {}, secrets: { read: () => null }, hostname: 'here' });
    expect(setup).toMatchObject({
      kind: 'on',
      servers: [{ ...place(), tls: 'none', login: null }],
      recipients: [DRILL_RECIPIENT],
      problems: [],
    });
    expect(place().host).toBe('127.0.0.1');
  });

  it('keeps what comes in, with its time and where it would have gone', async () => {
    const before = Date.now();
    const transport = createTransport({ ...place(), ignoreTLS: true });
    const to = [DRILL_RECIPIENT, 'ada@example.org'];
    await transport.sendMail({
      from: 'healdeck@drill.invalid',
      to,
      subject: 'x crashed',
      text: 'It – crashed.\n.',
      html: '<p>It',
    });
    transport.close();
    const [mail, ...others] = mailbox.mails();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to, subject: 'x crashed', watch: null, text: 'It – crashed.\n.' });
    expect(mail?.at).toBeGreaterThanOrEqual(before);
  });

  it('ends with connections that are open, and nobody listens any more', async () => {
    const socket = createConnection(place());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('data', resolve));
    await mailbox.dispose();
    await closed;
    const refused = new Promise<NodeJS.ErrnoException>((resolve) => createConnection(place()).once('error', resolve));
    expect((await refused).code).toBe('ECONNREFUSED');
  });
});
