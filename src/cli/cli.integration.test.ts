import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataDirPaths } from '../main/adapters/files/data-dir';
import { DataDirLock } from '../main/adapters/files/engine-lock';
import { fakeRow, type FakeEngine } from '../main/api/testing/fake-engine';
import { SETTING_KEYS, SETTINGS } from '../shared/model/settings';
import { CliBench } from './testing/cli-bench';
import { eventually } from '../main/adapters/testing/children';

let bench: CliBench;
let engine: FakeEngine;

beforeEach(() => {
  bench = new CliBench();
});
afterEach(() => bench.dispose());

const begin = (...argv: string[]) => bench.begin(...argv);
const run = (...argv: string[]) => bench.run(...argv);

describe('with an engine', () => {
  beforeEach(async () => {
    ({ engine } = await bench.startEngine());
  });

  it('a watch is added, shown, edited, stopped and removed', async () => {
    const added = await run('add', 'web', '--restart', 'always', '--env', 'A=1', '--', 'node', 'x', '--json');
    expect(added).toMatchObject({ exitCode: 0, out: 'web: running: started\n', err: '' });
    expect(engine.watches.list()[0]?.watch).toMatchObject({
      restart: 'always',
      target: { command: { argv: ['node', 'x', '--json'], cwd: '/home/ada', env: { A: '1' } } },
    });

    const status = await run('status');
    expect(status.out).toMatch(/^Healdeck 0\.1\.0 \(headless\) .*\n1 running\n\nWATCH +STATE/);
    const json = JSON.parse((await run('status', '--json')).out) as { watches: unknown[] };
    expect(json.watches).toHaveLength(1);

    expect(await run('edit', 'web', '--rename', 'site', '--', 'python3')).toMatchObject({ exitCode: 0 });
    expect(engine.watches.list()[0]?.watch).toMatchObject({
      name: 'site',
      revision: 2,
      target: { command: { argv: ['python3'] } },
    });
    expect(await run('stop', 'site')).toMatchObject({ exitCode: 0, out: 'site: stopped: stopped by the operator\n' });
    expect(await run('rm', 'site', '--json')).toMatchObject({ exitCode: 0, out: '{\n  "leftRunning": []\n}\n' });
  });

  it('a job is added with its schedule, shown with its next run, and loses it', async () => {
    const zone = ['--time-zone', 'Europe/Berlin'];
    const added = await run('add', 'backup', '--cron', '30 2 * * *', ...zone, '--', 'backup');
    expect(added.out).toBe('backup: running: started; next start in 1 h 29 min\n');
    expect((await run('status')).out).toMatch(/ NEXT RUN +RESTARTS\nbackup .* start in 1 h 29 min +calm\n +started/);
    const next = await run('next', '--count', '2');
    expect(next.out).toMatch(/^ +IN +LOCAL TIME +IN ITS ZONE +WATCH +WHAT\n/);
    expect(next.out).toContain('1970-01-01 02:30:00 (UTC+01:00) Europe/Berlin  backup  start');
    expect(next.out.trimEnd().split('\n')).toHaveLength(3);
    const json = JSON.parse((await run('next', '--json')).out) as unknown[];
    expect(json).toHaveLength(10);
    expect(json[0]).toEqual({ at: 5_400_000, what: 'start', watch: 'backup', timeZone: 'Europe/Berlin' });

    expect((await run('edit', 'backup', '--max-uptime', '7d')).exitCode).toBe(0);
    expect(engine.watches.list()[0]?.watch.schedule).toMatchObject({ maxUptimeMs: 604_800_000 });
    for (const none of ['none', '']) {
      expect(await run('edit', 'backup', '--max-uptime', none)).toMatchObject({ exitCode: 0, err: '' });
      expect(engine.watches.list()[0]?.watch.schedule).toMatchObject({ maxUptimeMs: null });
    }
    expect((await run('edit', 'backup', '--max-uptime', 'long')).err).toContain('expected a duration such as 24h');
    expect((await run('edit', 'backup', '--restart-on-change', 'a', '--restart-on-change', '/b')).exitCode).toBe(0);
    expect(engine.watches.list()[0]?.watch.schedule?.restartOnChange).toEqual(['/home/ada/a', '/b']);
    expect((await run('edit', 'backup', '--restart-on-change', '')).exitCode).toBe(0);
    await run('edit', 'backup', '--cron', '');
    expect(engine.watches.list()[0]?.watch.schedule).toBeNull();
  });

  it('an expression that never occurs, and a zone that nobody knows, are refused in words', async () => {
    const never = await run('add', 'job', '--cron', '0 0 31 2 *', '--', 'job');
    expect(never).toMatchObject({ exitCode: 2 });
    expect(never.err).toContain('expected a cron expression that occurs; 0 0 31 2 * never does');
    const nowhere = await run('add', 'job', '--cron', '0 0 * * *', '--time-zone', 'Mars/Base', '--', 'job');
    expect(nowhere.err).toContain('expected a time zone such as Europe/Berlin');
    expect(await run('next', '--count', '0')).toMatchObject({ exitCode: 2 });
    expect((await run('next')).out).toMatch(/^No schedule is due/);
  });

  it('adding a match shows what it found, with names made harmless', async () => {
    engine.table = [fakeRow(7, { argv: ['evil\u001b[2J'] })];
    const { out } = await run('add', 'db', '--match', 'cmdline', 'evil');
    expect(out).toContain('It matches this process:\n  7  evil\\x1b[2J\n');
  });

  it('a dry run says of each process why it is taken or not, and adds nothing', async () => {
    engine.previewed = {
      candidates: [
        { ...fakeRow(7, { argv: ['nginx: master'] }), verdict: 'taken', reason: 'it has the title "nginx: master"' },
        { ...fakeRow(8, { argv: ['vi', 'nginx\u001b'] }), verdict: 'left', reason: 'it is vi' },
      ],
      problem: null,
    };
    const { out, exitCode } = await run('add', 'proxy', '--match', 'name', 'nginx', '--match-containers', '--dry-run');
    const row = fakeRow(7);
    expect(out).toBe(
      `Matches:\n  7  ${row.user}  nginx: master\n      it has the title "nginx: master"\n` +
        `Not included:\n  8  ${row.user}  vi nginx\\x1b\n      it is vi\nNothing was added.\n`,
    );
    expect(exitCode).toBe(0);
    expect(engine.watches.list()).toEqual([]);

    engine.previewed = { candidates: [], problem: 'Ambiguous: 2 programs match' };
    const none = await run('add', 'proxy', '--match', 'name', 'nginx', '--dry-run');
    expect(none.out).toBe('It matches no running process now.\nAmbiguous: 2 programs match\nNothing was added.\n');
    expect(await run('add', 'proxy', '--dry-run', '--', 'nginx')).toMatchObject({
      ...{ exitCode: 2, err: expect.stringContaining('--dry-run prints what --match finds') as string },
    });
  });

  it('a program that must not run is watched for, after a look at what would be ended', async () => {
    engine.table = [fakeRow(7, { argv: ['xmrig'] })];
    const added = await run(
      'forbid',
      'miner',
      '--cmdline',
      'xmrig',
      '--user',
      '*',
      '--group',
      'g',
      '--observe',
      '--json',
    );
    expect(JSON.parse(added.out)).toMatchObject({
      watch: {
        target: { kind: 'forbidden', by: 'cmdline', pattern: 'xmrig', user: '*' },
        groups: ['g'],
        overrides: { observe: true },
      },
    });
    expect((await run('forbid', 'other', '--name', 'x', '--dry-run')).out).toContain('Nothing was added.');
    expect(await run('forbid', 'other')).toMatchObject({
      ...{ exitCode: 2, err: expect.stringContaining('expected how the program is found') as string },
    });
    expect(await run('forbid', 'other', '--name', 'x', '--', 'y')).toMatchObject({ exitCode: 2 });
    expect((await run('edit', 'miner', '--match', 'name', 'xmrig', '--json')).out).toContain('"by": "name"');
    expect(await run('edit', 'miner', '--start', '--', 'xmrig')).toMatchObject({ exitCode: 2 });
  });

  it('errors have their exit status and one line', async () => {
    expect(await run('stop', 'nobody')).toEqual({
      exitCode: 1,
      out: '',
      err: 'healdeck: no watch is called "nobody"; expected one of those that "healdeck status" lists\n',
    });
    expect(await run('restart', 'x')).toMatchObject({ exitCode: 1, err: expect.stringContaining('protected') });
    expect(await run('add', '-x!', '--', 'node')).toMatchObject({ exitCode: 2 });
    expect(await run('add', '!', '--', 'node')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/: name: expected/),
    });
    expect(await run('settings', 'set', 'stop.graceMs', '900h')).toMatchObject({
      exitCode: 2,
      err: 'healdeck: stop.graceMs: expected a duration from 0ms to 10min, got "900h"\n',
    });
  });

  it.each([
    [['status', 'a', 'b'], "too many arguments for 'status'. Expected 1 argument but got 2."],
    [['status', 'nobody'], 'no watch is called "nobody"; expected one of those that "healdeck status" lists'],
    [['settings', 'set'], "missing required argument 'key'"],
    [['bogus'], "unknown command 'bogus'"],
    [['snooze', 'nobody', '1h'], 'no watch is called "nobody"; expected one of those that "healdeck status" lists'],
    [['restore', 'nobody'], '"nobody" was not removed'],
  ])('what is wrong with "%s" is reported in one form', async (words, problem) => {
    const { err } = await run(...words);
    expect(err.split('\n')[0]).toBe(`healdeck: ${problem}`);
  });

  it('settings are read as people write them, and echoed so', async () => {
    expect(await run('settings', 'set', 'stop.gracems', '90s')).toMatchObject({
      exitCode: 0,
      out: 'stop.graceMs = 90s\n',
    });
    expect(engine.settings.inForce()['stop.graceMs']).toBe(90_000);
    expect(await run('settings', 'get', 'stop.graceMs')).toMatchObject({ out: '90s\n' });
    const all = JSON.parse((await run('settings', 'get', '--json')).out) as { key: string }[];
    expect(all).toContainEqual(
      expect.objectContaining({ key: 'stop.graceMs', value: 90_000, default: 10_000, unit: 'ms' }),
    );
    expect((await run('settings', 'get')).out).toMatch(/^stop\.graceMs = 90s\n1 of \d+ settings differ/);
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
    await eventually('the backlog is there', () => said.out.includes('old'));
    engine.happen('new');
    await eventually('the new event is there', () => said.out.includes('new'));
    await bench.server?.dispose();
    expect(await exitCode).toBe(1);
    expect(said.err).toContain('the engine ended');
  });

  it('ps shows the watched processes, and all when asked', async () => {
    engine.table = [fakeRow(1, { cpuPercent: 1 }), fakeRow(2, { cpuPercent: 50 })];
    expect((await run('ps')).out).toContain('healdeck ps --all');
    const rows = JSON.parse((await run('ps', '--all', '--json')).out) as { pid: number }[];
    expect(rows.map(({ pid }) => pid)).toEqual([2, 1]);
  });

  it('inspect shows all that is known of a process, made harmless', async () => {
    engine.table = [fakeRow(7, { argv: ['evil\u001b[2J', 'a b'] })];
    const { out } = await run('inspect', '7');
    expect(out).toMatch(/^process {5}\S+, pid 7\n/);
    expect(out).toMatch(/^cpu {9}\S+ % of one core \(\S+ % of this machine\)$/m);
    expect(out).not.toContain('\u001b');
    expect(JSON.parse((await run('inspect', '7', '--json')).out)).toMatchObject({
      pid: 7,
      ancestors: expect.any(Array),
    });
    expect(await run('inspect', '8')).toMatchObject({ exitCode: 1, err: expect.stringContaining('no process has') });
    expect(await run('inspect', 'x')).toMatchObject({ exitCode: 2 });
  });

  it('ps shows a tree: what fits with its ancestors and descendants, busy trees first', async () => {
    const chain = [
      fakeRow(2, { cpuPercent: 1 }),
      fakeRow(3, { ppid: 2, user: 'bob' }),
      fakeRow(4, { ppid: 3, cpuPercent: 7 }),
    ];
    engine.table = [fakeRow(1, { ppid: 0 }), ...chain, fakeRow(5, { cpuPercent: 5 }), fakeRow(6, { ppid: 77 })];
    const pids = async (...words: string[]) =>
      (JSON.parse((await run('ps', ...words, '--json')).out) as { pid: number }[]).map(({ pid }) => pid);
    expect(await pids('--tree', '--all')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await pids('--tree', '--user', 'bob')).toEqual([1, 2, 3, 4]);
    expect(await pids('--user', 'bob')).toEqual([3]);
    expect(await pids('--text', 'PROGRAM 5')).toEqual([5]);
    const lines = (await run('ps', '--tree', '--user', 'bob')).out.split('\n');
    expect(lines[1]).toMatch(/13 % .*  program 1$/);
    expect(lines[4]).toMatch(/ {6}program 4$/);
    expect((await run('ps', '--text', 'nonsense')).out).toBe('No matching processes.\n');
  });

  it('ps shows one process with its last readings', async () => {
    engine.table = [fakeRow(20, { cpuPercent: 5, name: 'web\u001b[31m', argv: [] })];
    engine.recorded.set(10, { rows: [fakeRow(20, { cpuPercent: 1 })], ended: [] });
    engine.recorded.set(20, { rows: [fakeRow(20, { cpuPercent: 9 })], ended: [] });
    const { out } = await run('ps', '20');
    expect(out).toContain('CPU         5 % of one core  ▁█\n');
    expect(out).toContain('Command     [web\\x1b[31m]');
    const json = JSON.parse((await run('ps', '20', '--json')).out) as { pid: number; readings: unknown[] };
    expect(json).toMatchObject({ pid: 20, readings: [{ at: 10, cpuPercent: 1 }, { at: 20 }] });
    expect((await run('ps', '99')).err).toContain('no process has the id 99');
    expect(await run('ps', '20', '--at', '1h')).toMatchObject({ exitCode: 2 });
  });

  describe('a process', () => {
    beforeEach(() => {
      const watched = fakeRow(20, { watchId: 'w', name: 'web\u001b[31m' });
      engine.table = [fakeRow(1, { protectionReason: 'it is the first' }), watched, fakeRow(21, { ppid: 20 })];
    });
    const ends = () => engine.calls.filter(({ call }) => call === 'end');

    it('is listed with its tree and ended once the operator says yes, and not when he says no', async () => {
      bench.answer = false;
      const declined = await run('kill', '20', '--tree');
      expect(declined).toMatchObject({ exitCode: 1, out: '' });
      expect(declined.err).toContain('nothing was done');
      expect(ends()).toEqual([]);

      bench.answer = true;
      const { exitCode, out, err } = await run('kill', '20', '--tree', '--force');
      expect(err).toMatch(/20 .*\n.*21 .*\n.*a watch starts it again.\nEnd these 2\?/);
      expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'Ended pid 20, 21; by KILL: 20, 21.\n' });
      const expected = [20, 21].map((pid) => ({ pid, startTime: pid * 10 }));
      expect(ends()[0]?.request).toMatchObject({ scope: 'tree', force: true, expect: expected, actor: 'cli' });
    });

    it('is ended alone without a question when that is what was asked for', async () => {
      expect(JSON.parse((await run('kill', '20', '--yes', '--json')).out)).toMatchObject({ pids: [20], survivors: [] });
    });

    it('is not ended without a yes where nobody can be asked, nor when it is protected or gone', async () => {
      expect(await run('kill', '20')).toMatchObject({ exitCode: 2, out: '' });
      const refused = await run('kill', '1', '--yes');
      expect(refused.exitCode).toBe(1);
      expect(refused.err).toContain('pid 1 (program-1) is never ended: it is the first; nothing was done');
      expect((await run('kill', '99', '--yes')).err).toContain('no process has the id 99');
      expect(ends()).toEqual([]);
    });
  });

  it('ps --at shows the table as it was recorded, with who ended and what happened', async () => {
    const crash = engine.report(
      'crash_detected',
      {
        ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail: [], policy: 'always', remaining: 0 },
        whileEngineWasDown: false,
      },
      { watch: 'web', message: 'web crashed' },
    );
    const at = Date.parse(crash.at) + 1000;
    const ended = { ...fakeRow(3, { argv: ['gone'] }), endedAt: at - 500 };
    engine.recorded.set(at, { rows: [fakeRow(1), fakeRow(2, { cpuPercent: 50 })], ended: [ended] });
    const when = new Date(at + 2000).toISOString();
    const { out } = await run('ps', '--all', '--at', when);
    expect(out).toContain('As recorded at 2026-01-01 00:00:02Z:');
    expect(out).toMatch(/program 2[^]*program 1[^]*Ended since[^]*gone[^]*around that time[^]*web crashed/);
    const past = JSON.parse((await run('ps', '--all', '--json', '--at', when)).out) as { rows: { pid: number }[] };
    expect(past.rows.map(({ pid }) => pid)).toEqual([2, 1]);
    expect(await run('ps', '--at', '900d')).toMatchObject({ exitCode: 1, out: '' });
    expect((await run('ps', '--at', 'yore')).err).toContain('--at: expected a duration');
  });

  it('events --csv prints all of them as CSV, formulas disarmed', async () => {
    engine.happen('=cmd()', 'web');
    const { out } = await run('events', '--csv', '--limit', '20000');
    expect(out).toMatch(/^id,at,type,.*\r\n1,.*,web,,,'=cmd\(\),/);
    expect(await run('events', '--csv', '--follow')).toMatchObject({ exitCode: 2 });
  });

  it('history prints readings, for people and as CSV', async () => {
    await run('add', 'web', '--', 'node', 'x');
    expect((await run('history', 'web', '--since', '1d')).out).toBe('There are no readings in this time.\n');
    expect((await run('history', '--csv')).out).toMatch(/^at,cpu_percent,[^\r]*\r\n$/);
    expect((await run('history', 'nobody')).err).toContain('no watch is called "nobody"');
    expect(await run('history', '--points', '5')).toMatchObject({ exitCode: 2 });
  });

  it('backtest tells what limits would have done', async () => {
    await run('add', 'web', '--', 'node', 'x');
    const at = Date.now() - 60_000;
    engine.readings = [0, 1, 2, 3].map((index) => ({ at: at + index * 2000, cpuPercent: 95, memoryBytes: 1e6 }));
    const { out } = await run('backtest', 'web', '--cpu', '90', '--tolerance', '2/2');
    expect(out).toMatch(/^The limits would have acted 1 time on 4 readings/);
    expect(out).toMatch(/cpu +act +95 % +90 % +restart/);
    const json = JSON.parse((await run('backtest', 'web', '--cpu', '99', '--json')).out) as { hits: unknown[] };
    expect(json.hits).toEqual([]);
    const rates = { diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 25e6 };
    engine.readings = engine.readings.map((reading, index) => ({ ...reading, ...(index > 0 && rates) }));
    const disk = await run('backtest', 'web', '--disk-write', '10MB/s', '--tolerance', '2/2');
    expect(disk.out).toContain('3 of these readings include disk rates');
    expect(disk.out).toMatch(/disk write +act +25 MB\/s +10 MB\/s +notify/);
    expect((await run('backtest', 'web', '--cpu-warn', '99', '--cpu', '90')).err).toContain('cpu.warnPercent');
  });

  it('logs prints what a program has written, one stream or both', async () => {
    await run('add', 'web', '--', 'node', 'x');
    engine.output.write('web', 'out', 'one\ntwo\n');
    engine.output.write('web', 'err', 'oops\n');
    expect((await run('logs', 'web')).out).toBe('==> out <==\none\ntwo\n==> err <==\noops\n');
    expect((await run('logs', 'web', '--out', '--lines', '1')).out).toBe('two\n');
    expect((await run('logs', 'web', '--err')).out).toBe('oops\n');
    expect((await run('logs', 'web', '--json', '--lines', '1')).out).toBe(
      '{"watch":"web","stream":"out","text":"two"}\n{"watch":"web","stream":"err","text":"oops"}\n',
    );
    expect(await run('logs', 'nobody')).toMatchObject({ exitCode: 1, out: '' });
  });

  it('open prints an address', async () => {
    expect(await run('open')).toMatchObject({ exitCode: 0, out: 'http://127.0.0.1:1/?token=x\n' });
  });

  it('open hands a browser the path of a page, since other users can read its arguments', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'healdeck-open-'));
    writeFileSync(
      join(folder, 'xdg-open'),
      `#!/bin/sh\necho "$@" > ${folder}/new && mv ${folder}/new ${folder}/argv\n`,
      {
        mode: 0o755,
      },
    );
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    expect(await run('open', '--browser')).toMatchObject({
      exitCode: 0,
      out: 'http://127.0.0.1:1/?token=x\n',
      err: '',
    });
    vi.unstubAllEnvs();
    await eventually('the browser was opened', () => existsSync(join(folder, 'argv')));
    expect(readFileSync(join(folder, 'argv'), 'utf8')).toBe('file:///data/open-x.html\n');
    rmSync(folder, { recursive: true });
  });

  it('a watch gets limits of its own, in any unit people write', async () => {
    await run(
      ...['add', 'web', '--cpu', '80%', '--cpu-warn', '60', '--memory', '0.5G', '--memory-warn', '400 MB'],
      ...['--limit-action', 'notify', '--scope', 'process', '--tolerance', '2/4', '--stop-grace', '3s', '--observe'],
      ...['--set', 'zombie.afterMs=1min', '--set', 'MEMORYLEAK.rule=off', '--', 'node', 'x'],
    );
    const overrides = () => engine.watches.list()[0]?.watch.overrides;
    expect(overrides()).toEqual({
      ...{ 'cpu.limitPercent': 80, 'cpu.warnPercent': 60, 'cpu.action': 'notify' },
      ...{ 'diskRead.action': 'notify', 'diskWrite.action': 'notify' },
      ...{ 'memory.limitBytes': 500e6, 'memory.warnBytes': 400e6, 'memory.action': 'notify' },
      ...{ 'limits.scope': 'process', 'limits.violations': 2, 'limits.samples': 4, 'stop.graceMs': 3000 },
      ...{ observe: true, 'zombie.afterMs': 60_000, 'memoryLeak.rule': 'off' },
    });
    expect((await run('status')).out).toContain('running (observed)');
    await run('edit', 'web', '--cpu', 'none', '--memory', 'default', '--tolerance', 'default', '--no-observe');
    expect(overrides()).toMatchObject({ 'cpu.limitPercent': null, observe: false, 'memory.warnBytes': 400e6 });
    expect(Object.keys(overrides() ?? {})).not.toContain('memory.limitBytes');
    expect(Object.keys(overrides() ?? {})).not.toContain('limits.samples');
    await run('edit', 'web', '--unset', 'zombie.afterMs', '--unset', 'stop.graceMs');
    expect(Object.keys(overrides() ?? {})).not.toContain('zombie.afterMs');
    const shown = JSON.parse((await run('settings', 'get', 'cpu.action', '--watch', 'web', '--json')).out) as object;
    expect(shown).toMatchObject({ key: 'cpu.action', perWatch: true });
  });

  it('a limit above what the machine has is taken with a warning', async () => {
    const { exitCode, out, err } = await run('add', 'web', '--memory', '64G', '--cpu', '900', '--', 'node', 'x');
    expect({ exitCode, out }).toMatchObject({ exitCode: 0, out: 'web: running: started\n' });
    expect(err).toBe(
      'healdeck: warning: memory.limitBytes: 64GB is more than the memory of this machine (8GB), so it will never be exceeded\n' +
        'healdeck: warning: cpu.limitPercent: 900% of one core is more than the capacity of the 4 cores of this machine (400% of one core), so it will never be exceeded\n',
    );
    expect((await run('settings', 'set', 'cpu.limitPercent', '90')).out).toBe(
      'cpu.limitPercent = 90% of one core (22.5% of this machine)\n',
    );
    expect((await run('settings', 'get', 'cpu.limitPercent', '--explain')).out).toContain('22.5% of this machine');
    expect((await run('settings', 'set', 'memory.limitBytes', '9G')).err).toContain('more than the memory');
    expect((await run('edit', 'web', '--memory', '8G')).err).toBe('');
  });

  it('settings of every kind are set, echoed canonically, and put back', async () => {
    const set = async (key: string, value: string) => (await run('settings', 'set', key, value)).out;
    expect(await set('memory.limitBytes', '500 mb')).toBe('memory.limitBytes = 500MB\n');
    expect(await set('cpu.limitPercent', '80')).toBe('cpu.limitPercent = 80% of one core (20% of this machine)\n');
    expect(await set('cpu.limitPercent', 'off')).toBe('cpu.limitPercent = none\n');
    expect(await set('memoryLeak.rule', 'STRICT')).toBe('memoryLeak.rule = strict\n');
    expect(await set('observe', 'on')).toBe('observe = true\n');
    expect(await set('sampling.intervalMs', '5s')).toBe('sampling.intervalMs = 5s\n');
    expect(await set('sampling.intervalMs', 'default')).toBe('sampling.intervalMs = 2s\n');
  });

  it('settings are explained, key by key', async () => {
    const { out } = await run('settings', '--explain');
    for (const key of SETTING_KEYS) expect(out).toContain(`${key}\n  ${SETTINGS[key].help}\n`);
    const one = await run('settings', 'get', 'memory.limitBytes', '--explain');
    expect(one.out).toBe(
      [
        'memory.limitBytes',
        `  ${SETTINGS['memory.limitBytes'].help}`,
        '  value      none',
        '  default    none',
        '  range      a size from 1MB to 1000TB, or none',
        '  unit       bytes',
        '  per watch  yes: healdeck edit NAME --set memory.limitBytes=VALUE',
        '',
      ].join('\n'),
    );
    expect((await run('settings')).out).toMatch(/^All \d+ settings have their default values/);
    expect((await run('settings', '--all')).out).toMatch(/^profile = \w+\n {4}\w/);
  });

  it('cooldowns are shown with what is left, reset and extended', async () => {
    await run('add', 'web', '--', 'node', 'x');
    const cooldown = { startedAt: 0, until: 95_000, restarts: 5, windowMs: 60_000 };
    const windows = [
      { restarts: 20, used: 3, windowMs: 3_600_000 },
      { restarts: 5, used: 3, windowMs: 60_000 },
    ];
    engine.change('web', { phase: 'cooldown', budget: { windows, cooldown, trips: 1 } });
    engine.healingPausedUntil = 61_000;
    const { out } = await run('status');
    expect(out).toContain('cooldown, 1:34 left');
    expect(out).toMatch(/\nweb is down\n\nWATCH.*\n.* no retries left\n/);
    expect(out).toContain('Healing is paused: too many restarts over all watches; 1:00 left');
    engine.change('web', { phase: 'running' });
    expect((await run('status')).out).toContain('running (cooldown, 1:34 left)');

    expect(await run('extend-cooldown', 'web', '10m')).toMatchObject({
      ...{ exitCode: 0, out: 'web is not restarted for another 11 min 34 s.\n' },
    });
    expect(await run('reset-cooldown', 'web')).toMatchObject({ exitCode: 0, out: 'Cooldown reset: web.\n' });
    expect(await run('reset-cooldown', 'web')).toMatchObject({
      out: 'web was not in cooldown; its restart budget is full.\n',
    });
    expect(await run('reset-cooldown', '--all', '--json')).toMatchObject({ out: '{\n  "reset": []\n}\n' });
    expect((await run('status')).out).not.toContain('paused');
    expect(await run('extend-cooldown', 'web', '10m')).toMatchObject({
      ...{ exitCode: 1, err: 'healdeck: web is in no cooldown\n' },
    });
  });

  it('several watches are acted on at once; one that is not there keeps nothing from the others', async () => {
    for (const name of ['a', 'b']) await run('add', name, '--', 'node', 'x');
    const stopped = await run('stop', 'a', 'nobody', 'b');
    expect(stopped.out).toMatch(/^a: stopped: .*\nb: stopped: /);
    expect(stopped).toMatchObject({ exitCode: 1, err: expect.stringContaining('1 of 3 failed: nobody: ') as string });
    expect((await run('observe', 'a', 'b', 'on')).out).toMatch(/^a: .*observed only\nb: .*observed only\n$/);
    expect(JSON.parse((await run('start', 'a', 'b', '--json')).out)).toMatchObject([
      { watch: { name: 'a' } },
      { watch: { name: 'b' } },
    ]);
  });

  it('a removal is taken back', async () => {
    await run('add', 'web', '--', 'node', 'x');
    expect((await run('rm', 'web')).out).toContain('To undo: healdeck restore web\n');
    expect(await run('restore', 'web')).toMatchObject({ exitCode: 0, out: 'web: running: started\n' });
    expect(await run('restore', 'web')).toMatchObject({ exitCode: 1, out: '' });
  });

  it('an edit is taken back, of a watch and of settings', async () => {
    await run('add', 'web', '--', 'node', 'x');
    await run('edit', 'web', '--restart', 'never');
    expect(await run('undo', 'web')).toMatchObject({ exitCode: 0, out: 'web: running: started\n' });
    expect(await run('undo', 'other')).toMatchObject({ exitCode: 1, out: '' });
    await run('settings', 'set', 'restart.limit', '7');
    expect(await run('settings', 'undo')).toMatchObject({ exitCode: 0, out: 'restart.limit = 5 restarts\n' });
  });

  it('a watch is observed and acted on again', async () => {
    await run('add', 'web', '--', 'node', 'x');
    expect((await run('observe', 'web', 'on')).out).toBe('web: running: started; observed only\n');
    expect((await run('observe', 'web', 'off')).out).toBe('web: running: started\n');
    expect(engine.calls.slice(-2)).toMatchObject([{ request: { on: true, actor: 'cli' } }, { request: { on: false } }]);
  });

  describe('after something went wrong', () => {
    const evidence = {
      ...{
        rule: 'trend',
        threshold: 'rises by 2 MB a minute',
        windowSeconds: 300,
        unit: 'bytes' as const,
        numbers: {},
      },
      samples: [1, 2, 3, 4].map((value) => ({ at: value * 1000, value: value * 100e6 })),
    };
    beforeEach(() => {
      const reported = { watch: 'web', pid: 7 };
      const { id } = engine.report(
        'anomaly_detected',
        { anomaly: 'memory_leak', action: 'restart', observed: false, evidence },
        { ...reported, incident: 'opens', severity: 'high', message: 'web: leaks\u001b[2J' },
      );
      const restarted = { actor: 'engine', attempt: 1, oldPid: 7, afterMs: 40 } as const;
      engine.report('restarted', restarted, { ...reported, incident: id, message: 'web restarted as pid 8' });
      engine.report(
        'recovered',
        { attempts: 1, durationMs: 10_000 },
        { ...reported, incident: id, message: 'recovered' },
      );
      engine.happen('something else', 'api');
    });

    it('anomalies are shown with their evidence', async () => {
      const { out } = await run('anomalies');
      expect(out).toBe(
        [
          '2026-01-01 00:00:01Z  memory_leak    web: leaks\\x1b[2J',
          '    rule       trend',
          '    threshold  rises by 2 MB a minute',
          '    window     5 min',
          '    readings   ▁▃▆█  4 from 100 MB to 400 MB',
          '    action     restart',
          '',
        ].join('\n'),
      );
      const lines = (await run('anomalies', '--watch', 'web', '--json')).out.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([{ data: { evidence } }]);
      expect((await run('anomalies', '--watch', 'api')).out).toBe('No anomalies detected.\n');
      expect((await run('anomalies', '--since', '2027-01-01')).out).toBe('No anomalies detected.\n');
    });

    it('incidents are shown, and the whole story of one', async () => {
      const { out } = await run('incidents');
      expect(out).toMatch(/^ID +STARTED +WATCH +OUTCOME +DURATION/);
      expect(out).toMatch(/\n 1 +2026-01-01 00:00:01Z +web +recovered +10 s +1 +0 +-\n +web: leaks\\x1b/);
      const all = JSON.parse((await run('incidents', '--json')).out) as object[];
      expect(all).toMatchObject([{ id: 1, outcome: 'recovered', restarts: 1, events: { length: 3 } }]);
      const story = await run('incidents', '1');
      expect(story.out).toMatch(/^Incident 1, web: recovered after 10 s, 1 restart\n/);
      expect(story.out).toContain('restarted as pid 8');
      expect(story.out).toContain('readings   ▁▃▆█');
      expect(JSON.parse((await run('incidents', '1', '--json')).out)).toMatchObject({ id: 1 });
      expect(await run('incidents', '99')).toMatchObject({
        ...{ exitCode: 1, err: 'healdeck: no incident has the number 99; healdeck incidents lists them\n' },
      });
      expect((await run('incidents', '--watch', 'api')).out).toBe('No incidents.\n');
    });

    it('what an incident has led to is listed below it, and both say so', async () => {
      const api = { watch: 'api', pid: 9 };
      const { id } = engine.report(
        'anomaly_detected',
        { anomaly: 'memory_leak', action: 'restart', observed: false, evidence },
        { ...api, incident: 'opens', severity: 'high', message: 'api: leaks' },
      );
      engine.report('incident_attributed', { cause: { watch: 'web', incident: 1 } }, { ...api, incident: id });
      const affected = { watch: 'api', incident: id, how: 'incident' as const };
      engine.report('dependant_affected', affected, { watch: 'web', incident: 1 });
      const [, first, , second] = (await run('incidents')).out.split('\n');
      expect(first).toMatch(/^ +1 .* web /);
      expect(second).toMatch(new RegExp(`^ *${id} .* └ api `));
      expect((await run('incidents', '1')).out).toMatch(/^Incident 1, web: .*, also affected: api \(incident \d+\)\n/);
      expect((await run('incidents', String(id))).out).toMatch(
        /^Incident \d+, api: .*, caused by web \(incident 1\)\n/,
      );
      // By itself it stands for itself.
      expect((await run('incidents', '--watch', 'api')).out).not.toContain('└');
      expect((await run('incidents', String(id), '--markdown')).out).toContain('- caused by web (incident 1)');
    });
  });

  describe('crashes', () => {
    const crash = (
      id: string,
      title: string,
      watch: string,
      stderrTail: readonly string[] = [],
      version = '1a2b3c4d',
    ): void => {
      engine.report(
        'crash_detected',
        {
          ...{ exitCode: 1, signal: null, uptimeSeconds: 1, stderrTail, stderrOf: 'this_run', policy: 'always' },
          ...{ remaining: 0, whileEngineWasDown: false, crash: { id, title, version } },
        },
        { watch, pid: 7, incident: 'opens', severity: 'high', message: `${watch} crashed` },
      );
    };
    const [ONE, TWO] = ['3f2a000000000001', '3f2b000000000002'];
    beforeEach(() => {
      crash(ONE, 'TypeError: x in handle (server.js)', 'web');
      crash(ONE, 'TypeError: x in handle (server.js)', 'api', ['    at handle\u001b[2J']);
      crash(TWO, 'KeyError', 'job');
      const explained = { reason: 'r', certainty: 'likely', evidence: [], changedFile: 'job.py' } as const;
      engine.report('death_explained', explained, { watch: 'job', pid: 7, incident: 3, message: 'job: r' });
      crash(TWO, 'KeyError', 'job', [], '0000aaaa');
    });

    it('are explained in the status of their watch', async () => {
      await run('add', 'job', '--', 'job');
      expect((await run('status', 'job')).out).not.toContain('cause');
      engine.change('job', { incident: 3, cause: 'crashed (exit code 1): r' });
      expect((await run('status', 'job')).out).toMatch(/\ncause +crashed \(exit code 1\): r\n/);
    });

    it('are shown once for each kind, with how often and where they occurred', async () => {
      const { out } = await run('crashes');
      expect(out).toMatch(/^ID +STATE +TIMES +30 DAYS +FIRST +LAST +WATCHES\n/);
      expect(out).toMatch(/\n3f2a0000 +\w+ +2 .* api, web\n +TypeError: x in handle \(server\.js\)\n/);
      expect(out).toMatch(/\n3f2b0000 +\w+ +2 .* job\n +KeyError\n/);
      expect(JSON.parse((await run('crashes', '--json', '--watch', 'api')).out)).toMatchObject([
        { id: ONE, count: 2, watches: ['api', 'web'], incidents: [2, 1] },
      ]);
      expect((await run('crashes', '--watch', 'nothing')).out).toBe('No crashes detected.\n');
    });

    it('are shown whole by the first digits of their id', async () => {
      const { out } = await run('crashes', '3f2a');
      expect(out).toMatch(/^Crash 3f2a000000000001: TypeError: x in handle \(server\.js\)\n/);
      expect(out).toMatch(/occurred +2 times, first 2026-01-01 00:00:01Z/);
      expect(out).toMatch(/incidents +2, 1\n/);
      expect(out).toContain('    at handle\\x1b[2J\n');
      expect(out).toMatch(/seen in +one version of the program \(1a2b3c4d\) since 2026-01-01 00:00:01Z\n/);
      expect(out).not.toContain('was changed');
      const changed = await run('crashes', '3f2b');
      expect(changed.out).toMatch(/occurred +2 times, first \S+ \S+ after job\.py was changed, last /);
      expect(changed.out).toMatch(/seen in +2 versions of the program, the newest \(0000aaaa\) since 2026-/);
      expect(JSON.parse((await run('crashes', TWO, '--json')).out)).toMatchObject({ id: TWO, versions: { count: 2 } });
    });

    it.each([
      ['3f2', 2, 'several crashes have an id that begins with 3f2: give more of its digits'],
      ['ff', 1, 'no crash has an id that begins with ff; healdeck crashes lists them'],
      ['web', 2, 'expected the first digits of the id of a crash, got "web"'],
    ])('"%s" is none of them', async (id, exitCode, expected) => {
      const refused = await run('crashes', id);
      expect(refused.exitCode).toBe(exitCode);
      expect(refused.err).toContain(expected);
    });
  });

  describe('a process list', () => {
    const list = (text: string): string => {
      const file = join(bench.dataDir, 'processes.txt');
      writeFileSync(file, text);
      return file;
    };

    it('is imported whole', async () => {
      const file = list('# programs\nnginx 80 500\nnode, 150, 1024\n');
      const dry = await run('import', '--from', 'process-list', file, '--dry-run');
      expect(dry.out).toMatch(/nginx +nginx +80% of one core +500MB\n.*\nNothing was added/);
      expect(engine.watches.list()).toEqual([]);
      const { exitCode, out } = await run('import', '--from', 'process-list', file);
      expect({ exitCode, out }).toMatchObject({ exitCode: 0, out: expect.stringContaining('2 watches added.\n') });
      expect(engine.watches.list().map(({ watch }) => [watch.name, watch.target, watch.overrides])).toMatchObject([
        [
          'nginx',
          { kind: 'match', by: 'name', pattern: 'nginx' },
          { 'cpu.limitPercent': 80, 'memory.limitBytes': 500e6 },
        ],
        ['node', {}, { 'cpu.limitPercent': 150, 'memory.limitBytes': 1024e6 }],
      ]);
      expect(await run('import', '--from', 'process-list', list('redis 1 1\nnode 1 1'))).toMatchObject({
        ...{ exitCode: 1, err: 'healdeck: a watch is called "node" already\n' },
      });
      expect(engine.watches.list()).toHaveLength(2);
    });

    it('is put in groups whole', async () => {
      const file = list('nginx 80 500\nnode 150 1024\n');
      expect(await run('import', '--from', 'process-list', file, '--group', 'shop', '--group', 'Shop')).toMatchObject({
        ...{ exitCode: 2, err: expect.stringContaining('expected each group once, "Shop" is there twice') as string },
      });
      await run('import', '--from', 'process-list', file, '--group', 'shop', '--group', 'eu');
      expect(engine.watches.list().map(({ watch }) => watch.groups)).toEqual([
        ['shop', 'eu'],
        ['shop', 'eu'],
      ]);
    });

    it('with a wrong line adds nothing, and says which line and why', async () => {
      const file = list('nginx 80 500\nnode many 500\nredis\n');
      const { exitCode, err } = await run('import', '--from', 'process-list', file);
      expect(exitCode).toBe(1);
      expect(err).toContain(`${file}: line 2: node: cpu.limitPercent: expected a number from 1 to 100000`);
      expect(err).toContain('line 3: expected name, CPU limit in % and memory limit in MB');
      expect(err).toContain('nothing was imported: 2 lines are wrong');
      expect(engine.watches.list()).toEqual([]);
      expect(engine.calls).toEqual([]);
      expect((await run('import', '--from', 'process-list', '/nowhere')).err).toContain("can't be read");
    });
  });

  it('an engine whose socket is gone is told from one that does not run', async () => {
    const lock = new DataDirLock(dataDirPaths(bench.dataDir), {
      pid: process.pid,
      startedAt: 'now',
      shell: 'headless',
    });
    try {
      rmSync(join(bench.dataDir, 'engine.sock'));
      const { exitCode, err } = await run('status');
      expect(exitCode).toBe(3);
      expect(err).toContain(
        `(pid ${process.pid}), but its socket is missing; the engine creates it again within seconds`,
      );
      const { checks } = JSON.parse((await run('doctor', '--json')).out) as { checks: object[] };
      expect(checks).toContainEqual(expect.objectContaining({ name: 'socket', result: 'fail' }));
      expect(checks).toContainEqual(expect.objectContaining({ name: 'engine', result: 'ok' }));
    } finally {
      lock.release();
    }
    // What a dead engine has left names a process that has no lock.
    writeFileSync(join(bench.dataDir, 'engine.json'), JSON.stringify({ pid: process.pid }));
    expect((await run('status')).err).toContain('no engine is running');
  });

  it('the doctor finds the engine', async () => {
    const { out } = await run('doctor', '--json');
    const { checks } = JSON.parse(out) as { checks: { name: string; result: string }[] };
    expect(checks).toContainEqual(expect.objectContaining({ name: 'engine', result: 'ok' }));
  });
});

describe('without an engine', () => {
  it('settings are explained all the same', async () => {
    const { exitCode, out } = await run('settings', '--explain');
    expect(exitCode).toBe(0);
    expect(out).toContain('cooldown.durationMs\n');
    expect(out).not.toContain('  value');
  });

  it.each([
    ['status'],
    ['ps'],
    ['events'],
    ['rm x'],
    ['settings get'],
    ['open'],
    ['add x -- y'],
    ['incidents'],
    ['crashes'],
    ['anomalies'],
    ['reset-cooldown x'],
    ['kill 1'],
    ['alerts'],
    ['mail test'],
    ['secrets'],
    ['snooze --all 1h'],
    ['export /nowhere/x'],
  ])('"%s" says how to start one, with exit status 3', async (words) => {
    const { exitCode, out, err } = await run(...words.split(' '));
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
    expect(err).toContain('start one with: healdeck run');
  });

  it.each([
    ['nonsense', 'unknown command'],
    ['status --nonsense', 'unknown option'],
    ['add', 'missing required argument'],
    ['add x --restart sometimes -- y', 'Allowed choices'],
    ['add x', 'expected a command after --'],
    ['add x --stop-grace many -- y', 'expected a duration'],
    ['events --limit many', 'expected a whole number'],
    ['events --type nonsense', 'no event type is called "nonsense"; see: healdeck events --help'],
    ['events --type crash_detect', 'did you mean: crash_detected'],
    ['events --since yesterday', 'expected a duration'],
    ['settings get nonsense', 'no setting is called "nonsense"'],
    ['settings set stop.graceMs many', 'expected a duration'],
    [
      'settings set cpu.limitPercent NaN',
      'cpu.limitPercent: expected a number from 1 to 100000 (% of one core), or none, got "NaN"',
    ],
    ['settings set cpu.limitPercent -5', 'cpu.limitPercent: expected a number from 1 to 100000'],
    ['settings set memory.limitBytes 0', 'memory.limitBytes: expected a size from 1MB to 1000TB, or none, got "0"'],
    ['settings set cpuSpik.rule off', 'no setting is called "cpuSpik.rule"'],
    ['add x --cpu 0 -- y', 'cpu.limitPercent: expected a number from 1 to 100000'],
    ['add x --cpu -5 -- y', 'cpu.limitPercent: expected a number from 1 to 100000 (% of one core), or none, got "-5"'],
    ['add x --memory many -- y', 'memory.limitBytes: expected a size from 1MB'],
    ['add x --limit-action explode -- y', 'expected one of notify, restart, kill'],
    ['add x --tolerance 5/3 -- y', '5 of 3 readings can never be above a limit'],
    ['add x --tolerance most -- y', 'as in 3/5'],
    ['add x --set cpu.limit=80 -- y', 'no setting is called "cpu.limit"; expected one of: cpu.warnPercent'],
    ['add x --set forkBomb.nonsense=80 -- y', 'expected one of: forkBomb.rule'],
    ['add x --set sampling.intervalMs=5s -- y', 'applies to all watches'],
    ['add x --set observe -- y', 'expected KEY=VALUE'],
    ['edit x --unset nonsense', 'no setting is called "nonsense"; see: healdeck settings'],
    ['settings set observ true', 'did you mean: observe'],
    ['reset-cooldown', 'expected the name of a watch, or --all'],
    ['reset-cooldown x --all', 'expected the name of a watch, or --all'],
    ['extend-cooldown x 10', 'expected a duration from 1s to 24h'],
    ['extend-cooldown x 2d', 'expected a duration from 1s to 24h'],
    ['kill x', 'expected a process id, got "x"'],
    ['observe x maybe', 'expected on or off'],
    ['observe on', 'expected the name of a watch'],
    ['incidents nonsense', 'expected the number of an incident'],
    ['anomalies --limit 0', 'expected a whole number from 1 to 1000'],
    ['import --from csv x', 'Allowed choices are process-list'],
    ['import x --keep --replace', 'expected --keep or --replace, not both'],
    ['import x --from process-list --keep', 'are for exported files'],
    ['import x --group shop', '--group is for --from process-list'],
    ['alerts retry', 'expected the number of a message, or --all'],
    ['alerts drop 1 --all', 'expected the number of a message, or --all'],
    ['alerts drop x', 'expected the number of a message, got "x"'],
    ['alerts outbox --state lost', 'Allowed choices are queued, sent, failed, dropped'],
    ['alerts test pigeon', 'Allowed choices are mail, desktop, webhook, command'],
    ['acknowledge x', 'expected the number of an incident'],
    ['snooze 15m', 'expected one of NAME, --group GROUP, --incident N and --all, and a time'],
    ['snooze web', 'expected one of NAME'],
    ['snooze web 15m --all', 'expected one of NAME'],
    ['snooze --all --incident 3 15m', 'expected one of NAME'],
    ['snooze web 5s', 'expected a duration from 1m to 30d, as in 15m, or until-resolved, got "5s"'],
    ['snooze web 31d', 'expected a duration from 1m to 30d'],
    ['unmute', 'expected the number of a mute, or --all'],
    ['mail preview x', 'expected the number of an incident'],
    ['mail preview --json --html x', 'expected --html or --json, not both'],
    [
      'secrets set imap.password',
      'expected mail.password, mail.password@SERVER, webhook.url, webhook.key or probe.NAME',
    ],
    ['secrets set mail.password', 'expected a text that is not empty'],
    ['secrets set mail.password canary', 'too many arguments'],
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
      'inspect',
      'kill',
      'events',
      'add',
      'edit',
      'undo',
      'rm',
      'start',
      'stop',
      'restart',
      'settings get',
      'settings',
      'settings set',
      'settings undo',
    ]
      .concat(
        ...[
          'open',
          'doctor',
          'reset-cooldown',
          'extend-cooldown',
          'observe',
          'incidents',
          'crashes',
          'anomalies',
          'import',
          'export',
        ],
      )
      .concat(
        'alerts',
        'alerts outbox',
        'alerts retry',
        'alerts drop',
        'alerts test',
        'acknowledge',
        'snooze',
        'unmute',
      )
      .concat(
        'mail',
        'mail test',
        'mail check',
        'mail preview',
        'mail templates',
        'secrets',
        'secrets set',
        'secrets unset',
      ),
  )('"%s --help" has an example', async (words) => {
    const { exitCode, out } = await run(...words.split(' '), '--help');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Examples?:\n {2}healdeck /);
  });
});
