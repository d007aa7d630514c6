import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProbeInput } from '../../../../shared/model/probe';
import { TestBench } from '../../testing/test-engine';

const NAMES = ['web', 'api', 'db'] as const;
const READY: ProbeInput = {
  ...{ name: 'ready', role: 'readiness', check: { kind: 'tcp', port: 80 } },
  ...{ intervalMs: 1000, failures: 1, of: 1 },
};

type Step =
  | { do: 'die' | 'stop' | 'start' | 'restart' | 'reset'; watch: (typeof NAMES)[number] }
  | { do: 'answer'; passes: boolean }
  | { do: 'replace engine' }
  | { do: 'wait'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('die', 'die', 'stop', 'start', 'restart', 'reset'),
      watch: fc.constantFrom(...NAMES),
    }),
  },
  fc.record({ do: fc.constant('answer' as const), passes: fc.boolean() }),
  fc.record({ do: fc.constant('replace engine' as const) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 60_000 })),
    }),
  },
);

class Tiers {
  private passes = true;

  private constructor(private readonly bench: TestBench) {
    bench.prober.answer = () => ({ passed: this.passes });
  }

  static async begin(): Promise<Tiers> {
    const bench = await TestBench.started();
    const tiers = new Tiers(bench);
    // In the order in which they are not to be restarted; web follows both.
    for (const name of NAMES) {
      const target = { kind: 'command' as const, command: { argv: [name], cwd: '/' } };
      await bench.through(bench.add({ name, target, restart: 'always', probes: [READY] }));
    }
    tiers.follow('api', 'db');
    tiers.follow('web', 'api', 'db');
    await bench.clock.advance(5000);
    await bench.through(bench.engine.watches.restart({ watch: 'db', actor: 'cli' }), 30_000);
    return tiers;
  }

  private follow(name: string, ...others: readonly string[]): void {
    const { id, revision, ...spec } = this.bench.status(name).watch;
    const after = others.map((watch) => ({ watch, until: 'ready' as const, restart: true }));
    this.bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, after }, actor: 'cli' });
  }

  async take(step: Step): Promise<void> {
    const { bench } = this;
    const { engine, world, clock } = bench;
    if (step.do === 'wait') return clock.advance(step.ms);
    if (step.do === 'replace engine') return bench.replaceEngine();
    if (step.do === 'answer') return void (this.passes = step.passes);
    const { watch } = step;
    if (step.do === 'reset') return void engine.watches.resetCooldown(watch, 'cli');
    if (step.do === 'die') {
      const [process] = bench.status(watch).processes;
      if (process !== undefined && world.processes.has(process.pid)) world.exit(process.pid);
      return;
    }
    // What comes of it is seen in the end, also where nobody waits for it.
    void engine.watches[step.do]({ watch, actor: 'cli' }).catch(() => undefined);
    await clock.advance(0);
  }

  /** Everything works from now on, and is wanted. */
  async settle(): Promise<void> {
    this.passes = true;
    await this.bench.clock.advance(60_000);
    for (const watch of NAMES) {
      this.bench.engine.watches.resetCooldown(watch, 'cli');
      await this.bench.through(
        this.bench.engine.watches.start({ watch, actor: 'cli' }).catch(() => undefined),
        30_000,
      );
    }
    await this.bench.clock.advance(300_000);
  }

  check(): void {
    const { bench } = this;
    expect(bench.errors).toEqual([]);
    const startedAt = NAMES.map((name) => {
      const { phase, readiness, processes } = bench.status(name);
      expect({ name, phase, readiness, count: processes.length }).toEqual({
        name,
        phase: 'running',
        readiness: 'ready',
        count: 1,
      });
      return processes[0]?.startedAt ?? 0;
    });
    // Each runs with the newest of what it follows.
    expect(startedAt).toEqual(startedAt.toSorted((one, other) => other - one));
    // No more often than anything that it follows has begun to run; where that has only followed itself, all are one restart.
    const begun = (name: string): number =>
      bench.reported('started').filter(({ watch }) => watch === name).length +
      bench.reported('restarted').filter(({ watch }) => watch === name).length;
    const followed = (name: string): number =>
      bench.reported('restarted').filter(({ watch, data }) => watch === name && data.actor === 'dependency').length;
    expect(followed('db')).toBe(0);
    expect(followed('api')).toBeLessThanOrEqual(begun('db'));
    expect(followed('web')).toBeLessThanOrEqual(begun('db') + begun('api') - followed('api'));
  }

  /** How many events there are of what was started. */
  get starts(): number {
    return this.bench.reported('started').length + this.bench.reported('restarted').length;
  }

  async pass(): Promise<void> {
    await this.bench.clock.advance(120_000);
  }

  dispose(): void {
    this.bench.engine.dispose('test');
    expect(this.bench.clock.pending).toBe(0);
  }
}

it('whatever happens, each runs with the newest of what it follows in the end, and was restarted once for each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const tiers = await Tiers.begin();
      for (const one of steps) await tiers.take(one);
      await tiers.settle();
      tiers.check();
      const { starts } = tiers;
      await tiers.pass();
      expect(tiers.starts).toBe(starts);
      tiers.dispose();
    }),
    { numRuns: Number(process.env['HEALDECK_PROPERTY_RUNS'] ?? 12) },
  );
}, 120_000);
