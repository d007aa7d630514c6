import { describe, expect, it } from 'vitest';
import { ManualClock } from '../engine/testing/manual-clock';
import { OneTimeTokens } from './one-time-tokens';
import { parseHeadlessArguments } from './options';
import { SessionCookie } from './session-cookie';

describe('a one-time token', () => {
  it('opens once, and only itself', () => {
    const tokens = new OneTimeTokens(new ManualClock());
    const [first, second] = [tokens.issue(), tokens.issue()];
    expect(first).not.toBe(second);
    expect(tokens.redeem('')).toBe(false);
    expect(tokens.redeem(first)).toBe(true);
    expect(tokens.redeem(first)).toBe(false);
    expect(tokens.redeem(second)).toBe(true);
  });

  it('ends after 12 hours', async () => {
    const clock = new ManualClock();
    const tokens = new OneTimeTokens(clock);
    const token = tokens.issue();
    await clock.advance(12 * 3_600_000);
    expect(tokens.redeem(token)).toBe(false);
  });

  it('is forgotten when many more were asked for', () => {
    const tokens = new OneTimeTokens(new ManualClock());
    const oldest = tokens.issue();
    const others = Array.from({ length: 32 }, () => tokens.issue());
    expect(tokens.redeem(oldest)).toBe(false);
    expect(others.every((token) => tokens.redeem(token))).toBe(true);
  });
});

describe('a session cookie', () => {
  const key = Buffer.alloc(32, 1);
  const valueOf = (cookie: SessionCookie) => cookie.issue().split(';')[0] ?? '';

  it('is seen among others, by an engine of the same key and port, until it ends', () => {
    let now = 0;
    const cookie = new SessionCookie(key, 7710, () => now);
    const value = valueOf(cookie);
    const restarted = new SessionCookie(Buffer.from(key), 7710, () => now);
    expect(restarted.isIn(`theme=dark; ${value}`)).toBe(true);
    expect(new SessionCookie(Buffer.alloc(32, 2), 7710, () => now).isIn(value)).toBe(false);
    expect(new SessionCookie(key, 7711, () => now).isIn(value.replace('7710', '7711'))).toBe(false);
    now = 31 * 86_400_000;
    expect(restarted.isIn(value)).toBe(false);
  });

  it('is not seen when it was changed, or is not there', () => {
    const cookie = new SessionCookie(key, 7710, () => 0);
    const value = valueOf(cookie);
    for (const other of [
      undefined,
      '',
      'healdeck_7710=',
      value.replace(/=\d+/, '=9999999999'),
      `${value}x`,
      `x${value}`,
    ]) {
      expect(cookie.isIn(other)).toBe(false);
    }
  });

  it('is kept from scripts and from other sites', () => {
    expect(new SessionCookie(key, 7710, () => 0).issue()).toMatch(/; HttpOnly; SameSite=Strict$/);
  });
});

describe('the options of a headless engine', () => {
  it('are those of the command line', () => {
    expect(parseHeadlessArguments(['--data-dir', '/d', '--port', '80', '--open'])).toEqual({
      ...{ dataDir: '/d', port: 80, open: true },
    });
    expect(parseHeadlessArguments([])).toEqual({ dataDir: null, port: null, open: false });
  });

  it.each(['65536', '-1', 'many', '8080x', ''])('refuse the port "%s"', (port) => {
    expect(() => parseHeadlessArguments([`--port=${port}`])).toThrow('expected a port from 1 to 65535');
  });
});
