import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeStatus, type FakeEngine } from '../main/api/testing/fake-engine';
import { memberOf } from '../shared/lib/instances';
import { CliBench } from './testing/cli-bench';
import { watchSpecSchema, type Watch } from '../shared/model/watch';

let bench: CliBench;
let engine: FakeEngine;

beforeEach(async () => {
  bench = new CliBench();
  ({ engine } = await bench.startEngine());
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);
/** Which calls reached the engine, each with the watch that it was about. */
const asked = (): unknown[] => engine.calls.map(({ call, request }) => [call, (request as { watch: string }).watch]);
const specOf = (call: string): unknown =>
  engine.calls.findLast((one) => one.call === call)?.request as { spec: unknown } | undefined;

/** `web` with two of 2..4 instances, and `db` after it. */
function addWeb(): void {
  const target = { kind: 'command', command: { argv: ['node', '{instance}'], cwd: '/srv' } };
  const spec = watchSpecSchema.parse({ name: 'web', target, instances: { min: 2, max: 4, count: 2 } });
  const kept: Watch = { ...spec, id: '00000000-0000-4000-8000-000000000001', revision: 7 };
  engine.list = [1, 2].map((number) => {
    const watch = memberOf(kept, number);
    return { ...fakeStatus(spec, number), watch, instance: { number, of: kept } };
  });
  engine.list = [...engine.list, fakeStatus({ ...spec, name: 'db', instances: undefined }, 9)];
}

describe('instances', () => {
  it('are asked for by their number, or the fewest and the most', async () => {
    await run('add', 'web', '--instances', '2..4', '--probe-tcp', '{5400+instance}', '--', 'node', '{instance}');
    expect(specOf('add')).toMatchObject({
      spec: {
        instances: { min: 2, max: 4, count: 2 },
        probes: [{ check: { kind: 'tcp', port: 5400, plusInstance: true } }],
      },
    });
    expect(await run('add', 'api', '--instances', '1000', '--', 'node')).toMatchObject({
      ...{ exitCode: 2, err: expect.stringContaining('expected at most 64 instances, got 1000.') as string },
    });
    expect(engine.calls).toHaveLength(1);
  });

  it('are all meant by the name of their watch, and one by its own', async () => {
    addWeb();
    await run('stop', 'web');
    await run('start', 'web#2', 'db');
    expect(asked()).toEqual([
      ['stop', 'web#1'],
      ['stop', 'web#2'],
      ['start', 'web#2'],
      ['start', 'db'],
    ]);
  });

  it('are observed as one', async () => {
    addWeb();
    await run('observe', 'web', 'on');
    expect(asked()).toEqual([['observe', 'web']]);
  });

  it('are edited as one, with as many as run', async () => {
    addWeb();
    await run('edit', 'web', '--instances', '1..3');
    expect(specOf('edit')).toMatchObject({
      ...{ revision: 7, spec: { name: 'web', instances: { min: 1, max: 3, count: 2 } } },
      spec: { target: { command: { argv: ['node', '{instance}'] } } },
    });
    await run('edit', 'web', '--instances', '1');
    expect(specOf('edit')).toMatchObject({ spec: { instances: { min: 1, max: 1, count: 1 } } });
    await run('edit', 'web', '--no-instances');
    expect((specOf('edit') as { spec: object }).spec).not.toHaveProperty('instances');
    expect(await run('edit', 'web#2', '--restart', 'never')).toMatchObject({
      ...{ exitCode: 1, err: 'healdeck: web#2 is an instance of web; expected web\n' },
    });
  });

  it('are scaled to a number, or up and down', async () => {
    addWeb();
    for (const number of ['3', '+1', '-1']) await run('scale', 'web', number);
    expect(engine.calls.map(({ request }) => (request as { change: unknown }).change)).toEqual([
      { to: 3 },
      { by: 1 },
      { by: -1 },
    ]);
    expect((await run('scale', 'web', 'x')).err).toContain(
      'expected a number of instances, as in 3, +1 or -1, got "x"',
    );
  });

  it('are listed with how they are together', async () => {
    addWeb();
    const { out } = await run('status', 'web');
    expect(out).toMatch(/^web#1 .*\n +started\nweb#2 .*\n +started\nweb: 2 of 2\.\.4 instances; 2 of 2 running\n$/m);
    expect(out).not.toContain('db');
    expect((JSON.parse((await run('status', 'web', '--json')).out) as unknown[]).length).toBe(2);
    expect((await run('status')).out).toContain('web: 2 of 2..4 instances; 2 of 2 running\n');
  });

  it('are restarted one after the other, and a stop on the way is a failure', async () => {
    addWeb();
    expect(await run('restart', 'web', '--rolling', '--keep', '1')).toMatchObject({
      ...{ exitCode: 0, out: 'web: all 1 instances were restarted\n' },
    });
    expect(engine.calls.at(-1)).toMatchObject({ call: 'rollingRestart', request: { watch: 'web', keep: 1 } });
    engine.rolled = { restarted: ['web#1'], left: ['web#2'], problem: 'web#2 did not become ready: failed' };
    expect(await run('restart', 'web', '--rolling')).toMatchObject({
      exitCode: 1,
      out: 'web: stopped, web#2 did not become ready: failed; restarted: web#1; as before: web#2\n',
    });
    expect((await run('restart', 'web', '--keep', '1')).err).toContain('--keep belongs to --rolling');
  });

  it('have to be named where one is meant', async () => {
    addWeb();
    expect((await run('history', 'web')).err).toContain(
      'web is kept as 2 instances; expected one of them: web#1, web#2',
    );
  });

  it('show their output together', async () => {
    addWeb();
    engine.output.write('web#2', 'out', 'served\n');
    expect((await run('logs', 'web')).out).toBe('web#2 | served\n');
  });
});
