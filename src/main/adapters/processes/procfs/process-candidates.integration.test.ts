import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../clock';
import { createProcfsTable, type DisposableProcessTable } from './index';

const isRoot = process.getuid?.() === 0;
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0).reverse()) undo();
});

function table(): DisposableProcessTable {
  const opened = createProcfsTable({ clock: createSystemClock() });
  cleanUp.push(() => opened.dispose());
  return opened;
}

function start(command: string, args: readonly string[]): ChildProcess & { pid: number } {
  const child = spawn(command, args, { stdio: 'ignore' });
  cleanUp.push(() => child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return child as ChildProcess & { pid: number };
}

/** The facts of a pid, once it has become what is waited for. */
async function factsOf(processes: DisposableProcessTable, pid: number, program: string) {
  return expect
    .poll(
      () => {
        const identity = processes.identify(pid);
        const facts = identity === null ? null : processes.facts(identity);
        return facts?.executable?.endsWith(program) === true ? facts : null;
      },
      { timeout: 30_000 },
    )
    .not.toBeNull()
    .then(() => processes.facts(processes.identify(pid)!));
}

function childOf(pid: number): number | null {
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${entry}/stat`, 'latin1').split(') ')[1]?.split(' ')[1] === String(pid))
        return Number(entry);
    } catch {
      // It has ended meanwhile.
    }
  }
  return null;
}

describe('the facts of a candidate', () => {
  it('have the whole command line, far beyond what a pass keeps', async () => {
    const processes = table();
    const long = 'x'.repeat(100_000);
    const { pid } = start(process.execPath, ['-e', 'setInterval(() => {}, 1000)', long, 'last']);
    const facts = await factsOf(processes, pid, '/node');
    expect(facts?.argv.at(-1)).toBe('last');
    // A scan of a busy machine leaves the arguments of young processes to the next one.
    const sample = async () => (await processes.scan()).samples.find((one) => one.pid === pid);
    await expect.poll(async () => (await sample())?.argvCut, { interval: 250, timeout: 30_000 }).toBe(true);
    expect((await sample())?.argv.join('').length).toBeLessThan(5000);
  });

  it('know the executable of a program that was replaced meanwhile, and who runs it', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'healdeck-facts-'));
    cleanUp.push(() => rmSync(dir, { recursive: true, force: true }));
    const program = join(dir, 'hdfacts');
    copyFileSync('/bin/sleep', program);
    const { pid } = start(program, ['60']);
    const processes = table();
    await factsOf(processes, pid, '/hdfacts');
    rmSync(program);
    const uid = process.getuid?.() ?? 0;
    expect(processes.facts(processes.identify(pid)!)).toMatchObject({
      ...{ executable: program, foreign: false, uids: { real: uid, effective: uid } },
    });
  });

  it('are none of a process that has ended', () => {
    expect(table().facts({ pid: process.pid, startTime: 1 })).toBeNull();
  });

  it.runIf(isRoot)('tell whom a program acts as from who started it', async () => {
    const processes = table();
    const { pid } = start('setpriv', ['--ruid', '54321', 'sleep', '60']);
    const facts = await factsOf(processes, pid, '/sleep');
    expect(facts?.uids).toEqual({ real: 54_321, effective: 0 });
  });

  it.runIf(isRoot)('tell a process of another pid namespace', async ({ skip }) => {
    const unshared = start('unshare', ['--pid', '--fork', 'sleep', '60']);
    const died = new Promise<boolean>((resolve) => unshared.once('exit', () => resolve(true)));
    let inside: number | null = null;
    await expect.poll(() => (inside = childOf(unshared.pid)) ?? unshared.exitCode, { timeout: 30_000 }).not.toBeNull();
    if (inside === null) return skip((await died) ? 'this machine gives no pid namespaces' : '');
    const pid = inside as number;
    cleanUp.push(() => process.kill(pid, 'SIGKILL'));
    const processes = table();
    expect(await factsOf(processes, pid, '/sleep')).toMatchObject({ foreign: true });
    expect(processes.facts(processes.identify(unshared.pid)!)).toMatchObject({ foreign: false });
  });
});
