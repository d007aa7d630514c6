import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeRouter, until } from '../main/api/testing/api-client';
import { fakeRow, type FakeEngine } from '../main/api/testing/fake-engine';
import { serveUnixSocket, type UnixSocketServer } from '../main/api/unix-socket';
import type { Io } from './io';
import { runCli } from './program';

let dataDir: string;
let engine: FakeEngine;
let server: UnixSocketServer | null = null;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'healdeck-cli-'));
});
afterEach(async () => {
  await server?.dispose();
  server = null;
  rmSync(dataDir, { recursive: true, force: true });
});

async function startEngine(): Promise<void> {
  const made = fakeRouter();
  engine = made.engine;
  server = await serveUnixSocket({ router: made.router, path: join(dataDir, 'engine.sock') });
}

function begin(...argv: string[]) {
  const said = { out: '', err: '' };
  const io: Io = {
    ...{ env: {}, cwd: '/home/ada', platform: process.platform, homedir: '/nowhere', columns: null, now: () => 1000 },
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
  };
  return { said, exitCode: runCli(['--data-dir', dataDir, ...argv], io, '0.1.0') };
}

async function run(...argv: string[]) {
  const { said, exitCode } = begin(...argv);
  return { exitCode: await exitCode, ...said };
}

describe('with an engine', () => {
  beforeEach(startEngine);

  it('a watch is added, shown, edited, stopped and removed', async () => {
    const added = await run('add', 'web', '--restart', 'always', '--env', 'A=1', '--', 'node', 'x', '--json');
    expect(added).toMatchObject({ exitCode: 0, out: 'web: running: started\n', err: '' });
    expect(engine.watches()[0]?.watch).toMatchObject({
      restart: 'always',
      target: { command: { argv: ['node', 'x', '--json'], cwd: '/home/ada', env: { A: '1' } } },
    });

    const status = await run('status');
    expect(status.out).toMatch(/^Healdeck 0\.1\.0 \(headless\) .*\nWATCH +STATE/);
    const json = JSON.parse((await run('status', '--json')).out) as { watches: unknown[] };
    expect(json.watches).toHaveLength(1);

    expect(await run('edit', 'web', '--rename', 'site', '--', 'python3')).toMatchObject({ exitCode: 0 });
    expect(engine.watches()[0]?.watch).toMatchObject({
      name: 'site',
      revision: 2,
      target: { command: { argv: ['python3'] } },
    });
    expect(await run('stop', 'site')).toMatchObject({ exitCode: 0, out: 'site: stopped: stopped by the operator\n' });
    expect(await run('rm', 'site', '--json')).toMatchObject({ exitCode: 0, out: '{\n  "leftRunning": []\n}\n' });
  });

  it('adding a match shows what it found, with names made harmless', async () => {
    engine.table = [fakeRow(7, { argv: ['evil\u001b[2J'] })];
    const { out } = await run('add', 'db', '--match', 'cmdline', 'evil');
    expect(out).toContain('It matches this process:\n  7  evil\\x1b[2J\n');
  });

  it('errors have their exit status and one line', async () => {
    expect(await run('stop', 'nobody')).toEqual({
      exitCode: 1,
      out: '',
      err: 'healdeck: no watch is called "nobody"\n',
    });
    expect(await run('restart', 'x')).toMatchObject({ exitCode: 1, err: expect.stringContaining('protected') });
    expect(await run('add', '-x!', '--', 'node')).toMatchObject({ exitCode: 2 });
    expect(await run('add', '!', '--', 'node')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('spec.name: expected'),
    });
    expect(await run('settings', 'set', 'stop.graceMs', '900h')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('0 to 600000'),
    });
  });

  it('settings are read as people write them, and echoed so', async () => {
    expect(await run('settings', 'set', 'stop.gracems', '90s')).toMatchObject({
      exitCode: 0,
      out: 'stop.graceMs = 90s\n',
    });
    expect(engine.settings()['stop.graceMs']).toBe(90_000);
    expect(await run('settings', 'get', 'stop.graceMs')).toMatchObject({ out: '90s\n' });
    const all = JSON.parse((await run('settings', 'get', '--json')).out) as { key: string }[];
    expect(all).toContainEqual(
      expect.objectContaining({ key: 'stop.graceMs', value: 90_000, default: 10_000, unit: 'ms' }),
    );
    expect((await run('settings', 'get')).out).toMatch(/^KEY +VALUE +DEFAULT +RANGE +MEANING\n/);
  });

  it('events are one JSON object a line', async () => {
    engine.happen('one', 'web');
    engine.happen('two\u001b]0;x', 'web');
    const lines = (await run('events', '--json', '--watch', 'web')).out.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1, 2]);
    expect((await run('events')).out).toContain('two\\x1b]0;x');
    expect((await run('events', '--limit', '1')).out.trim().split('\n')).toHaveLength(1);
  });

  it('events are followed until the engine ends', async () => {
    engine.happen('old');
    const { said, exitCode } = begin('events', '--follow', '--json');
    await until(() => said.out.includes('old'), 'the backlog is there');
    engine.happen('new');
    await until(() => said.out.includes('new'), 'the new event is there');
    await server?.dispose();
    expect(await exitCode).toBe(1);
    expect(said.err).toContain('the engine ended');
  });

  it('ps shows the watched processes, and all when asked', async () => {
    engine.table = [fakeRow(1, { cpuPercent: 1 }), fakeRow(2, { cpuPercent: 50 })];
    expect((await run('ps')).out).toContain('healdeck ps --all');
    const rows = JSON.parse((await run('ps', '--all', '--json')).out) as { pid: number }[];
    expect(rows.map(({ pid }) => pid)).toEqual([2, 1]);
  });

  it('open prints an address', async () => {
    expect(await run('open')).toMatchObject({ exitCode: 0, out: 'http://127.0.0.1:1/?token=x\n' });
  });

  it('the doctor finds the engine', async () => {
    const { out } = await run('doctor', '--json');
    const { checks } = JSON.parse(out) as { checks: { name: string; result: string }[] };
    expect(checks).toContainEqual(expect.objectContaining({ name: 'engine', result: 'ok' }));
  });
});

describe('without an engine', () => {
  it.each([['status'], ['ps'], ['events'], ['rm x'], ['settings get'], ['open'], ['add x -- y']])(
    '"%s" says how to start one, with exit status 3',
    async (words) => {
      const { exitCode, out, err } = await run(...words.split(' '));
      expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
      expect(err).toContain('start one with: healdeck run');
    },
  );

  it.each([
    ['nonsense', 'unknown command'],
    ['status --nonsense', 'unknown option'],
    ['add', 'missing required argument'],
    ['add x --restart sometimes -- y', 'Allowed choices'],
    ['add x', 'expected a command after --'],
    ['add x --stop-grace many -- y', 'expected a duration'],
    ['events --limit many', 'expected a whole number'],
    ['events --type nonsense', 'expected one of'],
    ['events --since yesterday', 'expected a duration'],
    ['settings get nonsense', 'expected one of'],
    ['settings set stop.graceMs many', 'expected a duration'],
    ['edit x', 'expected something to change'],
    ['run --port 65536', 'expected a port'],
  ])('"%s" is wrong usage, with exit status 2 and what was expected', async (words, expected) => {
    const { exitCode, err } = await run(...words.split(' '));
    expect(exitCode).toBe(2);
    expect(err).toContain(expected);
  });

  it.each(
    [
      'run',
      'status',
      'ps',
      'events',
      'add',
      'edit',
      'rm',
      'start',
      'stop',
      'restart',
      'settings get',
      'settings set',
    ].concat(...['open', 'doctor']),
  )('"%s --help" has an example', async (words) => {
    const { exitCode, out } = await run(...words.split(' '), '--help');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Examples?:\n {2}healdeck /);
  });
});
