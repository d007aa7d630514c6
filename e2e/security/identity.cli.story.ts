import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, trap } from '../fixtures/attacker';
import { identify, isAlive, killExactly } from '../fixtures/processes';

const test = base.extend<{ report: string }>({
  /** Where the program writes what it was started with, a line a start. */
  report: async ({ attacker: _takenDownLater }, use, testInfo) => use(testInfo.outputPath('starts.txt')),
});
/** A program that writes down whether anything of an attacker came with it, and then only lives. */
const program = (report: string, then = 'exec sleep 600') => [
  ...['sh', '-c', `echo "uid=$(id -u) attack=\${ATTACK:-no} preload=\${LD_PRELOAD:-no}" >> "$0"; ${then}`, report],
];
const starts = (report: string): string[] => readFileSync(report, 'utf8').trim().split('\n');
const CLEAN = 'uid=0 attack=no preload=no';

/** What the attacker could ever have learned, and more: the mark itself, which only root can read. */
const markOf = (pid: number): string =>
  /(?:^|\0)HEALDECK_WATCH=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1] ?? '';

test('a process that carries the mark of a watch is not taken for its program, whatever died before', async ({
  engine,
  attacker,
  report,
}) => {
  const { cli } = engine;
  await cli.ok('add', 'service', '--restart', 'always', '--', ...program(report));
  const [pid = -1] = await cli.pids('service');
  const { watch } = await cli.watch('service');
  const mark = markOf(pid);
  await engine.killEngine();
  const service = identify(pid);
  if (service !== null) killExactly(service);
  const stranger = await attacker.start(['sleep', '600'], { env: trap(watch.id) });
  const spoofs = [
    stranger,
    await attacker.start(['sleep', '600'], { env: trap(mark) }),
    await attacker.start(['sh', '-c', 'exec sleep 600 # as the program does', report], { env: trap(mark) }),
  ];
  await engine.start();
  await expect.poll(() => starts(report).length, { timeout: 60_000 }).toBe(2);
  const [next = -1] = await cli.pids('service');
  expect(spoofs.map((spoof) => spoof.pid)).not.toContain(next);
  expect(starts(report)).toEqual([CLEAN, CLEAN]);

  // Nor does anything that Healdeck ends take a stranger with it, or wake a watch that was stopped. What carries the mark of a
  // launch by root is what root's program may have left, whoever it runs as by now: it may be ended.
  await cli.ok('stop', 'service');
  expect(isAlive(stranger)).toBe(true);
  await engine.killEngine();
  await engine.start();
  expect(await cli.watch('service')).toMatchObject({ phase: 'stopped', processes: [] });
});

test('a program that gives up its rights and rewrites its environment gets neither back', async ({
  engine,
  attacker,
  report,
}) => {
  const { cli } = engine;
  // As a service that drops root's rights by itself, and whose memory is an attacker's from then on.
  const dropped = `exec setpriv --reuid ${attacker.uid} --regid ${attacker.uid} --clear-groups env ATTACK=yes LD_PRELOAD=/nonexistent/a.so sleep 600`;
  await cli.ok('add', 'dropper', '--restart', 'always', '--', ...program(report, dropped));
  const [pid = -1] = await cli.pids('dropper');
  await expect.poll(() => readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain('ATTACK=yes');
  await engine.killEngine();
  await engine.start();
  expect(await cli.pids('dropper')).toEqual([pid]);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => starts(report).length, { timeout: 60_000 }).toBe(2);
  expect(starts(report)).toEqual([CLEAN, CLEAN]);
});

test('a stranger with the name of a program is no match for it, and what it uses ends nobody', async ({
  engine,
  attacker,
  report,
}) => {
  const { cli } = engine;
  const name = 'hd-e2e-spoofed';
  const spoof = await attacker.start(['sleep', '600'], { argv0: name });
  const start = program(report, `exec -a ${name} sleep 600`).with(0, 'bash');
  await cli.ok('add', 'named', '--match', 'name', name, '--start', '--', ...start);
  await cli.ok('start', 'named');
  await expect.poll(async () => (await cli.pids('named')).length, { timeout: 60_000 }).toBe(1);
  const [pid = -1] = await cli.pids('named');
  expect(pid).not.toBe(spoof.pid);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => starts(report).length, { timeout: 60_000 }).toBe(2);
  await cli.ok('stop', 'named');
  expect(isAlive(spoof)).toBe(true);
});

test('a pidfile that an attacker leads elsewhere ends nobody', async ({ engine, attacker, env }) => {
  const { cli } = engine;
  const { spawn } = await import('node:child_process');
  const victim = spawn('sleep', ['600'], { env, stdio: 'ignore' });
  const pid = victim.pid ?? -1;
  const pidfile = join(attacker.directory, 'root-owned.pid');
  writeFileSync(pidfile, `${pid}\n`, { mode: 0o644 });
  const link = join(attacker.directory, 'service.pid');
  symlinkSync(pidfile, link);
  for (const [name, path] of Object.entries({ linked: link, placed: pidfile })) {
    await cli.run('add', name, '--match', 'pidfile', path);
    await cli.run('stop', name);
  }
  expect(victim.exitCode ?? victim.signalCode).toBeNull();
  expect(identify(pid)).not.toBeNull();
  victim.kill('SIGKILL');
});
