import { createHmac } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cgroupParents } from '../../../shared/lib/process/cgroups';
import type { ProcessIdentity } from '../../../shared/model/process';
import { createChildGroups, type ChildGroups } from './cgroups';
import { createSystemClock } from '../clock';
import { OutputSinks } from '../logs/output-sinks';
import { ProgramSpawner } from '../launch/spawner';
import { INHERITED_LIMITS } from '../launch/start-limits';
import { command, eventually, identifyByProc, lives, temporaryFolder, watchOf } from '../testing/children';

const watchId = '0b7c1a52-1111-4222-8333-444455556666';
const clock = createSystemClock();

let folder: ReturnType<typeof temporaryFolder>;
let children: ChildProcess[] = [];
let opened: ChildGroups[] = [];
/** The clock's timers keep nothing alive. */
let keepAlive: NodeJS.Timeout;

beforeEach(() => {
  folder = temporaryFolder();
  keepAlive = setInterval(() => undefined, 1000);
});
afterEach(async () => {
  const pids = children.flatMap(({ pid }) => pid ?? []);
  for (const child of children) child.kill('SIGKILL');
  await eventually('the end of all children', () => !pids.some(lives));
  // Removed once the kernel has taken note of the ends.
  await eventually('empty groups', () => {
    for (const groups of opened) groups.dispose();
    return ownGroups().length === 0;
  });
  [children, opened] = [[], []];
  clearInterval(keepAlive);
  folder.remove();
});

/** As the key of a data directory does it. */
const publicName = (id: string): string => createHmac('sha256', 'key').update(id).digest('hex').slice(0, 32);

function open(
  options: { parents?: readonly string[]; identify?: (pid: number) => ProcessIdentity | null } = {},
): ChildGroups {
  const groups = createChildGroups({ dataDir: folder.path, publicName, clock, identify: identifyByProc, ...options });
  opened.push(groups);
  return groups;
}

function start(script = 'read line'): ProcessIdentity {
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  const identity = identifyByProc(child.pid ?? 0);
  if (identity === null) throw new Error('it did not start');
  return identity;
}

const parents = (): readonly string[] =>
  cgroupParents(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));

const groupLine = (pid: number): string => /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1] ?? '';

/** Groups of this file's engines. */
function ownGroups(): string[] {
  return existing(parents()).flatMap((parent) =>
    readdirSync(parent)
      .filter((name) => name.startsWith('healdeck-'))
      .flatMap((name) => readdirSync(join(parent, name)).filter((group) => group.startsWith(publicName(watchId)))),
  );
}

const existing = (paths: readonly string[]): readonly string[] => paths.filter((path) => existsSync(path));

/** Whether groups can be made here: else there is nothing to try. */
function writable(): boolean {
  if (process.platform !== 'linux') return false;
  return parents().some((parent) => {
    const probe = join(parent, `healdeck-probe-${process.pid}`);
    try {
      mkdirSync(probe);
      const killable = existsSync(join(probe, 'cgroup.kill'));
      rmdirSync(probe);
      return killable;
    } catch {
      return false;
    }
  });
}

describe.runIf(writable())('control groups of children', () => {
  it('take a child in soon after its start, and what it forks from then on', async () => {
    const groups = open();
    const child = start('read line; sleep 60 & echo $!; read line');
    groups.entered(watchId, child);
    await eventually('its own group', () => groupLine(child.pid).includes(`/${publicName(watchId)}-${child.pid}`));
    const line = new Promise<string>((resolve) =>
      createInterface({ input: children[0]!.stdout! }).once('line', resolve),
    );
    children[0]!.stdin!.write('\n');
    const grandchild = Number(await line);
    expect(groups.members(watchId, [])).toEqual(expect.arrayContaining([child.pid, grandchild]));
    expect(groups.kill(watchId, [])).toBe(true);
    await eventually('their end', () => !lives(child.pid) && !lives(grandchild));
    // /proc/<pid>/cgroup may be read by all: nobody learns the id of a watch there.
    expect(groupLine(process.pid) + ownGroups().join()).not.toContain(watchId);
    groups.left(watchId, child);
    await eventually('no empty group left', () => ownGroups().length === 0);
  });

  it('are found by the next engine, also where that one would not make them', async () => {
    const first = open();
    const child = start();
    first.entered(watchId, child);
    await eventually('its own group', () => first.members(watchId, []).includes(child.pid));
    first.dispose();
    const second = open();
    expect(second.members(watchId, [])).toEqual([child.pid]);
    const elsewhere = open({ parents: [folder.path] });
    expect(elsewhere.members(watchId, [])).toEqual([]);
    expect(elsewhere.members(watchId, [child])).toEqual([child.pid]);
    expect(elsewhere.kill(watchId, [child])).toBe(true);
    await eventually('its end', () => !lives(child.pid));
  });

  it('of another watch are left alone', async () => {
    const groups = open();
    const child = start();
    groups.entered(watchId, child);
    await eventually('its own group', () => groups.members(watchId, []).length > 0);
    for (const other of ['another', watchId.slice(0, -1), '..', '']) {
      expect(groups.members(other, [child])).toEqual([]);
      expect(groups.kill(other, [child])).toBe(false);
    }
    expect(lives(child.pid)).toBe(true);
  });

  it('take in nobody who has the pid of a child by now', async () => {
    const groups = open();
    const [stranger, child] = [start(), start()];
    groups.entered(watchId, { ...stranger, startTime: stranger.startTime + 1 });
    groups.entered(watchId, child);
    await eventually('the group of the other one', () => groups.members(watchId, []).length > 0);
    expect(groups.members(watchId, [])).toEqual([child.pid]);
    expect(groupLine(stranger.pid)).not.toContain(publicName(watchId));
  });

  it('are not killed in one stroke when somebody else may be in them', async () => {
    let asked = 0;
    const child = start();
    // The pid changes hands between the look and the move.
    const groups = open({ identify: (pid) => ({ pid, startTime: child.startTime + ((asked += 1) > 1 ? 1 : 0) }) });
    groups.entered(watchId, child);
    await eventually('a group', () => groups.members(watchId, []).length > 0);
    await eventually('the second check', () => asked > 1);
    expect(groups.kill(watchId, [])).toBe(false);
    expect(lives(child.pid)).toBe(true);
  });

  it('are made for what the spawner starts', async () => {
    const groups = open();
    mkdirSync(join(folder.path, 'logs'));
    const sinks = new OutputSinks({
      logsDir: join(folder.path, 'logs'),
      files: () => 5,
      maxKept: 10,
      report: () => undefined,
    });
    const spawner = new ProgramSpawner({
      limits: () => INHERITED_LIMITS,
      engineOomScoreAdj: () => null,
      sinks,
      output: { checkSoon: () => undefined },
      identify: identifyByProc,
      baseEnv: process.env,
      groups,
      report: (where, error) => {
        throw new Error(`${where}: ${String(error)}`);
      },
    });
    const what = command(['sleep', '60']);
    const watch = { ...watchOf('grouped', what), id: watchId };
    const ended = new Promise<void>((resolve) => {
      void spawner.start(watch, spawner.prepare(watch, what), () => resolve());
    });
    const [pid] = await eventually('a member', () => {
      const members = groups.members(watchId, []);
      return members.length > 0 && members;
    });
    expect(groups.kill(watchId, [])).toBe(true);
    await ended;
    expect(lives(pid ?? 0)).toBe(false);
    await eventually('no empty group left', () => ownGroups().length === 0);
    spawner.dispose();
    sinks.dispose();
  });
});

describe('groups that an engine has left whose data directory is gone', () => {
  it('are removed once they have been empty for a while, and nothing else is', async () => {
    const base = (hex: string): string => `healdeck-${hex.repeat(12)}`;
    const [left, fresh, used] = [base('a'), base('b'), base('c')];
    for (const name of [left, fresh, used, 'healdeck', 'other-aaaaaaaaaaaa']) {
      mkdirSync(join(folder.path, name, 'group-1'), { recursive: true });
      // As little as a group with a process in it can it be removed.
      if (name === used) writeFileSync(join(folder.path, name, 'group-1', 'cgroup.procs'), '1');
      if (name !== fresh) utimesSync(join(folder.path, name), 0, 0);
    }
    open({ parents: [folder.path] });
    await eventually('its removal', () => !existsSync(join(folder.path, left)));
    const groups = readdirSync(folder.path).filter((name) => existsSync(join(folder.path, name, 'group-1')));
    expect(groups.sort()).toEqual([fresh, used, 'healdeck', 'other-aaaaaaaaaaaa'].sort());
  });
});

describe('where no control groups can be made', () => {
  it.each([
    ['there is none', []],
    ['it may not be written', ['/proc']],
    ['it is something else', ['/dev/null']],
  ])('nothing happens: %s', async (_, parents) => {
    const groups = open({ parents });
    const child = start();
    groups.entered(watchId, child);
    await new Promise<void>((resolve) => clock.after(150, resolve));
    groups.left(watchId, child);
    expect(groups.members(watchId, [])).toEqual([]);
    expect(groups.kill(watchId, [])).toBe(false);
    expect(lives(child.pid)).toBe(true);
  });

  it('a plain folder is left as it was', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const groups = open({ parents: [folder.path] });
    groups.entered(watchId, start());
    await new Promise<void>((resolve) => clock.after(150, resolve));
    await eventually('no trace', () => readdirSync(folder.path).join() === 'file');
    groups.dispose();
  });
});
