import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { release, userInfo } from 'node:os';
import { join } from 'node:path';
import type Koffi from 'koffi';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WATCH_MARK, type ChildExit, type Launch } from '../../engine/ports';
import type { Command } from '../../../shared/model/watch';
import { findLaunchTools } from './launch-tools';
import { loadSystemCalls } from '../processes/pidfd/system-calls';
import { openPidfds } from '../processes/pidfd/pidfds';
import { OutputSinks } from '../logs/output-sinks';
import { ProgramSpawner, type SpawnerOptions } from './spawner';
import { INHERITED_LIMITS, type StartLimits } from './start-limits';
import { command, eventually, identifyByProc, lives, procStat, temporaryFolder, watchOf } from '../testing/children';

const isRoot = process.getuid?.() === 0;
/** The wrapper that gives a user's groups to a program; some systems have none. */
const canMount = process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0;
const hasSetpriv = isRoot && findLaunchTools().setpriv !== null;
const node = process.execPath;
const loaded = loadSystemCalls();
const NATIVE = loaded.available ? loaded.spawn : null;
const support = openPidfds(loaded);
const pidfds = support.available ? support.pidfds : null;
/** Whether this kernel says how a process ended that is not a child (Linux 6.15). */
const [major = 0, minor = 0] = release().split('.').map(Number);
const reportsExits = pidfds !== null && (major > 6 || (major === 6 && minor >= 15));

let folder: ReturnType<typeof temporaryFolder>;
let spawner: ProgramSpawner;
let traced: string[];
let sinks: OutputSinks;
let reported: string[];
let checked: string[];
let started: number[];

beforeEach(() => {
  folder = temporaryFolder();
  [reported, checked, started, traced] = [[], [], [], []];
  mkdirSync(join(folder.path, 'logs'), { mode: 0o700 });
  sinks = new OutputSinks({
    ...{ logsDir: join(folder.path, 'logs'), files: () => 3, maxKept: 100 },
    report: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
  spawner = spawnerWith({ PATH: process.env['PATH'], HOME: process.env['HOME'] });
});

afterEach(() => {
  spawner.dispose();
  sinks.dispose();
  for (const pid of started) if (lives(pid)) process.kill(pid, 'SIGKILL');
  folder.remove();
});

function spawnerWith(
  baseEnv: NodeJS.ProcessEnv,
  limits: Partial<StartLimits> = {},
  engineOomScoreAdj: number | null = null,
  kernel: SpawnerOptions['pidfds'] = pidfds,
  native: SpawnerOptions['native'] = NATIVE,
): ProgramSpawner {
  return new ProgramSpawner({
    limits: () => ({ ...INHERITED_LIMITS, ...limits }),
    engineOomScoreAdj: () => engineOomScoreAdj,
    traces: {
      starting: (_, mark) => traced.push(`starting ${mark}`),
      started: (_, mark, { pid }) => traced.push(`started ${mark} ${pid}`),
      refused: (_, mark) => traced.push(`refused ${mark}`),
    },
    sinks,
    output: { checkSoon: (name) => checked.push(name) },
    identify: identifyByProc,
    pidfds: kernel,
    native,
    baseEnv,
    report: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
}

const outputFile = (name: string, stream = 'out'): string => join(folder.path, 'logs', `${name}.${stream}.log`);
const output = (name: string, stream = 'out'): string => readFileSync(outputFile(name, stream), 'utf8');

/** Only where a disk of our own can be mounted and frozen. */
function canFreeze(): boolean {
  const tools = ['mkfs.ext4', 'fsfreeze', 'losetup'].every((tool) => spawnSync('which', [tool]).status === 0);
  return isRoot && tools && spawnSync('losetup', ['-f'], { stdio: 'ignore' }).status === 0;
}

/** A program that starts a watch as an engine does, ready to be run by Node. */
async function bundleOfParent(): Promise<string> {
  const bundle = join(folder.path, 'bundle');
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(import.meta.dirname, '../testing/spawn-and-wait.ts'),
      outDir: bundle,
      rolldownOptions: { output: { entryFileNames: 'parent.mjs' } },
    },
    ssr: { noExternal: true },
  });
  return join(bundle, 'parent.mjs');
}

/** Where a link leads; empty when it is gone. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Whether the C library closes descriptors on the way to a program (glibc 2.34). */
const glibc = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime;
const closesAll = Number(glibc?.split('.')[1] ?? 0) >= 34;

/** The ways in which this machine can start a program: past Node where it can, and by Node. */
const WAYS = [...(NATIVE === null ? [] : [{ way: 'past Node', native: NATIVE }]), { way: 'by Node', native: null }];

/** All that follows starts programs in this way. */
function startAll(native: SpawnerOptions['native']): void {
  beforeEach(() => {
    spawner.dispose();
    spawner = spawnerWith({ PATH: process.env['PATH'], HOME: process.env['HOME'] }, {}, null, pidfds, native);
  });
}

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

describe.each(WAYS)('a program started $way', ({ native }) => {
  startAll(native);

  it('has the arguments it was given, byte for byte', async () => {
    const odd = ['two words', '', '"quoted" \'twice\'', '$HOME `id` ; rm *', 'ünï\u{1f600}', 'line\nbreak', '--', '\\'];
    const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { ended } = await startWell('args', command([node, '-e', print, '--', ...odd]));
    expect(await ended).toEqual({ exitCode: 0, signal: null });
    expect(JSON.parse(output('args'))).toEqual(odd);
  });

  it('leaves a trace right before it is executed, and right after', async () => {
    const marked = (what: Command, mark: string): Launch => ({ ...what, env: { [WATCH_MARK]: mark } });
    const [good, bad] = [command(['/bin/true']), command(['/no/such/program'])];
    const { identity } = await startWell('traced', good, marked(good, 'first'));
    await start('bad', bad, marked(bad, 'second'));
    expect(traced).toEqual([
      ...['starting first', `started first ${identity.pid}`],
      ...['starting second', 'refused second'],
    ]);
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

  it('ignores and blocks no signal', async () => {
    const { identity } = await startWell('signals', command(['sleep', '60']));
    const status = readFileSync(`/proc/${identity.pid}/status`, 'utf8');
    expect(status).toMatch(/^SigBlk:\t0+\nSigIgn:\t0+$/m);
  });

  it.runIf(native !== null && closesAll)(
    'gets no descriptor that outlives an execve(2), as Chromium has them',
    async () => {
      const libc = (createRequire(import.meta.url)('koffi') as typeof Koffi).load(null);
      const secret = openSync(join(folder.path, 'secret'), 'w');
      const inheritable = libc.func('int dup(int fd)')(secret) as number;
      const { identity } = await startWell('closed', command(['sleep', '60']));
      [secret, inheritable].forEach((fd) => closeSync(fd));
      await eventually('its three files', () => readdirSync(`/proc/${identity.pid}/fd`).sort().join() === '0,1,2');
    },
  );

  it('leads a session and a group of its own, has no input, and inherits no open file of ours', async () => {
    const secret = join(folder.path, 'secret');
    const fd = openSync(secret, 'w');
    const { identity } = await startWell('session', command(['sleep', '60']));
    closeSync(fd);
    const { pid } = identity;
    expect(procStat(pid)).toMatchObject({ pgid: pid, session: pid, startTime: identity.startTime });
    const files = (): string[] => readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`));
    // The kernel closes it right after execve(2) can fail no more.
    await eventually('its end of ours', () => !files().includes(secret));
    expect(files().slice(0, 2)).toEqual(['/dev/null', join(folder.path, 'logs/session.out.log')]);
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
    const argv = [
      await bundleOfParent(),
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

describe('an output file', () => {
  const shell = (script: string) => command(['/bin/sh', '-c', script]);

  it('that is a named pipe is refused, with a reader and without one, and keeps nobody waiting', async () => {
    execFileSync('mkfifo', [outputFile('pipe'), outputFile('read')]);
    const reader = openSync(outputFile('read'), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      for (const name of ['pipe', 'read']) {
        expect(await (await startWell(name, shell('echo lost; exit 3'))).ended).toMatchObject({ exitCode: 3 });
      }
      expect(reported).toHaveLength(2);
      expect(reported[0]).toContain('is a named pipe, expected a regular file');
    } finally {
      closeSync(reader);
    }
  });

  it('that is a link is not followed', async () => {
    const elsewhere = join(folder.path, 'elsewhere');
    symlinkSync(elsewhere, outputFile('link'));
    await (
      await startWell('link', shell('echo lost'))
    ).ended;
    expect(existsSync(elsewhere)).toBe(false);
    expect(reported[0]).toContain('is a symbolic link');
  });

  it('is made anew with its folder when that was removed', async () => {
    await (
      await startWell('again', shell('echo one'))
    ).ended;
    rmSync(join(folder.path, 'logs'), { recursive: true });
    await (
      await startWell('again', shell('echo two'))
    ).ended;
    expect(output('again')).toBe('two\n');
    expect(statSync(join(folder.path, 'logs')).mode & 0o777).toBe(0o700);
    expect(reported).toEqual([]);
  });

  it('is open already when a program is started again, so that nothing is asked of the disk', async () => {
    const { watch, ended } = await startWell('ready', shell('echo one'));
    await ended;
    const open = vi.spyOn(sinks, 'prepare');
    await (
      await startWell('ready', shell('echo two'))
    ).ended;
    expect(open).not.toHaveBeenCalled();
    expect(sinks.ready(watch.name, null)).not.toBeNull();
    expect(output('ready')).toBe('one\ntwo\n');
  });

  it.runIf(isRoot)('belongs to the user of the program, who may open it again, and to no later one', async () => {
    const again = 'echo one; echo two >> /dev/stdout';
    const asNobody = command(['/bin/sh', '-c', again], { user: 'nobody' });
    chmodSync(folder.path, 0o755);
    await (
      await startWell('owned', asNobody)
    ).ended;
    expect(statSync(outputFile('owned'))).toMatchObject({ uid: 65534, mode: 0o100600 });
    expect(output('owned')).toBe('one\ntwo\n');
    const other = command(['/bin/sh', '-c', 'echo three'], { user: 'daemon' });
    await (
      await startWell('owned', other)
    ).ended;
    expect(output('owned')).toBe('three\n');
    expect(readFileSync(`${outputFile('owned')}.1`, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(outputFile('owned')).uid).not.toBe(65534);
  });

  it.runIf(canFreeze())('on a disk that hangs delays no start by more than a moment', async () => {
    const image = join(folder.path, 'disk.img');
    const mounted = join(folder.path, 'logs');
    execFileSync('/bin/sh', [
      '-c',
      'truncate -s 8M "$0" && mkfs.ext4 -q "$0" && mount -o loop "$0" "$1"',
      image,
      mounted,
    ]);
    let isFrozen = false;
    try {
      await (
        await startWell('known', shell('true'))
      ).ended;
      execFileSync('fsfreeze', ['-f', mounted]);
      isFrozen = true;
      const began = performance.now();
      await (
        await startWell('known', shell('true'))
      ).ended;
      expect(reported).toEqual([]);
      await (
        await startWell('fresh', shell('echo lost'))
      ).ended;
      expect(reported[0]).toContain('output of fresh (out) is not kept');
      expect(performance.now() - began).toBeLessThan(2000);
    } finally {
      if (isFrozen) execFileSync('fsfreeze', ['-u', mounted]);
      await eventually('the late file', () => sinks.list().some(({ watchName }) => watchName === 'fresh'));
      sinks.dispose();
      await eventually('an unmounted disk', () => spawnSync('umount', [mounted], { stdio: 'ignore' }).status === 0);
    }
  });
});

describe.each(WAYS)('the end of a program started $way', ({ native }) => {
  startAll(native);

  it('is reported once, with its exit code', async () => {
    const { ended, exits } = await startWell('code', command(['/bin/sh', '-c', 'exit 42']));
    expect(await ended).toEqual({ exitCode: 42, signal: null });
    expect(exits).toHaveLength(1);
  });

  it('is reported with the signal that ended it', async () => {
    const { ended, identity } = await startWell('signal', command(['sleep', '60']));
    process.kill(identity.pid, 'SIGSEGV');
    expect(await ended).toEqual({ exitCode: null, signal: 'SIGSEGV' });
  });

  it.runIf(reportsExits || native !== null)(
    'is reported with a real-time signal, which Node has no name for',
    async () => {
      const { ended, identity, exits } = await startWell('real-time', command(['sleep', '60']));
      process.kill(identity.pid, 37);
      expect(await ended).toEqual({ exitCode: null, signal: 'SIGRTMIN+3' });
      expect(exits).toHaveLength(1);
    },
  );

  it.runIf(native === null)('is reported as Node has it where the kernel says no more', async () => {
    const closed: number[] = [];
    spawner.dispose();
    spawner = spawnerWith({}, {}, null, { open: () => 1234, exitOf: () => null, close: (fd) => closed.push(fd) }, null);
    const { ended, exits } = await startWell('quiet', command(['/bin/true']));
    expect(await ended).toEqual({ exitCode: 0, signal: null });
    expect(exits).toHaveLength(1);
    expect(closed).toEqual([1234]);
  });

  it('leaves no descriptor of the program open, and none of one that lives on when the spawner is disposed', async () => {
    const openNow = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`).includes('pidfd')).length;
    const { ended } = await startWell('short', command(['/bin/true']));
    await startWell('long', command(['sleep', '60']));
    await ended;
    expect(openNow()).toBe(pidfds === null || native !== null ? 0 : 1);
    spawner.dispose();
    expect(openNow()).toBe(0);
  });

  it('is reported after the start was, even when it ends at once', async () => {
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
    spawner = new ProgramSpawner({
      sinks,
      output: { checkSoon: () => undefined },
      identify: () => null,
      baseEnv: {},
      limits: () => INHERITED_LIMITS,
      engineOomScoreAdj: () => null,
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

describe('what a program inherits', () => {
  it('is the limit of open files that the setting gives, without a change of the hard one', async () => {
    spawner.dispose();
    spawner = spawnerWith({ PATH: process.env['PATH'] }, { openFiles: 77 });
    const { ended } = await startWell('files', command(['/bin/sh', '-c', 'ulimit -Sn; ulimit -Hn']));
    await ended;
    const hard = /^Max open files\s+\d+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    expect(output('files')).toBe(`77\n${hard}\n`);
  });

  it('is the umask and the niceness that the settings give; ours stay as they are', async () => {
    spawner.dispose();
    spawner = spawnerWith({ PATH: process.env['PATH'] }, { umask: 0o027, nice: 5 });
    const before = process.umask();
    const { ended } = await startWell('mode', command(['/bin/sh', '-c', 'sleep 0.1; umask; nice']));
    await ended;
    expect(output('mode')).toBe('0027\n5\n');
    expect(process.umask()).toBe(before);
  });

  it('is no protection against the OOM killer that only the watchdog was given', async () => {
    spawner.dispose();
    spawner = spawnerWith({ PATH: process.env['PATH'] }, {}, -500);
    const { identity } = await startWell('oom', command(['sleep', '60']));
    expect(readFileSync(`/proc/${identity.pid}/oom_score_adj`, 'utf8').trim()).toBe('0');
    spawner.dispose();
    spawner = spawnerWith({ PATH: process.env['PATH'] }, { oomScoreAdjust: 300 }, -500);
    const set = await startWell('oom2', command(['sleep', '60']));
    expect(readFileSync(`/proc/${set.identity.pid}/oom_score_adj`, 'utf8').trim()).toBe('300');
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

  it.runIf(isRoot)(
    'takes libraries of its environment into the program only, not into what switches the user',
    async () => {
      const what = command(['/bin/true'], { user: 'nobody', env: { LD_PRELOAD: '/nonexistent/trap.so' } });
      await (
        await startWell('preloaded', what)
      ).ended;
      // The loader complains in each program that it is to take into.
      expect(output('preloaded', 'err').match(/trap\.so/g)).toHaveLength(1);
    },
  );

  it.runIf(isRoot)('gets a clean login environment, and nothing of what the engine was given', async () => {
    spawner.dispose();
    const engines = { LANG: 'C.UTF-8', LC_TIME: 'C', TZ: 'Europe/Berlin', PATH: '/root/bin:/bin', HOME: '/root' };
    const secrets = { AWS_SECRET_ACCESS_KEY: 'canary', SSH_AUTH_SOCK: '/root/agent', SUDO_USER: 'me', MAIL: '/m' };
    const session = { XDG_RUNTIME_DIR: '/run/user/0', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/0/bus' };
    spawner = spawnerWith({ ...engines, ...secrets, ...session });
    const what = command(['/bin/cat', '/proc/self/environ'], { user: 'nobody', env: { MINE: 'set' } });
    const { ended } = await startWell('clean', what);
    await ended;
    const seen = Object.fromEntries(
      output('clean')
        .split('\0')
        .filter(Boolean)
        .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    expect(seen).toEqual({
      PATH: expect.stringMatching(/(?:^|:)\/usr\/bin:/) as string,
      ...{ LANG: 'C.UTF-8', LC_TIME: 'C', TZ: 'Europe/Berlin' },
      ...{ HOME: '/nonexistent', USER: 'nobody', LOGNAME: 'nobody', SHELL: expect.any(String) as string },
      MINE: 'set',
    });
    expect(seen['PATH']).not.toContain('/root');
  });

  it.runIf(hasSetpriv && canMount)('has the groups that the user is a member of', async () => {
    const groups = join(folder.path, 'group');
    writeFileSync(
      groups,
      'root:x:0:\nnogroup:x:65534:\nvideo:x:44:someone,nobody\ndocker:x:997:nobody\nshadow:x:42:someone\n',
    );
    const parent = await bundleOfParent();
    const script = 'mount --bind "$1" /etc/group && shift && exec "$@"';
    const argv = [node, parent, join(folder.path, 'logs'), '/usr/bin/id', '-G'];
    const unshared = spawn('unshare', ['-m', '/bin/sh', '-c', script, 'sh', groups, ...argv], {
      env: { ...process.env, SPAWN_USER: 'nobody' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    try {
      await eventually('its groups', () => existsSync(outputFile('survivor')) && output('survivor').includes('\n'));
      expect(output('survivor').trim().split(' ').map(Number).sort()).toEqual([44, 65534, 997].sort());
    } finally {
      unshared.kill('SIGKILL');
    }
  });

  it.runIf(hasSetpriv)(
    'is the process that was started, in a session of its own, and ends with its own code',
    async () => {
      const print = 'echo $$; exec sh -c "exit 7"';
      const { identity, ended } = await startWell('same', command(['/bin/sh', '-c', print], { user: 'nobody' }));
      expect(await ended).toEqual({ exitCode: 7, signal: null });
      expect(output('same')).toBe(`${identity.pid}\n`);
    },
  );

  it.runIf(hasSetpriv)('hears of a missing interpreter as any other', async () => {
    const script = join(folder.path, 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    chmodSync(folder.path, 0o755);
    const failure = await startBadly(command([script], { user: 'nobody' }));
    expect(failure.reason).toBe('ENOENT');
    expect(failure.message).toContain('interpreter');
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
