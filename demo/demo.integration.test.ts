import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { eventually, lives, procStat, temporaryFolder } from '../src/main/adapters/testing/children';

const demo = (name: string): string => join(import.meta.dirname, name);
const pids = new Set<number>();
const folder = temporaryFolder();
afterAll(() => folder.remove());

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

/** Resident bytes, from /proc/PID/statm (proc(5): the second number, in pages of 4 kB here). */
function rssOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

/** CPU time used so far, from fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms. */
function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && procStat(pid)?.ppid === parent);
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

describe('the demo programs', () => {
  it('are all listed in the README', () => {
    const readme = readFileSync(demo('README.md'), 'utf8');
    for (const file of readdirSync(import.meta.dirname).concat(readdirSync(demo('tiers')))) {
      if (/\.(mjs|sh)$/.test(file)) expect(readme).toMatch(new RegExp(`[\`/]${file.replace('.', '[.]')}`));
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

  it('needs runs as long as what it needs is ready', async () => {
    const needed = start('answers.mjs', '0', '--exit-after', '1500');
    const [, port = ''] = /:(\d+)\//.exec(await needed.line) ?? [];
    const { exit } = start('needs.mjs', port, '--every', '50');
    const first = await Promise.race([needed.exit.then(() => 'needed'), exit.then(() => 'needs')]);
    expect(first).toBe('needed');
    expect(await exit).toEqual([1, null]);
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

  it('leak takes memory up to its bound, and no more', async () => {
    const { child, line } = start('leak.mjs', '--mb-per-second', '200', '--max-mb', '120', '--max-seconds', '30');
    await line;
    const rss = () => rssOf(child.pid ?? -1);
    await eventually('120 MB more than nothing', () => rss() > 120e6);
    const settled = rss();
    expect(settled).toBeLessThan(350e6);
  });

  it('spin burns what it is told after it was idle, and is idle again', async () => {
    const { child, line } = start(
      'spin.mjs',
      '--threads',
      '2',
      '--after',
      '300',
      '--for',
      '600',
      '--max-seconds',
      '30',
    );
    await line;
    const idle = cpuMs(child.pid ?? -1);
    await eventually('200 ms of CPU', () => cpuMs(child.pid ?? -1) > idle + 200);
    let last = -1;
    await eventually('no more CPU', () => {
      const now = cpuMs(child.pid ?? -1);
      const same = now === last;
      last = now;
      return same;
    });
  });

  it('spike bursts now and then', async () => {
    const { child, line } = start(
      'spike.mjs',
      '--after',
      '100',
      '--for',
      '100',
      '--every',
      '300',
      '--max-seconds',
      '30',
    );
    await line;
    const idle = cpuMs(child.pid ?? -1);
    await eventually('two bursts', () => cpuMs(child.pid ?? -1) > idle + 120);
  });

  it('hog-children hold memory in children that end with their parent', async () => {
    const { child, line } = start('hog-children.mjs', '--children', '2', '--mb', '30', '--max-seconds', '30');
    await line;
    const family = await eventually('two children with 30 MB each', () => {
      const below = childrenOf(child.pid ?? -1);
      return below.length === 2 && below.every((pid) => rssOf(pid) > 60e6) ? below : null;
    });
    for (const pid of family) pids.add(pid);
    child.kill('SIGKILL');
    await eventually('no child left', () => !family.some(lives));
  });

  it('hang is deaf to TERM once it stands still', async () => {
    const { child, line, exit } = start('hang.mjs', '--max-seconds', '30');
    await line;
    await eventually(
      'it sleeps for good',
      () => procStat(child.pid ?? -1)?.state === 'S' && cpuMs(child.pid ?? -1) > 0,
    );
    child.kill('SIGTERM');
    // Delivered, that is no longer pending (proc(5), status), and nothing came of it.
    const pending = () => /^ShdPnd:\t(.*)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    await eventually('TERM delivered', () => /^0+$/.test(pending() ?? ''));
    expect(lives(child.pid ?? -1)).toBe(true);
    child.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(run('hang.mjs', '--max-seconds', '0').status).toBe(0);
  });

  it('fork-many multiplies up to its bound, and all of them end by themselves', async () => {
    const { child, line } = start('fork-many.mjs', '--generations', '5', '--seconds', '2', '--max-seconds', '30');
    await line;
    const family = await eventually('31 processes', () => {
      const below = descendantsOf(child.pid ?? -1);
      return below.length >= 31 ? below : null;
    });
    for (const pid of family) pids.add(pid);
    expect(family).toHaveLength(31);
    await eventually('none of them left', () => !family.some(lives));
    expect(lives(child.pid ?? -1)).toBe(true);
  });

  it('zombie.sh has a child that ended and that it does not reap', async () => {
    const child = spawn('sh', [demo('zombie.sh'), '0', '30'], { stdio: 'ignore' });
    const pid = child.pid ?? -1;
    pids.add(pid);
    const isZombie = () => childrenOf(pid).some((one) => procStat(one)?.state === 'Z');
    await eventually('a zombie below it', isZombie);
    process.kill(pid, 'SIGCHLD');
    await eventually('the parent is sleep', () => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    expect(isZombie()).toBe(true);
  });

  it('answers serves, fails and hangs as it is switched, and is ready later', async () => {
    const { child, line } = start('answers.mjs', '0', '--ready-after', '300', '--max-seconds', '60');
    const url = /http:[^ ]+/.exec(await line)?.[0] ?? '';
    const status = async (path: string) => (await fetch(`${url}${path}`)).status;
    const switchTo = (mode: string) => fetch(`${url}mode`, { method: 'POST', body: mode });
    expect(await status('health')).toBe(200);
    await eventually('ready', async () => (await status('ready')) === 200);
    await switchTo('500');
    expect([await status('health'), await status('health')]).toEqual([500, 500]);
    await switchTo('every-other');
    expect([await status('health'), await status('health')].toSorted()).toEqual([200, 500]);
    expect((await switchTo('gone')).status).toBe(400);
    await switchTo('hang');
    await expect(fetch(`${url}health`, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
    child.kill('SIGTERM');
    expect(run('answers.mjs', 'x').stderr).toContain('usage');
  });

  it('drains is not ready from TERM on, and answers until it ends', async () => {
    const { child, line, exit } = start('drains.mjs', '0', '--drain', '1000', '--max-seconds', '60');
    const url = /http:[^ ]+/.exec(await line)?.[0] ?? '';
    const isReady = async () => (await fetch(`${url}ready`)).status === 200;
    await eventually('ready', isReady);
    child.kill('SIGTERM');
    await eventually('not ready', async () => !(await isReady()));
    expect(await (await fetch(url)).text()).toBe(`${child.pid}\n`);
    expect(await exit).toEqual([0, null]);
    expect(run('drains.mjs', 'x').stderr).toContain('usage');
  });

  it('server answers its pid, and can be crashed', async () => {
    const { child, line, exit } = start('server.mjs', '0', '--max-seconds', '60');
    const url = /http:\S+/.exec(await line)?.[0] ?? '';
    expect(await (await fetch(url)).text()).toContain(`pid ${child.pid},`);
    await fetch(`${url}crash`);
    expect(await exit).toEqual([1, null]);
  });

  it('the tiers answer as the last of them does, and the one in the middle as it is asked to', async () => {
    const [db, api, web] = [join(folder.path, 'db.sock'), await freePort(), await freePort()];
    const tiers = [
      start('tiers/db.mjs', db, '--max-seconds', '60'),
      start('tiers/api.mjs', `${api}`, db, '--max-seconds', '60'),
      start('tiers/web.mjs', `${web}`, `${api}`, '--max-seconds', '60'),
    ];
    for (const { line } of tiers) expect(await line).toContain('listening on ');
    const health = async (limitMs = 20_000) => {
      const response = await fetch(`http://127.0.0.1:${web}/health`, { signal: AbortSignal.timeout(limitMs) });
      return { status: response.status, text: await response.text() };
    };
    const setMode = async (body: string) =>
      (await fetch(`http://127.0.0.1:${api}/mode`, { method: 'POST', body })).status;
    expect(await health()).toEqual({ status: 200, text: 'web got api got ok\n' });
    expect(await setMode('500-every-other')).toBe(200);
    expect(new Set([(await health()).status, (await health()).status])).toEqual(new Set([200, 500]));
    expect(await setMode('hang')).toBe(200);
    await expect(health(300)).rejects.toThrow('timeout');
    expect(await setMode('sideways')).toBe(400);
    expect(await setMode('ok')).toBe(200);
    tiers[0]!.child.kill('SIGKILL');
    await tiers[0]!.exit;
    expect((await health()).status).toBe(502);
    expect(run('tiers/web.mjs', '0').status).toBe(2);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
