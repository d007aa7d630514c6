/** A process of a real program as Linux shows it, and which names it goes by. */
export interface RealProgram {
  of: string;
  /** The kernel's name: at most 15 bytes. */
  comm: string;
  exe: string;
  argv: readonly string[];
  /** Names that find it. */
  is: readonly string[];
  /** Names that must not, most of them because they stand in its command line. */
  isNot: readonly string[];
}

const pad = (title: string, words: number): readonly string[] => [title, ...Array<string>(words).fill('')];

/** From the documentation and the packages of these programs. */
export const REAL_PROGRAMS: readonly RealProgram[] = [
  // ---- daemons that write a title over their command line ----
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
  // ---- interpreters and their scripts ----
  {
    of: 'a Python script with options',
    ...{
      comm: 'python3',
      exe: '/usr/bin/python3.11',
      argv: ['/usr/bin/python3', '-u', '-W', 'ignore', '/srv/a.py', 'b.py'],
    },
    ...{ is: ['a.py', 'python3', 'python3.11'], isNot: ['b.py', 'ignore', 'a', 'python'] },
  },
  {
    of: 'a Python module',
    ...{ comm: 'python3', exe: '/usr/bin/python3.11', argv: ['python3', '-m', 'http.server', '8000'] },
    ...{ is: ['http.server'], isNot: ['8000', '-m', 'server'] },
  },
  {
    of: 'Python code that names a program',
    ...{
      comm: 'python3',
      exe: '/usr/bin/python3.11',
      argv: ['python3', '-c', 'import time; time.sleep(300) # reads /etc/nginx'],
    },
    ...{ is: ['python3'], isNot: ['nginx'] },
  },
  {
    of: 'Python code behind bundled options',
    ...{ comm: 'python3', exe: '/usr/bin/python3.11', argv: ['python3', '-Esuc', 'open("/run/nginx")', '/opt/app'] },
    ...{ is: ['python3'], isNot: ['nginx")', 'app'] },
  },
  {
    of: 'a script by its first line',
    ...{
      comm: 'fail2ban-server',
      exe: '/usr/bin/python3.11',
      argv: ['/usr/bin/python3', '/usr/bin/fail2ban-server', '-xf', 'start'],
    },
    ...{ is: ['fail2ban-server'], isNot: ['fail2ban', 'start'] },
  },
  {
    of: 'a script by its first line whose name is longer than the kernel keeps',
    ...{
      comm: 'unattended-upgr',
      exe: '/usr/bin/python3.11',
      argv: ['/usr/bin/python3', '/usr/bin/unattended-upgrade-shutdown'],
    },
    ...{ is: ['unattended-upgrade-shutdown', 'unattended-upgr'], isNot: ['unattended-upgrade'] },
  },
  {
    of: 'node with a module loaded first',
    ...{
      comm: 'node',
      exe: '/usr/bin/node',
      argv: ['node', '-r', 'dotenv/config', '--max-old-space-size=512', '/srv/server.mjs', '--port', '80'],
    },
    ...{ is: ['server.mjs', 'node'], isNot: ['config', '80', 'dotenv'] },
  },
  {
    of: 'node code',
    ...{
      comm: 'node',
      exe: '/usr/bin/node',
      argv: ['node', '--require', '/dev/null', '-e', 'setTimeout(()=>0,3e5) // talks to /run/nginx'],
    },
    ...{ is: ['node'], isNot: ['nginx', 'null'] },
  },
  {
    of: 'a newer node, by the name of its main thread',
    ...{ comm: 'MainThread', exe: '/usr/bin/node', argv: ['node', 'server.js'] },
    ...{ is: ['node', 'server.js', 'MainThread'], isNot: ['server'] },
  },
  {
    of: 'deno',
    ...{
      comm: 'deno',
      exe: '/usr/bin/deno',
      argv: ['deno', 'run', '--allow-net', '-c', 'deno.json', 'main.ts', 'x.ts'],
    },
    ...{ is: ['deno', 'main.ts'], isNot: ['run', 'deno.json', 'x.ts'] },
  },
  {
    of: 'bun',
    ...{ comm: 'bun', exe: '/usr/bin/bun', argv: ['bun', 'run', '--preload', './setup.ts', 'index.ts'] },
    ...{ is: ['bun', 'index.ts'], isNot: ['setup.ts', 'run'] },
  },
  {
    of: 'a Java archive',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: ['java', '-Xmx2g', '-Dapp=web', '-jar', '/opt/jenkins/jenkins.war', '--httpPort=8080'],
    },
    ...{ is: ['jenkins.war', 'jenkins', 'java'], isNot: ['web', '--httpPort=8080'] },
  },
  {
    of: 'Kafka, by its main class',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: [
        'java',
        '-cp',
        '/opt/kafka/libs/a.jar:/opt/kafka/libs/zookeeper.jar',
        'kafka.Kafka',
        'config/server.properties',
      ],
    },
    ...{ is: ['kafka.Kafka', 'Kafka', 'java'], isNot: ['zookeeper.jar', 'server.properties', 'a.jar'] },
  },
  {
    of: 'a Java source file',
    ...{ comm: 'java', exe: '/usr/lib/jvm/java-17/bin/java', argv: ['java', '-Xmx1g', 'src/Report.java', 'today'] },
    ...{ is: ['Report.java', 'java'], isNot: ['src/Report.java', 'today'] },
  },
  {
    of: 'Tomcat',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: [
        '/usr/bin/java',
        '-classpath',
        '/usr/share/tomcat/bin/bootstrap.jar',
        '-Dcatalina.base=/var/lib/tomcat',
        'org.apache.catalina.startup.Bootstrap',
        'start',
      ],
    },
    ...{ is: ['Bootstrap', 'org.apache.catalina.startup.Bootstrap'], isNot: ['tomcat', 'start', 'bootstrap.jar'] },
  },
  {
    of: 'a Java module',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: ['java', '--module-path', 'mods', '--add-modules', 'x', '-m', 'com.shop/com.shop.Main'],
    },
    ...{ is: ['com.shop/com.shop.Main', 'com.shop.Main'], isNot: ['mods', 'x'] },
  },
  {
    of: 'a shell script',
    ...{ comm: 'run.sh', exe: '/usr/bin/bash', argv: ['/bin/bash', '-e', '-o', 'pipefail', '/srv/run.sh', 'nginx'] },
    ...{ is: ['run.sh', 'bash'], isNot: ['nginx', 'pipefail'] },
  },
  {
    of: 'a shell that mentions a program',
    ...{ comm: 'sh', exe: '/usr/bin/dash', argv: ['sh', '-c', 'backup /etc/nginx'] },
    ...{ is: ['sh', 'dash'], isNot: ['nginx', 'backup'] },
  },
  {
    of: 'a login shell',
    ...{ comm: 'bash', exe: '/usr/bin/bash', argv: ['-bash'] },
    ...{ is: ['bash', '-bash'], isNot: ['sh'] },
  },
  {
    of: 'a shell with options behind its -c',
    ...{ comm: 'bash', exe: '/usr/bin/bash', argv: ['bash', '-lc', 'exec /opt/nginx', 'nginx'] },
    ...{ is: ['bash'], isNot: ['nginx'] },
  },
  {
    of: 'a job of cron',
    ...{
      comm: 'sh',
      exe: '/usr/bin/dash',
      argv: ['/bin/sh', '-c', '[ -x /usr/sbin/anacron ] || run-parts /etc/cron.daily'],
    },
    ...{ is: ['sh'], isNot: ['anacron', 'cron.daily', 'cron'] },
  },
  {
    of: 'a Perl one-liner',
    ...{ comm: 'perl', exe: '/usr/bin/perl', argv: ['perl', '-lne', 'print if /nginx/', '/var/log/nginx'] },
    ...{ is: ['perl'], isNot: ['nginx'] },
  },
  {
    of: 'a Perl script with a library',
    ...{
      comm: 'munin-node',
      exe: '/usr/bin/perl',
      argv: ['/usr/bin/perl', '-wT', '-I', '/opt/lib', '/usr/sbin/munin-node'],
    },
    ...{ is: ['munin-node', 'perl'], isNot: ['lib'] },
  },
  {
    of: 'a Ruby script',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['ruby', '-rbundler/setup', '-I', 'lib', 'bin/rails', 'server'] },
    ...{ is: ['rails', 'ruby'], isNot: ['server', 'lib', 'setup'] },
  },
  {
    of: 'the server of PHP',
    ...{ comm: 'php', exe: '/usr/bin/php8.2', argv: ['php', '-S', '0.0.0.0:80', '-t', 'public', 'router.php'] },
    ...{ is: ['router.php', 'php', 'php8.2'], isNot: ['public', '0.0.0.0:80'] },
  },
  {
    of: 'a queue worker in PHP',
    ...{ comm: 'php', exe: '/usr/bin/php8.2', argv: ['php', '-d', 'memory_limit=1G', 'artisan', 'queue:work'] },
    ...{ is: ['artisan'], isNot: ['queue:work', 'memory_limit=1G'] },
  },
  {
    of: 'PHP code',
    ...{ comm: 'php', exe: '/usr/bin/php8.2', argv: ['php', '-r', 'sleep(300); // /etc/nginx'] },
    ...{ is: ['php'], isNot: ['nginx'] },
  },
  {
    of: 'Lua, Tcl and R: Lua',
    ...{ comm: 'lua', exe: '/usr/bin/lua5.4', argv: ['lua5.4', '-l', 'socket', 'gate.lua'] },
    ...{ is: ['gate.lua', 'lua5.4', 'lua'], isNot: ['socket'] },
  },
  {
    of: 'Tcl',
    ...{ comm: 'tclsh', exe: '/usr/bin/tclsh8.6', argv: ['tclsh', '-encoding', 'utf-8', 'bot.tcl'] },
    ...{ is: ['bot.tcl', 'tclsh'], isNot: ['utf-8'] },
  },
  {
    of: 'R, as Rscript starts it',
    ...{
      comm: 'R',
      exe: '/usr/lib/R/bin/exec/R',
      argv: ['/usr/lib/R/bin/exec/R', '--no-echo', '--no-restore', '--file=report.R', '--args', 'x.R'],
    },
    ...{ is: ['report.R', 'R'], isNot: ['x.R'] },
  },
  {
    of: '.NET',
    ...{
      comm: 'dotnet',
      exe: '/usr/share/dotnet/dotnet',
      argv: ['dotnet', 'exec', '--runtimeconfig', 'a.json', '/srv/Shop.dll', '--urls', 'http://*:80'],
    },
    ...{ is: ['Shop.dll', 'dotnet'], isNot: ['a.json', '--urls'] },
  },
  {
    of: 'Mono',
    ...{ comm: 'mono', exe: '/usr/bin/mono-sgen', argv: ['/usr/bin/mono', '--debug', '/usr/lib/radarr/Radarr.exe'] },
    ...{ is: ['Radarr.exe', 'mono', 'mono-sgen'], isNot: ['Radarr'] },
  },
  // ---- plain programs ----
  {
    of: 'MariaDB',
    ...{ comm: 'mariadbd', exe: '/usr/sbin/mariadbd', argv: ['/usr/sbin/mariadbd', '--datadir=/var/lib/mysql'] },
    ...{ is: ['mariadbd'], isNot: ['mysql', 'mysqld'] },
  },
  {
    of: 'MySQL in its wrapper',
    ...{
      comm: 'mysqld_safe',
      exe: '/usr/bin/dash',
      argv: ['/bin/sh', '/usr/bin/mysqld_safe', '--datadir=/var/lib/mysql'],
    },
    ...{ is: ['mysqld_safe'], isNot: ['mysqld', 'mysql'] },
  },
  {
    of: 'Apache',
    ...{ comm: 'apache2', exe: '/usr/sbin/apache2', argv: ['/usr/sbin/apache2', '-k', 'start'] },
    ...{ is: ['apache2'], isNot: ['apache', 'start', 'httpd'] },
  },
  {
    of: 'HAProxy after a reload',
    ...{
      comm: 'haproxy',
      exe: '/usr/sbin/haproxy',
      argv: ['/usr/sbin/haproxy', '-Ws', '-f', '/etc/haproxy/haproxy.cfg', '-sf', '713'],
    },
    ...{ is: ['haproxy'], isNot: ['haproxy.cfg', '713'] },
  },
  {
    of: 'a name longer than the kernel keeps',
    ...{
      comm: 'NetworkManager-',
      exe: '/usr/libexec/NetworkManager-dispatcher',
      argv: ['/usr/libexec/NetworkManager-dispatcher', '--persist'],
    },
    ...{ is: ['NetworkManager-dispatcher', 'NetworkManager-'], isNot: ['NetworkManager'] },
  },
  {
    of: 'RabbitMQ',
    ...{
      comm: 'beam.smp',
      exe: '/usr/lib/erlang/erts-13/bin/beam.smp',
      argv: ['/usr/lib/erlang/erts-13/bin/beam.smp', '-W', 'w', '-s', 'rabbit', 'boot'],
    },
    ...{ is: ['beam.smp'], isNot: ['rabbit', 'boot'] },
  },
  {
    of: 'a web server of BusyBox',
    ...{ comm: 'httpd', exe: '/usr/bin/busybox', argv: ['httpd', '-f', '-h', '/www'] },
    ...{ is: ['httpd', 'busybox'], isNot: ['www'] },
  },
  {
    of: 'a shell of BusyBox that mentions a program',
    ...{ comm: 'sh', exe: '/usr/bin/busybox', argv: ['sh', '-c', 'ls /srv/nginx'] },
    ...{ is: ['sh'], isNot: ['nginx'] },
  },
  {
    of: 'a program under another name (exec -a)',
    ...{ comm: 'sleep', exe: '/usr/bin/sleep', argv: ['kiosk-heartbeat', '600'] },
    ...{ is: ['kiosk-heartbeat', 'sleep'], isNot: ['600'] },
  },
  {
    of: 'a script under another name (exec -a)',
    ...{ comm: 'python3', exe: '/usr/bin/python3.11', argv: ['worker', '/srv/jobs.py'] },
    ...{ is: ['worker', 'jobs.py', 'python3.11'], isNot: ['srv'] },
  },
  {
    of: 'a program in a directory with blanks',
    ...{ comm: 'server', exe: '/opt/My App/server', argv: ['/opt/My App/server'] },
    ...{ is: ['server'], isNot: ['My', 'App'] },
  },
  // ---- viewers, editors, wrappers: they only name what is looked for ----
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
];
