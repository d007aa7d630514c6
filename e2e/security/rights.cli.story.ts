import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test as base, expect } from '../fixtures/attacker';
import { ROOT } from '../fixtures/shells';

const CANARIES = {
  AWS_SECRET_ACCESS_KEY: 'canary-of-root-1',
  SSH_AUTH_SOCK: '/run/canary-of-root-2',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/canary-of-root-3',
  SUDO_USER: 'canary-of-root-4',
};
const test = base.extend({
  env: async ({ env }, use) => use({ ...env, ...CANARIES }),
});

test('a program of another user gets nothing of the environment of root', async ({ engine, attacker }) => {
  const { cli } = engine;
  const file = join(attacker.directory, 'environment');
  const user = ['--user', 'nobody', '--cwd', '/'];
  await cli.ok('add', 'theirs', ...user, '--env', 'COLOUR=blue', '--', 'sh', '-c', 'env; id -Gn; exec sleep 600');
  await expect.poll(() => cli.ok('logs', 'theirs')).toContain('COLOUR=blue');
  const environment = await cli.ok('logs', 'theirs');
  expect(environment).not.toContain('canary-of-root');
  expect(environment).toMatch(/^USER=nobody$/m);
  expect(environment).toMatch(/^HOME=\/nonexistent$/m);
  expect(existsSync(file)).toBe(false);
});

test('SIGUSR1 opens no inspector', async ({ engine }) => {
  const pid = engine.pid();
  process.kill(pid, 'SIGUSR1');
  // Answered in order: what the signal does is done by then.
  await engine.cli.ok('status');
  expect(await connects(9229)).toBe(false);
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\s+[SR]/m);
});

test('a data directory that another user could exchange is refused, and nothing is written there', async ({
  attacker,
  env,
}) => {
  const parent = join(attacker.directory, 'theirs');
  mkdirSync(parent);
  chownSync(parent, attacker.uid, attacker.uid);
  const dataDir = join(parent, 'healdeck');
  const { status, output } = await run(['run', '--headless', '--port', '0', '--data-dir', dataDir], env);
  expect(status).toBe(1);
  expect(output).toContain(attacker.directory);
  expect(existsSync(dataDir)).toBe(false);
  rmSync(parent, { recursive: true, force: true });
});

test('another user reads and reaches nothing of the engine', async ({ engine, attacker }) => {
  const { cli } = engine;
  await cli.ok('add', 'quiet', '--env', 'DB_PASSWORD=canary-of-watch', '--', 'sleep', '600');
  const [pid = -1] = await cli.pids('quiet');
  const attempts = [
    ['ls', engine.dataDir],
    ['cat', `/proc/${engine.pid()}/environ`],
    ['cat', `/proc/${pid}/environ`],
    ['node', join(ROOT, 'bin/healdeck.js'), 'status', '--data-dir', engine.dataDir],
  ] as const;
  for (const attempt of attempts) {
    const { status, output } = await attacker.run(attempt);
    expect(status, attempt.join(' ')).not.toBe(0);
    expect(output).not.toContain('canary-of');
  }
  // What everybody can read tells nothing that proves anything.
  const { watch } = await cli.watch('quiet');
  for (const file of ['cgroup', 'cmdline']) {
    expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toContain(watch.id);
  }
});

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function run(args: readonly string[], env: Record<string, string>): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/healdeck.js'), ...args], { cwd: ROOT, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}
