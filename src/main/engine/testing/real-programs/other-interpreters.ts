import type { RealProgram } from './real-program';

/** Programs of Java, .NET, shells, Perl, Ruby, PHP and others. */
export const OTHER_INTERPRETERS: readonly RealProgram[] = [
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
  {
    of: 'a Java archive with agents',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: [
        'java',
        '-javaagent:/opt/otel/agent.jar',
        '-agentlib:jdwp=transport=dt_socket,server=y',
        '-XX:+UseG1GC',
        '--add-opens',
        'java.base/java.lang=ALL-UNNAMED',
        '-jar',
        '/srv/shop.jar',
        '--server.port=80',
      ],
    },
    ...{ is: ['shop.jar', 'shop', 'java'], isNot: ['agent.jar', 'agent', 'java.base/java.lang=ALL-UNNAMED'] },
  },
  {
    of: 'Java with a file of arguments',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: ['java', '@/etc/shop/jvm.options', '-cp', 'lib/*', 'com.shop.Main'],
    },
    ...{ is: ['com.shop.Main', 'Main'], isNot: ['jvm.options', '@/etc/shop/jvm.options', 'shop'] },
  },
  {
    of: 'Elasticsearch',
    ...{
      comm: 'java',
      exe: '/usr/share/elasticsearch/jdk/bin/java',
      argv: [
        '/usr/share/elasticsearch/jdk/bin/java',
        '-Xms1g',
        '--module-path',
        '/usr/share/elasticsearch/lib',
        '--add-modules=jdk.net',
        '-m',
        'org.elasticsearch.server/org.elasticsearch.bootstrap.Elasticsearch',
      ],
    },
    ...{
      is: ['Elasticsearch', 'org.elasticsearch.bootstrap.Elasticsearch'],
      isNot: ['lib', 'elasticsearch', 'org.elasticsearch'],
    },
  },
  {
    of: 'ZooKeeper',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: [
        'java',
        '-Dzookeeper.log.dir=/var/log/zookeeper',
        '-cp',
        '/etc/zookeeper:/usr/share/java/zookeeper.jar',
        'org.apache.zookeeper.server.quorum.QuorumPeerMain',
        '/etc/zookeeper/zoo.cfg',
      ],
    },
    ...{ is: ['QuorumPeerMain', 'java'], isNot: ['zookeeper', 'zoo.cfg', 'zookeeper.jar'] },
  },
  {
    of: 'Cassandra',
    ...{
      comm: 'java',
      exe: '/usr/lib/jvm/java-17/bin/java',
      argv: [
        'java',
        '-ea',
        '-da:net.openhft...',
        '-cp',
        '/etc/cassandra:/usr/share/cassandra/lib/x.jar',
        'org.apache.cassandra.service.CassandraDaemon',
      ],
    },
    ...{ is: ['CassandraDaemon'], isNot: ['cassandra', 'x.jar'] },
  },
  {
    of: 'Fluentd',
    ...{
      comm: 'ruby',
      exe: '/usr/bin/ruby3.1',
      argv: [
        '/usr/bin/ruby',
        '-Eascii-8bit:ascii-8bit',
        '/usr/bin/fluentd',
        '--log',
        '/var/log/fluentd.log',
        '--under-supervisor',
      ],
    },
    ...{ is: ['fluentd', 'ruby'], isNot: ['fluentd.log', 'ascii-8bit:ascii-8bit'] },
  },
  {
    of: 'bundle exec',
    ...{ comm: 'ruby', exe: '/usr/bin/ruby3.1', argv: ['ruby', '/usr/bin/bundle', 'exec', 'rackup', 'config.ru'] },
    ...{ is: ['bundle', 'ruby3.1'], isNot: ['rackup', 'config.ru', 'exec'] },
  },
  {
    of: 'WP-CLI',
    ...{
      comm: 'php',
      exe: '/usr/bin/php8.2',
      argv: ['/usr/bin/php', '/usr/local/bin/wp', 'cron', 'event', 'run', '--due-now'],
    },
    ...{ is: ['wp', 'php8.2'], isNot: ['cron', 'event', 'run'] },
  },
  {
    of: 'Laravel Horizon',
    ...{ comm: 'php', exe: '/usr/bin/php8.2', argv: ['php', 'artisan', 'horizon:work', 'redis', '--queue=default'] },
    ...{ is: ['artisan', 'php'], isNot: ['redis', 'horizon:work'] },
  },
  {
    of: 'dotnet run',
    ...{ comm: 'dotnet', exe: '/usr/share/dotnet/dotnet', argv: ['dotnet', 'run', '--project', '/srv/Shop'] },
    ...{ is: ['dotnet'], isNot: ['run', 'Shop', '--project'] },
  },
  {
    of: '.NET of its own executable',
    ...{ comm: 'Shop', exe: '/srv/shop/Shop', argv: ['/srv/shop/Shop', '--urls', 'http://*:80'] },
    ...{ is: ['Shop'], isNot: ['dotnet', '--urls'] },
  },
  {
    of: 'Perl with taint checks and a module',
    ...{
      comm: 'perl',
      exe: '/usr/bin/perl',
      argv: ['/usr/bin/perl', '-T', '-MPOSIX', '-w', '/usr/sbin/spamd', '--create-prefs'],
    },
    ...{ is: ['spamd', 'perl'], isNot: ['--create-prefs', 'POSIX'] },
  },
  {
    of: 'a shell script by its first line',
    ...{ comm: 'postgres-backup', exe: '/usr/bin/bash', argv: ['/bin/bash', '/usr/local/bin/postgres-backup-hourly'] },
    ...{ is: ['postgres-backup-hourly', 'postgres-backup', 'bash'], isNot: ['postgres', 'backup'] },
  },
  {
    of: 'a shell of BusyBox, called through it',
    ...{ comm: 'busybox', exe: '/bin/busybox', argv: ['busybox', 'sh', '-c', 'ls /srv/nginx'] },
    ...{ is: ['busybox', 'sh'], isNot: ['nginx'] },
  },
  {
    of: 'an applet, called through BusyBox',
    ...{ comm: 'busybox', exe: '/bin/busybox', argv: ['/bin/busybox', 'httpd', '-f', '-h', '/srv/www'] },
    ...{ is: ['busybox', 'httpd'], isNot: ['www'] },
  },
  {
    of: 'R in a session',
    ...{
      comm: 'R',
      exe: '/usr/lib/R/bin/exec/R',
      argv: ['/usr/lib/R/bin/exec/R', '--no-save', '--slave', '-f', 'model.R'],
    },
    ...{ is: ['model.R', 'R'], isNot: ['--slave'] },
  },
];
