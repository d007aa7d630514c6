import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Cli } from '../fixtures/cli';
import { freePort } from '../fixtures/free-port';
import { test as base, expect } from '../fixtures/headless';
import { descendants, identify, killExactly } from '../fixtures/processes';
import { startHeadless } from '../fixtures/shells';
import { endEngine } from '../fixtures/test';

/** The disk hangs for at least so long; HEALDECK_DISK_HANG_MS=20000 is the long run. */
const HANG_MS = Number(process.env['HEALDECK_DISK_HANG_MS'] ?? 0);

/** The second heal is so long before the disk goes on. */
const LAST_HEAL_MS = 3000;

interface Disk {
  directory: string;
  /** Every write to it waits from now on. */
  hang(): void;
  goOn(): void;
}

const test = base.extend<{ disk: Disk }>({
  /** A file system of its own that can be made to hang. */
  disk: async ({}, use) => {
    const root = mkdtempSync(join(tmpdir(), 'hd-disk-'));
    const image = join(root, 'image');
    const directory = join(root, 'd');
    mkdirSync(directory);
    try {
      run('truncate', '-s', '64M', image);
      run('mkfs.ext4', '-q', '-F', image);
      run('mount', '-o', 'loop', image, directory);
    } catch (error) {
      base.skip(true, `no file system can be mounted here: ${String(error)}`);
    }
    let hangs = false;
    const goOn = (): void => {
      if (hangs) run('fsfreeze', '-u', directory);
      hangs = false;
    };
    chmodSync(directory, 0o700);
    await use({
      directory,
      hang: () => {
        run('fsfreeze', '-f', directory);
        hangs = true;
      },
      goOn,
    });
    goOn();
    run('umount', directory);
    rmSync(root, { recursive: true });
  },
});

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

test('a disk that hangs delays the record, and no heal', async ({ disk, env }, testInfo) => {
  const dataDir = join(disk.directory, 'data');
  const cli = new Cli(dataDir, env);
  let output = '';
  const { engine } = await startHeadless({ dataDir, env, onOutput: (text) => void (output += text) }, await freePort());
  try {
    await cli.ok('add', 'steady', '--cwd', '/', '--restart', 'always', '--', 'sleep', '98761');
    const children = () => descendants(engine.pid ?? -1);
    const [first] = children();
    expect(first).toBeDefined();

    disk.hang();
    const goesOnAtMs = performance.now() + HANG_MS;
    const healedAfterMs: number[] = [];
    let last = first;
    for (let heal = 0; heal < 2; heal += 1) {
      const dead = last;
      if (dead === undefined) break;
      const began = performance.now();
      process.kill(dead.pid, 'SIGKILL');
      await expect
        .poll(() => children().find(({ pid }) => pid !== dead.pid)?.pid ?? null, { intervals: [20], timeout: 30_000 })
        .not.toBeNull();
      healedAfterMs.push(Math.round(performance.now() - began));
      if (heal === 0) await setTimeout(Math.max(0, goesOnAtMs - performance.now() - LAST_HEAL_MS));
      last = children().find(({ pid }) => pid !== dead.pid);
    }
    testInfo.annotations.push({ type: 'healed while the disk hung, after ms', description: healedAfterMs.join(', ') });
    // What is asked of it is answered, too.
    expect(await cli.ok('status')).toContain('steady');
    await setTimeout(Math.max(0, goesOnAtMs - performance.now()));
    disk.goOn();

    // Nothing of it is lost.
    const types = async () => (await cli.events({ watch: 'steady' })).map(({ type }) => type);
    await expect.poll(async () => (await types()).filter((type) => type === 'restarted').length).toBe(2);
    expect((await types()).filter((type) => type === 'crash_detected')).toHaveLength(2);
    await cli.ok('stop', 'steady');
  } finally {
    disk.goOn();
    const left = descendants(engine.pid ?? -1);
    await endEngine({ engine }, 'SIGTERM');
    for (const process of left) if (identify(process.pid) !== null) killExactly(process);
    await testInfo.attach('engine output', { body: output, contentType: 'text/plain' });
  }
});
