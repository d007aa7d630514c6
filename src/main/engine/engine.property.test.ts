import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestBench } from './testing/test-engine';

/** Everything that can happen to a watch, from the outside. */
type Happening =
  | { kind: 'die'; exitCode: number | null }
  | { kind: 'stop' | 'start' | 'restart' | 'replace_engine' | 'fail_next_start' | 'fork' }
  | { kind: 'pass'; ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('die' as const), exitCode: fc.option(fc.constantFrom(0, 1, 137)) }),
  fc.record({
    kind: fc.constantFrom('stop', 'start', 'restart', 'replace_engine', 'fail_next_start', 'fork'),
  }) as fc.Arbitrary<Happening>,
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
);

async function happen(bench: TestBench, what: Happening): Promise<void> {
  const request = { watch: 'web', actor: 'cli' as const };
  const [process] = bench.status().processes;
  switch (what.kind) {
    case 'die':
      if (process !== undefined) {
        bench.world.exit(process.pid, { exitCode: what.exitCode, signal: what.exitCode === null ? 'SIGKILL' : null });
      }
      // The end of an adopted process is seen by the look between ticks.
      return bench.clock.advance(100);
    case 'fork':
      if (process !== undefined) bench.world.add({ ppid: process.pid, pgid: process.pid, session: process.pid });
      return;
    case 'fail_next_start':
      bench.world.failures.push({ reason: 'EAGAIN', message: 'no more processes' });
      return;
    case 'replace_engine':
      return bench.replaceEngine();
    case 'pass':
      return bench.clock.advance(what.ms);
    case 'stop':
      await bench.through(bench.engine.stopWatch(request), 15_000);
      return;
    case 'start':
    case 'restart': {
      const action = what.kind === 'start' ? bench.engine.startWatch(request) : bench.engine.restartWatch(request);
      await bench.through(action, 15_000).catch(() => undefined);
      return;
    }
  }
}

/** Living copies of the program itself. */
function copies(bench: TestBench): number {
  return [...bench.world.processes.values()].filter(({ name }) => name === 'server').length;
}

describe('whatever happens to a watch', () => {
  it('there is never a second copy, nobody else is signalled, and no restart comes early', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (story) => {
        const bench = await TestBench.started();
        const bystander = bench.world.add({ name: 'bystander' });
        await bench.add({ restart: 'always' });
        for (const what of story) {
          await happen(bench, what);
          expect(copies(bench)).toBeLessThanOrEqual(1);
          expect(bench.status().processes.length).toBe(copies(bench));
        }
        expect(bench.world.processes.has(bystander.pid)).toBe(true);
        expect(bench.world.signals.some(({ pid }) => pid <= 1 || pid === bench.world.enginePid)).toBe(false);
        expect(bench.errors).toEqual([]);

        // However it stands, an operator's stop ends it for good.
        await bench.through(bench.engine.stopWatch({ watch: 'web', actor: 'cli' }), 15_000);
        await bench.clock.advance(120_000);
        expect(copies(bench)).toBe(0);
        bench.engine.dispose('test');
        expect(bench.clock.pending).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('a program that dies at once is started by its budget only, hour after hour', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add();
    await bench.clock.advance(4 * 3_600_000);
    // The first start, and 5 restarts for each of the cooldowns of 2, 4, 8, 16, 32 min and then 1 h: 8 begin in 4 hours.
    expect(bench.told('cooldown_started').map(({ data }) => data.durationSeconds / 60)).toEqual([
      2, 4, 8, 16, 32, 60, 60, 60,
    ]);
    expect(bench.told('restarted')).toHaveLength(5 * 8);
    expect(bench.world.launches).toHaveLength(1 + 5 * 8);
  });

  it('the numbers of events rise by one and each story is closed by what ended it', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.world.exit(bench.pid());
    await bench.clock.advance(6 * 60_000);
    bench.world.exit(bench.pid());
    await bench.clock.advance(0);
    await bench.through(bench.engine.stopWatch({ watch: 'web', actor: 'cli' }));
    const { events } = bench.events;
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    const stories = new Set(events.map((event) => event.incident).filter((incident) => incident !== null));
    expect(stories.size).toBe(2);
    expect(bench.status().incident).toBeNull();
  });
});

describe('whatever the crashes', () => {
  it('no more restarts happen than the budget allows, and none is lost to a reset in the same moment', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('die' as const) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 70_000 }) }),
      fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -1e9, max: 1e9 }) }),
      fc.record({ kind: fc.constant('reset_and_die' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (story) => {
        const bench = await TestBench.started();
        await bench.add({ restart: 'always' });
        /** Restarts since the count was last zero, in monotonic ms. */
        let counted: number[] = [];
        let seen = 0;
        for (const what of story) {
          const [process] = bench.status().processes;
          if (what.kind === 'pass') await bench.clock.advance(what.ms);
          if (what.kind === 'jump') bench.clock.jumpWall(what.ms);
          if (what.kind === 'reset_and_die') {
            if (process !== undefined) bench.world.exit(process.pid);
            bench.engine.resetCooldown('web', 'cli');
            counted = [];
          }
          if (what.kind === 'die' && process !== undefined) bench.world.exit(process.pid);
          await bench.clock.advance(0);
          for (const event of bench.events.events.slice(seen)) {
            if (event.type === 'cooldown_ended' || event.type === 'cooldown_reset') counted = [];
            if (event.type === 'restarted') counted.push(bench.clock.monotonicMs());
          }
          seen = bench.events.events.length;
          expect(counted.length).toBeLessThanOrEqual(20);
          // A program is never simply forgotten: it runs, or it is known when it will.
          expect(['running', 'backoff', 'cooldown']).toContain(bench.status().phase);
        }
        const reported = bench.told('cooldown_started').every(({ data }) => data.restarts >= 5);
        expect(reported).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
