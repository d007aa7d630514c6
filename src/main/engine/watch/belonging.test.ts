import { describe, expect, it } from 'vitest';
import { WATCH_MARK } from '../ports';
import { FakeDataDir, FakeMarks } from '../testing/fake-stores';
import type { FakeProcess } from '../testing/fake-world';
import { TestBench } from '../testing/test-engine';

const NOBODY = { uid: 65534, user: 'nobody' } as const;
const web = { watch: 'web', actor: 'cli' } as const;

/** A bench with a watch called `web`, running. */
async function bench(): Promise<TestBench> {
  const bench = await TestBench.started();
  await bench.add({ restart: 'always' });
  return bench;
}

const idOf = (bench: TestBench): string => bench.status().watch.id;
const envOf = (bench: TestBench): FakeProcess['env'] => bench.world.processes.get(bench.pid())?.env ?? {};
const lives = (bench: TestBench, { pid }: FakeProcess): boolean => bench.world.processes.has(pid);

/** A process that copies what it can see of the program: its arguments, and that it leads a session. */
function impostor(bench: TestBench, env: FakeProcess['env'], fields: Partial<FakeProcess> = NOBODY): FakeProcess {
  return bench.world.add({
    name: 'server',
    argv: ['server', '--port', '80'],
    env: { ...env, LD_PRELOAD: '/tmp/evil.so' },
    ...fields,
  });
}

describe('a process that is no proof of anything', () => {
  it.each([
    ['the id of the watch', (bench: TestBench) => idOf(bench)],
    ['a mark of another watch', (bench: TestBench) => bench.marks.issue('another')],
    ['a mark of another data directory', (bench: TestBench) => new FakeMarks('/copy').issue(idOf(bench))],
    ['the true mark of the program, as another user', (bench: TestBench) => envOf(bench)[WATCH_MARK] ?? ''],
  ])(
    'is neither adopted nor counted, nor does it keep the program from coming back: it carries %s',
    async (_, mark) => {
      const b = await bench();
      const [program, env] = [b.pid(), { [WATCH_MARK]: mark(b) }];
      let spoof: FakeProcess | null = null;
      await b.replaceEngine(() => {
        b.world.exit(program);
        spoof = impostor(b, env);
        // Not even when nothing at all is remembered of the program.
        if (b.state.state !== null) b.state.state = { ...b.state.state, watches: {} };
      });
      await b.clock.advance(100);
      expect(b.reported('adopted')).toEqual([]);
      expect(b.status().processes.map(({ pid }) => pid)).not.toContain(spoof!.pid);
      expect(b.world.launches.at(-1)?.env).toEqual(b.world.launches[0]?.env);
      expect(b.world.launches).toHaveLength(2);
    },
  );

  it('does not revive a stopped watch, not even with a mark that is true', async () => {
    const b = await bench();
    const env = envOf(b);
    await b.through(b.engine.watches.stop(web));
    await b.replaceEngine(() => void impostor(b, env, { uid: 0 }));
    expect(b.status().phase).toBe('stopped');
    expect(b.world.launches).toHaveLength(1);
  });

  it('is not ended with the watch: nobody has a stranger ended by setting a variable', async () => {
    const b = await bench();
    const strangers = [impostor(b, { [WATCH_MARK]: idOf(b) }), impostor(b, { [WATCH_MARK]: 'x' }, { uid: 0 })];
    await b.through(b.engine.watches.stop(web));
    for (const stranger of strangers) expect(lives(b, stranger)).toBe(true);
  });

  it('of another user is not ended for the mark of a program that is started as a user', async () => {
    const b = await TestBench.started();
    await b.add({ target: { kind: 'command', command: { argv: ['server'], cwd: '/', user: 'nobody' } } });
    const env = envOf(b);
    const [own, roots] = [impostor(b, env), impostor(b, env, { uid: 0 })];
    await b.through(b.engine.watches.stop(web));
    expect([lives(b, own), lives(b, roots)]).toEqual([false, true]);
  });

  it('has the pid of a remembered child, but leads no session', async () => {
    const b = await bench();
    const { pid, startTime } = b.world.processes.get(b.pid())!;
    await b.replaceEngine(() => {
      b.world.processes.delete(pid);
      b.world.add({ pid, startTime, session: 1, pgid: 1 });
    });
    await b.clock.advance(100);
    expect(b.pid()).not.toBe(pid);
  });
});

describe('a program that', () => {
  it('has rewritten its environment and given up its user is adopted, and restarted from our record', async () => {
    const b = await bench();
    const program = b.world.processes.get(b.pid())!;
    Object.assign(program, { ...NOBODY, env: { LD_PRELOAD: '/tmp/evil.so' }, argv: ['evil'] });
    await b.replaceEngine();
    expect(b.pid()).toBe(program.pid);
    b.world.engineEnv = { OF_ENGINE: 'new' };
    b.world.exit(program.pid);
    await b.clock.advance(100);
    expect(b.world.launches[1]).toEqual(b.world.launches[0]);
  });

  it('was edited by hand while no engine was running restarts with all that is configured now', async () => {
    const b = await bench();
    const [{ watch }] = b.engine.watches.list() as [ReturnType<TestBench['status']>];
    const command = { argv: ['server', '--v2'], cwd: '/srv', env: { DB: 'new' }, user: null };
    await b.replaceEngine(() => {
      b.config.saveWatches([{ ...watch, target: { kind: 'command', command } }]);
      b.world.engineEnv = { OF_ENGINE: 'new' };
    });
    b.world.exit(b.pid());
    await b.clock.advance(100);
    expect(b.world.launches[1]).toEqual({
      ...{ argv: command.argv, cwd: '/srv', user: null },
      env: { OF_ENGINE: 'new', DB: 'new' },
    });
  });

  it('was started but never written down, and has given up its user, is ended before another copy starts', async () => {
    const b = await bench();
    const lost = b.world.processes.get(b.pid())!;
    await b.replaceEngine(() => {
      Object.assign(lost, NOBODY);
      b.state.state = null;
    });
    await b.clock.advance(100);
    expect(lives(b, lost)).toBe(false);
    expect(b.pid()).not.toBe(lost.pid);
    expect(b.world.launches).toHaveLength(2);
  });
});

describe('what an earlier life has left', () => {
  it('is ended by stop in every phase, and only then', async () => {
    const b = await bench();
    const env = envOf(b);
    b.world.exit(b.pid());
    b.world.failures = [{ reason: 'EAGAIN', message: 'no more processes' }];
    await b.clock.advance(0);
    expect(b.status().phase).toBe('backoff');
    const stray = b.world.add({ env });
    await b.through(b.engine.watches.stop(web));
    expect(lives(b, stray)).toBe(false);
    expect(b.reported('stopped').at(-1)?.message).toMatch(/web/);

    const reported = b.events.events.length;
    await b.through(b.engine.watches.stop(web));
    expect(b.events.events).toHaveLength(reported);
    const late = b.world.add({ env });
    await b.through(b.engine.watches.stop(web));
    expect(lives(b, late)).toBe(false);
    expect(b.status().phase).toBe('stopped');
  });

  it('is ended before a start', async () => {
    const b = await bench();
    const env = envOf(b);
    await b.through(b.engine.watches.stop(web));
    const stray = b.world.add({ env });
    b.world.onLaunch = () => expect(lives(b, stray)).toBe(false);
    await b.through(b.engine.watches.start(web));
    expect(b.status().phase).toBe('running');
    expect(b.reported('killed')[0]?.data.pids).toEqual([stray.pid]);
    expect(b.reported('started')).toHaveLength(2);
  });

  it('is looked for without reading the environment of others again and again', async () => {
    const bench = await TestBench.started();
    const { world } = bench;
    const others = Array.from({ length: 20 }, (_, nth) => world.add({ name: 'other', argv: ['other', String(nth)] }));
    await bench.add({ name: 'neighbour' });
    await bench.add();
    const read: number[] = [];
    const environment = world.environment.bind(world);
    world.environment = (identity) => {
      read.push(identity.pid);
      return environment(identity);
    };
    for (let round = 0; round < 5; round += 1) {
      await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
      await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }));
    }
    const strangers = new Set([...others.map(({ pid }) => pid), bench.pid('neighbour')]);
    expect(read.filter((pid) => strangers.has(pid)).length).toBeLessThanOrEqual(strangers.size);
  });

  it('is left alone, and nothing is started beside it, where the watch is only observed', async () => {
    const b = await bench();
    const env = envOf(b);
    b.engine.watches.observe('web', true, 'cli');
    await b.through(b.engine.watches.stop(web));
    const stray = b.world.add({ env });
    await expect(b.through(b.engine.watches.start(web))).rejects.toThrow(
      `web was not started: pid ${stray.pid} of an earlier start still runs and is not ended while the watch is only observed`,
    );
    expect(lives(b, stray)).toBe(true);
    expect(b.world.launches).toHaveLength(1);
  });

  it('may be slow to match, where a pattern finds the program: the operator decides', async () => {
    const b = await TestBench.started();
    const start = { argv: ['app'], cwd: '/' };
    await b.add({ target: { kind: 'match', by: 'name', pattern: 'app.jar', start }, autostart: false });
    const slow = b.world.add({ env: { [WATCH_MARK]: b.marks.issue(idOf(b)) } });
    await expect(b.through(b.engine.watches.start(web))).rejects.toThrow(/still runs and does not match; end it first/);
    await b.through(b.engine.watches.stop(web));
    expect(lives(b, slow)).toBe(false);
  });
});

describe('a copied data directory', () => {
  /** The bench's next engine runs in a copy; the original's goes on, as far as its data directory shows. */
  async function copied({ kept }: { kept: boolean }): Promise<TestBench> {
    const b = await bench();
    const original = b.dataDir.identity;
    await b.replaceEngine(() => {
      b.dataDir = new FakeDataDir({ path: '/copy', id: '1:2' });
      if (kept) b.dataDir.kept.add(original.id);
      b.marks = new FakeMarks('/copy');
    });
    return b;
  }

  it('adopts, ends and starts nothing as long as the engine of the original runs, and says whose it is', async () => {
    const b = await copied({ kept: true });
    const program = [...b.world.processes.values()].at(-1)!;
    expect(b.status()).toMatchObject({ phase: 'failed', processes: [] });
    expect(b.status().reason).toMatch(/a copy of \/data, and the engine that runs there watches the program/);
    expect(b.reported('notice').at(-1)?.message).toMatch(/a copy of \/data, where another engine is running/);
    await b.clock.advance(60_000);
    await b.through(b.engine.watches.stop(web));
    expect(lives(b, program)).toBe(true);
    expect(b.world.launches).toHaveLength(1);

    // Its next engine finds the same.
    await b.replaceEngine();
    expect(b.status().reason).toMatch(/a copy of \/data/);

    // By hand it starts a copy of its own, and that one its next engine knows.
    await b.through(b.engine.watches.start(web));
    const second = b.pid();
    expect(second).not.toBe(program.pid);
    await b.replaceEngine();
    expect(b.pid()).toBe(second);
    expect(lives(b, program)).toBe(true);
  });

  it('is taken over as it is when no engine keeps the original any more', async () => {
    const b = await copied({ kept: false });
    expect(b.reported('adopted')).toHaveLength(1);
    expect(b.world.launches).toHaveLength(1);
  });
});

describe('a watch whose id in the configuration was damaged', () => {
  async function damaged(b: TestBench, between: () => void = () => undefined): Promise<void> {
    const [watch] = b.config.watches();
    await b.replaceEngine(() => {
      b.config.saveWatches([{ ...watch!, id: `f${watch!.id.slice(1)}` }]);
      between();
    });
  }

  it('has its id back, keeps its program, and nothing is started a second time', async () => {
    const b = await bench();
    const [program, id] = [b.pid(), idOf(b)];
    await damaged(b);
    expect([b.pid(), idOf(b), b.config.watches()[0]?.id]).toEqual([program, id, id]);
    expect(b.world.launches).toHaveLength(1);
    expect(b.reported('notice').at(-1)?.message).toMatch(/The id of web in config.json was f/);
  });

  it('is not started a second time when that can not be written, nor when the last engine kept no record', async () => {
    const b = await bench();
    const program = b.pid();
    await damaged(b, () => {
      const { state } = b.state;
      for (const memory of Object.values(state?.watches ?? {})) Object.assign(memory, { launch: null });
      b.config.full = true;
    });
    expect(b.pid()).toBe(program);
    expect(b.world.launches).toHaveLength(1);
    expect(b.errors).toHaveLength(1);
  });

  it('stays stopped', async () => {
    const b = await bench();
    await b.through(b.engine.watches.stop(web));
    await damaged(b);
    expect(b.status().phase).toBe('stopped');
  });

  it('is a new one when the program is another', async () => {
    const b = await bench();
    const [watch] = b.config.watches();
    const command = { argv: ['another'], cwd: '/', env: {}, user: null };
    await b.replaceEngine(() =>
      b.config.saveWatches([{ ...watch!, id: `f${watch!.id.slice(1)}`, target: { kind: 'command', command } }]),
    );
    expect(b.world.launches).toHaveLength(2);
    expect(idOf(b)).toMatch(/^f/);
  });
});
