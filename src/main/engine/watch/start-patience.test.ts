import { describe, expect, it } from 'vitest';
import { lastStderrOf } from '../../../shared/lib/events/event-facts';
import type { WatchSpecInput } from '../../../shared/model/watch';
import type { FakeProcess } from '../testing/fake-world';
import { TestBench } from '../testing/test-engine';

const PIDFILE = '/run/db.pid';
const target: Extract<WatchSpecInput['target'], { kind: 'match' }> = {
  kind: 'match',
  by: 'pidfile',
  pattern: PIDFILE,
  start: { argv: ['database'], cwd: '/' },
};
const db = { watch: 'db', actor: 'cli' } as const;

/** A watch on a database that writes its pidfile when it likes; `run` is what its start command does. */
async function slow(run: (process: FakeProcess, bench: TestBench) => void = () => undefined, spec = {}) {
  const bench = await TestBench.started();
  bench.world.onLaunch = (process) => run(process, bench);
  // Not awaited: it resolves once it runs, or nobody can tell when it will.
  const adding = bench.add({ name: 'db', target, ...spec });
  return { bench, adding };
}

/** The start command has put the database into the background, and has ended. */
function daemonize(process: FakeProcess, { world }: TestBench, exitCode = 0): void {
  world.add({ name: 'database', argv: ['database'], env: process.env });
  void Promise.resolve().then(() => world.exit(process.pid, { exitCode, signal: null }));
}

function writePidfile({ world, clock }: TestBench): FakeProcess {
  const found = [...world.processes.values()].find(({ name }) => name === 'database')!;
  const written = { writerUid: 0, writtenAt: clock.wallMs(), sinceBoot: true };
  world.pidfiles.set(PIDFILE, { kind: 'pid', pid: found.pid, ...written });
  return found;
}

describe('a start whose time is up', () => {
  it.each([
    ['its command', undefined],
    ['what it has put into the background', daemonize],
    ['what a command that failed has put into the background', (p: FakeProcess, b: TestBench) => daemonize(p, b, 1)],
  ])('is still starting as long as this lives: %s', async (_, run) => {
    const { bench, adding } = await slow(run);
    await bench.clock.advance(60_000);
    await adding;
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.status('db').phase).toBe('starting');
    expect(bench.status('db').reason).toMatch(
      /^Still starting: no process matches yet, but pid \d+ of this start still runs, so no other copy is started$/,
    );
    expect(bench.reported('notice').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^db is still starting: .+; pid \d+ of this start still runs/),
    ]);
    expect(bench.reported('restart_failed')).toEqual([]);

    const process = writePidfile(bench);
    await bench.clock.advance(2000);
    expect(bench.status('db').phase).toBe('running');
    expect(bench.pid('db')).toBe(process.pid);
    expect(bench.reported('started')).toHaveLength(1);
    expect(bench.world.launches).toHaveLength(1);
  });

  it('has failed once all of it has ended, and is tried again', async () => {
    const { bench, adding } = await slow();
    await bench.clock.advance(20_000);
    await adding;
    const [pid] = [...bench.world.processes.keys()].slice(-1);
    bench.world.exit(pid!);
    await bench.clock.advance(3000);
    expect(bench.reported('restart_failed')[0]).toMatchObject({ data: { reason: 'start_command_failed' } });
    expect(bench.world.launches).toHaveLength(2);
  });

  it('that has failed is reported with what it wrote last', async () => {
    const { bench, adding } = await slow(({ pid }, { world }) => {
      bench.output.lines.set('db', ['bind: address already in use']);
      void Promise.resolve().then(() => world.exit(pid, { exitCode: 1, signal: null }));
    });
    await bench.clock.advance(1000);
    await adding;
    const [failed] = bench.reported('restart_failed');
    expect(failed).toMatchObject({
      data: { lastWords: { stderrTail: ['bind: address already in use'], stderrOf: 'this_run' } },
    });
    expect(lastStderrOf([failed!])).toEqual(['bind: address already in use']);
  });

  it('that has failed is explained, and waits for a port that another program has', async () => {
    const port = { protocol: 'tcp', port: 5432 } as const;
    let isTaken = true;
    const { bench, adding } = await slow(({ pid }, { world }) => {
      if (!isTaken) return daemonize(world.processes.get(pid)!, bench);
      bench.output.lines.set('db', ['could not bind IPv4 address "0.0.0.0:5432": Address already in use']);
      void Promise.resolve().then(() => world.exit(pid, { exitCode: 1, signal: null }));
    });
    adding.catch(() => undefined);
    const other = bench.world.add({ name: 'other', argv: ['other'] });
    bench.scenes.answer = ({ ports }) => ({
      holders: isTaken && ports.length > 0 ? [{ ...port, uid: 0, process: { ...other, uid: 0, startedAt: 0 } }] : [],
    });
    await bench.clock.advance(60_000);
    expect(bench.world.launches).toHaveLength(1);
    const [failed] = bench.reported('restart_failed');
    const [explained] = bench.reported('death_explained');
    expect(explained?.incident).toBe(failed?.incident);
    expect(explained?.message).toMatch(
      /^db, its start command \(pid \d+\): it could not bind port 5432, which is in use by pid \d+ \(other\)$/,
    );
    expect(bench.status('db').reason).toMatch(/^Not restarted until the cooldown ends: .*port 5432/);
    isTaken = false;
    await bench.clock.advance(5000);
    expect(bench.world.launches).toHaveLength(2);
  });

  it('has failed after start.appearMs when nothing of it lives', async () => {
    const { bench, adding } = await slow(
      ({ pid }, { world }) => void Promise.resolve().then(() => world.exit(pid, { exitCode: 0, signal: null })),
      { overrides: { 'start.appearMs': 4000 } },
    );
    adding.catch(() => undefined);
    await bench.clock.advance(3900);
    expect(bench.reported('restart_failed')).toEqual([]);
    await bench.clock.advance(200);
    expect(bench.reported('restart_failed')[0]?.message).toMatch(/nothing that matches appeared within 4 s/);
  });

  it('is ended by a stop, and by a restart, which then starts the only copy', async () => {
    const { bench, adding } = await slow(daemonize);
    await bench.clock.advance(20_000);
    await adding;
    const copies = () => [...bench.world.processes.values()].filter(({ name }) => name === 'database');
    const [first] = copies();
    const restart = bench.engine.watches.restart(db);
    await bench.clock.advance(20_000);
    await restart;
    expect(copies()).toHaveLength(1);
    expect(copies()).not.toContain(first);
    await bench.through(bench.engine.watches.stop(db));
    expect(copies()).toEqual([]);
  });

  it('is still starting for the next engine, which starts no copy either', async () => {
    const { bench, adding } = await slow(daemonize);
    adding.catch(() => undefined);
    await bench.clock.advance(5000);
    await bench.replaceEngine();
    await bench.clock.advance(60_000);
    expect(bench.world.launches).toHaveLength(1);
    expect(bench.status('db').reason).toMatch(/^Still starting/);
    const process = writePidfile(bench);
    await bench.clock.advance(2000);
    expect(bench.pid('db')).toBe(process.pid);
  });
});
