import { afterEach, expect, it } from 'vitest';
import { createTransport } from 'nodemailer';
import { createAuthority } from './certificates';
import { startSmtpServer, type SmtpServerOptions, type TestSmtpServer } from './smtp-server';

let running: TestSmtpServer[] = [];
const authority = createAuthority();

afterEach(async () => {
  await Promise.all(running.map((server) => server.dispose()));
  running = [];
});

async function start(options?: SmtpServerOptions): Promise<TestSmtpServer> {
  const server = await startSmtpServer(options);
  running.push(server);
  return server;
}

const mail = { from: 'healdeck@example.org', to: 'ada@example.org', subject: 'Grüße', text: 'Hello.' };

it.each(['starttls', 'implicit'] as const)('receives over %s with a login', async (tls) => {
  const server = await start({ tls, certificate: authority.issue(), login: { user: 'ada', password: 'pass' } });
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    tls: { ca: authority.cert },
    auth: { user: 'ada', pass: 'pass' },
  });
  const { response } = await transport.sendMail(mail);
  expect(response).toBe('250 2.0.0 Ok: queued as 1');
  expect(server.mails).toMatchObject([
    { from: mail.from, to: [mail.to], secure: true, user: 'ada', mail: { subject: 'Grüße' } },
  ]);
});

it('answers as it is told', async () => {
  const server = await start();
  const transport = createTransport({ host: server.host, port: server.port });
  server.answer('recipient', { reply: '550 5.1.1 No such user' });
  await expect(transport.sendMail(mail)).rejects.toMatchObject({ response: '550 5.1.1 No such user' });
  server.answer('recipient', null);
  server.answer('message', 'cut');
  await expect(transport.sendMail(mail)).rejects.toMatchObject({ code: 'ECONNECTION' });
  expect(server.mails).toHaveLength(1);
});
