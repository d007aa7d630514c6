import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, lives, procStat } from '../src/main/adapters/testing/children';

const demo = (name: string): string => join(import.meta.dirname, name);
const pids = new Set<number>();

function start(
  name: string,
  ...args: string[]
): { child: ChildProcess; line: Promise<string>; exit: Promise<unknown[]> } {
  const child = spawn(process.execPath, [demo(name), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.pid !== undefined) pids.add(child.pid);
  const line = new Promise<string>((resolve) => {
    if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
  });
  const exit = new Promise<unknown[]>((resolve) => child.once('exit', (...facts) => resolve(facts)));
  return { child, line, exit };
}

const run = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [demo(name), ...args], { encoding: 'utf8', maxBuffer: 8e6 });

afterEach(() => {
  for (const pid of pids) if (lives(pid)) process.kill(pid, 'SIGKILL');
  pids.clear();
});

describe('the demo programs', () => {
  it('are all listed in the README', () => {
    const readme = readFileSync(demo('README.md'), 'utf8');
    for (const file of readdirSync(import.meta.dirname)) {
      if (file.endsWith('.mjs')) expect(readme).toContain(`\`${file}`);
    }
  });

  it('crasher dies as it is told', () => {
    expect(run('crasher.mjs', '--after', '0', '--code', '42')).toMatchObject({ status: 42, signal: null });
    expect(run('crasher.mjs', '--after', '0', '--signal', 'SIGKILL')).toMatchObject({
      status: null,
      signal: 'SIGKILL',
    });
    expect(run('crasher.mjs', '--after', 'soon')).toMatchObject({ status: 2 });
  });

  it('exit-with exits so', () => {
    expect(run('exit-with.mjs', '3').status).toBe(3);
    expect(run('exit-with.mjs', 'x').stderr).toContain('usage');
  });

  it('ignores-sigterm ends by KILL, or when its time is over', async () => {
    const stubborn = start('ignores-sigterm.mjs');
    const printed = new Promise<void>((resolve) => {
      stubborn.child.stdout?.on('data', (data: Buffer) => data.includes('ignored SIGTERM') && resolve());
    });
    await stubborn.line;
    stubborn.child.kill('SIGTERM');
    await printed;
    stubborn.child.kill('SIGKILL');
    expect(await stubborn.exit).toEqual([null, 'SIGKILL']);
    expect(run('ignores-sigterm.mjs', '--max-seconds', '0').status).toBe(0);
  });

  it('forks-children is a family of three generations, one of them in a session of its own', async () => {
    const { child, line } = start('forks-children.mjs', '--ignore-sigterm', '--own-session', '--max-seconds', '60');
    const family = JSON.parse(await line) as Record<'children' | 'grandchildren', number[]> & { ownSession: number };
    const all = [...family.children, ...family.grandchildren];
    for (const pid of all) pids.add(pid);
    expect(family.children).toHaveLength(2);
    expect(family.grandchildren).toHaveLength(2);
    for (const pid of family.children) expect(procStat(pid)?.ppid).toBe(child.pid);
    for (const pid of family.grandchildren) expect(family.children).toContain(procStat(pid)?.ppid);
    expect(procStat(family.ownSession)?.session).toBe(family.ownSession);
    for (const pid of all) process.kill(pid, 'SIGTERM');
    await eventually('all of them alive', () => all.every(lives));
  });

  it('writes-much writes numbered lines, as many as it is told', () => {
    const { stdout } = run('writes-much.mjs', '--mb', '1', '--mb-per-second', '100');
    expect(stdout.length).toBeGreaterThanOrEqual(1e6);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toContain(String(lines.length).padStart(9, '0'));
  });

  it('server answers its pid, and can be crashed', async () => {
    const { child, line, exit } = start('server.mjs', '0', '--max-seconds', '60');
    const url = /http:\S+/.exec(await line)?.[0] ?? '';
    expect(await (await fetch(url)).text()).toContain(`pid ${child.pid},`);
    await fetch(`${url}crash`);
    expect(await exit).toEqual([1, null]);
  });
});
