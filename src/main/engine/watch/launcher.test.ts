import { describe, expect, it } from 'vitest';
import type { Command } from '../../../shared/model/watch';
import { Launcher, startCommandFailure } from './launcher';
import { WATCH_MARK } from '../ports';
import { FakeMarks, FakeOutputFiles } from '../testing/fake-stores';
import { FakeServiceNotices } from '../testing/fake-service-notices';
import { FakeWorld } from '../testing/fake-world';
import { ManualClock } from '../testing/manual-clock';
import { commandSpec } from '../testing/test-engine';

const watch = { ...commandSpec(), id: 'w', revision: 1 };
const listener = {
  recorded: () => Promise.resolve(true),
  launched: () => undefined,
  failed: () => undefined,
  exited: () => undefined,
};

const command = { argv: ['server'], cwd: '/a', env: { KEY: '1', OTHER: '2' }, user: null };

/** Starts of the watch on a machine in memory; a start tells what it was made of. */
function bench(world: FakeWorld = new FakeWorld(new ManualClock())) {
  const launcher = new Launcher({
    spawner: world,
    marks: new FakeMarks(),
    launchTraces: world.traces,
    output: new FakeOutputFiles(),
    serviceNotices: new FakeServiceNotices(),
  });
  const start = async (changes: Partial<Command> = {}, revision = 1) => {
    await launcher.start({ ...watch, revision }, { ...command, ...changes }, listener);
    const launch = world.launches.at(-1);
    if (launch === undefined) throw new Error('nothing was started');
    return launch;
  };
  return { world, launcher, start };
}

describe('a start', () => {
  it('repeats the last one until the command is edited or the operator asks for another', async () => {
    const { world, launcher, start } = bench();
    world.engineEnv = { OF_ENGINE: 'old' };
    const first = await start();
    expect(first.env).toEqual({ ...command.env, OF_ENGINE: 'old' });
    world.engineEnv = { OF_ENGINE: 'new' };
    expect(await start()).toEqual(first);
    // An edit of something else, a limit say, changes nothing of what runs.
    expect(await start({}, 2)).toEqual(first);
    expect(await start({ cwd: '/b' }, 3)).toMatchObject({ cwd: '/b', env: { OF_ENGINE: 'new' } });
    world.engineEnv = {};
    launcher.startOver();
    expect((await start({ cwd: '/b' }, 3)).env).toEqual(command.env);
  });

  it('is made anew after one that failed', async () => {
    const { world, start } = bench();
    await start();
    world.failures = [{ reason: 'ENOENT', message: 'no such program' }];
    await start();
    world.engineEnv = { OF_ENGINE: 'new' };
    expect((await start()).env).toMatchObject({ OF_ENGINE: 'new' });
  });

  it('of what an earlier engine has started is all as it was, or all as it is configured now', async () => {
    const earlier = bench();
    earlier.world.engineEnv = { OF_ENGINE: 'old' };
    const first = await earlier.start();
    const { record } = earlier.launcher;
    earlier.world.engineEnv = { OF_ENGINE: 'new' };

    const repeats = bench(earlier.world);
    repeats.launcher.inherit(record, null, null);
    // The order of variables is none: an editor may have sorted them.
    expect(await repeats.start({ env: { OTHER: '2', KEY: '1' } })).toEqual(first);

    // Edited by hand while no engine was running: the revision is the same.
    const edited = bench(earlier.world);
    edited.launcher.inherit(record, null, null);
    const changes = { argv: ['server', '--v2'], env: { KEY: 'new' } };
    expect(await edited.start(changes)).toEqual({
      ...{ ...command, ...changes },
      env: { KEY: 'new', OF_ENGINE: 'new' },
    });

    const unrecorded = bench(earlier.world);
    unrecorded.launcher.inherit(null, null, null);
    expect((await unrecorded.start()).env).toEqual({ ...command.env, OF_ENGINE: 'new' });
  });

  it('is on record with the user and the mark of its process', async () => {
    const { world, launcher, start } = bench();
    await start({ user: 'nobody' });
    const mark = [...world.processes.values()].at(-1)?.env[WATCH_MARK];
    expect(mark).toBeDefined();
    expect(launcher.record).toMatchObject({ command: { ...command, user: 'nobody' }, revision: 1, uid: 65534, mark });
  });
});

describe('a start command that ends', () => {
  it('has failed unless it ended cleanly', () => {
    expect(startCommandFailure({ exitCode: 0, signal: null })).toBeNull();
    expect(startCommandFailure({ exitCode: 2, signal: null })?.message).toMatch(/exit code 2/);
    expect(startCommandFailure({ exitCode: null, signal: 'SIGSEGV' })?.message).toMatch(/SIGSEGV/);
  });
});
