import type { RealProgram } from './real-program';

/** Viewers, editors and wrappers: they only name what is looked for. */
export const WRAPPERS: readonly RealProgram[] = [
  {
    of: 'an editor',
    ...{ comm: 'vim', exe: '/usr/bin/vim.basic', argv: ['vi', '/etc/nginx/nginx.conf'] },
    ...{ is: ['vi', 'vim', 'vim.basic'], isNot: ['nginx.conf', 'nginx'] },
  },
  {
    of: 'a log follower',
    ...{ comm: 'tail', exe: '/usr/bin/tail', argv: ['tail', '-F', '/var/log/nginx/access.log', 'nginx'] },
    ...{ is: ['tail'], isNot: ['nginx', 'access.log'] },
  },
  {
    of: 'a pager',
    ...{ comm: 'less', exe: '/usr/bin/less', argv: ['less', '/srv/a.py'] },
    ...{ is: ['less'], isNot: ['a.py'] },
  },
  {
    of: 'a search',
    ...{ comm: 'grep', exe: '/usr/bin/grep', argv: ['grep', '-r', 'nginx', '/etc'] },
    ...{ is: ['grep'], isNot: ['nginx', 'etc'] },
  },
  {
    of: 'sudo before a program',
    ...{ comm: 'sudo', exe: '/usr/bin/sudo', argv: ['sudo', '-u', 'www-data', 'nginx'] },
    ...{ is: ['sudo'], isNot: ['nginx', 'www-data'] },
  },
  {
    of: 'a supervisor of runit',
    ...{ comm: 'runsv', exe: '/usr/bin/runsv', argv: ['runsv', 'nginx'] },
    ...{ is: ['runsv'], isNot: ['nginx'] },
  },
  {
    of: 'a client of containers',
    ...{ comm: 'docker', exe: '/usr/bin/docker', argv: ['docker', 'run', '--name', 'web', 'nginx'] },
    ...{ is: ['docker'], isNot: ['nginx', 'web'] },
  },
  {
    of: 'the shim of a container',
    ...{
      comm: 'containerd-shim',
      exe: '/usr/bin/containerd-shim-runc-v2',
      argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', 'nginx'],
    },
    ...{ is: ['containerd-shim-runc-v2'], isNot: ['nginx', 'moby'] },
  },
  {
    of: 'tini',
    ...{ comm: 'tini', exe: '/usr/bin/tini', argv: ['/sbin/tini', '--', 'nginx', '-g', 'daemon off;'] },
    ...{ is: ['tini'], isNot: ['nginx', 'daemon off;'] },
  },
  {
    of: 'docker-init',
    ...{ comm: 'docker-init', exe: '/sbin/docker-init', argv: ['/sbin/docker-init', '--', 'node', 'server.js'] },
    ...{ is: ['docker-init'], isNot: ['node', 'server.js'] },
  },
  {
    of: 'dumb-init',
    ...{ comm: 'dumb-init', exe: '/usr/bin/dumb-init', argv: ['/usr/bin/dumb-init', '--', 'redis-server'] },
    ...{ is: ['dumb-init'], isNot: ['redis-server'] },
  },
  {
    of: 'a shell that npm starts',
    ...{ comm: 'sh', exe: '/usr/bin/dash', argv: ['sh', '-c', 'vite --port 80'] },
    ...{ is: ['sh'], isNot: ['vite', '80'] },
  },
  {
    of: 's6',
    ...{ comm: 's6-supervise', exe: '/usr/bin/s6-supervise', argv: ['s6-supervise', 'nginx'] },
    ...{ is: ['s6-supervise'], isNot: ['nginx'] },
  },
  {
    of: 'timeout',
    ...{ comm: 'timeout', exe: '/usr/bin/timeout', argv: ['timeout', '-k', '5', '3600', 'nginx'] },
    ...{ is: ['timeout'], isNot: ['nginx', '3600'] },
  },
  {
    of: 'su',
    ...{ comm: 'su', exe: '/usr/bin/su', argv: ['su', '-', 'www-data', '-c', 'nginx'] },
    ...{ is: ['su'], isNot: ['nginx', 'www-data'] },
  },
  {
    of: 'ssh to a host of that name',
    ...{ comm: 'ssh', exe: '/usr/bin/ssh', argv: ['ssh', 'nginx'] },
    ...{ is: ['ssh'], isNot: ['nginx'] },
  },
  {
    of: 'the journal of a service',
    ...{ comm: 'journalctl', exe: '/usr/bin/journalctl', argv: ['journalctl', '-fu', 'nginx'] },
    ...{ is: ['journalctl'], isNot: ['nginx'] },
  },
];
