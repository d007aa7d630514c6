import { existsSync, mkdirSync, readFileSync, writeFileSync, copyFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath, runToEnd, startDaemon } from './processes.mjs';

const PM2_VERSION = '7.0.4';
const pm2Folder = join(tmpdir(), `healdeck-bench-pm2-${PM2_VERSION}`);
const checkout = join(import.meta.dirname, '../..');
const cli = join(checkout, 'bin/healdeck.js');

/** npm, for the one peer that comes from its registry. */
export const installPm2 = () => runToEnd('npm', ['install', '--no-save', '--prefix', pm2Folder, `pm2@${PM2_VERSION}`]);

const pm2Program = () => {
  const local = join(pm2Folder, 'node_modules/.bin/pm2');
  return existsSync(local) ? local : onPath('pm2');
};

/** The engine's environment must not depend on npm, as `npm run` starts this bench. */
const quiet = { ...process.env, HEALDECK_DATA_DIR: '' };
delete quiet.HEALDECK_DATA_DIR;

/**
 * Every supervisor: `missing()` says what to do when it is not there, `start()` begins to supervise the child in its own
 * folder and resolves to the way to end it. `folder` is empty and its own, `starts` the file the child writes to.
 */
export const SUPERVISORS = [
  {
    name: 'floor (C)',
    note: 'fork, exec, waitpid, nothing else',
    missing: () => null,
    start: ({ tools, child, starts }) => startDaemon(tools.floor, [child, starts]),
  },
  {
    name: 'bare Node',
    note: 'spawn() in the exit event',
    missing: () => null,
    start: ({ child, starts }) =>
      startDaemon(process.execPath, [join(import.meta.dirname, 'bare-node.mjs'), child, starts]),
  },
  {
    name: 'Healdeck',
    note: 'headless engine, restart always',
    missing: () => (existsSync(join(checkout, 'out/main/cli.js')) ? null : 'npm run build'),
    start: startHealdeck,
  },
  {
    name: 'runit',
    note: 'runsv with the usual shell script: exec CHILD',
    missing: () => (onPath('runsv') === null ? 'apt-get install runit' : null),
    start({ folder, child, starts }) {
      writeFileSync(join(folder, 'run'), `#!/bin/sh\nexec ${child} ${starts}\n`, { mode: 0o755 });
      return startDaemon(onPath('runsv'), [folder]);
    },
  },
  {
    name: 'runit, no script',
    note: 'runsv with the program itself as ./run',
    missing: () => (onPath('runsv') === null ? 'apt-get install runit' : null),
    start({ folder, child }) {
      copyFileSync(child, join(folder, 'run'));
      chmodSync(join(folder, 'run'), 0o755);
      return startDaemon(onPath('runsv'), [folder]);
    },
  },
  {
    name: 'PM2',
    note: 'fork mode',
    missing: () =>
      pm2Program() === null ? `npm run bench:restart -- --install   (pm2@${PM2_VERSION} into ${pm2Folder})` : null,
    start({ folder, child, starts }) {
      const env = { ...process.env, PM2_HOME: folder, PM2_DISABLE_VERSION_CHECK: 'true' };
      const pm2 = (...args) => runToEnd(pm2Program(), args, { env, cwd: folder });
      pm2('start', child, '--name', 'bench', '--interpreter', 'none', '--', starts);
      return { end: async () => void pm2('kill') };
    },
  },
  {
    name: 'supervisord',
    note: 'autorestart=true',
    missing: () => (onPath('supervisord') === null ? 'apt-get install supervisor' : null),
    start({ folder, child, starts }) {
      const config = join(folder, 'supervisord.conf');
      writeFileSync(
        config,
        `[supervisord]\nnodaemon=true\nlogfile=${folder}/log\npidfile=${folder}/pid\nchildlogdir=${folder}\n` +
          `[program:bench]\ncommand=${child} ${starts}\nautorestart=true\n`,
      );
      return startDaemon(onPath('supervisord'), ['-n', '-c', config], { cwd: folder });
    },
  },
  {
    name: 'Monit',
    note: 'cycle of 1 s, its shortest',
    missing: () => (onPath('monit') === null ? 'apt-get install monit' : null),
    start({ folder, child, starts }) {
      const script = join(folder, 'start.sh');
      writeFileSync(
        script,
        `#!/bin/sh\n${child} ${starts} </dev/null >/dev/null 2>&1 &\necho $! > ${folder}/child.pid\n`,
        {
          mode: 0o755,
        },
      );
      const config = join(folder, 'monitrc');
      writeFileSync(
        config,
        `set daemon 1\nset logfile ${folder}/log\nset pidfile ${folder}/pid\nset idfile ${folder}/id\n` +
          `set statefile ${folder}/state\ncheck process bench with pidfile ${folder}/child.pid\n` +
          `  start program = "${script}" with timeout 5 seconds\n`,
        { mode: 0o600 },
      );
      return startDaemon(onPath('monit'), ['-I', '-c', config], { cwd: folder });
    },
  },
];

async function startHealdeck({ folder, child, starts }) {
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const here = ['--data-dir', dataDir];
  const engine = startDaemon(process.execPath, [cli, 'run', '--headless', ...here], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: quiet,
  });
  let printed = '';
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ready line within 20 s: ${printed}`)), 20_000);
    engine.child.stderr.on('data', (data) => (printed += data));
    engine.child.stdout.on('data', (data) => {
      printed += data;
      if (printed.includes('http://')) {
        clearTimeout(timer);
        resolve();
      }
    });
    engine.child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the engine ended: ${printed}`));
    });
  });
  try {
    await ready;
    const healdeck = (...args) => runToEnd(process.execPath, [cli, ...args], { env: quiet });
    // Restarts in a row are delayed, counted and cooled down on purpose: this lets each kill be the first one.
    const first = { 'heal.verifyMs': '1s', 'heal.healthyMs': '1s', 'storm.restarts': '10000', 'restart.limit': '1000' };
    const endless = { 'restart.mediumLimit': 'none', 'restart.longLimit': 'none' };
    for (const [key, value] of Object.entries({ ...first, ...endless })) {
      healdeck('settings', 'set', key, value, ...here);
    }
    healdeck('add', 'bench', '--restart', 'always', ...here, '--', child, starts);
  } catch (error) {
    await engine.end();
    throw error;
  }
  return engine;
}

/** What a peer's own log says, for the message when it did not start. */
export function logOf(folder) {
  const log = join(folder, 'log');
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-500) : '';
}
