import { describe, expect, it } from 'vitest';
import { targetSchema } from '../model/watch';
import { looksSecret, watchSecrets } from './secret-looks';

describe('a variable that looks secret', () => {
  it.each([
    ...[
      'PASSWORD',
      'DB_PASSWORD',
      'PGPASSWORD',
      'MYSQL_PWD',
      'DB_PASS',
      'API_KEY',
      'APIKEY',
      'apiKey',
      'AWS_SECRET_ACCESS_KEY',
    ],
    ...[
      'GITHUB_TOKEN',
      'NPM_AUTH',
      'SSH_PASSPHRASE',
      'SESSION_COOKIE',
      'SENTRY_DSN',
      'JWT',
      'CREDENTIALS',
      'KEY',
      'SLACK_WEBHOOK',
    ],
  ])('by its name: %s', (name) => {
    expect(looksSecret(name, 'x')).toBe(true);
  });

  it.each([
    'postgres://ada:hunter2@db/app',
    'see https://:token@host/x',
    '-----BEGIN RSA PRIVATE KEY-----\nMII',
    'Server=db;Password=hunter2',
    'https://host/?pwd=hunter2',
  ])('by its value: %s', (value) => expect(looksSecret('URL', value)).toBe(true));

  it.each([
    ...[
      ['PORT', '8080'],
      ['PATH', '/usr/bin:/bin'],
      ['KEYBOARD', 'us'],
      ['COMPASS', 'n'],
      ['AUTHOR', 'ada'],
    ],
    ...[
      ['MONKEY_ISLAND', '2'],
      ['URL', 'https://ada@example.org:8080/a:b@c'],
      ['NODE_ENV', 'production'],
      ['BYPASS', '1'],
    ],
  ])('%s=%s does not', (name = '', value = '') => {
    expect(looksSecret(name, value)).toBe(false);
  });
});

describe('the secrets of watches', () => {
  it('are the values that look so, and passwords alone, of whatever starts a program', () => {
    const start = { argv: ['x'], cwd: '/', env: { PORT: '80', API_KEY: 'one', DB: 'postgres://ada:two@db' } };
    const command = targetSchema.parse({ kind: 'command', command: start });
    const match = targetSchema.parse({
      kind: 'match',
      by: 'name',
      pattern: 'x',
      start: { ...start, env: { PW: 'three' } },
    });
    const found = targetSchema.parse({ kind: 'match', by: 'name', pattern: 'x' });
    expect(watchSecrets([{ target: command }, { target: match }, { target: found }])).toEqual([
      ...['one', 'postgres://ada:two@db', 'two'],
      'three',
    ]);
  });
});
