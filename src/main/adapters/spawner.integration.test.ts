import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildExit, Launch } from '../engine/ports';
import type { Command } from '../../shared/model/watch';
import { createSpawner } from './spawner';
import { command, eventually, identifyByProc, lives, procStat, temporaryFolder, watchOf } from './testing/children';

const isRoot = process.getuid?.() === 0;
const node = process.execPath;

let folder: ReturnType<typeof temporaryFolder>;
let spawner: ReturnType<typeof createSpawner>;
let reported: string[];
let checked: string[];
let started: number[];

beforeEach(() => {
  folder = temporaryFolder();
  [reported, checked, started] = [[], [], []];
  mkdirSync(join(folder.path, 'logs'), { mode: 0o700 });
  spawner = spawnerWith({ PATH: process.env['PATH'], HOME: process.env['HOME'] });
});

afterEach(() => {
  spawner.dispose();
  for (const pid of started) if (lives(pid)) process.kill(pid, 'SIGKILL');
  folder.remove();
});

function spawnerWith(baseEnv: NodeJS.ProcessEnv): ReturnType<typeof createSpawner> {
  return createSpawner({
    logsDir: join(folder.path, 'logs'),
    output: { checkSoon: (name) => checked.push(name) },
    identify: identifyByProc,
    baseEnv,
    report: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
}

const output = (name: string, stream = 'out'): string =>
  readFileSync(join(folder.path, 'logs', `${name}.${stream}.log`), 'utf8');

/** Starts a command as a watch; `ended` resolves with its exit. */
async function start(name: string, what: Command, launch?: Launch) {
  const watch = watchOf(name, what);
  let onExit: (exit: ChildExit) => void = () => undefined;
  const exits: ChildExit[] = [];
  const ended = new Promise<ChildExit>((resolve) => (onExit = resolve));
  const result = await spawner.start(watch, launch ?? spawner.prepare(watch, what), (exit) => {
    exits.push(exit);
    onExit(exit);
  });
  if (result.ok) started.push(result.identity.pid);
  return { watch, result, ended, exits };
}

/** Starts a command that must start. */
async function startWell(name: string, what: Command, launch?: Launch) {
  const { result, ...rest } = await start(name, what, launch);
  if (!result.ok) throw new Error(result.failure.message);
  return { identity: result.identity, ...rest };
}

/** Starts a command that must not start. */
async function startBadly(what: Command) {
  const { result } = await start('bad', what);
  if (result.ok) throw new Error('it started');
  return result.failure;
}

describe('a started program', () => {
  it('has the arguments it was given, byte for byte', async () => {
    const odd = ['two words', '', '"quoted" \'twice\'', '$HOME `id` ; rm *', 'ünï\u{1f600}', 'line\nbreak', '--', '\\'];
    const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { ended } = await startWell('args', command([node, '-e', print, '--', ...odd]));
    expect(await ended).toEqual({ exitCode: 0, signal: null });
    expect(JSON.parse(output('args'))).toEqual(odd);
  });

  it('has exactly the environment of its launch, and the same launch gives the same bytes again', async () => {
    const what = command(['/bin/cat', '/proc/self/environ'], { env: { GREETING: 'grüß\n"dich"', EMPTY: '' } });
    const watch = watchOf('env', what);
    const launch = spawner.prepare(watch, what);
    expect(launch.env).toEqual({
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GREETING: 'grüß\n"dich"',
      EMPTY: '',
    });
    await (
      await startWell('env1', what, launch)
    ).ended;
    await (
      await startWell('env2', what, JSON.parse(JSON.stringify(launch)) as Launch)
    ).ended;
    const expected = Object.entries(launch.env).map(([name, value]) => `${name}=${value}\0`);
    expect(output('env1')).toBe(expected.join(''));
    expect(output('env2')).toBe(output('env1'));
  });

  it('leads a session and a group of its own, has no input, and inherits no open file of ours', async () => {
    const secret = join(folder.path, 'secret');
    const fd = openSync(secret, 'w');
    const { identity } = await startWell('session', command(['sleep', '60']));
    closeSync(fd);
    const { pid } = identity;
    expect(procStat(pid)).toMatchObject({ pgid: pid, session: pid, startTime: identity.startTime });
    const files = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
    expect(files[0]).toBe('/dev/null');
    expect(files[1]).toBe(join(folder.path, 'logs/session.out.log'));
    expect(files).not.toContain(secret);
  });

  it('writes both streams to files of its watch that nobody else may read, behind what was there', async () => {
    const what = command(['/bin/sh', '-c', 'echo to out; echo to err >&2']);
    await (
      await startWell('files', what)
    ).ended;
    await (
      await startWell('files', what)
    ).ended;
    expect(output('files')).toBe('to out\nto out\n');
    expect(output('files', 'err')).toBe('to err\nto err\n');
    expect(statSync(join(folder.path, 'logs', 'files.err.log')).mode & 0o777).toBe(0o600);
    expect(checked).toEqual(['files', 'files']);
  });

  it('starts in its working directory, and finds a relative program there', async () => {
    const script = join(folder.path, 'here.sh');
    writeFileSync(script, '#!/bin/sh\npwd\n', { mode: 0o700 });
    const what = command(['./here.sh'], { cwd: folder.path });
    expect(spawner.check(what)).toBeNull();
    await (
      await startWell('cwd', what)
    ).ended;
    expect(output('cwd')).toBe(`${folder.path}\n`);
  });

  it('is found on the PATH that its watch sets', async () => {
    writeFileSync(join(folder.path, 'mine'), '#!/bin/sh\necho mine\n', { mode: 0o700 });
    expect(spawner.check(command(['mine']))).toMatchObject({ reason: 'ENOENT' });
    const what = command(['mine'], { env: { PATH: `/nowhere:${folder.path}` } });
    expect(spawner.check(what)).toBeNull();
    await (
      await startWell('path', what)
    ).ended;
    expect(output('path')).toBe('mine\n');
  });

  it('is started even when its output can not be kept', async () => {
    mkdirSync(join(folder.path, 'logs', 'mute.out.log'));
    const { ended } = await startWell('mute', command(['/bin/sh', '-c', 'echo lost; exit 3']));
    expect(await ended).toEqual({ exitCode: 3, signal: null });
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('output of mute (out) is not kept');
  });

  it('outlives the process that started it', async () => {
    const bundle = join(folder.path, 'bundle');
    const entry = join(import.meta.dirname, 'testing/spawn-and-wait.ts');
    await build({
      configFile: false,
      logLevel: 'silent',
      build: { ssr: entry, outDir: bundle, rolldownOptions: { output: { entryFileNames: 'parent.mjs' } } },
      ssr: { noExternal: true },
    });
    const argv = [
      join(bundle, 'parent.mjs'),
      join(folder.path, 'logs'),
      '/bin/sh',
      '-c',
      'while :; do echo tick; sleep 0.05; done',
    ];
    const parent = spawn(node, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    parent.stdout.on('data', (data: Buffer) => (printed += data.toString()));
    await eventually('the pid', () => printed.includes('\n'));
    const { pid } = (JSON.parse(printed) as { identity: { pid: number } }).identity;
    started.push(pid);
    expect(procStat(pid)).toMatchObject({ ppid: parent.pid, session: pid });
    parent.kill('SIGKILL');
    await eventually('another parent', () => procStat(pid)?.ppid !== parent.pid);
    const before = output('survivor').length;
    await eventually('more output', () => output('survivor').length > before + 10);
    expect(lives(pid)).toBe(true);
  });
});

describe('the end of a program', () => {
  it('is told once, with its exit code', async () => {
    const { ended, exits } = await startWell('code', command(['/bin/sh', '-c', 'exit 42']));
    expect(await ended).toEqual({ exitCode: 42, signal: null });
    expect(exits).toHaveLength(1);
  });

  it('is told with the signal that ended it', async () => {
    const { ended, identity } = await startWell('signal', command(['sleep', '60']));
    process.kill(identity.pid, 'SIGSEGV');
    expect(await ended).toEqual({ exitCode: null, signal: 'SIGSEGV' });
  });

  it('is told after the start was, even when it ends at once', async () => {
    const order: string[] = [];
    const what = command(['/bin/true']);
    const watch = watchOf('instant', what);
    const ended = new Promise<void>((resolve) => {
      const result = spawner.start(watch, spawner.prepare(watch, what), () => {
        order.push('exit');
        resolve();
      });
      // The kernel has reported its end long before we go on.
      const until = performance.now() + 50;
      while (performance.now() < until);
      void result.then(({ ok }) => order.push(ok ? 'started' : 'failed'));
    });
    await ended;
    expect(order).toEqual(['started', 'exit']);
  });

  it('is a start all the same when its identity could not be read any more', async () => {
    spawner.dispose();
    spawner = createSpawner({
      logsDir: join(folder.path, 'logs'),
      output: { checkSoon: () => undefined },
      identify: () => null,
      baseEnv: {},
      report: () => undefined,
    });
    const { identity, ended } = await startWell('gone', command(['/bin/true']));
    expect(identity.startTime).toBe(0);
    expect(await ended).toEqual({ exitCode: 0, signal: null });
  });

  it('is not told by a spawner that was disposed, and the program lives on', async () => {
    const { identity, exits } = await startWell('left', command(['sleep', '60']));
    spawner.dispose();
    expect(lives(identity.pid)).toBe(true);
    process.kill(identity.pid, 'SIGKILL');
    await eventually('its end', () => procStat(identity.pid) === null);
    expect(exits).toEqual([]);
    expect((await start('late', command(['/bin/true']))).result).toMatchObject({ ok: false });
  });
});

describe('a start that fails', () => {
  it('says that there is no such program, and what was tried', async () => {
    const failure = await startBadly(command(['no-such-program', 'a b']));
    expect(failure.reason).toBe('ENOENT');
    expect(failure.message).toContain('There is no program "no-such-program" on PATH');
    expect(failure.message).toContain('Tried "no-such-program" "a b" in "/"');
    expect((await startBadly(command(['/no/such/file']))).message).toContain('There is no file "/no/such/file"');
  });

  it('says that the working directory is missing, and not the program', async () => {
    const what = command(['/bin/true'], { cwd: join(folder.path, 'gone') });
    const failure = await startBadly(what);
    expect(failure).toMatchObject({ reason: 'bad_cwd', message: expect.stringContaining('does not exist') as string });
    expect(spawner.check(what)).toMatchObject({ reason: 'bad_cwd' });
  });

  it('says that the working directory is a file', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const failure = await startBadly(command(['/bin/true'], { cwd: join(folder.path, 'file') }));
    expect(failure).toMatchObject({ reason: 'bad_cwd', message: expect.stringContaining('not a directory') as string });
  });

  it('says that a file is not executable', async () => {
    writeFileSync(join(folder.path, 'data'), 'x', { mode: 0o600 });
    const what = command([join(folder.path, 'data')]);
    expect(await startBadly(what)).toMatchObject({
      reason: 'EACCES',
      message: expect.stringContaining('chmod +x') as string,
    });
    expect(spawner.check(what)).toMatchObject({ reason: 'EACCES' });
    expect(await startBadly(command([folder.path]))).toMatchObject({ reason: 'EACCES' });
  });

  it('says that the interpreter of a script is missing, and not the script', async () => {
    const script = join(folder.path, 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o700 });
    const failure = await startBadly(command([script]));
    expect(failure.reason).toBe('ENOENT');
    expect(failure.message).toContain('interpreter');
  });

  it('says that a program is being written to', async () => {
    const program = join(folder.path, 'busy');
    writeFileSync(program, readFileSync('/bin/true'));
    chmodSync(program, 0o700);
    const writer = openSync(program, 'r+');
    try {
      expect(await startBadly(command([program]))).toMatchObject({ reason: 'ETXTBSY' });
    } finally {
      closeSync(writer);
    }
  });

  it('says that the arguments are too long', async () => {
    expect(await startBadly(command(['/bin/true', 'x'.repeat(200_000)]))).toMatchObject({ reason: 'E2BIG' });
  });

  it('says that there is no such user', async () => {
    const what = command(['/bin/true'], { user: 'nobody-of-that-name' });
    expect(await startBadly(what)).toMatchObject({ reason: 'bad_user' });
    expect(spawner.check(what)?.message).toContain('"nobody-of-that-name"');
  });

  it('escapes what a name could do to a terminal', async () => {
    const failure = await startBadly(command(['/no/\x1b[2Jsuch']));
    expect(failure.message).not.toContain('\x1b');
  });
});

describe('another user', () => {
  it('is our own one without any switch', () => {
    expect(spawner.check(command(['/bin/true'], { user: userInfo().username }))).toBeNull();
  });

  it.runIf(isRoot)('runs the program, with its own home and no group of ours', async () => {
    const print = 'id -un; id -u; id -G; echo $HOME $USER $LOGNAME';
    const what = command(['/bin/sh', '-c', print], { user: 'nobody' });
    expect(spawner.check(what)).toBeNull();
    await (
      await startWell('user', what)
    ).ended;
    expect(output('user')).toBe('nobody\n65534\n65534\n/nonexistent nobody nobody\n');
  });

  it.runIf(isRoot)('is refused what only root may execute', async () => {
    const script = join(folder.path, 'private.sh');
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o700 });
    const what = command([script], { user: 'nobody' });
    expect(spawner.check(what)).toMatchObject({ reason: 'EACCES' });
    expect((await startBadly(what)).message).toContain('"nobody"');
  });

  it.runIf(!isRoot)('is refused to an engine that is not root', () => {
    expect(spawner.check(command(['/bin/true'], { user: 'root' }))).toMatchObject({ reason: 'bad_user' });
  });
});
