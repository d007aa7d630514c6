import type { RealProgram } from './real-program';

const pad = (title: string, words: number): readonly string[] => [title, ...Array<string>(words).fill('')];

/** Programs that write a title over their command line. */
export const TITLES: readonly RealProgram[] = [
  {
    of: 'nginx, master',
    ...{
      comm: 'nginx',
      exe: '/usr/sbin/nginx',
      argv: ['nginx: master process /usr/sbin/nginx -g daemon on; master_process on;'],
    },
    ...{ is: ['nginx'], isNot: ['master', 'process', 'daemon', 'on;'] },
  },
  {
    of: 'nginx, worker',
    ...{ comm: 'nginx', exe: '/usr/sbin/nginx', argv: pad('nginx: worker process', 3) },
    ...{ is: ['nginx'], isNot: ['worker', 'nginx:', 'process'] },
  },
  {
    of: 'nginx replaced by an upgrade',
    ...{ comm: 'nginx', exe: '/usr/sbin/nginx', argv: ['nginx: master process nginx -c /etc/nginx/nginx.conf'] },
    ...{ is: ['nginx'], isNot: ['nginx.conf', 'nginx (deleted)'] },
  },
  {
    of: 'redis',
    ...{ comm: 'redis-server', exe: '/usr/bin/redis-check-rdb', argv: pad('redis-server *:6379', 45) },
    ...{ is: ['redis-server', 'redis-check-rdb'], isNot: ['redis', '*:6379', 'redis-server *:6379'] },
  },
  {
    of: 'redis of a cluster, blanks behind its title',
    ...{
      comm: 'redis-server',
      exe: '/usr/bin/redis-server',
      argv: ['redis-server 127.0.0.1:6379 [cluster]          '],
    },
    ...{ is: ['redis-server'], isNot: ['[cluster]', 'cluster'] },
  },
  {
    of: 'redis-sentinel',
    ...{ comm: 'redis-sentinel', exe: '/usr/bin/redis-sentinel', argv: pad('redis-sentinel *:26379 [sentinel]', 4) },
    ...{ is: ['redis-sentinel'], isNot: ['sentinel', 'redis-server'] },
  },
  {
    of: 'PostgreSQL, postmaster',
    comm: 'postgres',
    exe: '/usr/lib/postgresql/15/bin/postgres',
    argv: [
      '/usr/lib/postgresql/15/bin/postgres',
      '-D',
      '/var/lib/postgresql/15/main',
      '-c',
      'config_file=/etc/postgresql/15/main/postgresql.conf',
    ],
    ...{ is: ['postgres'], isNot: ['main', 'postgresql.conf', '15'] },
  },
  {
    of: 'PostgreSQL, checkpointer',
    ...{ comm: 'postgres', exe: '/usr/lib/postgresql/15/bin/postgres', argv: ['postgres: 15/main: checkpointer '] },
    ...{ is: ['postgres'], isNot: ['checkpointer', 'main:', 'main'] },
  },
  {
    of: 'PostgreSQL, a connection',
    ...{
      comm: 'postgres',
      exe: '/usr/lib/postgresql/15/bin/postgres',
      argv: ['postgres: 15/main: shop shop 127.0.0.1(44712) idle'],
    },
    ...{ is: ['postgres'], isNot: ['shop', 'idle'] },
  },
  {
    of: 'php-fpm, master',
    ...{
      comm: 'php-fpm8.2',
      exe: '/usr/sbin/php-fpm8.2',
      argv: pad('php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)', 20),
    },
    ...{ is: ['php-fpm8.2', 'php-fpm'], isNot: ['php-fpm.conf', 'php-fpm.conf)', 'php'] },
  },
  {
    of: 'php-fpm, pool',
    ...{ comm: 'php-fpm8.2', exe: '/usr/sbin/php-fpm8.2', argv: ['php-fpm: pool www'] },
    ...{ is: ['php-fpm8.2', 'php-fpm'], isNot: ['www', 'pool'] },
  },
  {
    of: 'sshd, listener',
    ...{ comm: 'sshd', exe: '/usr/sbin/sshd', argv: ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'] },
    ...{ is: ['sshd'], isNot: ['listener', '[listener]', 'startups'] },
  },
  {
    of: 'sshd, a session',
    ...{ comm: 'sshd', exe: '/usr/sbin/sshd', argv: ['sshd: nginx@pts/0'] },
    ...{ is: ['sshd'], isNot: ['nginx', '0', 'nginx@pts/0'] },
  },
  {
    of: 'amavisd-new, master',
    ...{ comm: '/usr/sbin/amavi', exe: '/usr/bin/perl', argv: ['/usr/sbin/amavisd-new (master)'] },
    ...{ is: ['amavisd-new', 'perl'], isNot: ['amavis', '(master)', 'master'] },
  },
  {
    of: 'postgrey',
    ...{
      comm: 'postgrey',
      exe: '/usr/bin/perl',
      argv: ['postgrey --pidfile=/run/postgrey.pid --daemonize --inet=10023'],
    },
    ...{ is: ['postgrey', 'perl'], isNot: ['postgrey.pid', '--daemonize'] },
  },
  {
    of: 'spamd child',
    ...{ comm: 'spamd child', exe: '/usr/bin/perl', argv: ['spamd child'] },
    ...{ is: ['spamd', 'spamd child'], isNot: ['child'] },
  },
  {
    of: 'gunicorn, master',
    ...{ comm: 'gunicorn', exe: '/usr/bin/python3.11', argv: ['gunicorn: master [shop.wsgi]'] },
    ...{ is: ['gunicorn', 'python3.11'], isNot: ['shop.wsgi', '[shop.wsgi]', 'master', 'python3'] },
  },
  {
    of: 'gunicorn without setproctitle',
    ...{
      comm: 'gunicorn',
      exe: '/usr/bin/python3.11',
      argv: ['/srv/venv/bin/python', '/srv/venv/bin/gunicorn', '-w', '4', 'shop.wsgi'],
    },
    ...{ is: ['gunicorn', 'python', 'python3.11'], isNot: ['shop.wsgi', '4', 'venv'] },
  },
  {
    of: 'celery with setproctitle',
    ...{
      comm: 'celery',
      exe: '/usr/bin/python3.11',
      argv: ['[celeryd: celery@host:MainProcess] -active- (worker -l INFO)'],
    },
    ...{ is: ['celery', 'celeryd'], isNot: ['worker', 'INFO)', '[celeryd:'] },
  },
  {
    of: 'puma',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['puma 5.6.5 (tcp://0.0.0.0:3000) [shop]'] },
    ...{ is: ['puma', 'ruby', 'ruby3.1'], isNot: ['shop', '[shop]'] },
  },
  {
    of: 'unicorn, master',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['unicorn master -c /srv/shop/unicorn.rb -E production'] },
    ...{ is: ['unicorn'], isNot: ['unicorn.rb', 'master', 'production'] },
  },
  {
    of: 'sidekiq',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['sidekiq 6.5.8 shop [0 of 5 busy]'] },
    ...{ is: ['sidekiq'], isNot: ['shop', 'busy]'] },
  },
  {
    of: 'PM2',
    ...{ comm: 'PM2 v5.3.0: God', exe: '/usr/bin/node', argv: ['PM2 v5.3.0: God Daemon (/root/.pm2)'] },
    ...{ is: ['PM2', 'node'], isNot: ['Daemon', '.pm2)', 'God'] },
  },
  {
    of: 'npm',
    ...{ comm: 'npm start', exe: '/usr/bin/node', argv: ['npm start'] },
    ...{ is: ['npm', 'npm start', 'node'], isNot: ['start'] },
  },
  {
    of: 'sendmail',
    ...{ comm: 'sendmail', exe: '/usr/libexec/sendmail/sendmail', argv: ['sendmail: accepting connections'] },
    ...{ is: ['sendmail'], isNot: ['connections', 'sendmail:'] },
  },
  {
    of: 'dovecot, imap-login',
    ...{ comm: 'imap-login', exe: '/usr/lib/dovecot/imap-login', argv: ['dovecot/imap-login'] },
    ...{ is: ['imap-login'], isNot: ['dovecot', 'imap'] },
  },
  {
    of: 'chromium, a renderer',
    comm: 'chromium',
    exe: '/usr/lib/chromium/chromium',
    argv: ['/usr/lib/chromium/chromium --type=renderer --app=https://shop.example/kiosk'],
    ...{ is: ['chromium'], isNot: ['kiosk', '--type=renderer'] },
  },
  {
    of: 'avahi-daemon',
    ...{ comm: 'avahi-daemon', exe: '/usr/sbin/avahi-daemon', argv: ['avahi-daemon: running [shop.local]'] },
    ...{ is: ['avahi-daemon'], isNot: ['avahi', 'running', '[shop.local]'] },
  },
  {
    of: 'systemd, (sd-pam)',
    ...{ comm: '(sd-pam)', exe: '/usr/lib/systemd/systemd', argv: ['(sd-pam)'] },
    ...{ is: ['(sd-pam)', 'systemd'], isNot: ['sd-pam)'] },
  },
  {
    of: 'gunicorn, worker',
    ...{ comm: 'gunicorn', exe: '/usr/bin/python3.11', argv: ['gunicorn: worker [shop.wsgi]'] },
    ...{ is: ['gunicorn', 'python3.11'], isNot: ['worker', 'shop.wsgi', '[shop.wsgi]'] },
  },
  {
    of: 'puma, a worker of a cluster',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['puma: cluster worker 0: 713 [shop]'] },
    ...{ is: ['puma', 'ruby'], isNot: ['worker', 'shop', 'cluster', '713'] },
  },
  {
    of: 'unicorn, worker',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['unicorn worker[0] -c /srv/shop/unicorn.rb -E production'] },
    ...{ is: ['unicorn', 'ruby3.1'], isNot: ['worker[0]', 'unicorn.rb', 'production'] },
  },
  {
    of: 'Passenger',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['Passenger RubyApp: /srv/shop (production)'] },
    ...{ is: ['Passenger', 'ruby'], isNot: ['RubyApp:', 'shop', 'production)'] },
  },
  {
    of: 'Resque',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['resque-2.6.0: Waiting for mail,reports'] },
    ...{ is: ['resque-2.6.0', 'ruby3.1'], isNot: ['Waiting', 'mail', 'reports'] },
  },
  {
    of: 'uWSGI with auto-procname',
    ...{ comm: 'uwsgi', exe: '/usr/bin/uwsgi-core', argv: ['uWSGI worker 1'] },
    ...{ is: ['uWSGI', 'uwsgi', 'uwsgi-core'], isNot: ['worker', '1'] },
  },
  {
    of: 'an application of PM2, by the title that PM2 gives it',
    ...{ comm: 'node /srv/shop/', exe: '/usr/bin/node', argv: pad('node /srv/shop/server.js', 6) },
    ...{ is: ['server.js', 'node'], isNot: ['shop', 'server'] },
  },
  {
    of: 'npm run',
    ...{ comm: 'npm run dev', exe: '/usr/bin/node', argv: ['npm run dev'] },
    ...{ is: ['npm', 'node'], isNot: ['dev', 'run'] },
  },
  {
    of: 'npx',
    ...{ comm: 'npm exec vite p', exe: '/usr/bin/node', argv: ['npm exec vite preview --port 4173'] },
    ...{ is: ['npm', 'node'], isNot: ['vite', 'preview', '4173'] },
  },
  {
    of: 'supervisord',
    ...{
      comm: 'supervisord',
      exe: '/usr/bin/python3.11',
      argv: ['/usr/bin/python3', '/usr/bin/supervisord', '-n', '-c', '/etc/supervisor/supervisord.conf'],
    },
    ...{ is: ['supervisord', 'python3'], isNot: ['supervisord.conf', 'supervisor'] },
  },
  {
    of: 'sshd of OpenSSH 9.8, a session',
    ...{ comm: 'sshd-session', exe: '/usr/lib/openssh/sshd-session', argv: ['sshd-session: ada [priv]'] },
    ...{ is: ['sshd-session'], isNot: ['ada', 'sshd', '[priv]'] },
  },
  {
    of: 'tmux',
    ...{ comm: 'tmux: server', exe: '/usr/bin/tmux', argv: ['tmux', 'new-session', '-d', '-s', 'nginx'] },
    ...{ is: ['tmux', 'tmux: server'], isNot: ['nginx', 'new-session'] },
  },
  {
    of: 'GNU screen',
    ...{ comm: 'screen', exe: '/usr/bin/screen', argv: ['SCREEN', '-dmS', 'nginx', 'top'] },
    ...{ is: ['SCREEN', 'screen'], isNot: ['nginx', 'top'] },
  },
  {
    of: 'Exim',
    ...{ comm: 'exim4', exe: '/usr/sbin/exim4', argv: ['/usr/sbin/exim4', '-bd', '-q30m'] },
    ...{ is: ['exim4'], isNot: ['exim', '-bd'] },
  },
  {
    of: 'ProFTPD',
    ...{ comm: 'proftpd', exe: '/usr/sbin/proftpd', argv: ['proftpd: (accepting connections)'] },
    ...{ is: ['proftpd'], isNot: ['connections)', 'proftpd:'] },
  },
];
