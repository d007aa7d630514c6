import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestBench } from './testing/test-engine';
import { happening, WholeStory, type Happening } from './testing/whole-story';

/** Enough to see a fault come back; to look for new ones, thousands are tried by hand. */
const RUNS = Number(process.env['HEALDECK_PROPERTY_RUNS'] ?? 12);

/** A daemon that has written its title over its environment puts itself into the background. */
const HEIR_BY_TITLE: Happening[] = [
  { kind: 'title', of: 0 },
  { kind: 'fork', of: 0, execs: false, leaves: true, orphaned: true, drops: true },
  { kind: 'die', of: 0, exitCode: 0, reused: false, noticed: true },
];

describe.each(['command', 'name', 'pidfile', 'slow pidfile'] as const)('whatever happens to a watch by %s', (kind) => {
  it(
    'there is never a second copy, nothing foreign is signalled, and each death of it is reported once',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
          const story = await WholeStory.begin(kind);
          for (const what of happenings) await story.happen(what);
          await story.end();
        }),
        { numRuns: RUNS, examples: [[HEIR_BY_TITLE]] },
      );
    },
    Math.max(30_000, RUNS * 1000),
  );
});

describe('whatever the time', () => {
  it('a program that dies at once is started by its budget only, hour after hour', async () => {
    const bench = await TestBench.started();
    bench.world.onLaunch = (process) => void Promise.resolve().then(() => bench.world.exit(process.pid));
    await bench.add();
    await bench.clock.advance(4 * 3_600_000);
    // The first start, and 5 restarts for each of the cooldowns of 2, 4, 8, 16, 32 min and then 1 h: 8 begin in 4 hours.
    expect(bench.reported('cooldown_started').map(({ data }) => data.durationMs / 60_000)).toEqual([
      2, 4, 8, 16, 32, 60, 60, 60,
    ]);
    expect(bench.reported('restarted')).toHaveLength(5 * 8);
    expect(bench.world.launches).toHaveLength(1 + 5 * 8);
  });

  it('the numbers of events rise by one and each story is closed by what ended it', async () => {
    const bench = await TestBench.started();
    await bench.add();
    bench.world.exit(bench.pid());
    await bench.clock.advance(6 * 60_000);
    bench.world.exit(bench.pid());
    await bench.clock.advance(0);
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }));
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
            bench.engine.watches.resetCooldown('web', 'cli');
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
        const reported = bench.reported('cooldown_started').every(({ data }) => data.restarts >= 5);
        expect(reported).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
