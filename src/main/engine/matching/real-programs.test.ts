import { describe, expect, it } from 'vitest';
import { targetSchema } from '../../../shared/model/watch';
import { createMatcher } from './matching';
import { FakeWorld } from '../testing/fake-world';
import { ManualClock } from '../testing/manual-clock';
import { REAL_PROGRAMS } from '../testing/real-programs';
import type { RealProgram } from '../testing/real-programs/real-program';
import { ProcessIndex } from '../processes/process-index';

async function goesBy(name: string, { comm, exe, argv }: RealProgram): Promise<boolean> {
  const clock = new ManualClock();
  const world = new FakeWorld(clock);
  const { pid } = world.add({ name: comm, argv, executable: exe });
  const target = targetSchema.parse({ kind: 'match', by: 'name', pattern: name });
  if (target.kind !== 'match') throw new Error('expected a match');
  const index = new ProcessIndex(await world.scan());
  const options = { wallMs: clock.wallMs(), settled: false, mayBe: () => true };
  return createMatcher(target, world)
    .find(index, options)
    .some(({ sample }) => sample.pid === pid);
}

describe('a match by name', () => {
  it('is tried on a hundred and fifty programs at least', () =>
    expect(REAL_PROGRAMS.length).toBeGreaterThanOrEqual(150));

  it.each(REAL_PROGRAMS.map((program) => [program.of, program] as const))('knows %s', async (_, program) => {
    const found: string[] = [];
    for (const name of [...program.is, ...program.isNot]) if (await goesBy(name, program)) found.push(name);
    expect(found).toEqual([...program.is]);
  });
});
