import { describe, expect, it } from 'vitest';
import type { ProcessDetails, ProcessSample } from '../../shared/model/process';
import { hasTwin, proposeAdoption, waysToFind } from './adoption';

const alone = (evidence: Parameters<typeof proposeAdoption>[0]) => proposeAdoption(evidence, false);

/** What the kernel calls it is the name that was executed. */
function process(executable: string, argv: readonly string[], name = executable.split('/').at(-1) ?? '') {
  return { executable, argv, name: name.slice(0, 15) };
}
const CHECK = /written a title over its command line; this command is taken from the title/;
const UNKNOWN = /how it was started is not known/;

describe('a watch that is proposed for a process', () => {
  it('whose command line is its own finds it by that, and starts it so', () => {
    const argv = ['/usr/sbin/mariadbd', '--datadir=/var/lib/mysql'];
    expect(alone(process('/usr/sbin/mariadbd', argv))).toEqual({
      ...{ by: 'cmdline', pattern: '^/usr/sbin/mariadbd --datadir=/var/lib/mysql$', argv, note: null },
    });
  });

  it.each([
    [
      'nginx as Debian starts it',
      process('/usr/sbin/nginx', ['nginx: master process /usr/sbin/nginx -g daemon on; master_process on;']),
      ['nginx', ['/usr/sbin/nginx', '-g', 'daemon on; master_process on;'], CHECK],
    ],
    [
      'nginx with a configuration of its own, padded',
      process('/usr/sbin/nginx', ['nginx: master process nginx -p /srv -g worker_processes 1; -c /etc/n.conf', '', '']),
      ['nginx', ['/usr/sbin/nginx', '-p', '/srv', '-g', 'worker_processes 1;', '-c', '/etc/n.conf'], CHECK],
    ],
    [
      'nginx with words that are none of its options',
      process('/usr/sbin/nginx', ['nginx: master process /usr/sbin/nginx -c /srv/my conf']),
      ['nginx', null, UNKNOWN],
    ],
    ['a worker of nginx', process('/usr/sbin/nginx', ['nginx: worker process']), ['nginx', null, UNKNOWN]],
    [
      'redis',
      process('/usr/bin/redis-check-rdb', ['redis-server *:6379', ...Array<string>(45).fill('')], 'redis-server'),
      [
        'redis-server',
        null,
        /not known\..* as redis-server \/etc\/redis\/redis\.conf; “redis-cli info server” shows the file/,
      ],
    ],
    [
      'php-fpm',
      process('/usr/sbin/php-fpm8.2', ['php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)', '', '']),
      ['php-fpm8.2', ['/usr/sbin/php-fpm8.2', '--fpm-config', '/etc/php/8.2/fpm/php-fpm.conf'], CHECK],
    ],
    [
      'sshd',
      process('/usr/sbin/sshd', ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups']),
      ['sshd', ['/usr/sbin/sshd', '-D'], CHECK],
    ],
    ['a session of sshd', process('/usr/sbin/sshd', ['sshd: root@pts/0']), ['sshd', null, UNKNOWN]],
    [
      'a connection of PostgreSQL',
      process('/usr/lib/postgresql/15/bin/postgres', ['postgres: 15/main: shop shop [local] idle']),
      ['postgres', null, UNKNOWN],
    ],
    ['gunicorn', process('/usr/bin/python3.11', ['gunicorn: master [shop.wsgi]']), ['gunicorn', null, UNKNOWN]],
    [
      'amavisd-new',
      process('/usr/bin/perl', ['/usr/sbin/amavisd-new (master)']),
      ['amavisd-new', ['/usr/sbin/amavisd-new'], CHECK],
    ],
  ] as const)('is an honest one for %s', (_, found, [pattern, argv, note]) => {
    expect(alone(found)).toEqual({
      ...{ by: 'name', pattern, argv, note: expect.stringMatching(note) as string },
    });
  });

  it('that calls itself otherwise starts its executable', () => {
    expect(alone(process('/usr/bin/sleep', ['heartbeat', '600']))).toMatchObject({
      ...{ by: 'name', pattern: 'sleep', argv: ['/usr/bin/sleep', '600'] },
      note: expect.stringMatching(/calls itself heartbeat/) as string,
    });
    expect(alone(process('/usr/bin/busybox', ['web', '-f'], 'httpd'))).toMatchObject({ argv: null });
  });

  it('that is executed by a link starts by that name, for its file may be another program', () => {
    const argv = ['redis-server', '/etc/redis/redis.conf'];
    expect(alone(process('/usr/bin/redis-check-rdb', argv, 'redis-server'))).toMatchObject({
      argv,
      note: null,
    });
    expect(alone(process('/usr/bin/busybox', ['httpd', '-f'], 'httpd')).argv).toEqual(['httpd', '-f']);
    const script = ['python3', '/srv/a.py'];
    expect(alone(process('/usr/bin/python3.11', script, 'python3')).argv).toEqual(script);
    const byFirstLine = ['/usr/bin/python3', '/usr/bin/fail2ban-server'];
    expect(alone(process('/usr/bin/python3.11', byFirstLine, 'fail2ban-server')).argv).toEqual(byFirstLine);
  });

  it('of a Java service starts it as it was, and one whose line is too long is asked for', () => {
    const argv = ['java', '-jar', '/opt/jenkins.war'];
    const java = process('/usr/lib/jvm/java-17/bin/java', argv, 'java');
    expect(alone(java)).toMatchObject({ by: 'cmdline', argv, note: null });
    expect(alone({ ...java, argvCut: true })).toMatchObject({
      ...{ by: 'name', pattern: 'jenkins.war', argv: null, note: expect.stringMatching(/too long/) as string },
    });
  });
});

describe('another instance of a program that writes a title', () => {
  it.each([
    [
      process('/usr/sbin/nginx', ['nginx: master process nginx -c /srv/a.conf', '', '']),
      '^nginx: master process (?:\\S*/)?nginx -c /srv/a\\.conf$',
      ['nginx: master process nginx -c /srv/a.conf', 'nginx: master process /usr/sbin/nginx -c /srv/a.conf'],
      ['nginx: master process nginx -c /srv/b.conf', 'nginx: worker process'],
    ],
    [
      process('/usr/bin/redis-check-rdb', ['redis-server *:6380', ''], 'redis-server'),
      '^(?:\\S*/)?redis-server \\*:6380$',
      ['redis-server *:6380', '/usr/bin/redis-server *:6380'],
      ['redis-server *:6379', 'redis-sentinel *:6380', 'redis-server *:63800'],
    ],
    [
      process('/usr/sbin/php-fpm8.2', ['php-fpm: master process (/etc/php/a.conf)']),
      '^php-fpm: master process \\(/etc/php/a\\.conf\\)$',
      ['php-fpm: master process (/etc/php/a.conf)'],
      ['php-fpm: master process (/etc/php/b.conf)', 'php-fpm: pool a'],
    ],
    [
      process('/usr/sbin/sshd', ['sshd: /usr/sbin/sshd -f /srv/c [listener] 0 of 10-100 startups']),
      '^sshd: /usr/sbin/sshd -f /srv/c \\[listener\\]',
      ['sshd: /usr/sbin/sshd -f /srv/c [listener] 3 of 10-100 startups'],
      ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups', 'sshd: root@pts/0'],
    ],
    [
      process('/usr/bin/python3.11', ['gunicorn: master [shop.wsgi]']),
      '^gunicorn: master \\[shop\\.wsgi\\]$',
      ['gunicorn: master [shop.wsgi]'],
      ['gunicorn: worker [shop.wsgi]', 'gunicorn: master [blog.wsgi]'],
    ],
    [
      process('/usr/bin/perl', ['/usr/sbin/amavisd-new (master)']),
      '^(?:\\S*/)?amavisd-new \\(master\\)$',
      ['/usr/sbin/amavisd-new (master)', 'amavisd-new (master)'],
      ['/usr/sbin/amavisd-new (ch1-avail)'],
    ],
  ] as const)('is told apart by the title: %o', (found, pattern, same, others) => {
    const adoption = proposeAdoption(found, true);
    expect(adoption).toEqual({ ...proposeAdoption(found, false), by: 'cmdline', pattern });
    for (const title of same) expect(title).toMatch(new RegExp(pattern));
    for (const title of others) expect(title).not.toMatch(new RegExp(pattern));
  });

  it('changes nothing where the command line is shown', () => {
    const found = process('/usr/bin/node', ['node', '/srv/a.mjs']);
    expect(proposeAdoption(found, true)).toEqual(proposeAdoption(found, false));
  });

  const row = (pid: number, ppid: number, fields: Partial<ProcessSample> = {}) =>
    ({ pid, ppid, uid: 0, name: 'nginx', argv: ['nginx: master process nginx'], ...fields }) as ProcessSample;
  const master = {
    ...row(10, 1),
    executable: '/usr/sbin/nginx',
    ancestors: [{ pid: 1, name: 'nginx', startTime: 0 }],
  } as unknown as ProcessDetails;

  it('is one of the same user that is neither above it nor below', () => {
    const family = [row(1, 0), row(10, 1), row(11, 10), row(12, 11)];
    expect(hasTwin(master, family)).toBe(false);
    expect(hasTwin(master, [...family, row(20, 1)])).toBe(true);
    expect(hasTwin(master, [...family, row(20, 1, { uid: 33 })])).toBe(false);
    expect(hasTwin(master, [...family, row(20, 1, { name: 'vi', argv: ['vi', 'nginx'] })])).toBe(false);
  });
});

it('a process may be found by its name, its executable, its command line or its pidfile', () => {
  const argv = ['/usr/sbin/nginx', '-g', 'daemon off;'];
  const ways = waysToFind({ name: 'nginx', argv, executable: '/usr/sbin/nginx' });
  expect(ways.map(({ word, pattern }) => `${word} ${pattern}`)).toEqual([
    'Name nginx',
    'Executable ^/usr/sbin/nginx(?: |$)',
    'Command line ^/usr/sbin/nginx -g daemon off;$',
    'Pidfile /run/nginx.pid',
    'Pidfile /run/nginx/nginx.pid',
  ]);
  const script = waysToFind({ name: 'node', argv: ['node', '/srv/shop.mjs'], executable: '/usr/bin/node' });
  expect(script.map(({ word }) => word)).toEqual(['Name', 'Command line', 'Pidfile', 'Pidfile']);
});
