import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmailConfig } from './email-config';

const whole = `# the older set-up
smtp_server=smtp.example.org
smtp_port=587
sender_email=bot@example.org
sender_password=hunter#2=x:y
receiver_email=ada@example.org
enable_email=true
`;

describe('an email_config.txt', () => {
  it('becomes settings and a secret', () => {
    expect(parseEmailConfig(whole)).toEqual({
      ok: true,
      settings: {
        ...{ 'mail.enabled': true, 'mail.host': 'smtp.example.org', 'mail.port': 587, 'mail.tls': 'starttls' },
        ...{ 'mail.user': 'bot@example.org', 'mail.from': 'bot@example.org', 'mail.to': ['ada@example.org'] },
      },
      password: 'hunter#2=x:y',
    });
  });

  it('may be written with colons, quotes, spaces, capitals, several receivers and Windows line ends', () => {
    const text =
      '\ufeffSMTP_SERVER: "smtp.example.org"\r\n  smtp_port : 465\r\nsender_email: \'bot@example.org\'\r\n' +
      'sender_password: "with space "\r\n\r\n# no\r\nreceiver_email: ada@example.org, bob@example.org;eve@example.org\r\nenable_email: off';
    expect(parseEmailConfig(text)).toMatchObject({
      settings: {
        ...{ 'mail.tls': 'implicit', 'mail.enabled': false },
        'mail.to': ['ada@example.org', 'bob@example.org', 'eve@example.org'],
      },
      password: 'with space ',
    });
  });

  it.each([
    ['465', 'mail.example.org', 'implicit'],
    ['587', 'mail.example.org', 'starttls'],
    ['2525', 'mail.example.org', 'starttls'],
    ['25', 'mail.example.org', 'starttls'],
    ['25', 'localhost', 'none'],
    ['25', '127.0.0.1', 'none'],
    ['587', 'localhost', 'starttls'],
  ])('with port %s of %s means %s', (port, host, tls) => {
    const text = whole.replace('587', port).replace('smtp.example.org', host);
    expect(parseEmailConfig(text)).toMatchObject({ ok: true, settings: { 'mail.tls': tls } });
  });

  it('without a password logs in as nobody', () => {
    const config = parseEmailConfig(whole.replace(/sender_password=.*/, 'sender_password='));
    expect(config).toMatchObject({ ok: true, password: null });
    expect(config.ok && config.settings).not.toHaveProperty('mail.user');
  });

  it('that only switches mail off needs no more', () => {
    expect(parseEmailConfig('enable_email=no')).toEqual({
      ...{ ok: true, settings: { 'mail.enabled': false }, password: null },
    });
  });

  it('with wrong lines is refused, and each is named', () => {
    const text =
      'smtp_server=a b\nsmtp_port=many\nsender_email=bot\nnonsense\ncolour=red\nenable_email=perhaps\nsmtp_port=1\n';
    expect(parseEmailConfig(text)).toEqual({
      ok: false,
      problems: [
        'line 4: expected key=value or key: value',
        'line 5: expected one of smtp_server, smtp_port, sender_email, sender_password, receiver_email, enable_email',
        'line 7: expected smtp_port once, it is in line 2 already',
        'line 6: expected true or false',
        'line 1: expected the name of a mail server, or none',
        'line 2: expected a number from 1 to 65535, or none',
        'line 3: expected a mail address, or none',
        'the file: expected receiver_email, it has none',
      ],
    });
  });

  it('never tells its password, whatever is wrong', () => {
    const lines = ['sender_password=CANARY', 'CANARY', 'sender_email=CANARY', 'pass CANARY', 'smtp_port=CANARY'];
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: 1 }), (some) => {
        const config = parseEmailConfig(some.join('\n'));
        expect(config.ok ? [] : config.problems.join()).not.toContain('CANARY');
      }),
    );
  });
});
