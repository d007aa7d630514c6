import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeEngine } from '../main/api/testing/fake-engine';
import { Refusal } from '../main/engine/refusal';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
let engine: FakeEngine;

beforeEach(async () => {
  bench = new CliBench();
  ({ engine } = await bench.startEngine());
  for (const [name, ...groups] of [['web', 'Shop', 'nightly'], ['db', 'shop'], ['loner']]) {
    await run('add', name ?? '', ...groups.flatMap((group) => ['--group', group]), '--', 'node', 'x');
  }
  engine.calls.length = 0;
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);
const json = async (...argv: string[]): Promise<unknown> => JSON.parse((await run(...argv, '--json')).out);
/** Which calls reached the engine, each with the watch that it was about. */
const asked = (): unknown[] => engine.calls.map(({ call, request }) => [call, (request as { watch: string }).watch]);

describe('groups', () => {
  it('are listed with their state and their watches', async () => {
    await run('stop', 'db');
    expect((await run('groups')).out.split('\n')).toEqual([
      'GROUP    STATE                       WATCHES',
      'nightly  1 of 1 running              web',
      'Shop     1 of 2 running, db stopped  web, db',
      '',
    ]);
    expect(await json('groups')).toEqual([
      { name: 'nightly', phase: 'running', counts: { running: 1 }, text: '1 of 1 running', watches: ['web'] },
      {
        ...{ name: 'Shop', phase: 'running', counts: { stopped: 1, running: 1 } },
        ...{ text: '1 of 2 running, db stopped', watches: ['web', 'db'] },
      },
    ]);
  });

  it('are none where no watch is in one', async () => {
    await run('rm', 'web', 'db');
    expect((await run('groups')).out).toContain('healdeck edit NAME --group GROUP');
    expect(await json('groups')).toEqual([]);
    expect((await run('status')).out).not.toContain('GROUPS');
  });

  it('are joined and left one by one', async () => {
    const groupsOfWeb = () => engine.watches.list().find(({ watch }) => watch.name === 'web')?.watch.groups;
    await run('edit', 'web', '--group', 'SHOP', '--group', 'eu', '--unset-group', 'Nightly');
    expect(groupsOfWeb()).toEqual(['Shop', 'eu']);
    expect(await run('edit', 'web', '--unset-group', 'nightly')).toMatchObject({
      ...{ exitCode: 2, err: 'healdeck: the watch is not in the group "nightly"; its groups: Shop, eu\n' },
    });
    expect(await run('edit', 'web', '--group', 'a/b')).toMatchObject({
      ...{ exitCode: 2, err: expect.stringContaining('groups.2: expected 1 to 64 letters') as string },
    });
    expect(groupsOfWeb()).toEqual(['Shop', 'eu']);
  });

  it('choose the watches that are shown', async () => {
    const { watches } = (await json('status', '--group', 'shop')) as { watches: { watch: { name: string } }[] };
    expect(watches.map(({ watch }) => watch.name)).toEqual(['web', 'db']);
    const { out } = await run('status', '--group', 'nightly');
    expect(out).toMatch(/ GROUPS +RESTARTS\nweb .* Shop, nightly +calm\n/);
  });
});

describe('an act on a group', () => {
  it.each(['start', 'stop'])('%s reaches each of its watches, and says what came of it', async (action) => {
    const { exitCode, out } = await run(action, '--group', 'SHOP');
    expect(out).toMatch(/^web: .*\ndb: .*\n$/);
    expect(exitCode).toBe(0);
    expect(asked()).toEqual([
      [action, 'web'],
      [action, 'db'],
    ]);
  });

  it('that fails is reported of each by its name', async () => {
    // The fake engine restarts nothing.
    const reason = 'pid 1 is protected: it is the init process';
    expect(await run('restart', '--group', 'shop')).toEqual({
      ...{ exitCode: 1, out: '', err: `healdeck: 2 of 2 failed: web: ${reason}; db: ${reason}\n` },
    });
    expect(asked()).toEqual([
      ['restart', 'web'],
      ['restart', 'db'],
    ]);
  });

  it('reaches a watch once that is named, too, or is in two of the groups', async () => {
    await run('stop', 'loner', 'db', '--group', 'shop', '--group', 'nightly');
    expect(asked()).toEqual(['loner', 'db', 'web'].map((name) => ['stop', name]));
  });

  it('is a list as JSON, of one watch as well', async () => {
    expect(await json('stop', '--group', 'nightly')).toMatchObject([{ watch: { name: 'web' }, phase: 'stopped' }]);
    expect(await json('stop', '--group', 'shop', '--dry-run')).toEqual([
      { ends: [], refused: [] },
      { ends: [], refused: [] },
    ]);
  });

  it('that fails for one is reported with its name, and done for the others', async () => {
    const { stop } = engine.watches;
    engine.watches.stop = (request) =>
      request.watch === 'web' ? Promise.reject(new Refusal('conflict', 'The disk is full')) : stop(request);
    expect(await run('stop', '--group', 'shop')).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/^db: stopped: /) as string,
      err: 'healdeck: 1 of 2 failed: web: the disk is full\n',
    });
    expect(asked()).toEqual([['stop', 'db']]);
  });

  it('observes them, and acts on them again', async () => {
    expect((await run('observe', '--group', 'shop', 'on')).out).toMatch(
      /^web: .*observed only\ndb: .*observed only\n$/,
    );
    expect((await run('observe', '--group', 'shop', 'off')).out).not.toContain('observed');
    expect((await run('observe', 'on')).err).toBe('healdeck: expected the name of a watch before on\n');
  });

  it('snoozes the alerts of each', async () => {
    const { out, exitCode } = await run('snooze', '--group', 'shop', '1h');
    expect(out).toMatch(/^web: snoozed for another .*\ndb: snoozed for another .*\n$/);
    expect(exitCode).toBe(0);
    expect(await json('snooze', '--group', 'nightly', '1h')).toMatchObject([{ kind: 'snoozed' }]);
    expect(await run('snooze', 'web', '--group', 'shop', '1h')).toMatchObject({ exitCode: 2 });
    expect(await run('snooze', '--all', '--group', 'shop', '1h')).toMatchObject({ exitCode: 2 });
  });

  it.each([
    ['stop --group shp', 1, 'no group is called "shp"; did you mean: Shop? groups: nightly, Shop'],
    ['status --group billing', 1, 'no group is called "billing"; groups: nightly, Shop'],
    ['snooze --group shp 1h', 1, 'no group is called "shp"; did you mean: Shop? groups: nightly, Shop'],
    ['stop', 2, 'expected the name of a watch, or --group NAME'],
  ])('"%s" is refused with what there is, and nothing is done', async (line, exitCode, problem) => {
    expect(await run(...line.split(' '))).toEqual({ exitCode, out: '', err: `healdeck: ${problem}\n` });
    expect(engine.calls).toEqual([]);
  });
});
