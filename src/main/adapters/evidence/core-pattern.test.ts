import { describe, expect, it } from 'vitest';
import { coreFileName, isSystemdDump } from './core-pattern';

const dead = { pid: 4711, name: 'server', cwd: '/srv/app' };
const matches = (
  pattern: string,
  path: string,
  { appendsPid = false, ...of }: Partial<typeof dead & { appendsPid: boolean }> = {},
) => {
  const file = coreFileName(pattern, appendsPid, { ...dead, ...of });
  if (file === null) return null;
  const end = path.lastIndexOf('/');
  return file.folder === (path.slice(0, end) || '/') && file.name.test(path.slice(end + 1));
};

describe('where the kernel writes a core dump', () => {
  it.each([
    ['core', '/srv/app/core'],
    ['core.%p', '/srv/app/core.4711'],
    ['dumps/core.%P', '/srv/app/dumps/core.4711'],
    ['/var/crash/core.%e.%p', '/var/crash/core.any thread.4711'],
    ['/var/crash/core-%e-%u-%g-%s-%t-%h', '/var/crash/core-server-1000-1000-11-1790000000-web.example'],
    ['/cores/%e/%i.%p', '/cores/server/4715.4711'],
    ['/core%%%p%', '/core%4711'],
    ['/core.%q%p', '/core.4711'],
    ['/a+b/c+d.%p', '/a+b/c+d.4711'],
  ])('%s: %s', (pattern, path) => {
    expect(matches(pattern, path)).toBe(true);
  });

  it.each([
    ['core', '/srv/app/core.4711'],
    ['core.%p', '/srv/app/core.47110'],
    ['core.%p', '/srv/app/old-core.4711'],
    ['core.%p', '/tmp/core.4711'],
    ['core.%%p', '/srv/app/core.4711'],
    ['/c+d.%p', '/cd.4711'],
    ['/var/crash/core-%e-%u', '/var/crash/core-other-1000'],
  ])('%s: not %s', (pattern, path) => {
    expect(matches(pattern, path)).toBe(false);
  });

  it('has the pid at its end where the kernel appends it', () => {
    expect(matches('core', '/srv/app/core.4711', { appendsPid: true })).toBe(true);
    expect(matches('core', '/srv/app/core', { appendsPid: true })).toBe(false);
    expect(matches('core.%p', '/srv/app/core.4711', { appendsPid: true })).toBe(true);
    expect(matches('core.%%p', '/srv/app/core.%p.4711', { appendsPid: true })).toBe(true);
  });

  it('has a name as the kernel cuts and escapes it', () => {
    expect(matches('/c/%e', '/c/kworker!u8:1-ev', { name: 'kworker/u8:1-events' })).toBe(true);
  });

  it.each([
    ['|/usr/share/apport/apport %p', 'a program gets it'],
    ['@/run/coredump.socket', 'a socket gets it'],
    ['/cores/%u/core.%p', 'the folder depends on the user'],
    ['/cores/', 'it has no name'],
    ['', 'it has no name'],
  ])('%s: nowhere that is known, as %s', (pattern) => {
    expect(coreFileName(pattern, false, dead)).toBeNull();
  });

  it('is not known where a relative one depends on a folder that is not', () => {
    expect(coreFileName('core', false, { ...dead, cwd: null })).toBeNull();
    expect(coreFileName('/c/core', false, { ...dead, cwd: null })?.folder).toBe('/c');
  });
});

describe('a dump that systemd keeps', () => {
  const bootId = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';
  const diedAt = 1_790_000_000_000;
  const dump = { pid: 4711, diedAt };
  const boot = bootId.replaceAll('-', '');

  it('is of this process when pid, boot and time are its own', () => {
    const file = `core.my\\x2eserver.1000.${boot}.4711.1789999990000000.zst`;
    expect(isSystemdDump(file, dump, bootId)).toBe(true);
    expect(isSystemdDump(file.replace('.zst', ''), dump, bootId)).toBe(true);
  });

  it.each([
    `core.server.4711.${boot}.4712.1789999990000000.zst`,
    `core.server.1000.${boot.replace('1', '2')}.4711.1789999990000000.zst`,
    `core.server.1000.${boot}.4711.1789990000000000.zst`,
    `core.server.1000.${boot}.4711`,
    `.#core.server.1000.${boot}.4711.1789999990000000.zst`,
  ])('is not %s', (file) => {
    expect(isSystemdDump(file, dump, bootId)).toBe(false);
  });
});
