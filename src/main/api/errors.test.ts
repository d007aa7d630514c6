import { call, ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../engine/refusal';
import { createRouter } from './router';
import { ManualClock } from '../engine/testing/manual-clock';
import { FakeAlerts, FakeSecrets } from './testing/fake-alerts';
import { FAKE_DRILL } from './testing/fake-drill';
import { FakeEngine } from './testing/fake-engine';
import { historyOf } from './testing/fake-history';

function setUp() {
  const engine = new FakeEngine();
  const reported: [string, unknown][] = [];
  const router = createRouter({
    engine,
    history: historyOf(engine),
    output: engine.output,
    alerts: new FakeAlerts(),
    secrets: new FakeSecrets(),
    drill: FAKE_DRILL,
    dashboard: () => null,
    proveDisk: () => Promise.resolve(),
    clock: new ManualClock(),
    report: (where, error) => reported.push([where, error]),
  });
  return { engine, router, reported };
}

const context = { context: { actor: 'cli' as const } };

async function errorOf(result: Promise<unknown>): Promise<ORPCError<string, unknown>> {
  const error: unknown = await result.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof ORPCError) return error as ORPCError<string, unknown>;
  throw error;
}

describe('errors of the API', () => {
  it.each([
    ['invalid', 'BAD_REQUEST'],
    ['not_found', 'NOT_FOUND'],
    ['conflict', 'CONFLICT'],
    ['protected', 'FORBIDDEN'],
  ] as const)('a refusal that is %s reaches the client as %s with its message', async (refused, code) => {
    const { engine, router, reported } = setUp();
    engine.watches.list = () => {
      throw new Refusal(refused, 'expected something else');
    };
    expect(await errorOf(call(router.watches.list, undefined, context))).toMatchObject({
      ...{ code, message: 'expected something else' },
    });
    expect(reported).toEqual([]);
  });

  it('a refusal of one part of a watch says which', async () => {
    const { engine, router } = setUp();
    engine.watches.list = () => {
      throw new Refusal('invalid', 'there is no such directory', ['target', 'command', 'cwd']);
    };
    const { data } = await errorOf(call(router.watches.list, undefined, context));
    expect(data).toEqual({ issues: [{ path: ['target', 'command', 'cwd'], message: 'there is no such directory' }] });
  });

  it('rejected input says where and what was expected', async () => {
    const { router } = setUp();
    const target = { kind: 'command' as const, command: { argv: [], cwd: '/' } };
    const error = await errorOf(call(router.watches.add, { spec: { name: '', target } }, context));
    expect(error.code).toBe('BAD_REQUEST');
    expect(error.message).toContain('spec.name: expected 1 to 64 letters');
    expect(error.message).toContain('spec.target.command.argv: expected a program to run');
  });

  it('an unexpected error is reported, and the client learns nothing of its text', async () => {
    const { engine, router, reported } = setUp();
    const bug = new TypeError('secret path /home/ada');
    engine.settings.shown = () => {
      throw bug;
    };
    const error = await errorOf(call(router.settings.get, undefined, { ...context, path: ['settings', 'get'] }));
    expect(error.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(error.toJSON())).not.toContain('secret');
    expect(reported).toEqual([['settings.get', bug]]);
  });

  it('a stream that breaks is reported and ends with an error without internals', async () => {
    const { engine, router, reported } = setUp();
    engine.snapshot = () => {
      throw new TypeError('secret');
    };
    const stream = await call(router.live, undefined, context);
    expect((await errorOf(stream.next())).code).toBe('INTERNAL_SERVER_ERROR');
    expect(reported).toHaveLength(1);
    expect(engine.listeners.size).toBe(0);
  });

  it('samples of a watch that is not there, and a dashboard that is not there, are not found', async () => {
    const { router } = setUp();
    const samples = call(router.history.samples, { watch: 'nobody', sinceAt: 0 }, context);
    expect(await errorOf(samples)).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('No watch is called "nobody"; expected'),
    });
    expect((await errorOf(call(router.engine.dashboardUrl, undefined, context))).code).toBe('NOT_FOUND');
  });
});
