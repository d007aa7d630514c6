import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nastyText } from '../testing/nasty-text';
import { diagnose, type Diagnosis, type MailFailure, type MailPhase, type SmtpError } from './diagnose';
import type { MailServer } from './resolve-mail';

const PASSWORD = 'canary-7f3b91';
const server: MailServer = {
  host: 'mail.example.org',
  port: 587,
  tls: 'starttls',
  login: { user: 'ada', password: PASSWORD },
  heloName: 'kiosk-3.example.org',
};

function judge(phase: MailPhase, error: Partial<SmtpError>, changes: Partial<MailFailure> = {}): Diagnosis {
  return diagnose({
    error: { message: 'it failed', ...error },
    phase,
    server,
    sender: 'healdeck@example.org',
    recipient: 'bob@example.org',
    ...changes,
  });
}

/** An answer of the server, as nodemailer reports it. */
const reply = (response: string, command: string, code = 'EENVELOPE'): Partial<SmtpError> => ({
  code,
  command,
  response,
  responseCode: Number(response.slice(0, 3)),
});

describe.each<[string, MailPhase, Partial<SmtpError>, string, string, boolean, boolean]>([
  // What happened, in which phase, the error, the step, words of the message, temporary, elsewhere.
  ['name', 'connect', { code: 'EDNS', originalCode: 'ENOTFOUND' }, 'name', 'was not found (ENOTFOUND)', true, true],
  [
    'refused',
    'connect',
    { code: 'ESOCKET', originalCode: 'ECONNREFUSED' },
    'connection',
    'refuses the connection',
    true,
    true,
  ],
  ['no way', 'connect', { code: 'ESOCKET', originalCode: 'EHOSTUNREACH' }, 'connection', 'is unreachable', true, true],
  [
    'reset',
    'connect',
    { code: 'ESOCKET', originalCode: 'ECONNRESET' },
    'connection',
    'closed the connection',
    true,
    true,
  ],
  ['expired', 'connect', { code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }, 'tls', 'has expired', true, true],
  ['not yet', 'connect', { code: 'ESOCKET', originalCode: 'CERT_NOT_YET_VALID' }, 'tls', 'not valid yet', true, true],
  [
    'own',
    'connect',
    { code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    'tls',
    'self-signed',
    true,
    true,
  ],
  ['issuer', 'connect', { code: 'ESOCKET', originalCode: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'tls', 'authority', true, true],
  [
    'issuer',
    'connect',
    { code: 'ESOCKET', originalCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    'tls',
    'authority',
    true,
    true,
  ],
  [
    'other name',
    'connect',
    { code: 'ESOCKET', originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    'tls',
    'another name',
    true,
    true,
  ],
  [
    'plain',
    'connect',
    { code: 'ESOCKET', originalCode: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    'tls',
    'first byte',
    true,
    true,
  ],
  [
    'old TLS',
    'connect',
    { code: 'ESOCKET', originalCode: 'ERR_SSL_UNSUPPORTED_PROTOCOL' },
    'tls',
    'no longer safe',
    true,
    true,
  ],
  [
    'no STARTTLS',
    'connect',
    reply('502 5.5.1 Unknown', 'STARTTLS', 'ETLS'),
    'tls',
    'no encryption by STARTTLS: 502',
    true,
    true,
  ],
  ['TLS cut', 'connect', { code: 'ETLS' }, 'tls', 'No encrypted connection', true, true],
  ['unwelcome', 'connect', reply('554 5.7.1 Listed', 'CONN', 'EPROTOCOL'), 'greeting', '554 5.7.1 Listed', true, true],
  ['no SMTP', 'connect', { code: 'EPROTOCOL' }, 'greeting', 'does not speak SMTP', true, true],
  [
    'no connection',
    'connect',
    { code: 'ETIMEDOUT', timeoutType: 'CONNECT_TIMEOUT' },
    'timeout',
    'no connection',
    true,
    true,
  ],
  [
    'no greeting',
    'connect',
    { code: 'ETIMEDOUT', timeoutType: 'GREETING_TIMEOUT' },
    'timeout',
    'sent no greeting',
    true,
    true,
  ],
  [
    'no greeting, noticed by the socket first',
    'connect',
    { code: 'ETIMEDOUT', timeoutType: 'SOCKET_TIMEOUT' },
    'timeout',
    'sent no greeting',
    true,
    true,
  ],
  [
    'no handshake',
    'connect',
    { code: 'ETIMEDOUT', timeoutType: 'UPGRADE_TIMEOUT' },
    'timeout',
    'TLS handshake',
    true,
    true,
  ],
  ['silent login', 'login', { code: 'ETIMEDOUT' }, 'timeout', 'did not answer the login', true, true],
  ['silent envelope', 'envelope', { code: 'ETIMEDOUT' }, 'timeout', 'sender and recipient', true, true],
  ['silent content', 'content', { code: 'ETIMEDOUT' }, 'timeout', 'stopped accepting the mail', true, true],
  ['cancelled', 'envelope', { code: 'EABORT' }, 'timeout', 'cancelled', true, true],
  ['wrong login', 'login', reply('535 5.7.8 No', 'AUTH PLAIN', 'EAUTH'), 'login', 'as ada: 535 5.7.8 No', true, true],
  ['app password', 'login', reply('534 5.7.9 Stronger', 'AUTH PLAIN', 'EAUTH'), 'login', '534', true, true],
  ['later login', 'login', reply('454 4.7.0 Later', 'AUTH PLAIN', 'EAUTH'), 'login', '454', true, true],
  ['no mechanism', 'login', { code: 'ENOAUTH' }, 'login', 'no usable login', true, true],
  ['login wanted', 'envelope', reply('530 5.7.0 Authentication required', 'MAIL FROM'), 'login', '530', true, true],
  ['no relay', 'envelope', reply('554 5.7.1 Relay access denied', 'RCPT TO'), 'login', 'Relay', true, true],
  ['sender', 'envelope', reply('553 5.1.8 Not yours', 'MAIL FROM'), 'sender', 'healdeck@example.org', true, true],
  ['sender later', 'envelope', reply('451 4.3.0 Later', 'MAIL FROM'), 'server', '451', true, true],
  ['nobody', 'envelope', reply('550 5.1.1 No such user', 'RCPT TO'), 'recipient', 'bob@example.org: 550', false, false],
  ['greylisted', 'envelope', reply('450 4.2.0 Greylisted', 'RCPT TO'), 'recipient', '450', true, false],
  ['busy', 'envelope', reply('421 4.7.0 Too many', 'RCPT TO'), 'server', '421', true, true],
  ['too large', 'envelope', reply('552 5.3.4 Too large', 'MAIL FROM'), 'content', '552', false, false],
  ['spam', 'receipt', reply('554 5.7.1 Spam', 'DATA', 'EMESSAGE'), 'content', '554', false, false],
  ['full', 'receipt', reply('452 4.3.1 Full', 'DATA', 'EMESSAGE'), 'server', '452', true, true],
  ['cut after DATA', 'receipt', { code: 'ECONNECTION' }, 'server', 'may have arrived', true, false],
  ['silent after DATA', 'receipt', { code: 'ETIMEDOUT' }, 'server', 'may have arrived', true, false],
  ['cut before', 'content', { code: 'ECONNECTION' }, 'connection', 'in the middle', true, true],
  ['too large for it', 'envelope', { code: 'EMESSAGE' }, 'content', 'could not be handed', false, false],
])('%s', (_what, phase, error, step, words, temporary, elsewhere) => {
  it(`is of the step ${step}`, () => {
    const { problem, elsewhere: other } = judge(phase, error);
    expect(problem).toMatchObject({ step, temporary });
    expect(other).toBe(elsewhere);
    expect(problem.message).toContain(words);
    expect(problem.message).toContain('mail.example.org');
    expect(problem.advice).toMatch(/^[A-Z].*\.$/);
  });
});

it('advises a login where there is none, and another sender where there is', () => {
  const error = reply('550 5.7.1 Relaying denied', 'RCPT TO');
  expect(judge('envelope', error, { server: { ...server, login: null } }).problem.advice).toContain('Set mail.user');
  expect(judge('envelope', error).problem.advice).toContain('mail.from');
});

it('says one sentence that ends, and never the password, whatever the server says', () => {
  const phases = fc.constantFrom<MailPhase>('connect', 'login', 'envelope', 'content', 'receipt');
  const echo = fc.constantFrom('', PASSWORD, Buffer.from(`\0ada\0${PASSWORD}`).toString('base64'));
  const code = fc.constantFrom('EAUTH', 'ESOCKET', 'EPROTOCOL', 'EENVELOPE', 'EMESSAGE', 'ETLS', 'ECONNECTION', 'EDNS');
  const command = fc.constantFrom('CONN', 'STARTTLS', 'AUTH PLAIN', 'MAIL FROM', 'RCPT TO', 'DATA');
  const status = fc.integer({ min: 200, max: 599 });
  fc.assert(
    fc.property(
      phases,
      status,
      echo,
      nastyText({ maxLength: 40 }),
      code,
      command,
      (phase, number, secret, text, ...how) => {
        const response = `${number} ${text}${secret}`;
        const [errorCode, errorCommand] = how;
        const { problem } = judge(phase, { ...reply(response, errorCommand, errorCode), message: response });
        expect(JSON.stringify(problem)).not.toContain(PASSWORD);
        expect(JSON.stringify(problem)).not.toContain(Buffer.from(PASSWORD).toString('base64').slice(0, 12));
        expect(problem.message).toMatch(/^[^\n\r]+\.$/);
      },
    ),
  );
});

describe('a name that a server refuses to be greeted with', () => {
  it.each<[MailPhase, Partial<SmtpError>]>([
    ['connect', reply('550 Invalid HELO name', 'HELO', 'EPROTOCOL')],
    ['envelope', reply('504 5.5.2 <kiosk-3>: Helo command rejected: need fully-qualified hostname', 'RCPT TO')],
  ])('is named with its setting (%s)', (phase, error) => {
    const { problem } = judge(phase, error);
    expect(problem.message).toContain('refuses the EHLO name kiosk-3.example.org');
    expect(problem).toMatchObject({ step: 'greeting', temporary: true });
    expect(problem.advice).toContain('mail.heloName');
  });
});
