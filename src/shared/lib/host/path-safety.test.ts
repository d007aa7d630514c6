import { describe, expect, it } from 'vitest';
import { judgePath, unsafeText, type PathPart } from './path-safety';

const ADA = 1000;
const EVE = 1001;
const directory = (uid: number, mode = 0o755): PathPart => ({ kind: 'directory', uid, mode, target: null });
const link = (uid: number, target: string): PathPart => ({ kind: 'link', uid, mode: 0o777, target });
const file = (uid: number, mode = 0o644): PathPart => ({ kind: 'other', uid, mode, target: null });

const machine: Readonly<Record<string, PathPart>> = {
  '/': directory(0),
  '/home': directory(0),
  '/home/ada': directory(ADA, 0o750),
  '/home/ada/data': directory(ADA, 0o700),
  '/home/eve': directory(EVE),
  '/home/eve/data': directory(ADA, 0o700),
  '/tmp': directory(0, 0o1777),
  '/tmp/ada': directory(ADA, 0o700),
  '/tmp/eve': directory(EVE, 0o700),
};

function judge(path: string, changes: Readonly<Record<string, PathPart>> = {}, uid = ADA, judgeLast = false) {
  const world = { ...machine, ...changes };
  return judgePath({ path, uid, judgeLast, read: (at) => world[at] ?? null });
}

describe('a path is safe', () => {
  it.each<[string, string, Record<string, PathPart>?, number?]>([
    ['in a home directory', '/home/ada/data'],
    ['that is to be created', '/home/ada/.config/healdeck'],
    ['of root', '/var/lib/healdeck', { '/var': directory(0), '/var/lib': directory(0) }, 0],
    ['below /tmp, in a directory of our own', '/tmp/ada/data'],
    ['directly in /tmp', '/tmp/new'],
    ['through a link of our own', '/home/ada/link/data', { '/home/ada/link': link(ADA, '/tmp/ada') }],
    ['through a link of root', '/var/data', { '/var': link(0, 'home/ada') }],
    ['below a root that belongs to an unmapped user', '/home/ada/data', { '/': directory(65_534) }],
    // Only the caller knows what the last part must be.
    ['whatever its last part is', '/home/eve', {}],
  ])('%s', (_what, path, changes = {}, uid = ADA) => {
    expect(judge(path, changes, uid).unsafe).toBeNull();
  });

  it('and is named without its links', () => {
    const links = { '/home/ada/a': link(ADA, '../ada/./b'), '/home/ada/b': link(ADA, '/tmp/ada') };
    expect(judge('/home/ada/a/x/y', links).real).toBe('/tmp/ada/x/y');
  });
});

describe('a path is not safe', () => {
  it.each<[string, string, Record<string, PathPart>, object]>([
    ['below a directory of another user', '/home/eve/data', {}, { path: '/home/eve', reason: 'owner', uid: EVE }],
    [
      'below a directory that its group may write',
      '/home/ada/data',
      { '/home/ada': directory(ADA, 0o775) },
      { path: '/home/ada', reason: 'writable' },
    ],
    [
      'below a directory that everybody may write',
      '/home/ada/data',
      { '/home': directory(0, 0o777) },
      { path: '/home', reason: 'writable' },
    ],
    ['when everybody may write the root', '/home/ada', { '/': directory(0, 0o777) }, { path: '/', reason: 'writable' }],
    [
      'below a directory that another user made in /tmp',
      '/tmp/eve/data',
      {},
      { path: '/tmp/eve', reason: 'owner', uid: EVE },
    ],
    [
      'through a link of another user',
      '/tmp/link',
      { '/tmp/link': link(EVE, '/home/ada/data') },
      { path: '/tmp/link', reason: 'link_owner', uid: EVE },
    ],
    [
      'when a link of our own leads below a directory of another user',
      '/home/ada/link/x',
      { '/home/ada/link': link(ADA, '/home/eve/data') },
      { path: '/home/eve', reason: 'owner' },
    ],
    ['through a link to itself', '/home/ada/l', { '/home/ada/l': link(ADA, 'l') }, { reason: 'link_loop' }],
  ])('%s', (_what, path, changes, expected) => {
    expect(judge(path, changes).unsafe).toMatchObject(expected);
  });

  it("when its last part is judged too, and is another user's or open to others", () => {
    const judged = (part: PathPart) => judge('/home/ada/config.json', { '/home/ada/config.json': part }, ADA, true);
    expect(judged(file(ADA)).unsafe).toBeNull();
    expect(judged(file(0)).unsafe).toBeNull();
    expect(judged(file(EVE)).unsafe).toMatchObject({ reason: 'owner' });
    expect(judged(file(ADA, 0o664)).unsafe).toMatchObject({ reason: 'writable' });
    // The sticky bit means nothing on a file.
    expect(judged(file(ADA, 0o1666)).unsafe).toMatchObject({ reason: 'writable' });
  });
});

it('says what to do about an unsafe part', () => {
  const part = { path: '/home/ada', uid: ADA, mode: 0o775 };
  expect(unsafeText({ ...part, reason: 'writable' })).toBe(
    '/home/ada can be written by its group (uid 1000, mode 0775). Run: chmod g-w /home/ada',
  );
  expect(unsafeText({ ...part, mode: 0o777, reason: 'writable' })).toContain('its group and everybody');
  expect(unsafeText({ ...part, mode: 0o777, reason: 'writable' })).toContain('chmod go-w /home/ada');
  expect(unsafeText({ ...part, reason: 'owner' })).toContain('belongs to another user (uid 1000, mode 0775)');
  expect(unsafeText({ ...part, reason: 'link_owner' })).toContain('symbolic link of another user (uid 1000)');
  expect(unsafeText({ ...part, reason: 'link_loop' })).toContain('leads nowhere');
});
