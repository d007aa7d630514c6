import type { RealProgram } from './real-program';

/** Programs that are one executable. */
export const PLAIN: readonly RealProgram[] = [
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
  {
    of: 'MySQL',
    ...{
      comm: 'mysqld',
      exe: '/usr/sbin/mysqld',
      argv: ['/usr/sbin/mysqld', '--daemonize', '--pid-file=/run/mysqld/mysqld.pid'],
    },
    ...{ is: ['mysqld'], isNot: ['mysqld.pid', 'mysql'] },
  },
  {
    of: 'MongoDB',
    ...{ comm: 'mongod', exe: '/usr/bin/mongod', argv: ['/usr/bin/mongod', '--config', '/etc/mongod.conf'] },
    ...{ is: ['mongod'], isNot: ['mongod.conf', 'mongo', 'mongodb'] },
  },
  {
    of: 'memcached',
    ...{
      comm: 'memcached',
      exe: '/usr/bin/memcached',
      argv: ['/usr/bin/memcached', '-m', '64', '-p', '11211', '-u', 'memcache', '-P', '/run/memcached/memcached.pid'],
    },
    ...{ is: ['memcached'], isNot: ['memcache', 'memcached.pid', '64'] },
  },
  {
    of: 'HAProxy, worker',
    ...{
      comm: 'haproxy',
      exe: '/usr/sbin/haproxy',
      argv: ['/usr/sbin/haproxy', '-sf', '713', '-x', 'sockpair@4', '-Ws', '-f', '/etc/haproxy/haproxy.cfg'],
    },
    ...{ is: ['haproxy'], isNot: ['sockpair@4', '713', 'haproxy.cfg'] },
  },
  {
    of: 'Caddy',
    ...{
      comm: 'caddy',
      exe: '/usr/bin/caddy',
      argv: ['/usr/bin/caddy', 'run', '--environ', '--config', '/etc/caddy/Caddyfile'],
    },
    ...{ is: ['caddy'], isNot: ['Caddyfile', 'run'] },
  },
  {
    of: 'Traefik',
    ...{ comm: 'traefik', exe: '/usr/local/bin/traefik', argv: ['traefik', 'traefik', '--providers.docker'] },
    ...{ is: ['traefik'], isNot: ['docker', '--providers.docker'] },
  },
  {
    of: 'Postfix, master',
    ...{ comm: 'master', exe: '/usr/lib/postfix/sbin/master', argv: ['/usr/lib/postfix/sbin/master', '-w'] },
    ...{ is: ['master'], isNot: ['postfix'] },
  },
  {
    of: 'Postfix, pickup',
    ...{ comm: 'pickup', exe: '/usr/lib/postfix/sbin/pickup', argv: ['pickup', '-l', '-t', 'unix', '-u', '-c'] },
    ...{ is: ['pickup'], isNot: ['unix', 'postfix', 'master'] },
  },
  {
    of: 'Dovecot',
    ...{ comm: 'dovecot', exe: '/usr/sbin/dovecot', argv: ['/usr/sbin/dovecot', '-F'] },
    ...{ is: ['dovecot'], isNot: ['-F'] },
  },
  {
    of: 'chronyd',
    ...{ comm: 'chronyd', exe: '/usr/sbin/chronyd', argv: ['/usr/sbin/chronyd', '-F', '1'] },
    ...{ is: ['chronyd'], isNot: ['chrony', '1'] },
  },
  {
    of: 'BIND',
    ...{ comm: 'named', exe: '/usr/sbin/named', argv: ['/usr/sbin/named', '-f', '-u', 'bind'] },
    ...{ is: ['named'], isNot: ['bind'] },
  },
  {
    of: 'dockerd',
    ...{
      comm: 'dockerd',
      exe: '/usr/bin/dockerd',
      argv: ['/usr/bin/dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'],
    },
    ...{ is: ['dockerd'], isNot: ['containerd.sock', 'containerd', 'docker'] },
  },
  {
    of: 'containerd',
    ...{ comm: 'containerd', exe: '/usr/bin/containerd', argv: ['/usr/bin/containerd'] },
    ...{ is: ['containerd'], isNot: ['docker'] },
  },
  {
    of: 'Prometheus',
    ...{
      comm: 'prometheus',
      exe: '/usr/bin/prometheus',
      argv: ['/usr/bin/prometheus', '--config.file=/etc/prometheus/prometheus.yml'],
    },
    ...{ is: ['prometheus'], isNot: ['prometheus.yml'] },
  },
  {
    of: 'node_exporter, whose name is cut off',
    ...{
      comm: 'prometheus-node',
      exe: '/usr/bin/prometheus-node-exporter',
      argv: ['/usr/bin/prometheus-node-exporter'],
    },
    ...{ is: ['prometheus-node-exporter', 'prometheus-node'], isNot: ['prometheus', 'node'] },
  },
  {
    of: 'Grafana',
    ...{
      comm: 'grafana',
      exe: '/usr/share/grafana/bin/grafana',
      argv: ['/usr/share/grafana/bin/grafana', 'server', '--config=/etc/grafana/grafana.ini', '--packaging=deb'],
    },
    ...{ is: ['grafana'], isNot: ['server', 'grafana.ini', 'grafana-server'] },
  },
  {
    of: 'Vault',
    ...{ comm: 'vault', exe: '/usr/bin/vault', argv: ['/usr/bin/vault', 'server', '-config=/etc/vault.d/vault.hcl'] },
    ...{ is: ['vault'], isNot: ['server', 'vault.hcl'] },
  },
  {
    of: 'Consul',
    ...{ comm: 'consul', exe: '/usr/bin/consul', argv: ['/usr/bin/consul', 'agent', '-config-dir=/etc/consul.d/'] },
    ...{ is: ['consul'], isNot: ['agent', 'consul.d'] },
  },
  {
    of: 'etcd',
    ...{ comm: 'etcd', exe: '/usr/bin/etcd', argv: ['/usr/bin/etcd', '--data-dir', '/var/lib/etcd/default'] },
    ...{ is: ['etcd'], isNot: ['default'] },
  },
  {
    of: 'MinIO',
    ...{
      comm: 'minio',
      exe: '/usr/local/bin/minio',
      argv: ['/usr/local/bin/minio', 'server', '--console-address', ':9001', '/srv/data'],
    },
    ...{ is: ['minio'], isNot: ['server', 'data', ':9001'] },
  },
  {
    of: 'cron',
    ...{ comm: 'cron', exe: '/usr/sbin/cron', argv: ['/usr/sbin/cron', '-f', '-P'] },
    ...{ is: ['cron'], isNot: ['crond'] },
  },
  {
    of: 'systemd of a user',
    ...{ comm: 'systemd', exe: '/usr/lib/systemd/systemd', argv: ['/lib/systemd/systemd', '--user'] },
    ...{ is: ['systemd'], isNot: ['init', '--user'] },
  },
  {
    of: 'D-Bus',
    ...{ comm: 'dbus-daemon', exe: '/usr/bin/dbus-daemon', argv: ['@dbus-daemon', '--system', '--address=systemd:'] },
    ...{ is: ['dbus-daemon', '@dbus-daemon'], isNot: ['dbus', 'systemd:'] },
  },
];
