import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import { secretsOf } from '../testing/secrets';
import type { Environment } from './mail-environment';
import { describeMail, isLoopback, resolveMail, type MailResolution, type MailSetup } from './resolve-mail';

interface Given {
  settings?: Partial<Settings>;
  env?: Environment;
  secrets?: Record<string, string>;
  hostname?: string;
}

function resolve({ settings = {}, env = {}, secrets = {}, hostname = 'kiosk-3' }: Given): MailResolution {
  const set = { 'mail.host': 'mail.example.org', 'mail.to': ['ada@example.org'], ...settings };
  return resolveMail({ settings: resolveSettings(set), env, secrets: secretsOf(secrets), hostname });
}

function setup(given: Given): MailSetup {
  const resolution = resolve(given);
  if (resolution.kind === 'off') throw new Error(`off: ${resolution.reason}`);
  return resolution;
}

describe('whether mail is sent at all', () => {
  it('is off until somebody sets a server or a recipient, or when it is switched off', () => {
    const nothing = { 'mail.host': null, 'mail.to': [] };
    expect(resolve({ settings: nothing }).kind).toBe('off');
    expect(resolve({ settings: { 'mail.enabled': false } })).toEqual({ kind: 'off', reason: 'switched off' });
    expect(resolve({ env: { HEALDECK_SMTP_ENABLED: 'no' } }).kind).toBe('off');
    expect(resolve({ settings: { 'mail.enabled': false }, env: { HEALDECK_SMTP_ENABLED: 'true' } }).kind).toBe('on');
    expect(
      resolve({ settings: nothing, env: { HEALDECK_SMTP_HOST: 'localhost', HEALDECK_SMTP_TO: 'a@x.org' } }).kind,
    ).toBe('on');
  });

  it('says what is missing in half a set-up', () => {
    expect(setup({ settings: { 'mail.to': [] } }).problems).toMatchObject([
      { step: 'configuration', advice: 'Set mail.to.' },
    ]);
    expect(setup({ settings: { 'mail.host': null } })).toMatchObject({
      servers: [],
      problems: [{ step: 'configuration', advice: 'Set mail.host.' }],
    });
  });
});

describe('the name that servers are greeted with', () => {
  const named = (given: Given) => setup(given).servers[0]?.heloName;
  it('is the setting, else the full name of the machine, else the domain of the sender', () => {
    const from = { settings: { 'mail.from': 'Healdeck <watch@example.org>' } };
    expect(named({ hostname: 'kiosk-3.example.net', ...from })).toBe('kiosk-3.example.net');
    expect(named(from)).toBe('example.org');
    expect(named({ hostname: 'localhost.localdomain', ...from })).toBe('example.org');
    expect(named({ settings: { ...from.settings, 'mail.heloName': 'relay.example.com' } })).toBe('relay.example.com');
    expect(named({})).toBeNull();
  });
});

describe('the port', () => {
  it.each([
    ['implicit', 465],
    ['starttls', 587],
    ['none', 25],
  ] as const)('of %s is %i unless it is set', (tls, port) => {
    const settings = { 'mail.tls': tls, 'mail.host': 'localhost' };
    expect(setup({ settings }).servers).toMatchObject([{ tls, port }]);
    expect(setup({ settings: { ...settings, 'mail.port': 2525 } }).servers).toMatchObject([{ tls, port: 2525 }]);
  });

  it('does not belong in the name', () => {
    const { servers, problems } = setup({ settings: { 'mail.host': 'mail.example.org:587' } });
    expect(servers).toEqual([]);
    expect(problems[0]?.advice).toContain('mail.port');
  });

  it('stands outside the brackets of an IPv6 address', () => {
    const given = { settings: { 'mail.host': '[2001:db8::1]' } };
    expect(setup(given).servers).toMatchObject([{ host: '2001:db8::1', port: 587 }]);
    expect(describeMail(resolve(given))).toBe('[2001:db8::1]:587, STARTTLS, without a login');
  });
});

describe('no encryption', () => {
  it.each(['localhost', '127.0.0.1', '127.8.9.1', '::1', '[::1]'])('is fine to %s', (host) => {
    expect(setup({ settings: { 'mail.host': host, 'mail.tls': 'none' } })).toMatchObject({
      servers: [{ tls: 'none' }],
      problems: [],
    });
  });

  it('is refused to another machine, unless that is allowed', () => {
    const settings = { 'mail.tls': 'none' as const };
    const refused = setup({ settings });
    expect(refused.servers).toEqual([]);
    expect(refused.problems).toMatchObject([{ step: 'tls', temporary: true }]);
    expect(setup({ settings: { ...settings, 'mail.allowPlaintext': true } }).servers).toHaveLength(1);
  });

  it.each(['127.0.0.1.example.org', 'localhost.example.org', '128.0.0.1', '::2', 'xlocalhost'])(
    '%s is no loopback',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});

describe('the login', () => {
  it('has the password of the secret', () => {
    const { servers } = setup({ settings: { 'mail.user': 'ada' }, secrets: { 'mail.password': 'pass' } });
    expect(servers).toMatchObject([{ login: { user: 'ada', password: 'pass' } }]);
  });

  it('without its password is a problem, and nothing is sent without it', () => {
    const { servers, problems } = setup({ settings: { 'mail.user': 'ada' } });
    expect(servers).toEqual([]);
    expect(problems[0]?.step).toBe('login');
    expect(problems[0]?.advice).toContain('mail.password');
  });
});

describe('the sender', () => {
  it.each([
    [{ 'mail.from': 'Watch <watch@example.org>' }, { name: 'Watch', address: 'watch@example.org' }],
    [{ 'mail.user': 'ada@example.org' }, { name: 'Healdeck', address: 'ada@example.org' }],
    [{ 'mail.user': 'ada' }, { name: 'Healdeck', address: 'healdeck@kiosk-3' }],
  ])('of %j', (settings, from) => {
    expect(setup({ settings, secrets: { 'mail.password': 'x' } }).from).toEqual(from);
  });

  it('is an address whatever the machine is called', () => {
    expect(setup({ hostname: 'my machine\r\n' }).from.address).toBe('healdeck@my-machine');
    expect(setup({ hostname: '…' }).from.address).toBe('healdeck@localhost');
  });
});

describe('the environment', () => {
  it('wins over settings', () => {
    const env = {
      HEALDECK_SMTP_HOST: 'smtp.example.net',
      HEALDECK_SMTP_PORT: '2465',
      HEALDECK_SMTP_TLS: 'IMPLICIT',
      HEALDECK_SMTP_USER: 'eve',
      HEALDECK_SMTP_PASSWORD: 'canary',
      HEALDECK_SMTP_FROM: 'eve@example.net',
      HEALDECK_SMTP_TO: 'bob@example.net  Carl <carl@example.net>,dan@example.net',
    };
    const given = { env, secrets: { 'mail.password': 'canary' }, settings: { 'mail.port': 25, 'mail.user': 'ada' } };
    expect(setup(given)).toMatchObject({
      servers: [{ host: 'smtp.example.net', port: 2465, tls: 'implicit', login: { user: 'eve', password: 'canary' } }],
      from: { address: 'eve@example.net' },
      problems: [],
    });
    const words = describeMail(resolve(given));
    expect(words).toMatch(/^smtp\.example\.net:2465, implicit TLS, as eve \(from the environment: /);
    for (const variable of Object.keys(env)) expect(words).toContain(variable);
    expect(words).not.toContain('canary');
  });

  it('may list recipients by comma and by blank', () => {
    expect(setup({ env: { HEALDECK_SMTP_TO: 'a@x.org b@x.org, Carl C <c@x.org>' } }).recipients).toEqual([
      'a@x.org',
      'b@x.org',
      'Carl C <c@x.org>',
    ]);
  });

  it('means implicit TLS by port 465, unless it says otherwise', () => {
    expect(setup({ env: { HEALDECK_SMTP_PORT: '465' } }).servers).toMatchObject([{ port: 465, tls: 'implicit' }]);
    const env = { HEALDECK_SMTP_PORT: '465', HEALDECK_SMTP_TLS: 'starttls' };
    expect(setup({ env }).servers).toMatchObject([{ port: 465, tls: 'starttls' }]);
  });

  it('says nothing by an empty variable', () => {
    const env = { HEALDECK_SMTP_HOST: '', HEALDECK_SMTP_PORT: ' ', HEALDECK_SMTP_ENABLED: '' };
    expect(setup({ env })).toMatchObject({ servers: [{ host: 'mail.example.org' }], problems: [], variables: [] });
  });

  it.each([
    ['HEALDECK_SMTP_ENABLED', 'perhaps'],
    ['HEALDECK_SMTP_HOST', 'smtp://ada:canary@example.org'],
    ['HEALDECK_SMTP_PORT', '70000'],
    ['HEALDECK_SMTP_PORT', '25x'],
    ['HEALDECK_SMTP_TLS', 'ssl'],
    ['HEALDECK_SMTP_FROM', 'canary'],
    ['HEALDECK_SMTP_TO', 'ada@example.org, canary'],
  ])('with %s=%s stops mail, and says so without the value', (variable, value) => {
    const { servers, problems, recipients } = setup({ env: { [variable]: value } });
    expect(servers).toEqual([]);
    expect(recipients).toEqual(['ada@example.org']);
    expect(problems[0]).toMatchObject({ step: 'configuration', temporary: true });
    expect(problems[0]?.message).toContain(variable);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });
});

describe('fallback servers', () => {
  it('come after the first one, each with its own secret', () => {
    const given = {
      settings: {
        'mail.fallbackServers': [
          'smtp://eve%40example.net@smtp.example.net',
          'smtps://mail.example.com:2465',
          'smtp://localhost',
          'smtp://ada@mail.example.org:2587',
        ],
      },
      secrets: { 'mail.password@smtp.example.net': 'one', 'mail.password': 'two' },
    };
    expect(setup(given)).toMatchObject({
      problems: [],
      servers: [
        { host: 'mail.example.org', port: 587 },
        {
          host: 'smtp.example.net',
          port: 587,
          tls: 'starttls',
          login: { user: 'eve@example.net', password: 'one' },
        },
        { host: 'mail.example.com', port: 2465, tls: 'implicit', login: null },
        { host: 'localhost', port: 25, tls: 'none' },
        { host: 'mail.example.org', port: 2587, login: { user: 'ada', password: 'two' } },
      ],
    });
    expect(describeMail(resolve(given))).toContain('; else smtp.example.net:587, STARTTLS, as eve@example.net;');
  });

  it.each(['smtp://ada:canary@mail.example.org', 'smtp://:99999', 'smtp://ada@mail.example.org'])(
    "that can't be used are left out: %s",
    (url) => {
      const { servers, problems } = setup({ settings: { 'mail.fallbackServers': [url] } });
      expect(servers).toMatchObject([{ host: 'mail.example.org' }]);
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain('canary');
    },
  );
});

it('resolves whatever the environment holds, and never to plain text on the net', () => {
  const variables = ['ENABLED', 'HOST', 'PORT', 'TLS', 'USER', 'FROM', 'TO'].map((name) => `HEALDECK_SMTP_${name}`);
  const value = fc.oneof(fc.string(), fc.constantFrom('none', '465', 'localhost', 'a@x.org', 'true', '127.0.0.1'));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...variables), value), (env) => {
      const resolution = resolve({ env, secrets: { 'mail.password': 'canary' } });
      expect(describeMail(resolution)).not.toContain('canary');
      if (resolution.kind === 'off') return;
      for (const { tls, host } of resolution.servers) expect(tls !== 'none' || isLoopback(host)).toBe(true);
    }),
  );
});
