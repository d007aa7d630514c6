import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestBench } from '../testing/test-engine';

const MINUTE = 60_000;

/** What may happen to a machine and its engine. A free share of null: the disk is not mounted. */
const act = fc.oneof(
  fc.record({
    kind: fc.constant('disk' as const),
    folder: fc.constantFrom('/', '/var'),
    free: fc.option(fc.integer({ min: 0, max: 30 })),
  }),
  fc.record({ kind: fc.constant('deaf' as const) }),
  fc.record({ kind: fc.constant('clock' as const), isRight: fc.option(fc.boolean()) }),
  fc.record({ kind: fc.constant('limit' as const), percent: fc.constantFrom(null, 80, 95) }),
  fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('replace' as const) }),
);

describe('distress of the machine, whatever happens to it', () => {
  it('has one incident for each kind and disk, which begins once, ends once, and is shown in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        const bench = await TestBench.started();
        const disks = new Map<string, number>();
        const health = bench.machineHealth;
        for (const one of acts) {
          if (one.kind === 'disk' && one.free === null) disks.delete(one.folder);
          if (one.kind === 'disk' && one.free !== null) disks.set(one.folder, one.free);
          if (one.kind === 'disk') {
            const shown = [...disks].map(([folder, free]) => ({
              ...{ folder, freeBytes: free * 1e9, totalBytes: 100e9, freeInodes: null, totalInodes: null },
            }));
            health.reading = { ...health.reading, disks: shown };
          }
          if (one.kind === 'deaf') health.reading = { ...health.reading, disks: null };
          if (one.kind === 'clock') health.reading = { ...health.reading, isClockSynchronised: one.isRight };
          if (one.kind === 'limit') bench.engine.settings.set({ 'machine.diskPercent': one.percent }, 'cli');
          if (one.kind === 'pass') await bench.clock.advance(one.minutes * MINUTE);
          if (one.kind === 'replace') await bench.replaceEngine();
        }
        const open = new Map<string, number | null>();
        for (const event of bench.events.events) {
          if (event.type !== 'machine_distress' && event.type !== 'machine_relieved') continue;
          const key = `${event.data.kind} ${event.data.subject}`;
          const before = open.get(key);
          expect(event.incident).toBe(before ?? event.id);
          if (event.type === 'machine_distress') open.set(key, event.incident);
          else expect(open.delete(key)).toBe(true);
        }
        const shown = bench.engine.distress().map(({ kind, subject, incident }) => [`${kind} ${subject}`, incident]);
        expect(new Map(shown as [string, number][])).toEqual(open);
        expect(shown).toHaveLength(open.size);
        expect(bench.errors).toEqual([]);
        expect(bench.world.signals).toEqual([]);
        bench.engine.dispose('test');
        expect(bench.clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
