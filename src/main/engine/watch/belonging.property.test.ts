import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityKey } from '../../../shared/model/process';
import { WATCH_MARK, type Launch } from '../ports';
import { FakeDataDir, FakeMarks } from '../testing/fake-stores';
import type { FakeProcess } from '../testing/fake-world';
import { TestBench } from '../testing/test-engine';

/** What an attacker puts on the machine, and what happens around it. */
type Happening =
  | { kind: 'spoof'; mark: 'id' | 'true' | 'random'; argv: 'same' | 'other'; uid: number; leads: boolean }
  | { kind: 'rewrite'; uid: number }
  | { kind: 'edit' | 'environment' | 'die' | 'stop' | 'start' | 'restart' | 'end_spoofs' }
  | { kind: 'replace_engine'; dies: boolean; edits: boolean; forgets: 'nothing' | 'pids' | 'all' }
  | { kind: 'copy'; dies: boolean };

const uid = fc.constantFrom(1001, 65534);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('spoof' as const),
      mark: fc.constantFrom('id', 'true', 'random'),
      argv: fc.constantFrom('same', 'other'),
      uid,
      leads: fc.boolean(),
    }) as fc.Arbitrary<Happening>,
  },
  fc.record({ kind: fc.constant('rewrite' as const), uid }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit', 'environment', 'die', 'stop', 'start', 'restart', 'end_spoofs'),
    }) as fc.Arbitrary<Happening>,
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('replace_engine' as const),
      dies: fc.boolean(),
      edits: fc.boolean(),
      forgets: fc.constantFrom('nothing', 'pids', 'all'),
    }) as fc.Arbitrary<Happening>,
  },
  fc.record({ kind: fc.constant('copy' as const), dies: fc.boolean() }),
);

const SERVER = 'server';
const web = { watch: 'web', actor: 'cli' } as const;

/** The story of one watch, with all that was ever configured and all that never was. */
class Story {
  readonly spoofs = new Set<string>();
  private version = 0;

  private constructor(
    readonly bench: TestBench,
    /** `root`: a leaked mark lets such a process be ended, and nothing else. */
    private readonly user: string | null,
  ) {
    const { world } = bench;
    const start = world.start.bind(world);
    world.start = (watch, launch, onExit) => {
      const { [WATCH_MARK]: mark, ...env } = launch.env;
      const now = world.prepare(watch, this.command());
      const record = bench.state.state?.watches[watch.id]?.launch?.launch;
      this.allowed({ ...launch, env }, [now, ...(record === undefined ? [] : [record])]);
      expect(bench.marks.verify(watch.id, mark ?? '')).toBe(true);
      return start(watch, launch, onExit);
    };
  }

  static async begin(user: string | null): Promise<Story> {
    const recovery = new Story(await TestBench.started(), user);
    recovery.bench.world.users.set('service', 33);
    await recovery.bench.add({ restart: 'always', target: { kind: 'command', command: recovery.command() } });
    return recovery;
  }

  /** What is configured now. */
  command() {
    const { version, user } = this;
    return { argv: [SERVER, `--v${version}`], cwd: `/srv/${version}`, env: { V: String(version) }, user };
  }

  /** A start uses one or the other, whole. */
  private allowed(launch: Launch, either: readonly Launch[]): void {
    expect(either.map(text)).toContain(text(launch));
  }

  async happen(what: Happening): Promise<void> {
    const { bench } = this;
    const { world } = bench;
    const [program] = bench.status().processes;
    switch (what.kind) {
      case 'spoof': {
        const mark = { id: this.watch.id, random: 'x.y', true: this.markOf(program?.pid) }[what.mark];
        const spoof = world.add({
          name: 'spoof',
          argv: what.argv === 'same' ? this.command().argv : ['spoof'],
          env: { [WATCH_MARK]: mark, LD_PRELOAD: 'evil' },
          ...{ uid: what.uid, user: 'attacker', ...(what.leads ? {} : { session: 1, pgid: 1 }) },
        });
        this.spoofs.add(identityKey(spoof));
        return;
      }
      case 'rewrite': {
        const process = world.processes.get(program?.pid ?? 0);
        // Only root may change its user.
        if (process !== undefined) process.env = { LD_PRELOAD: 'evil' };
        if (process !== undefined && this.user === null) process.uid = what.uid;
        return;
      }
      case 'edit': {
        this.version += 1;
        const { id, revision, ...spec } = this.watch;
        const target = { kind: 'command' as const, command: this.command() };
        bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, target }, actor: 'cli' });
        return;
      }
      case 'environment':
        world.engineEnv = { E: String((this.version += 1)) };
        bench.engine.watches.edit({ watch: this.watch.id, ...this.edited(), actor: 'cli' });
        return;
      case 'die':
        if (program !== undefined) world.exit(program.pid);
        return bench.clock.advance(100);
      case 'end_spoofs':
        for (const { pid } of this.living()) world.exit(pid);
        return bench.clock.advance(100);
      case 'stop':
        return void (await bench.through(bench.engine.watches.stop(web), 15_000));
      case 'start':
        return void (await bench.through(bench.engine.watches.start(web), 15_000).catch(() => undefined));
      case 'restart':
        return void (await bench.through(bench.engine.watches.restart(web), 15_000).catch(() => undefined));
      case 'replace_engine':
        await bench.replaceEngine(() => {
          if (what.dies && program !== undefined) world.exit(program.pid);
          const { state } = bench.state;
          // Without memory and without a mark nothing in the world could prove it.
          const forgets = this.markOf(program?.pid) === '' ? 'nothing' : what.forgets;
          if (forgets === 'all') bench.state.state = null;
          if (forgets === 'pids')
            for (const memory of Object.values(state?.watches ?? {})) Object.assign(memory, { processes: [] });
          if (what.edits) this.version += 1;
          if (what.edits) bench.config.saveWatches([{ ...this.watchInFile(), ...this.target() }]);
        });
        return bench.clock.advance(15_000);
      case 'copy':
        return this.copy(what.dies);
    }
  }

  /** Another engine in a copy of the data directory, for a while, beside the one that goes on. */
  private async copy(dies: boolean): Promise<void> {
    const { bench } = this;
    const { world } = bench;
    const signals = world.signals.length;
    const other = new TestBench({ clock: bench.clock, world });
    other.config.saveWatches(bench.config.watches());
    other.state.state = structuredClone(bench.state.state);
    other.marks = new FakeMarks('/copy');
    other.dataDir = new FakeDataDir({ path: '/copy', id: '1:2' });
    other.dataDir.kept.add(bench.dataDir.identity.id);
    other.renewEngine();
    await other.engine.start();
    expect(other.status()).toMatchObject({ phase: 'failed', processes: [] });
    const [program] = bench.status().processes;
    if (dies && program !== undefined) world.exit(program.pid);
    await bench.clock.advance(15_000);
    expect(other.status().processes).toEqual([]);
    expect(other.events.types()).not.toContain('started');
    if (!dies) expect(world.signals.length).toBe(signals);
    other.engine.dispose('test');
  }

  check(): void {
    const { bench, spoofs } = this;
    for (const process of bench.status().processes) expect(spoofs.has(identityKey(process))).toBe(false);
    expect(this.copies()).toBeLessThanOrEqual(1);
    expect(bench.status().processes).toHaveLength(this.copies());
    expect(bench.errors).toEqual([]);
    // A mark that its own program leaked, of a launch as root, is the one thing for which a foreign process is ended.
    const touched = bench.world.signals.filter(({ pid }) => [...spoofs].some((key) => key.startsWith(`${pid}:`)));
    if (this.user !== null) expect(touched).toEqual([]);
  }

  private copies(): number {
    return [...this.bench.world.processes.values()].filter(({ name }) => name === SERVER).length;
  }

  private living(): readonly FakeProcess[] {
    return [...this.bench.world.processes.values()].filter((process) => this.spoofs.has(identityKey(process)));
  }

  private markOf(pid = 0): string {
    return this.bench.world.processes.get(pid)?.env[WATCH_MARK] ?? '';
  }

  private get watch() {
    return this.bench.status().watch;
  }

  private watchInFile() {
    const [watch] = this.bench.config.watches();
    if (watch === undefined) throw new Error('no watch is configured');
    return watch;
  }

  private target() {
    return { target: { kind: 'command' as const, command: this.command() } };
  }

  private edited() {
    const { id: _id, revision, ...spec } = this.watch;
    return { revision, spec: { ...spec, ...this.target() } };
  }
}

const text = ({ argv, cwd, env, user }: Launch): string =>
  JSON.stringify([argv, cwd, Object.entries(env).sort(), user]);

describe('whatever others put on the machine', () => {
  it.each([
    ['root', null],
    ['a user', 'service'],
  ])(
    'a program of %s runs what is configured or recorded, once, and nobody else is adopted or ended for it',
    async (_, user) => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 20 }), async (happenings) => {
          const recovery = await Story.begin(user);
          for (const what of happenings) {
            await recovery.happen(what);
            recovery.check();
          }
          recovery.bench.engine.dispose('test');
          expect(recovery.bench.clock.pending).toBe(0);
        }),
        { numRuns: 60 },
      );
    },
  );
});
