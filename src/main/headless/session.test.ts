import { describe, expect, it } from 'vitest';
import { ManualClock } from '../engine/testing/manual-clock';
import { OneTimeTokens } from './one-time-tokens';
import { parseHeadlessArguments } from './options';
import { cookieName, cookieValues, sessionCookie, Sessions, SESSION_IDLE_MS } from './sessions';

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

  it('ends after a minute', async () => {
    const clock = new ManualClock();
    const tokens = new OneTimeTokens(clock);
    const token = tokens.issue();
    await clock.advance(59_999);
    expect(tokens.isValid(token)).toBe(true);
    await clock.advance(1);
    expect(tokens.isValid(token)).toBe(false);
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

describe('a session', () => {
  const ada = { kind: 'user', uid: 1000 } as const;

  it('is found by its id, and by nothing else', () => {
    const sessions = new Sessions(new ManualClock());
    const { session, id } = sessions.begin(ada);
    expect(sessions.find(id)).toBe(session);
    for (const other of ['', `${id}x`, id.slice(1)]) expect(sessions.find(other)).toBeNull();
    expect(sessions.begin(ada).id).not.toBe(id);
    // Another run of the engine knows none of them.
    expect(new Sessions(new ManualClock()).find(id)).toBeNull();
  });

  it('ends after 15 minutes without a request or an open page', async () => {
    const clock = new ManualClock();
    const sessions = new Sessions(clock);
    const { session, id } = sessions.begin(ada);
    await clock.advance(SESSION_IDLE_MS - 1);
    expect(sessions.find(id)).toBe(session);
    const closePage = session.open(() => undefined);
    await clock.advance(10 * SESSION_IDLE_MS);
    expect(sessions.find(id)).toBe(session);
    await clock.advance(SESSION_IDLE_MS - 1);
    closePage();
    await clock.advance(SESSION_IDLE_MS - 1);
    expect(sessions.find(id)).toBe(session);
    await clock.advance(SESSION_IDLE_MS);
    expect(sessions.find(id)).toBeNull();
  });

  it('that ends takes its pages with it, also one that opens too late', () => {
    const sessions = new Sessions(new ManualClock());
    const { session, id } = sessions.begin(ada);
    let ended = 0;
    session.open(() => ended++);
    session.end();
    session.open(() => ended++);
    expect(ended).toBe(2);
    expect(sessions.find(id)).toBeNull();
  });

  it('gives way when there are many more, one without an open page first', async () => {
    const clock = new ManualClock();
    const sessions = new Sessions(clock);
    const [oldest, second] = [sessions.begin(ada), sessions.begin(ada)];
    oldest.session.open(() => undefined);
    await clock.advance(1);
    const others = Array.from({ length: 31 }, () => sessions.begin(ada));
    expect(sessions.find(second.id)).toBeNull();
    expect([oldest, ...others].every(({ id }) => sessions.find(id) !== null)).toBe(true);
  });

  it('is in a cookie that is kept from scripts and other sites, and is named by the port', () => {
    expect(sessionCookie(7710, 'x', false)).toBe('healdeck_7710=x; Path=/; HttpOnly; SameSite=Strict');
    expect(sessionCookie(7710, 'x', true)).toMatch(/; Secure$/);
    const name = cookieName(7710);
    expect(cookieValues(undefined, name)).toEqual([]);
    expect(
      cookieValues('a=b; healdeck_7710=one; xhealdeck_7710=no; healdeck_7710=two; healdeck_7711=no', name),
    ).toEqual([...['one', 'two']]);
  });
});

describe('the options of a headless engine', () => {
  it('are those of the command line', () => {
    expect(parseHeadlessArguments(['--data-dir', '/d', '--port', '80', '--open'])).toEqual({
      ...{ dataDir: '/d', port: 80, open: true, proxyOrigin: null, address: true },
    });
    expect(parseHeadlessArguments([])).toEqual({
      ...{ dataDir: null, port: null, open: false, proxyOrigin: null, address: true },
    });
    expect(parseHeadlessArguments(['--no-address']).address).toBe(false);
    expect(parseHeadlessArguments(['--proxy-origin', 'https://ops']).proxyOrigin).toBe('https://ops');
  });

  it.each(['65536', '-1', 'many', '8080x', ''])('refuse the port "%s"', (port) => {
    expect(() => parseHeadlessArguments([`--port=${port}`])).toThrow('expected a port from 1 to 65535');
  });
});
