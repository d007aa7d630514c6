import { expect, it } from 'vitest';
import { readProgram, sameProgram, type ProgramInPlace } from './program';

const run = (...argv: string[]): ProgramInPlace => ({
  program: readProgram({ name: 'node', argv, executable: '/usr/bin/node' }),
  cwd: null,
});

it('of two applications with the title of PM2 is known by their scripts', () => {
  expect(sameProgram(run('node /srv/shop/server.js'), run('node /srv/mail/server.js'))).toBe(false);
  expect(sameProgram(run('node /srv/shop/server.js'), run('node /srv/shop/server.js', '', ''))).toBe(true);
  expect(sameProgram(run('node /srv/shop/server.js'), run('node', '/srv/shop/server.js', '--port', '80'))).toBe(true);
});

it('of a title that only looks like one has no script', () => {
  for (const title of ['node server.js', 'node: /srv/a.js', 'npm run /srv/a.js', 'node -e /srv/a.js'])
    expect(run(title).program.script).toBeNull();
});

it('called through BusyBox has the place of its words in the whole command line', () => {
  const argv = ['/bin/busybox', 'sh', '-c', 'ls /srv/nginx'];
  const { base, script } = readProgram({ name: 'busybox', argv, executable: '/bin/busybox' });
  expect({ base, script }).toEqual({ base: 'sh', script: { kind: 'code', at: 3 } });
  const none = readProgram({ name: 'busybox', argv: ['busybox', '--list'], executable: '/bin/busybox' });
  expect(none.base).toBe('busybox');
});
