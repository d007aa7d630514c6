import { describe, expect, it } from 'vitest';
import { SETTINGS } from './settings';

describe('settings that clients see', () => {
  const accepts = (server: string): boolean => SETTINGS['mail.fallbackServers'].schema.safeParse([server]).success;

  it.each(['smtp://mail.example.org', 'smtps://ada%40example.org@mail.example.org:465', 'smtp://[::1]:2525'])(
    'take a further mail server: %s',
    (server) => expect(accepts(server)).toBe(true),
  );

  it('never take its password', () => {
    expect(accepts('smtp://ada:canary@mail.example.org')).toBe(false);
    expect(accepts('smtp://:canary@mail.example.org')).toBe(false);
  });
});
