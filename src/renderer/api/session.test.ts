import { createRouterClient } from '@orpc/server';
import { describe, expect, it, vi } from 'vitest';
import { createAppStore } from '../store/store';
import { createFakeEngine } from '../testing/fake-engine';
import { reconnectDelayMs } from './backoff';
import { SignedOutError, type Connect } from './client';
import { NotConnectedError, startSession } from './session';

/** A window and an engine, joined by a link that the test can break. Waiting takes no time, and is written down. */
function joined(options: { connect?: (attempt: number) => void } = {}) {
  const ticks = new Set<() => void>();
  const engine = createFakeEngine({
    scenario: 'busy',
    processes: 5,
    now: () => 1_000_000,
    nextTick: () => new Promise((resolve) => ticks.add(resolve)),
  });
  const store = createAppStore();
  const waits: number[] = [];
  let attempts = 0;
  let breakLink = () => {};
  const connect: Connect = async () => {
    attempts += 1;
    options.connect?.(attempts);
    const closed = new Promise<void>((resolve) => (breakLink = resolve));
    return { client: createRouterClient(engine.router), closed, close: () => undefined };
  };
  const session = startSession({
    connect,
    store,
    wallMs: () => 5,
    random: () => 0.5,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  const tick = () => {
    engine.tick();
    for (const resolve of ticks) resolve();
    ticks.clear();
  };
  return { engine, store, session, waits, tick, breakLink: () => breakLink(), attempts: () => attempts };
}

const connection = (world: ReturnType<typeof joined>) => world.store.getState().connection.kind;

describe('a session', () => {
  it('shows the engine, and what changes in it', async () => {
    const world = joined();
    await vi.waitFor(() => expect(connection(world)).toBe('live'));
    expect(world.store.getState().live.watches.size).toBe(16);
    world.engine.kill('web');
    await vi.waitFor(() => {
      const web = [...world.store.getState().live.watches.values()].find(({ watch }) => watch.name === 'web');
      expect(web?.phase).toBe('backoff');
    });
    expect(world.store.getState().live.events.at(-1)?.message).toBe('web crashed');
    world.session.dispose();
  });

  it('connects again when the link breaks, and has the whole state again', async () => {
    const world = joined();
    await vi.waitFor(() => expect(connection(world)).toBe('live'));
    const id = [...world.store.getState().live.watches.keys()][0] ?? '';
    const kinds: string[] = [];
    world.store.subscribe((state) => kinds.push(state.connection.kind));
    world.breakLink();
    await vi.waitFor(() => expect(world.attempts()).toBe(2));
    await vi.waitFor(() => expect(connection(world)).toBe('live'));
    expect(kinds).toContain('lost');
    await world.session.ask((client) => client.watches.remove({ watch: id }));
    await vi.waitFor(() => expect(world.store.getState().live.watches.has(id)).toBe(false));
    world.session.dispose();
  });

  it('waits longer from attempt to attempt', async () => {
    const world = joined({
      connect: (attempt) => {
        if (attempt < 4) throw new Error('refused');
      },
    });
    await vi.waitFor(() => expect(connection(world)).toBe('live'));
    expect(world.waits).toEqual([250, 500, 1000]);
    world.session.dispose();
  });

  it('gives up when the session of the browser is over', async () => {
    const world = joined({
      connect: () => {
        throw new SignedOutError('over');
      },
    });
    await vi.waitFor(() => expect(connection(world)).toBe('signed_out'));
    await expect(world.session.ask((client) => client.watches.list())).rejects.toThrow(NotConnectedError);
    expect(world.attempts()).toBe(1);
  });

  it('reads the process table only while somebody looks, also after a reconnect', async () => {
    const world = joined();
    await vi.waitFor(() => expect(connection(world)).toBe('live'));
    expect(world.store.getState().processes.seq).toBeNull();
    const leave = world.session.followProcesses();
    await vi.waitFor(() => expect(world.store.getState().processes.rows.size).toBe(5));
    world.tick();
    await vi.waitFor(() => expect(world.store.getState().processes.seq).toBe(1));
    world.breakLink();
    await vi.waitFor(() => expect(world.attempts()).toBe(2));
    await vi.waitFor(() => expect(world.store.getState().processes.seq).toBe(0));
    leave();
    world.session.dispose();
  });
});

describe('the wait before the next attempt', () => {
  it('grows to ten seconds and is spread a little', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => reconnectDelayMs(attempt, 0.5))).toEqual([
      250, 500, 1000, 2000, 5000, 10_000, 10_000,
    ]);
    expect([reconnectDelayMs(2, 0), reconnectDelayMs(2, 1)]).toEqual([450, 550]);
  });
});
