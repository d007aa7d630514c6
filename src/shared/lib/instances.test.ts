import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_INSTANCES } from '../model/instances';
import { watchSchema, type Watch } from '../model/watch';
import { baseNameOf, forInstance, furtherInstanceIds, instanceIdOf, instanceNumberOf, membersOf } from './instances';
import { parseInstances } from './text/instances-text';

const ID = '6f1c2a44-0b1e-4f43-9d7b-3a52a5a4f6f1';

function watch(change: Partial<Watch> = {}): Watch {
  const command = {
    argv: ['server', '--port', '{8000+instance}'],
    cwd: '/srv/web-{instance}',
    env: { PORT: '{8000+instance}', WORKER: 'w{instance}' },
  };
  return {
    ...watchSchema.parse({
      ...{ name: 'web', id: ID, revision: 3, target: { kind: 'command', command } },
      probes: [
        { name: 'health', check: { kind: 'http', url: 'http://127.0.0.1:{8000+instance}/ready?of={instance}' } },
        { name: 'port', check: { kind: 'tcp', port: 9000, plusInstance: true } },
      ],
      instances: { min: 2, max: 4, count: 2 },
    }),
    ...change,
  };
}

describe('a watch with instances', () => {
  it('is several watches, each with its number in its name, its command and its probes', () => {
    const members = membersOf(watch());
    expect(members.map(({ name }) => name)).toEqual(['web#1', 'web#2']);
    expect(members[1]).toMatchObject({
      target: {
        command: {
          argv: ['server', '--port', '8002'],
          cwd: '/srv/web-2',
          env: { PORT: '8002', WORKER: 'w2' },
        },
      },
      probes: [
        { check: { url: 'http://127.0.0.1:8002/ready?of=2' } },
        { check: { kind: 'tcp', port: 9002, host: '127.0.0.1' } },
      ],
    });
    expect(members[1]?.probes[1]?.check).not.toHaveProperty('plusInstance');
  });

  it('is itself where it has none, whatever braces it has', () => {
    const { instances: _, ...once } = watch();
    expect(membersOf(once)).toEqual([once]);
  });

  it('has an id for each that never changes, is a UUID, and is its own for the first', () => {
    const ids = [ID, ...furtherInstanceIds(ID).map(({ id }) => id)];
    expect(instanceIdOf(ID, 1)).toBe(ID);
    expect(instanceIdOf(ID, 2)).toBe('ce0e5de8-892e-8f0f-a8fb-8229daa0d365');
    expect(new Set(ids).size).toBe(MAX_INSTANCES);
    for (const id of ids) expect(watchSchema.shape.id.safeParse(id).success).toBe(true);
  });

  it('keeps the ids and the commands of those that stay, to whatever number it is scaled', () => {
    const count = fc.integer({ min: 1, max: MAX_INSTANCES });
    fc.assert(
      fc.property(count, count, (one, other) => {
        const scaled = (n: number) => membersOf(watch({ instances: { min: 1, max: MAX_INSTANCES, count: n } }));
        const [before, after] = [scaled(one), scaled(other)];
        const both = Math.min(one, other);
        expect(after.slice(0, both).map(({ id, target }) => [id, target])).toEqual(
          before.slice(0, both).map(({ id, target }) => [id, target]),
        );
        expect(new Set(after.map(({ id }) => id)).size).toBe(other);
        expect(after.map(({ name }) => [baseNameOf(name), instanceNumberOf(name)])).toEqual(
          after.map((_, at) => ['web', at + 1]),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('a text with {instance}', () => {
  it.each([
    ['{instance}', '7'],
    ['--port={8000+instance}', '--port=8007'],
    ['a{instance}b{instance}', 'a7b7'],
    ['{Instance} {instance+1} ${instance}x {}', '{Instance} {instance+1} $7x {}'],
  ])('%s is %s for the seventh', (text, expected) => {
    expect(forInstance(text, 7)).toBe(expected);
  });
});

describe('a number of instances', () => {
  it.each([
    ['3', 3, 3],
    ['2..4', 2, 4],
    [' 1 .. 64 ', 1, 64],
  ])('may be %s', (text, min, max) => {
    expect(parseInstances(text)).toEqual({ ok: true, min, max });
  });

  it.each([
    ['1000', 'expected at most 64 instances, got 1000'],
    ['2..1000', 'expected at most 64 instances, got 1000'],
    ['0', 'expected at least 1 instance, got 0; to run none, stop the watch'],
    ['4..2', 'expected the fewest first, as in 2..4, got 4..2'],
    ['many', 'expected a number of instances, or the fewest and the most, as in 3 or 2..4; at most 64; got "many"'],
  ])('may not be %s', (text, error) => {
    expect(parseInstances(text)).toEqual({ ok: false, error });
  });
});
