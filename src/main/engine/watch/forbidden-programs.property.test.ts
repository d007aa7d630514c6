import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandSpec, TestBench } from '../testing/test-engine';

const RUNS = Number(process.env['HEALDECK_PROPERTY_RUNS'] ?? 30);

const of = fc.nat({ max: 7 });
const happening = fc.oneof(
  fc.record({ kind: fc.constant('miner'), stubborn: fc.boolean(), of }),
  fc.record({ kind: fc.constant('fork'), name: fc.constantFrom('worker', 'miner'), of }),
  fc.record({ kind: fc.constant('bystander'), name: fc.constantFrom('server', 'vim', 'bash'), of }),
  fc.record({ kind: fc.constant('exit'), of }),
  fc.record({ kind: fc.constantFrom('stop', 'start', 'observe', 'act', 'reset', 'replace_engine') }),
  fc.record({ kind: fc.constant('pass'), ms: fc.integer({ min: 0, max: 90_000 }) }),
);

describe('whatever happens around a program that must not run', () => {
  it(
    'only it and what it has started is signalled, within the budget, and nothing of it runs in the end',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
          const bench = await TestBench.started();
          const { watches } = bench.engine;
          const target = { kind: 'forbidden', by: 'name', pattern: 'miner' } as const;
          await watches.add(commandSpec({ name: 'no-miner', target }), 'cli');
          /** Pids that may be signalled: of it, and of what it has started. */
          const its = new Set<number>();
          const living = () =>
            [...bench.world.processes.values()].filter(({ pid }) => pid > 1 && pid !== bench.world.enginePid);
          const request = { watch: 'no-miner', actor: 'cli' } as const;
          for (const what of happenings) {
            const now = living();
            const one = 'of' in what ? (now[what.of % Math.max(1, now.length)] ?? null) : null;
            if (what.kind === 'miner' && 'stubborn' in what) {
              const miner = bench.world.add({ name: 'miner', ...(one === null ? {} : { ppid: one.pid }) });
              if (what.stubborn) miner.ignores.add('SIGTERM');
              its.add(miner.pid);
            }
            if (what.kind === 'fork' && 'name' in what && one !== null) {
              const child = bench.world.add({ name: what.name, ppid: one.pid });
              if (what.name === 'miner' || its.has(one.pid)) its.add(child.pid);
            }
            if (what.kind === 'bystander' && 'name' in what)
              bench.world.add({ name: what.name, argv: [what.name, '-c', 'miner'] });
            if (what.kind === 'exit' && one !== null) bench.world.exit(one.pid);
            if (what.kind === 'stop') await bench.engine.watches.stop(request);
            if (what.kind === 'start') await bench.engine.watches.start(request);
            if (what.kind === 'observe') bench.engine.watches.observe('no-miner', true, 'cli');
            if (what.kind === 'act') bench.engine.watches.observe('no-miner', false, 'cli');
            if (what.kind === 'reset') bench.engine.watches.resetCooldown('no-miner', 'cli');
            if (what.kind === 'replace_engine') await bench.replaceEngine();
            await bench.clock.advance('ms' in what ? what.ms : 0);
          }
          bench.engine.watches.observe('no-miner', false, 'cli');
          await bench.engine.watches.start(request);
          bench.engine.watches.resetCooldown('no-miner', 'cli');
          await bench.clock.advance(60_000);
          expect(living().filter(({ name }) => name === 'miner')).toEqual([]);
          expect(bench.status('no-miner').phase).toBe('absent');
          await bench.clock.advance(320_000);
          expect(bench.status('no-miner').incident).toBeNull();
          for (const { pid } of bench.world.signals) expect(its).toContain(pid);
          expect(bench.errors).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    Math.max(30_000, RUNS * 1000),
  );
});
