import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretNameSchema } from '../../shared/model/secret';
import { SETTINGS } from '../../shared/model/settings';
import { formatServer, NEW_SERVER, parseServer, passwordOf, type MailServer } from './mail-servers';

describe('a fallback server', () => {
  it.each([
    ['smtp://ada@mail.example.org:587', { scheme: 'smtp', user: 'ada', host: 'mail.example.org', port: '587' }],
    ['smtps://mail.example.org', { scheme: 'smtps', user: '', host: 'mail.example.org', port: '' }],
    ['smtp://ada%40example.org@[::1]:25', { scheme: 'smtp', user: 'ada@example.org', host: '[::1]', port: '25' }],
  ] as const)('%s is read field by field, and written the same', (address, server) => {
    expect(parseServer(address)).toEqual(server);
    expect(formatServer(server)).toBe(address);
  });

  it('has a password of its own name once it has a host', () => {
    expect(passwordOf(NEW_SERVER)).toBeNull();
    expect(secretNameSchema.parse(passwordOf(parseServer('smtp://a@[::1]:25')))).toBe('mail.password@[::1]');
  });

  it('is refused by the settings without a host', () => {
    expect(SETTINGS['mail.fallbackServers'].schema.safeParse([formatServer(NEW_SERVER)]).success).toBe(false);
  });

  it('keeps every login', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('smtp', 'smtps'), (user, scheme) => {
        const server: MailServer = { scheme, user, host: 'mail.example.org', port: '' };
        expect(parseServer(formatServer(server))).toEqual(server);
      }),
    );
  });
});
