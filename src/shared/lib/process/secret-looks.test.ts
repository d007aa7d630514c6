import { describe, expect, it } from 'vitest';
import { looksSecret } from './secret-looks';

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

  it('by a word of the operator', () => {
    expect(looksSecret('MY_PIN', '1234')).toBe(false);
    expect(looksSecret('MY_PIN', '1234', ['pin'])).toBe(true);
  });
});
