import type { RealProgram } from './real-program';

/** Programs of Python, Node.js, Deno and Bun. */
export const PYTHON_AND_JAVASCRIPT: readonly RealProgram[] = [
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
    of: 'node with flags',
    ...{
      comm: 'node',
      exe: '/usr/bin/node',
      argv: ['/usr/bin/node', '--inspect=127.0.0.1:9229', '--enable-source-maps', '--env-file', '.env', 'dist/main.js'],
    },
    ...{ is: ['main.js', 'node'], isNot: ['.env', 'dist', 'main'] },
  },
  {
    of: 'node that watches',
    ...{
      comm: 'node',
      exe: '/usr/bin/node',
      argv: ['node', '--watch', '--watch-path', 'src', '--import', 'tsx', 'src/index.ts'],
    },
    ...{ is: ['index.ts'], isNot: ['tsx', 'src'] },
  },
  {
    of: 'a tool in node_modules',
    ...{ comm: 'node', exe: '/usr/bin/node', argv: ['node', '/srv/shop/node_modules/.bin/vite', '--port', '80'] },
    ...{ is: ['vite', 'node'], isNot: ['80', '.bin'] },
  },
  {
    of: 'deno serve',
    ...{ comm: 'deno', exe: '/usr/bin/deno', argv: ['deno', 'serve', '--port', '8000', '--host', '0.0.0.0', 'api.ts'] },
    ...{ is: ['api.ts', 'deno'], isNot: ['8000', '0.0.0.0', 'serve'] },
  },
  {
    of: 'deno task',
    ...{ comm: 'deno', exe: '/usr/bin/deno', argv: ['deno', 'task', 'dev'] },
    ...{ is: ['deno'], isNot: ['dev', 'task'] },
  },
  {
    of: 'bun that watches',
    ...{ comm: 'bun', exe: '/usr/bin/bun', argv: ['bun', '--watch', '--port', '3000', 'server.ts'] },
    ...{ is: ['server.ts', 'bun'], isNot: ['3000', 'server'] },
  },
  {
    of: 'uvicorn',
    ...{
      comm: 'uvicorn',
      exe: '/usr/bin/python3.11',
      argv: ['/srv/venv/bin/python3', '/srv/venv/bin/uvicorn', 'shop.main:app', '--host', '0.0.0.0', '--workers', '4'],
    },
    ...{ is: ['uvicorn', 'python3'], isNot: ['shop.main:app', 'main:app', '0.0.0.0', '4'] },
  },
  {
    of: 'uvicorn as a module',
    ...{ comm: 'python3', exe: '/usr/bin/python3.11', argv: ['python3', '-m', 'uvicorn', 'shop.main:app'] },
    ...{ is: ['uvicorn'], isNot: ['shop.main:app', 'app'] },
  },
  {
    of: 'a worker of multiprocessing',
    ...{
      comm: 'python3',
      exe: '/usr/bin/python3.11',
      argv: [
        '/usr/bin/python3',
        '-c',
        'from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)',
        '--multiprocessing-fork',
      ],
    },
    ...{ is: ['python3'], isNot: ['spawn_main', '--multiprocessing-fork'] },
  },
  {
    of: 'celery',
    ...{
      comm: 'celery',
      exe: '/usr/bin/python3.11',
      argv: ['/usr/bin/python3', '/usr/local/bin/celery', '-A', 'shop', 'worker', '-l', 'INFO'],
    },
    ...{ is: ['celery', 'python3'], isNot: ['shop', 'worker', 'INFO'] },
  },
  {
    of: 'a versioned Python, optimised',
    ...{
      comm: 'python3.12',
      exe: '/usr/local/bin/python3.12',
      argv: ['python3.12', '-OO', '-X', 'dev', '-m', 'gunicorn.app.wsgiapp', 'shop:app'],
    },
    ...{ is: ['gunicorn.app.wsgiapp', 'python3.12'], isNot: ['dev', 'shop:app', 'gunicorn'] },
  },
  {
    of: 'PyPy',
    ...{ comm: 'pypy3', exe: '/usr/bin/pypy3.10', argv: ['pypy3', '-u', 'bot.py'] },
    ...{ is: ['bot.py', 'pypy3', 'pypy3.10'], isNot: ['bot'] },
  },
  {
    of: 'Airflow',
    ...{
      comm: 'airflow',
      exe: '/usr/bin/python3.11',
      argv: ['/usr/bin/python3', '/usr/local/bin/airflow', 'scheduler'],
    },
    ...{ is: ['airflow'], isNot: ['scheduler'] },
  },
];
