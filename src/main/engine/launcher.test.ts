import { describe, expect, it } from 'vitest';
import { Launcher, startCommandFailure } from './launcher';
import { FakeWorld } from './testing/fake-world';
import { ManualClock } from './testing/manual-clock';
import { commandSpec } from './testing/test-engine';

const watch = { ...commandSpec(), id: 'w', revision: 1 };
const listener = {
  recorded: () => Promise.resolve(true),
  launched: () => undefined,
  failed: () => undefined,
  exited: () => undefined,
};

/** Starts of the watch on a machine in memory; `cwd` tells which command a start was made of. */
function bench() {
  const world = new FakeWorld(new ManualClock());
  const launcher = new Launcher({ spawner: world, table: world });
  const start = async (cwd: string, revision = 1) => {
    await launcher.start({ ...watch, revision }, { argv: ['server'], cwd, env: {}, user: null }, listener);
    return world.launches.at(-1)?.cwd;
  };
  return { world, launcher, start };
}

describe('a start', () => {
  it('repeats the last one until the watch is edited or the operator asks for another', async () => {
    const { launcher, start } = bench();
    expect(await start('/a')).toBe('/a');
    expect(await start('/b')).toBe('/a');
    expect(await start('/c', 2)).toBe('/c');
    launcher.startOver();
    expect(await start('/d', 2)).toBe('/d');
  });

  it('is made anew after one that failed', async () => {
    const { world, start } = bench();
    await start('/a');
    world.failures = [{ reason: 'ENOENT', message: 'no such program' }];
    expect(await start('/b')).toBe('/a');
    expect(await start('/c')).toBe('/c');
  });

  it('of what an earlier engine has started has the environment of the living process', async () => {
    const { world, launcher, start } = bench();
    launcher.adopt(world.add({ env: { KEY: 'as it was' } }), watch);
    await start('/b');
    expect(world.launches.at(-1)?.env).toEqual({ KEY: 'as it was' });
  });
});

describe('a start command that ends', () => {
  it('has failed unless it ended cleanly', () => {
    expect(startCommandFailure({ exitCode: 0, signal: null })).toBeNull();
    expect(startCommandFailure({ exitCode: 2, signal: null })?.message).toMatch(/exit code 2/);
    expect(startCommandFailure({ exitCode: null, signal: 'SIGSEGV' })?.message).toMatch(/SIGSEGV/);
  });
});
