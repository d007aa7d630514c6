import { describe, expect, it } from 'vitest';
import { proposeAdoption } from './adoption';

/** What the kernel calls it is the name that was executed. */
function process(executable: string, argv: readonly string[], name = executable.split('/').at(-1) ?? '') {
  return { executable, argv, name: name.slice(0, 15) };
}
const CHECK = /written a title over its command line; this is what the title says/;
const UNKNOWN = /how it was started is not known/;

describe('a watch that is proposed for a process', () => {
  it('whose command line is its own finds it by that, and starts it so', () => {
    const argv = ['/usr/sbin/mariadbd', '--datadir=/var/lib/mysql'];
    expect(proposeAdoption(process('/usr/sbin/mariadbd', argv))).toEqual({
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
      ['redis-server', null, UNKNOWN],
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
    expect(proposeAdoption(found)).toEqual({
      ...{ by: 'name', pattern, argv, note: expect.stringMatching(note) as string },
    });
  });

  it('that calls itself otherwise starts its executable', () => {
    expect(proposeAdoption(process('/usr/bin/sleep', ['heartbeat', '600']))).toMatchObject({
      ...{ by: 'name', pattern: 'sleep', argv: ['/usr/bin/sleep', '600'] },
      note: expect.stringMatching(/calls itself heartbeat/) as string,
    });
    expect(proposeAdoption(process('/usr/bin/busybox', ['web', '-f'], 'httpd'))).toMatchObject({ argv: null });
  });

  it('that is executed by a link starts by that name, for its file may be another program', () => {
    const argv = ['redis-server', '/etc/redis/redis.conf'];
    expect(proposeAdoption(process('/usr/bin/redis-check-rdb', argv, 'redis-server'))).toMatchObject({
      argv,
      note: null,
    });
    expect(proposeAdoption(process('/usr/bin/busybox', ['httpd', '-f'], 'httpd')).argv).toEqual(['httpd', '-f']);
    const script = ['python3', '/srv/a.py'];
    expect(proposeAdoption(process('/usr/bin/python3.11', script, 'python3')).argv).toEqual(script);
    const byFirstLine = ['/usr/bin/python3', '/usr/bin/fail2ban-server'];
    expect(proposeAdoption(process('/usr/bin/python3.11', byFirstLine, 'fail2ban-server')).argv).toEqual(byFirstLine);
  });

  it('of a Java service starts it as it was, and one whose line is too long is asked for', () => {
    const argv = ['java', '-jar', '/opt/jenkins.war'];
    const java = process('/usr/lib/jvm/java-17/bin/java', argv, 'java');
    expect(proposeAdoption(java)).toMatchObject({ by: 'cmdline', argv, note: null });
    expect(proposeAdoption({ ...java, argvCut: true })).toMatchObject({
      ...{ by: 'name', pattern: 'jenkins.war', argv: null, note: expect.stringMatching(/too long/) as string },
    });
  });
});
