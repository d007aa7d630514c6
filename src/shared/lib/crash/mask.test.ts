import { describe, expect, it } from 'vitest';
import { maskFileName, maskMessage } from './mask';

describe('a masked message', () => {
  it.each([
    ['port 8080 is in use', 'port <n> is in use'],
    ['took 1.5s, 12ms, -3 and 1e-9', 'took <n> and <n>'],
    ['rows [1, 2, 3]', 'rows [<n>]'],
    ['job 7f9c2ba4-e88f-11ee-9b2a-0242ac120002 lost', 'job <id> lost'],
    ['commit 3f2a1b9c0d failed', 'commit <id> failed'],
    ['session a1b2c3d4e5 expired', 'session <id> expired'],
    ['at 0x7ffee4c0 in libfoo', 'at <addr> in libfoo'],
    ['connect 10.0.0.17:5432 refused', 'connect <ip> refused'],
    ['connect [fe80::1]:5432, ::1 refused', 'connect <ip>, <ip> refused'],
    ['open /srv/app-1.2/settings.toml: denied', 'open settings.toml: denied'],
    ["open '/srv/my app/settings.toml'", "open 'settings.toml'"],
    ['open C:\\app\\settings.toml: denied', 'open settings.toml: denied'],
    ['open /tmp/tmpab3_x9kq: denied', 'open <id>: denied'],
    ['GET https://ada:pw@api.example.org:8443/v1/users/17?x=1 failed', 'GET https://api.example.org … failed'],
    ['2026-05-01T12:00:00.123Z [4711] ready', '<time> [<n>] ready'],
    ['2026/05/01 12:00:00 ready', '<time> ready'],
    ['[01/May/2026:12:00:00 +0200] ready', '[<time>] ready'],
    ['Fri May  1 12:00:00 UTC 2026: ready', '<time>: ready'],
    ['mail to ada@example.org bounced', 'mail to <mail> bounced'],
    ["No module named 'yaml'", "No module named 'yaml'"],
    ['user •••', 'user •••'],
    ['ung\ufffdltig', 'ung\ufffdltig'],
    ['  many\t blanks ', 'many blanks'],
  ])('of %j is %j', (message, masked) => expect(maskMessage(message)).toBe(masked));

  it('is the same when it is masked again', () => {
    const once = maskMessage('at 0x1f, 12 of /srv/app-1.2/x.log on 2026-05-01');
    expect(maskMessage(once)).toBe(once);
  });
});

describe('a masked file name', () => {
  it.each([
    ['/srv/app-1.3/app-1.3.0.jar', 'app.jar'],
    ['/opt/shop/shop-1.0-SNAPSHOT.jar', 'shop.jar'],
    ['/srv/main.3f2a1b9c.js', 'main.js'],
    ['file:///srv/app/server.mjs', 'server.mjs'],
    ['python3.11', 'python3.11'],
    ['worker2.py', 'worker2.py'],
    ['C:\\app\\App.exe', 'App.exe'],
    ['', ''],
  ])('of %j is %j', (path, name) => expect(maskFileName(path)).toBe(name));
});
