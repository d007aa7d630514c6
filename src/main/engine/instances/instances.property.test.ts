import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandSpec, TestBench } from '../testing/test-engine';

/** Enough to see a fault come back; to look for new ones, thousands are tried by hand. */
const RUNS = Number(process.env['HEALDECK_PROPERTY_RUNS'] ?? 12);
const MOST = 4;

type Happening =
  | { kind: 'scale'; to: number }
  | { kind: 'once' }
  | { kind: 'die' | 'ignore' | 'stop' | 'start' | 'restart'; of: number }
  | { kind: 'replace_engine' | 'roll' }
  | { kind: 'pass'; ms: number };

const of = fc.nat({ max: MOST - 1 });
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('scale'), to: fc.integer({ min: 1, max: MOST }) }) },
  fc.record({ kind: fc.constant('once') }),
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('die', 'ignore', 'stop', 'start', 'restart'), of }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('replace_engine', 'roll') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.integer({ min: 0, max: 20_000 }) }) },
) as fc.Arbitrary<Happening>;

/** A watch that is scaled, and kept once or several times; no two of its programs may have one number. */
class ScaleStory {
  private readonly problems: string[] = [];
  private wanted = 2;

  private constructor(private readonly bench: TestBench) {
    const { world } = bench;
    const start = world.start.bind(world);
    world.start = (watch, launch, onExit) => {
      const [, number] = launch.argv;
      const twin = this.running().find(({ argv }) => argv[1] === number);
      if (twin !== undefined) this.problems.push(`a second instance ${number} is started beside pid ${twin.pid}`);
      return start(watch, launch, onExit);
    };
  }

  static async begin(): Promise<ScaleStory> {
    const story = new ScaleStory(await TestBench.started());
    await story.ask(story.bench.add(story.spec(2)));
    return story;
  }

  async happen(what: Happening): Promise<void> {
    const { world, engine, clock } = this.bench;
    const living = this.running();
    switch (what.kind) {
      case 'scale':
        this.edit(what.to);
        break;
      case 'once':
        this.edit(null);
        break;
      case 'die': {
        const one = living[what.of % Math.max(1, living.length)];
        if (one !== undefined) world.exit(one.pid, { exitCode: 1, signal: null });
        await clock.advance(100);
        break;
      }
      case 'ignore':
        living[what.of % Math.max(1, living.length)]?.ignores.add('SIGTERM');
        break;
      case 'stop':
      case 'start':
      case 'restart': {
        const list = engine.watches.list();
        const name = list[what.of % list.length]?.watch.name ?? 'web';
        void engine.watches[what.kind]({ watch: name, actor: 'cli' }).catch(() => undefined);
        await clock.advance(0);
        break;
      }
      case 'roll':
        void engine.watches.rollingRestart({ watch: 'web', keep: 0, actor: 'cli' }).catch(() => undefined);
        await clock.advance(0);
        break;
      case 'replace_engine':
        await this.bench.replaceEngine();
        break;
      case 'pass':
        await clock.advance(what.ms);
        break;
    }
    this.check();
  }

  /** In the end those run that are to run, each once, and nobody runs without its watch. */
  async end(): Promise<void> {
    const { bench } = this;
    await bench.clock.advance(60_000);
    for (const { watch } of bench.engine.watches.list()) {
      bench.engine.watches.resetCooldown(watch.id, 'cli');
      await this.ask(bench.engine.watches.start({ watch: watch.id, actor: 'cli' }));
    }
    await bench.clock.advance(60_000);
    this.check();
    const names = bench.engine.watches.list().map(({ watch }) => watch.name);
    const expected = Array.from({ length: Math.max(1, this.wanted) }, (_, at) => `web#${at + 1}`);
    expect(names).toEqual(this.wanted === 0 ? ['web'] : expected);
    const held = bench.engine.watches.list().flatMap(({ processes }) => processes.map(({ pid }) => pid));
    expect(
      this.running()
        .map(({ pid }) => pid)
        .sort(),
    ).toEqual([...held].sort());
    expect(held).toHaveLength(Math.max(1, this.wanted));
    bench.engine.dispose('test');
    expect(bench.clock.pending).toBe(0);
  }

  private check(): void {
    expect(this.problems).toEqual([]);
    expect(this.bench.errors).toEqual([]);
  }

  private edit(count: number | null): void {
    const [kept] = this.bench.config.watches();
    const { instances, ...once } = this.spec(count ?? 1);
    const wanted = count === null ? once : { ...once, instances };
    this.wanted = count ?? 0;
    this.bench.engine.watches.edit({
      ...{ watch: 'web', revision: kept?.revision ?? 0, spec: commandSpec(wanted), actor: 'cli' },
    });
  }

  private spec(count: number) {
    const command = { argv: ['server', '{instance}'], cwd: '/srv' };
    return {
      ...{ name: 'web', restart: 'always' as const },
      target: { kind: 'command' as const, command },
      instances: { min: 1, max: MOST, count },
    };
  }

  private running() {
    return [...this.bench.world.processes.values()].filter(({ name }) => name === 'server');
  }

  private async ask(operation: Promise<unknown>): Promise<void> {
    let isSettled = false;
    const end = (): boolean => (isSettled = true);
    void operation.then(end, end);
    for (let steps = 0; !isSettled && steps < 120; steps += 1) await this.bench.clock.advance(500);
  }
}

describe('whatever happens to a watch with instances', () => {
  it(
    'no instance is ever started beside itself, and those that are to run do so in the end',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 20 }), async (happenings) => {
          const story = await ScaleStory.begin();
          for (const what of happenings) await story.happen(what);
          await story.end();
        }),
        { numRuns: RUNS },
      );
    },
    Math.max(30_000, RUNS * 1000),
  );
});
