import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeEngine } from '../main/api/testing/fake-engine';
import type { Distress } from '../shared/model/snapshot';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
let engine: FakeEngine;

beforeEach(async () => {
  bench = new CliBench();
  ({ engine } = await bench.startEngine());
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);
const add = async (...names: string[]): Promise<void> => {
  for (const name of names) await run('add', name, '--', 'sleep', '100');
};

describe('words of other tools', () => {
  it.each(['ls', 'list'])('%s is status', async (word) => {
    await add('web');
    expect((await run(word)).out).toBe((await run('status')).out);
  });

  it.each([
    [['-v'], '0.1.0\n'],
    [['version'], '0.1.0\n'],
    [['version', '--json'], '{\n  "version": "0.1.0"\n}\n'],
  ])('%j prints the version', async (argv, out) => {
    expect(await run(...argv)).toEqual({ exitCode: 0, out, err: '' });
  });

  it('-h is help, also of a command', async () => {
    expect((await run('-h')).out).toBe((await run('--help')).out);
    expect((await run('stop', '-h')).out).toBe((await run('stop', '--help')).out);
    expect((await run('help', 'stop')).out).toBe((await run('stop', '--help')).out);
  });

  it('a command that is called otherwise here is named', async () => {
    const { exitCode, err } = await run('monit');
    expect(exitCode).toBe(2);
    expect(err).toContain("unknown command 'monit'");
    expect(err).toContain('(what you may mean is called: healdeck top)');
    expect((await run('constructor')).err).not.toContain('you may mean');
  });

  it('a command without -- gets the line to write', async () => {
    expect(await run('add', 'x', 'sleep', '100')).toEqual({
      ...{ exitCode: 2, out: '' },
      err: 'healdeck: put -- before the command, as in: healdeck add x -- sleep 100\n',
    });
    const { exitCode, err } = await run('add', 'x', 'node', '-e', '1 + 1');
    expect(exitCode).toBe(2);
    expect(err).toContain("unknown option '-e'");
    expect(err).toContain("(put -- before a command: healdeck add x -- node -e '1 + 1')");
    expect(engine.watches.list()).toEqual([]);
  });
});

describe('all watches', () => {
  it('are stopped and started at once', async () => {
    await add('web', 'api');
    expect((await run('stop', '--all')).out).toMatch(/^api: .*\nweb: .*\n$|^web: .*\napi: .*\n$/);
    expect(await run('stop', 'web', '--all')).toMatchObject({
      exitCode: 2,
      err: 'healdeck: expected --all, or names and groups, not both\n',
    });
  });

  it('show their output behind their names', async () => {
    await add('web', 'worker');
    engine.output.write('web', 'out', 'one\n');
    engine.output.write('worker', 'err', 'oops\x1b[2J\n');
    expect((await run('logs')).out).toBe('web    | one\nworker ! oops\\x1b[2J\n');
    expect((await run('log', 'web', 'worker', '--err')).out).toBe('worker ! oops\\x1b[2J\n');
  });

  it('that have no output are said so', async () => {
    expect(await run('logs')).toMatchObject({ exitCode: 1, err: expect.stringContaining('no watch has a command') });
  });
});

describe('a start', () => {
  it.each([[[]], [['--wait']]])('fails where the program ends within a second, with the cause: %j', async (options) => {
    await add('web');
    const cause = 'crashed (exit code 1): port 8101 is in use by python3 (pid 4711)';
    const { said, exitCode } = bench.begin('start', 'web', ...options);
    setTimeout(() => engine.change('web', { phase: 'backoff', cause, restarts: 1 }), 300);
    expect(await exitCode).toBe(1);
    expect(said).toEqual({ out: '', err: `healdeck: web ${cause}\n` });
  });

  it('of several says which no longer runs, and prints those that do', async () => {
    await add('web', 'api');
    const { said, exitCode } = bench.begin('start', '--all', '--json');
    setTimeout(() => engine.change('api', { phase: 'failed', cause: 'could not be started' }), 300);
    expect(await exitCode).toBe(1);
    expect((JSON.parse(said.out) as { watch: { name: string } }[]).map(({ watch }) => watch.name)).toEqual(['web']);
    expect(said.err).toBe('healdeck: 1 of 2 failed: api could not be started\n');
  });

  it('is not waited for on demand', async () => {
    await add('web');
    const before = performance.now();
    engine.change('web', { phase: 'running' });
    expect((await run('start', 'web', '--no-wait')).exitCode).toBe(0);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('on a terminal of 80 columns', () => {
  const cause =
    'crashed 5 times (exit code 1): port 8101 is in use by python3.11 (pid 4711), which runs for 3 h and is no process of this watch';

  beforeEach(async () => {
    bench.columns = 80;
    await run('add', 'a-very-long-name-of-a-watch-of-the-shop', '--group', 'shop', '--', 'sleep', '100');
    await add('web');
    engine.change('web', { phase: 'cooldown', cause, reason: 'Too many restarts; it is not restarted until then' });
    const happened = { watch: 'web', incident: 'opens' as const, message: `web ${cause}` };
    engine.report('notice', { topic: 'test', detail: '' }, happened);
  });

  it.each([
    ['status'],
    ['status', 'web'],
    ['groups'],
    ['next'],
    ['ps', '--all'],
    ['events'],
    ['incidents'],
    ['incidents', '1'],
    ['settings'],
    ['settings', '--all'],
    ['settings', '--explain'],
    ['alerts'],
    ['secrets'],
    ['-h'],
    ['add', '-h'],
    ['edit', '-h'],
    ['drill', '-h'],
    ['service', '-h'],
    ['service', 'install', '-h'],
    ['completion', '-h'],
  ])('%j %j has no longer line', async (...argv) => {
    const { exitCode, out } = await run(...argv);
    expect(exitCode).toBe(0);
    expect(out).not.toBe('');
    expect(out.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
  });

  it.each([['status'], ['status', 'web'], ['events'], ['incidents'], ['incidents', '1']])(
    '%j %j has the whole cause',
    async (...argv) => {
      expect((await run(...argv)).out.replaceAll(/\s+/g, ' ')).toContain(cause);
    },
  );
});

describe('top', () => {
  it('needs a terminal', async () => {
    expect(await run('top')).toEqual({
      ...{ exitCode: 2, out: '' },
      err: 'healdeck: expected a terminal; for a script: healdeck status --json\n',
    });
  });

  it('shows the watches, acts on the selected one, and gives the terminal back', async () => {
    await add('web');
    const drawn: string[] = [];
    let press: (key: string) => void = () => undefined;
    let left = false;
    bench.terminal = {
      size: () => ({ columns: 80, rows: 24 }),
      draw: (lines) => void drawn.push(lines.join('\n')),
      onKey: (listener) => (press = listener),
      onResize: () => undefined,
      leave: () => (left = true),
    };
    const { said, exitCode } = bench.begin('top');
    await expect.poll(() => drawn.at(-1)).toContain('1 running');
    press('s');
    expect(drawn.at(-1)).toContain('Stop web? y/n');
    press('y');
    await expect.poll(() => engine.watches.list()[0]?.phase).toBe('stopped');
    await expect.poll(() => drawn.at(-1)).toContain('1 stopped');
    press('q');
    expect(await exitCode).toBe(0);
    expect(left).toBe(true);
    expect(said).toEqual({ out: '', err: '' });
  });
});

describe('distress of the machine', () => {
  const FULL: Distress = {
    kind: 'disk_space',
    ...{ subject: '/var/lib/postgresql', severity: 'high', sinceAt: -180_000, incident: 7 },
    detail: 'Disk /var/lib/postgresql is 97 % full: 1.2 GB of 40 GB available',
  };

  it('has a line each in status, which fits a terminal, and is in its JSON', async () => {
    await add('web');
    engine.machineDistress = [FULL];
    bench.columns = 80;
    const { out } = await run('status');
    expect(out.replace(/\s+/g, ' ')).toContain(`: ${FULL.detail} (for 3 min 1 s)`);
    expect(Math.max(...out.split('\n').map((line) => stringWidth(line)))).toBeLessThanOrEqual(80);
    expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({ engine: { distress: [FULL] } });
  });
});
