import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unknownScene, type DeadProcess, type Scene, type SceneRequest } from '../../engine/ports';
import { createSystemClock } from '../clock';
import { startProgram } from '../testing/child';
import { readScene, SYSTEM_PLACES, type ReadSceneOptions, type SystemPlaces } from './read-scene';

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const NOBODY = 65534;

let root: string;
const cleanUp: (() => unknown)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-scene-'));
  cleanUp.push(() => rmSync(root, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const NOTHING: SceneRequest = { ports: [], files: [], folders: [], dead: null, packagesSince: null };

function sceneOf(request: Partial<SceneRequest>, places: Partial<SystemPlaces> = {}): Scene {
  const whole = { ...NOTHING, ...request };
  const { files, versions, ...scene } = unknownScene(whole);
  const disks: Scene['disks'][number][] = [];
  const options = { places: { ...SYSTEM_PLACES, ...places }, clock: createSystemClock() };
  readScene(
    whole,
    (part) => {
      Object.assign(files, part.files);
      Object.assign(versions, part.versions);
      disks.push(...(part.disks ?? []));
      Object.assign(scene, part);
    },
    options,
  );
  return { ...scene, files, versions, disks };
}

/** Files below a folder of the test, by their relative paths. */
function put(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const dead = (fields: Partial<DeadProcess>): DeadProcess => ({
  ...{ pid: 4711, name: 'server', cwd: root, signal: 'SIGSEGV', diedAt: Date.now() },
  ...fields,
});

describe('files', () => {
  it('are not opened, and never a reason to wait: a pipe, a loop of links, a device', () => {
    symlinkSync('loop', join(root, 'loop'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const [loop, pipe] = [join(root, 'loop'), join(root, 'pipe')];
    expect(sceneOf({ files: [loop, pipe, '/dev/tty'] }).files).toMatchObject({
      ...{ [loop]: { kind: 'unknown' }, [pipe]: { kind: 'present', bytes: 0 }, '/dev/tty': { kind: 'present' } },
    });
  });

  it('are what they are, what they link to, missing, or not to be looked at', () => {
    put({ 'releases/1/app.js': 'one', 'releases/2/app.js': 'second' });
    const [app, below, loop] = [join(root, 'current/app.js'), join(root, 'releases/1/app.js/x'), join(root, 'loop')];
    symlinkSync('releases/1', join(root, 'current'));
    symlinkSync('loop', loop);
    const state = () => sceneOf({ files: [app, below, join(root, 'none'), loop] }).files;
    const { ino, mtimeMs } = statSync(join(root, 'releases/1/app.js'));
    const before = state();
    expect(before).toEqual({
      [app]: { kind: 'present', inode: ino, bytes: 3, modifiedAt: mtimeMs },
      [below]: { kind: 'missing' },
      [join(root, 'none')]: { kind: 'missing' },
      [loop]: { kind: 'unknown' },
    });
    expect(state()).toEqual(before);
    rmSync(join(root, 'current'));
    symlinkSync('releases/2', join(root, 'current'));
    expect(state()[app]).toMatchObject({ kind: 'present', bytes: 6 });
    expect(state()[app]).not.toMatchObject({ inode: ino });
  });

  it('are directories with what lies in them, where that is asked for', () => {
    put({ 'conf/one': '1', 'conf/two': '2' });
    const folder = join(root, 'conf');
    const [file, missing] = [join(folder, 'one'), join(root, 'none')];
    const state = (withEntries?: true) =>
      sceneOf({ files: [folder, file, missing], ...(withEntries && { withEntries }) }).files;
    const [plain, whole] = [state(), state(true)];
    expect(state(true)).toEqual(whole);
    expect(whole).toMatchObject({ [file]: { kind: 'present', bytes: 1 }, [missing]: { kind: 'missing' } });

    // Written in place: the directory itself is as it was.
    writeFileSync(join(folder, 'two'), '22');
    expect(state()[folder]).toEqual(plain[folder]);
    expect(state(true)[folder]).not.toEqual(whole[folder]);
    const written = state(true)[folder];
    utimesSync(join(folder, 'two'), 1, 1);
    utimesSync(file, 2_000_000_000, 2_000_000_000);
    expect(state(true)[folder]).not.toEqual(written);
  });
});

describe('disks', () => {
  it('are those that folders lie on, or would lie on', () => {
    const missing = join(root, 'not/yet/there');
    const { disks } = sceneOf({ folders: [root, missing, root] });
    expect(disks.map(({ folder }) => folder)).toEqual([root, missing]);
    const { blocks, bsize, files } = statfsSync(root);
    for (const disk of disks) {
      expect(disk.totalBytes).toBe(blocks * bsize);
      expect(disk.freeBytes).toBeGreaterThan(0);
      expect(disk.freeBytes).toBeLessThan(disk.totalBytes);
      if (files === 0) expect(disk.freeInodes).toBeNull();
      else expect(disk.freeInodes).toBeGreaterThan(0);
    }
  });

  it.runIf(isLinux)('have no number of inodes where there is no such limit', () => {
    const [disk] = sceneOf({ folders: ['/proc'] }).disks;
    expect(disk).toMatchObject({ folder: '/proc', freeInodes: null });
  });
});

it.runIf(isLinux)('the memory of this machine is read', () => {
  const { memory } = sceneOf({});
  expect(memory?.availableBytes).toBeGreaterThan(0);
  expect(memory?.totalBytes).toBeGreaterThan(memory?.availableBytes ?? Number.NaN);
  expect(memory?.swapFreeBytes).toBeLessThanOrEqual(memory?.swapTotalBytes ?? Number.NaN);
});

describe.runIf(isLinux)('who holds a port', () => {
  const LISTENS = `const server = require('node:net').createServer();
    server.listen(0, process.argv[1], () => console.log('port', server.address().port, 'is open'));`;
  const LISTENS_TWICE = `const { createServer } = require('node:net');
    const one = createServer().listen(0, '127.0.0.1', () => {
      const { port } = one.address();
      createServer().listen({ port, host: '::1', ipv6Only: true }, () => console.log('port', port, 'is open'));
    });`;
  const BINDS = `const socket = require('node:dgram').createSocket('udp4');
    socket.bind(0, '127.0.0.1', () => console.log('port', socket.address().port, 'is open'));`;

  async function holder(program: string, address: string, uid?: number) {
    const startedAt = Date.now();
    const child = startProgram(
      process.execPath,
      ['-e', program, address],
      uid === undefined ? {} : { uid, gid: uid, cwd: '/' },
    );
    cleanUp.push(() => child.kill());
    const port = Number(/port (\d+)/.exec(await child.saysWithin('is open'))?.[1]);
    return { port, startedAt, is: { pid: child.pid, uid: uid ?? process.getuid?.() } };
  }

  async function expectHolder(protocol: 'tcp' | 'udp', { port, startedAt, is }: Awaited<ReturnType<typeof holder>>) {
    // Another program of the machine may have the same number on another address.
    const held = (of: 'tcp' | 'udp') =>
      sceneOf({ ports: [{ protocol: of, port }] }).holders?.filter((one) => one.process?.pid === is.pid);
    const holders = held(protocol);
    expect(holders).toMatchObject([{ protocol, port, uid: is.uid, process: is }]);
    const process = holders?.[0]?.process;
    expect(process?.name).toBe(readFileSync(`/proc/${is.pid}/comm`, 'utf8').trim());
    expect(process?.startTime).toBe(
      Number(readFileSync(`/proc/${is.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]),
    );
    // btime has whole seconds where /proc/uptime can't be used.
    expect(Math.abs((process?.startedAt ?? 0) - startedAt)).toBeLessThan(2500);
    expect(held(protocol === 'tcp' ? 'udp' : 'tcp')).toEqual([]);
  }

  it('of TCP is the program that listens on it', async () => {
    await expectHolder('tcp', await holder(LISTENS, '127.0.0.1'));
  });

  it.runIf(existsSync('/proc/net/if_inet6'))('of TCP may have a socket for each family', async () => {
    await expectHolder('tcp', await holder(LISTENS, '::1'));
    await expectHolder('tcp', await holder(LISTENS_TWICE, ''));
  });

  it('of UDP is the program that is bound to it', async () => {
    await expectHolder('udp', await holder(BINDS, ''));
  });

  it.runIf(isRoot)('may be a program of another user', async () => {
    await expectHolder('tcp', await holder(LISTENS, '127.0.0.1', NOBODY));
  });

  it('is nobody when it is free, whatever else is asked for', async () => {
    const taken = await holder(LISTENS, '127.0.0.1');
    const { holders } = sceneOf({
      ports: [
        { protocol: 'tcp', port: 1 },
        { protocol: 'tcp', port: taken.port },
      ],
    });
    expect(holders?.map(({ port }) => port)).toEqual([taken.port]);
  });

  it('is known by its user alone where its descriptors may not be read', () => {
    const procDir = put({
      stat: 'btime 1700000000\n',
      'net/tcp': `   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 4242 1 0 100 0\n`,
      '4711/stat': '4711 (server) S',
    });
    expect(sceneOf({ ports: [{ protocol: 'tcp', port: 8080 }] }, { procDir }).holders).toEqual([
      { protocol: 'tcp', port: 8080, uid: 1001, process: null },
    ]);
  });

  describe('among many processes', () => {
    const LINE = `   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 4242 1 0 100 0\n`;
    const status = (uid: number) => `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`;
    const stat = (pid: number) => `${pid} (server) S ${Array.from({ length: 20 }, () => '4000').join(' ')}\n`;
    /** Twenty of a stranger; then the one that has the port. */
    function crowd(): string {
      const procDir = put({
        ...{ stat: 'btime 1700000000\n', uptime: '100.00 50.00\n', 'net/tcp': LINE },
        ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${100 + at}/status`, status(65_534)])),
        ...{ '4711/status': status(1001), '4711/stat': stat(4711), '4711/comm': 'server\n' },
      });
      for (const pid of [100, 4711]) mkdirSync(join(procDir, `${pid}/fd`));
      symlinkSync('socket:[4242]', join(procDir, '4711/fd/3'));
      return procDir;
    }
    const parts = (procDir: string, options: Partial<ReadSceneOptions>, more: Partial<SceneRequest> = {}) => {
      const found: unknown[] = [];
      const request = { ...NOTHING, ports: [{ protocol: 'tcp' as const, port: 8080 }], ...more };
      const clock = { ...createSystemClock(), ...options.clock };
      readScene(request, (part) => 'holders' in part && found.push(part.holders), {
        ...{ places: { ...SYSTEM_PLACES, procDir }, ...options, clock },
      });
      return found;
    };
    const BY_USER = { protocol: 'tcp', port: 8080, uid: 1001, process: null };
    const WHOLE = { ...BY_USER, process: { pid: 4711, name: 'server', uid: 1001 } };

    it('is looked for among those of its user first, whatever others have open', () => {
      let atMs = 0;
      // Every look at the clock takes so long that two processes are searched at most.
      const clock = { ...createSystemClock(), monotonicMs: () => (atMs += 1000) };
      expect(parts(crowd(), { clock }).at(-1)).toMatchObject([WHOLE]);
    });

    it('is named by its user before the search, which may hang', () => {
      expect(parts(crowd(), {})).toMatchObject([[BY_USER], [WHOLE]]);
    });

    it('is not searched for where its user is enough', () => {
      expect(parts(crowd(), {}, { holdersByUser: true })).toEqual([[BY_USER]]);
    });

    it('is known by its user alone where it holds up who reads it', () => {
      expect(parts(crowd(), { avoided: new Set([4711]) })).toEqual([[BY_USER], [BY_USER]]);
    });
  });

  it('is not known without tables', () => {
    expect(sceneOf({ ports: [{ protocol: 'tcp', port: 8080 }] }, { procDir: root }).holders).toBeNull();
  });
});

describe('changes of packages', () => {
  const since = new Date(2026, 10, 30, 12).getTime();
  const packages = (logDir: string) => sceneOf({ packagesSince: since }, { logDir }).packages;

  it('are those of the log since that moment, newest first', () => {
    put({
      'dpkg.log':
        '2026-11-30 11:59:59 upgrade old:amd64 1 2\n2026-11-30 12:00:01 upgrade one:amd64 1 2\n2026-11-30 12:00:02 remove two:all 1 <none>\n',
      'dpkg.log.1': '2026-11-30 12:30:00 install never-read:all <none> 1\n',
    });
    expect(packages(root)?.map(({ name }) => name)).toEqual(['two', 'one']);
  });

  it('are also those of the log before, when it was rotated since', () => {
    put({
      'dpkg.log': '2026-11-30 13:00:00 upgrade new:amd64 1 2\n',
      'dpkg.log.1': '2026-11-30 11:00:00 upgrade old:amd64 1 2\n2026-11-30 12:30:00 install before:all <none> 1\n',
    });
    expect(packages(root)?.map(({ name }) => name)).toEqual(['new', 'before']);
    put({ 'dpkg.log': '' });
    expect(packages(root)?.map(({ name }) => name)).toEqual(['before']);
  });

  it('are at most fifty, the newest ones, of a log of any size', () => {
    const line = (n: number) =>
      `2026-11-30 12:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')} upgrade package-${n}:amd64 1 2\n`;
    put({
      'dpkg.log': `${'2026-11-01 00:00:00 startup archives unpack\n'.repeat(40_000)}${Array.from({ length: 60 }, (_, n) => line(n)).join('')}`,
    });
    expect(packages(root)?.map(({ name }) => name)).toEqual(Array.from({ length: 50 }, (_, n) => `package-${59 - n}`));
  });

  it('are not known where no log is kept', () => {
    expect(packages(root)).toBeNull();
    expect(sceneOf({}).packages).toBeNull();
  });
});

describe('a core dump', () => {
  /** A kernel with this pattern. */
  const kernel = (pattern: string) =>
    put({ 'proc/sys/kernel/core_pattern': `${pattern}\n`, 'proc/sys/kernel/core_uses_pid': '0\n' });
  const core = (who: DeadProcess) =>
    sceneOf({ dead: who }, { procDir: join(root, 'proc'), systemdDir: join(root, 'systemd') }).core;

  it('is the newest file that the kernel has written since', () => {
    kernel(join(root, 'dumps/core.%e.%p.%t'));
    const now = Date.now();
    put({
      'dumps/core.a.4711.1': 'old',
      'dumps/core.b.4711.2': 'core',
      'dumps/core.b.4711.3': '',
      'dumps/core.b.4712.4': 'x',
    });
    const age = (file: string, ms: number) => utimesSync(join(root, 'dumps', file), now / 1000, (now - ms) / 1000);
    age('core.a.4711.1', 60_000);
    age('core.b.4711.2', 2000);
    expect(core(dead({ diedAt: now }))).toEqual({ kind: 'file', path: join(root, 'dumps/core.b.4711.2') });
    age('core.a.4711.1', 1000);
    expect(core(dead({ diedAt: now }))).toEqual({ kind: 'file', path: join(root, 'dumps/core.a.4711.1') });
    age('core.b.4711.2', 500);
    expect(core(dead({ diedAt: now }))).toEqual({ kind: 'file', path: join(root, 'dumps/core.b.4711.2') });
    expect(core(dead({ diedAt: now + 60_000 }))).toBeNull();
    expect(core(dead({ diedAt: now, signal: 'SIGTERM' }))).toBeNull();
    expect(core(dead({ diedAt: now, signal: null }))).toBeNull();
  });

  it('is none where its folder is missing, or another program gets it', () => {
    kernel('/nowhere/at/all/core.%p');
    expect(core(dead({}))).toBeNull();
    kernel('|/usr/share/apport/apport %p');
    expect(core(dead({}))).toBeNull();
  });

  it.runIf(isLinux)('is kept by systemd, where there is a program to ask for it', () => {
    kernel('|/usr/lib/systemd/systemd-coredump %P %u %g %s %t 9223372036854775808 %h');
    const now = Date.now();
    put({
      'proc/sys/kernel/random/boot_id': '1b4e28ba-2fa1-11d2-883f-0016d3cca427\n',
      [`systemd/core.server.0.1b4e28ba2fa111d2883f0016d3cca427.4711.${now}000.zst`]: 'core',
    });
    const { PATH } = process.env;
    cleanUp.push(() => (process.env['PATH'] = PATH));
    process.env['PATH'] = join(root, 'bin');
    expect(core(dead({}))).toBeNull();
    put({ 'bin/coredumpctl': '#!/bin/sh\n' });
    chmodSync(join(root, 'bin/coredumpctl'), 0o755);
    expect(core(dead({}))).toEqual({ kind: 'coredumpctl' });
    expect(core(dead({ pid: 4712 }))).toBeNull();
  });

  it.runIf(isLinux && isRoot)('of a program that crashes is found', async ({ skip }) => {
    if (/^[|@]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'))) skip('its dump would go elsewhere');
    const child = startProgram('sh', ['-c', 'ulimit -c unlimited && echo ready && exec sleep 60'], { cwd: root });
    cleanUp.push(() => child.kill());
    await child.saysWithin('ready');
    await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8'), { timeout: 30_000 }).toBe('sleep\n');
    process.kill(child.pid, 'SIGSEGV');
    await child.ended;
    const crashed = { pid: child.pid, name: 'sleep', cwd: root, signal: 'SIGSEGV', diedAt: Date.now() };
    const found = sceneOf({ dead: crashed }).core;
    if (found?.kind !== 'file') throw new Error('expected a file');
    cleanUp.push(() => rmSync(found.path, { force: true }));
    expect(readFileSync(found.path).subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  });
});

describe('the kernel log', () => {
  it('is asked about who was killed only, and believed only in the namespace of the machine', () => {
    const logDevice = join(put({ log: '6,0,0,-;Linux version 6.18\n' }), 'log');
    mkdirSync(join(root, 'proc/self/ns'), { recursive: true });
    const namespace = (number: number) => {
      rmSync(join(root, 'proc/self/ns/pid'), { force: true });
      symlinkSync(`pid:[${number}]`, join(root, 'proc/self/ns/pid'));
    };
    const victim = (signal: string) =>
      sceneOf({ dead: dead({ signal }) }, { procDir: join(root, 'proc'), logDevice }).oomVictim;
    namespace(4_026_531_836);
    expect(victim('SIGKILL')).toBe(false);
    expect(victim('SIGTERM')).toBeNull();
    namespace(4_026_532_001);
    expect(victim('SIGKILL')).toBeNull();
    namespace(4_026_531_836);
    rmSync(logDevice);
    expect(victim('SIGKILL')).toBeNull();
  });
});
