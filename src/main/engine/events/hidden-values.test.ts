import { describe, expect, it } from 'vitest';
import { MASK } from '../../../shared/lib/process/mask-secrets';
import type { WatchSpecInput } from '../../../shared/model/watch';
import { commandSpec, TestBench } from '../testing/test-engine';

const ARGV = ['node', 'app.mjs', '--password=hunter2', '--token', 'abc', '--port', '80'];
const SHOWN = ['node', 'app.mjs', `--password=${MASK}`, '--token', MASK, '--port', '80'];
const ENV = { PORT: '80', API_KEY: 'of-the-program', LOGIN: 'secret-by-wish' };

const command = (more: object = {}): WatchSpecInput['target'] => ({
  kind: 'command',
  command: { argv: ARGV, cwd: '/srv', env: ENV, hiddenEnv: ['LOGIN'], ...more },
});

async function benchWithWatch(): Promise<TestBench> {
  const bench = await TestBench.started();
  await bench.add({ name: 'web', target: command() });
  return bench;
}

/** The command as it is kept, whole. */
const keptCommand = (bench: TestBench): unknown => {
  const target = bench.config.watches()[0]?.target;
  return target?.kind === 'command' ? target.command : null;
};

const whole = { argv: ARGV, cwd: '/srv', env: ENV, hiddenEnv: ['LOGIN'], user: null };

describe('what a command hides', () => {
  it('is used to start it, and shown to nobody', async () => {
    const bench = await benchWithWatch();
    expect(keptCommand(bench)).toEqual(whole);
    expect([...bench.world.processes.values()].map(({ argv }) => argv)).toContainEqual(ARGV);
    const everything = JSON.stringify([
      bench.engine.snapshot(),
      bench.engine.watches.list(),
      bench.engine.processes.list(),
      bench.engine.config.export(),
      bench.events.events,
    ]);
    for (const secret of ['hunter2', '"abc"', 'of-the-program', 'secret-by-wish'])
      expect(everything).not.toContain(secret);
    expect(bench.engine.watches.list()[0]?.watch.target).toEqual({
      kind: 'command',
      command: { argv: SHOWN, cwd: '/srv', env: { PORT: '80' }, hiddenEnv: ['API_KEY', 'LOGIN'], user: null },
    });
    expect(bench.events.events.find(({ type }) => type === 'started')?.data).toMatchObject({ argv: SHOWN });
  });

  it('stays as it is when a watch is edited as it was shown', async () => {
    const bench = await benchWithWatch();
    const [status] = bench.engine.watches.list();
    const { id, revision, ...spec } = status?.watch ?? raise();
    bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, restart: 'never' }, actor: 'window' });
    expect(keptCommand(bench)).toEqual(whole);
    bench.engine.watches.observe('web', true, 'cli');
    expect(keptCommand(bench)).toEqual(whole);
    expect(bench.events.events.at(-2)?.data).toMatchObject({ changed: ['restart'] });
  });

  it('is replaced by what is set anew, and gone when it is removed', async () => {
    const bench = await benchWithWatch();
    const edit = (change: object): void => {
      const { id, revision, ...spec } = bench.engine.watches.list()[0]?.watch ?? raise();
      if (spec.target.kind !== 'command') throw new Error('expected a command');
      const target = { ...spec.target, command: { ...spec.target.command, ...change } };
      bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, target }, actor: 'cli' });
    };
    edit({
      argv: ['node', 'new.mjs', '--token', MASK, '--password=other'],
      env: { LOGIN: 'new' },
      hiddenEnv: ['API_KEY'],
    });
    expect(keptCommand(bench)).toEqual({
      ...whole,
      argv: ['node', 'new.mjs', '--token', 'abc', '--password=other'],
      // It was said to be secret once.
      env: { LOGIN: 'new', API_KEY: 'of-the-program' },
    });
    edit({ env: {}, hiddenEnv: [] });
    expect(keptCommand(bench)).toMatchObject({ env: {} });
    edit({ env: { LOGIN: 'open' } });
    expect(bench.engine.watches.list()[0]?.watch.target).toMatchObject({ command: { env: { LOGIN: 'open' } } });
  });

  it('is never guessed', async () => {
    const bench = await benchWithWatch();
    await expect(
      bench.add({ name: 'new', target: command({ argv: ['app', `--password=${MASK}`] }) }),
    ).rejects.toMatchObject({
      code: 'invalid',
      message: `Expected argument 2 in full, got "--password=${MASK}": what it hides is not known; enter it again`,
    });
    await expect(bench.add({ name: 'new', target: command({ hiddenEnv: ['DB_PASSWORD'] }) })).rejects.toMatchObject({
      code: 'invalid',
      message: 'Expected a value for the variable DB_PASSWORD: none is stored for it; set it again',
    });
    const { id, revision, ...spec } = bench.engine.watches.list()[0]?.watch ?? raise();
    const target = {
      kind: 'command' as const,
      command: { ...whole, hiddenEnv: [], argv: ['app', `--secret=${MASK}`] },
    };
    expect(() => bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, target }, actor: 'cli' })).toThrow(
      'Expected argument 2 in full',
    );
    expect(keptCommand(bench)).toEqual(whole);
  });

  it('is that of the process from which a watch is made', async () => {
    const bench = await TestBench.started();
    const { pid, startTime } = bench.world.add({ name: 'node', argv: ARGV });
    await bench.clock.advance(5000);
    const spec = (argv: readonly string[]): WatchSpecInput => ({
      ...{ name: 'found', autostart: false },
      target: { kind: 'match', by: 'name', pattern: 'app.mjs', start: { argv: [...argv], cwd: '/srv' } },
    });
    expect(bench.engine.processes.list().find((row) => row.pid === pid)?.argv).toEqual(SHOWN);
    await bench.engine.watches.add(commandSpec(spec(SHOWN)), 'window', { pid, startTime });
    expect(bench.config.watches()[0]?.target).toMatchObject({ start: { argv: ARGV } });
    await expect(
      bench.engine.watches.add(commandSpec({ ...spec(SHOWN), name: 'gone' }), 'window', {
        pid,
        startTime: startTime + 1,
      }),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is shown once it is no secret any more, and hidden when a word of the operator says so', async () => {
    const bench = await benchWithWatch();
    const portOf = (): unknown => bench.engine.snapshot().watches[0]?.watch.target;
    expect(JSON.stringify(portOf())).toContain('"--port","80"');
    bench.engine.settings.set({ 'mask.words': ['port'] }, 'cli');
    expect(portOf()).toMatchObject({ command: { env: {}, hiddenEnv: ['PORT', 'API_KEY', 'LOGIN'] } });
    expect(JSON.stringify(portOf())).toContain(`"--port","${MASK}"`);
    expect(bench.engine.processes.list().some(({ argv }) => argv.includes('80'))).toBe(false);
    bench.engine.settings.set({ 'mask.words': [] }, 'cli');
    expect(JSON.stringify(portOf())).toContain('"--port","80"');
    expect(keptCommand(bench)).toEqual(whole);
  });

  it('comes back with a watch that was removed', async () => {
    const bench = await benchWithWatch();
    bench.engine.watches.remove({ watch: 'web', actor: 'cli' });
    await bench.engine.watches.restore('web', 'cli');
    expect(keptCommand(bench)).toEqual(whole);
  });

  it('is hidden in the alert command, too', async () => {
    const bench = await TestBench.started();
    const argv = ['/usr/bin/page', '--token', 'abc'];
    const shown = ['/usr/bin/page', '--token', MASK];
    expect(bench.engine.settings.set({ 'command.argv': argv }, 'cli')['command.argv']).toEqual(shown);
    expect(bench.engine.snapshot().engine.settings['command.argv']).toEqual(shown);
    bench.engine.settings.set({ 'command.argv': [...shown, '--loud'] }, 'cli');
    expect(bench.engine.settings.inForce()['command.argv']).toEqual([...argv, '--loud']);
    expect(() => bench.engine.settings.set({ 'command.argv': ['/x', '--pass', MASK] }, 'cli')).toThrow(
      'Expected argument 3 in full',
    );
    expect(bench.engine.config.export().settings['command.argv']).toEqual([...shown, '--loud']);
  });
});

function raise(): never {
  throw new Error('expected a watch');
}
