import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/model/settings';
import { WATCH_MARK } from '../ports';
import type { FileState, PackageVersions, PortHolder } from '../ports';
import type { FakeProcess } from '../testing/fake-world';
import { TestBench } from '../testing/test-engine';

const SYNTAX = ['/srv/server.js:3', '  const = 1;', 'SyntaxError: Unexpected token'];
const IN_USE = ['Error: listen EADDRINUSE: address already in use 0.0.0.0:3000'];
const COMMAND = { argv: ['node', 'server.js'], cwd: '/srv', env: {}, user: null };
const FAILED = { exitCode: 1, signal: null };

/** The files of the machine, as far as starts ask for them. */
class Disk {
  private readonly files = new Map<string, FileState>();
  private readonly versions = new Map<string, PackageVersions>();

  constructor(bench: TestBench) {
    bench.scenes.answer = ({ files, versionsIn = [] }) => ({
      files: Object.fromEntries(files.map((path) => [path, this.files.get(path) ?? { kind: 'missing' }])),
      versions: Object.fromEntries([...this.versions].filter(([path]) => versionsIn.includes(path))),
    });
  }

  writeVersions(path: string, modifiedAt: number, versions: PackageVersions): void {
    this.write(path, modifiedAt);
    this.versions.set(path, versions);
  }

  write(path: string, modifiedAt: number): void {
    this.files.set(path, { kind: 'present', inode: 7, bytes: 100, modifiedAt });
  }
}

/** A bench with a program that writes these words and dies soon after each start; null: it lives. */
async function benchOf(
  words: (start: number) => readonly string[] | null,
  overrides: Partial<Settings> = {},
  afterMs = 50,
): Promise<{ bench: TestBench; disk: Disk }> {
  const bench = await TestBench.started();
  const disk = new Disk(bench);
  disk.write('/srv/server.js', 0);
  let starts = 0;
  bench.world.onLaunch = ({ pid }) => {
    starts += 1;
    const said = words(starts);
    if (said === null) return;
    bench.clock.after(afterMs, () => {
      if (!bench.world.processes.has(pid)) return;
      bench.output.lines.set('web', [...(bench.output.lines.get('web') ?? []), ...said]);
      bench.world.exit(pid, FAILED);
    });
  };
  await bench.add({ restart: 'always', target: { kind: 'command', command: COMMAND }, overrides });
  return { bench, disk };
}

const starts = ({ world }: TestBench): number => world.launches.length;
const reasons = (bench: TestBench): string[] => bench.reported('death_explained').map(({ data }) => data.reason);

function holder(more: Partial<PortHolder['process'] & object> = {}): PortHolder {
  return {
    ...{ protocol: 'tcp', port: 3000, uid: 0 },
    process: { pid: 7, startTime: 7, name: 'nginx', uid: 0, startedAt: 0, ...more },
  };
}

describe('an end that nobody asked for', () => {
  it('is explained in its incident, after its report', async () => {
    const { bench } = await benchOf((start) => (start === 1 ? SYNTAX : null));
    await bench.clock.advance(20_000);
    const [crash] = bench.reported('crash_detected');
    const [explained] = bench.reported('death_explained');
    expect(explained).toMatchObject({ watch: 'web', pid: crash?.pid, incident: crash?.incident });
    expect(explained?.id).toBeGreaterThan(crash?.id ?? 0);
    expect(explained?.message).toBe(
      `web (pid ${crash?.pid}): very likely, its program has a syntax error: SyntaxError: Unexpected token`,
    );
  });

  it('is explained once in an incident, as long as the reason is the same', async () => {
    const { bench } = await benchOf((start) => (start < 5 ? SYNTAX : IN_USE), { 'restart.sameCrashLimit': null });
    await bench.clock.advance(110_000);
    expect(bench.reported('crash_detected')).toHaveLength(6);
    expect(reasons(bench)).toHaveLength(2);
  });

  it("needs none where the operator, the machine's end or a clean exit is the reason", async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'on-failure' });
    bench.world.exit(bench.pid(), { exitCode: 0, signal: null });
    await bench.clock.advance(5000);
    await bench.engine.watches.start({ watch: 'web', actor: 'cli' });
    await bench.through(bench.engine.watches.stop({ watch: 'web', actor: 'cli' }), 5000);
    await bench.through(bench.engine.watches.start({ watch: 'web', actor: 'cli' }));
    bench.machine.shuttingDown = true;
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGTERM' });
    await bench.clock.advance(5000);
    expect(bench.reported('death_explained')).toEqual([]);
  });

  it('without an error is explained where it should have stayed', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    bench.world.exit(bench.pid(), { exitCode: 0, signal: null });
    await bench.clock.advance(1000);
    expect(reasons(bench)).toEqual(['it ended by itself without an error; nothing shows why']);
  });

  it('is healed at once, however long its evidence takes', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    bench.scenes.read = () => new Promise(() => undefined);
    bench.world.exit(bench.pid(), FAILED);
    await bench.clock.advance(10);
    expect(bench.status().phase).toBe('running');
    expect(starts(bench)).toBe(2);
  });

  it('by SIGKILL names the largest processes of that moment', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    for (const [name, rssBytes] of [
      ['b', 3e9],
      ['d', 1e9],
      ['a', 4e9],
      ['c', 2e9],
    ] as const)
      bench.world.add({ name, rssBytes });
    bench.scenes.answer = () => ({
      memory: { totalBytes: 1e10, availableBytes: 1e8, swapTotalBytes: 0, swapFreeBytes: 0, stalledPercent: null },
    });
    await bench.clock.advance(3000);
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGKILL' });
    await bench.clock.advance(100);
    const texts = bench.reported('death_explained').flatMap(({ data }) => data.evidence.map(({ text }) => text));
    expect(texts.find((text) => text.startsWith('largest'))).toMatch(
      /^largest processes: a \(pid \d+\) 4 GB, b \(pid \d+\) 3 GB, c \(pid \d+\) 2 GB$/,
    );
  });

  it("is the OOM killer's where its own control group counts it, whatever becomes of the group", async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    const pid = bench.pid();
    bench.memoryGroups.groups.set(pid, 'own');
    bench.memoryGroups.readings.set('own', { pids: [pid], oomKills: 0 });
    await bench.clock.advance(5000);
    bench.memoryGroups.readings.set('own', { pids: [], oomKills: 1 });
    bench.world.exit(pid, { exitCode: null, signal: 'SIGKILL' });
    // Its exit comes in a turn of its own, and what has started it removes the group then.
    await Promise.resolve();
    bench.memoryGroups.readings.clear();
    await bench.clock.advance(1000);
    expect(bench.reported('death_explained')).toMatchObject([
      {
        data: {
          certainty: 'very_likely',
          reason: "the kernel's OOM killer ended it, as the count of its control group shows",
        },
      },
    ]);
  });

  it('is of a version of the program, and the explanation names the file that made it another one', async () => {
    const { bench, disk } = await benchOf(
      (start) => (start === 1 ? null : SYNTAX),
      { 'restart.sameCrashLimit': null },
      800,
    );
    await bench.clock.advance(60_000);
    disk.write('/srv/server.js', bench.clock.wallMs());
    bench.world.exit(bench.pid(), FAILED);
    await bench.clock.advance(10_000);
    const [first, second, third] = bench.reported('crash_detected').map(({ data }) => data.crash?.version);
    expect(first).toMatch(/^[0-9a-f]{8}$/);
    expect(second).toMatch(/^[0-9a-f]{8}$/);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(bench.reported('death_explained').map(({ data }) => data.changedFile)).toEqual(['server.js', 'server.js']);
  });

  it('is the first of its kind after a change, which is known when it comes again', async () => {
    const { bench, disk } = await benchOf((start) => (start === 1 || start === 3 ? null : SYNTAX), {}, 800);
    await bench.clock.advance(60_000);
    disk.write('/srv/server.js', bench.clock.wallMs());
    await bench.through(bench.engine.watches.restart({ watch: 'web', actor: 'cli' }), 1500);
    await bench.clock.advance(20 * 60_000);
    bench.output.lines.set('web', [...(bench.output.lines.get('web') ?? []), ...SYNTAX]);
    bench.world.exit(bench.pid(), FAILED);
    await bench.clock.advance(1000);
    const [first, second] = reasons(bench);
    expect(first).toMatch(/; server\.js was changed .* before its end; the first crash of this kind$/);
    expect(second).toMatch(/; first seen after server\.js was changed$/);
  });

  it('names the packages that were changed since the last start that went well, also by the next engine', async () => {
    const { bench, disk } = await benchOf(() => null);
    const lock = '/srv/package-lock.json';
    disk.writeVersions(lock, 0, { express: '4.18.2', qs: '6.11.0' });
    bench.world.reportsEnds = true;
    await bench.clock.advance(60_000);
    await bench.replaceEngine();
    await bench.clock.advance(60_000);
    disk.writeVersions(lock, bench.clock.wallMs() - 5000, { express: '4.19.0', qs: '6.11.0' });
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGSEGV' });
    await bench.clock.advance(1000);
    expect(reasons(bench)).toEqual([
      expect.stringMatching(/; package-lock\.json was changed 5 s before its end \(express 4\.18\.2 → 4\.19\.0\)$/),
    ]);
  });

  it('names others that ended with it', async () => {
    const bench = await TestBench.started();
    await bench.add({ restart: 'always' });
    await bench.add({ name: 'db', restart: 'always' });
    bench.world.exit(bench.pid('db'), { exitCode: null, signal: 'SIGKILL' });
    bench.world.exit(bench.pid(), FAILED);
    await bench.clock.advance(100);
    const texts = bench.reported('death_explained').flatMap(({ data }) => data.evidence.map(({ text }) => text));
    expect(texts).toContain('within seconds these ended, too: db');
  });

  it('is compared with the last start that went well, also by the next engine', async () => {
    const { bench, disk } = await benchOf(() => null);
    bench.world.reportsEnds = true;
    await bench.clock.advance(60_000);
    await bench.replaceEngine();
    await bench.clock.advance(60_000);
    disk.write('/srv/server.js', bench.clock.wallMs() - 5000);
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGSEGV' });
    await bench.clock.advance(1000);
    expect(reasons(bench)).toEqual([
      'it used memory that is not its own, or its stack overflowed; server.js was changed 5 s before its end',
    ]);
  });

  it('right after the start is compared with the start before it', async () => {
    const { bench, disk } = await benchOf((start) => (start === 1 ? null : SYNTAX));
    await bench.clock.advance(60_000);
    disk.write('/srv/server.js', bench.clock.wallMs());
    bench.world.exit(bench.pid(), { exitCode: null, signal: 'SIGKILL' });
    await bench.clock.advance(3000);
    expect(reasons(bench).at(-1)).toMatch(
      /syntax error: .*; server\.js was changed 5\d ms before its end; the first crash of this kind$/,
    );
  });

  it('without a good start before it is compared with nothing', async () => {
    const { bench, disk } = await benchOf(() => SYNTAX);
    disk.write('/srv/server.js', 5);
    await bench.clock.advance(3000);
    expect(reasons(bench).at(-1)).not.toContain('was changed');
  });
});

describe('a program in cooldown for the same crash', () => {
  it('is tried at once when it was changed and is at rest, and says so', async () => {
    const { bench, disk } = await benchOf((start) => (start <= 3 ? SYNTAX : null));
    await bench.clock.advance(20_000);
    expect(bench.status().phase).toBe('cooldown');
    disk.write('/srv/server.js', 1000);
    await bench.clock.advance(2000);
    disk.write('/srv/server.js', 2000);
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('cooldown');
    await bench.clock.advance(2000);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('cooldown_ended')[0]).toMatchObject({
      message: expect.stringMatching(/^web may be restarted again: .*, since server\.js was changed$/) as string,
      data: { changed: ['/srv/server.js'] },
    });
  });

  it('is tried under the next engine, too', async () => {
    const { bench, disk } = await benchOf((start) => (start <= 3 ? SYNTAX : null));
    await bench.clock.advance(20_000);
    await bench.replaceEngine();
    await bench.clock.advance(3000);
    disk.write('/srv/server.js', 1000);
    await bench.clock.advance(6000);
    expect(bench.status().phase).toBe('running');
  });

  it('stays there where the setting is off, or nothing was changed', async () => {
    const off = await benchOf(() => SYNTAX, { 'heal.retryOnChange': false });
    await off.bench.clock.advance(20_000);
    off.disk.write('/srv/server.js', 1000);
    await off.bench.clock.advance(60_000);
    expect(starts(off.bench)).toBe(3);
    const unchanged = await benchOf(() => SYNTAX);
    await unchanged.bench.clock.advance(80_000);
    expect(starts(unchanged.bench)).toBe(3);
  });

  it('never gets more restarts in a window than its budget allows, whatever is changed when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 500, max: 30_000 }), { maxLength: 25 }), async (pauses) => {
        const { bench, disk } = await benchOf(() => SYNTAX, { 'restart.limit': 4, 'restart.windowMs': 300_000 });
        for (const [at, pause] of pauses.entries()) {
          disk.write('/srv/server.js', at + 1);
          await bench.clock.advance(pause);
        }
        const times = bench.reported('restarted').map(({ at }) => Date.parse(at));
        const cooled = bench.reported('cooldown_ended').filter(({ data }) => data.changed === undefined);
        for (const [at, time] of times.entries()) {
          const within = times.slice(0, at + 1).filter((one) => time - one < 300_000);
          expect(within.length).toBeLessThanOrEqual(4 * (1 + cooled.length));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a program whose port is in use', () => {
  const blocked = async (overrides: Partial<Settings> = {}, by = holder()) => {
    const world = await benchOf((start) => (start <= 2 ? IN_USE : null), overrides);
    let holders: PortHolder[] | null = [by];
    world.bench.scenes.answer = () => ({ holders });
    await world.bench.clock.advance(3000);
    return { ...world, free: (now: PortHolder[] | null = []) => (holders = now) };
  };

  it('that another watch claims, too, names that watch', async () => {
    // The second start is that of the other watch.
    const { bench } = await benchOf((start) => (start === 2 ? null : IN_USE));
    await bench.add({ name: 'shop', target: { kind: 'command', command: { argv: ['node', 'shop.js'], cwd: '/' } } });
    const pid = bench.pid('shop');
    const worker = bench.world.add({ name: 'node', argv: ['node', 'worker.js'], ppid: pid });
    const { startTime } = worker;
    bench.scenes.answer = () => ({ holders: [holder({ pid: worker.pid, startTime })] });
    await bench.clock.advance(8000);
    expect(bench.status().reason).toBe(
      `Not restarted until the cooldown ends: port 3000 is in use by pid ${worker.pid} (node worker.js of the watch "shop")`,
    );
    expect(starts(bench)).toBeLessThan(5);
  });

  it('waits for the port instead of spending its budget, and names the holder', async () => {
    const { bench } = await blocked();
    await bench.clock.advance(60_000);
    expect(starts(bench)).toBe(2);
    expect(bench.status()).toMatchObject({
      phase: 'cooldown',
      reason: 'Not restarted until the cooldown ends: port 3000 is in use by pid 7 (nginx)',
    });
    expect(bench.reported('cooldown_started')[0]?.message).toBe(
      'web is not restarted for 2 min: port 3000 is in use by pid 7 (nginx)',
    );
  });

  it('is understood in colours', async () => {
    const coloured = [
      ...IN_USE.map((line) => `\u001b[31m${line}\u001b[39m`),
      "  code: \u001b[32m'EADDRINUSE'\u001b[39m,",
    ];
    const { bench } = await benchOf(() =>
      coloured.map((line) => line.replace(' 0.0.0.0:3000', ' \u001b[1m0.0.0.0:3000\u001b[22m')),
    );
    bench.scenes.answer = () => ({ holders: [holder()] });
    await bench.clock.advance(3000);
    expect(bench.status().budget.cooldown?.obstacle).toMatchObject({ port: 3000 });
  });

  it('is tried again when the cooldown is over, whatever its words and the port are: they may be made up', async () => {
    const lies = await benchOf(() => ['EADDRINUSE: address already in use, port 22']);
    lies.bench.scenes.answer = () => ({ holders: [{ ...holder({ name: 'sshd' }), port: 22 }] });
    await lies.bench.clock.advance(30 * 60_000);
    const started = lies.bench.reported('cooldown_started');
    expect(started.length).toBeGreaterThan(2);
    expect(started.at(-1)?.message).toContain('port 22 is in use by pid 7 (sshd)');
    const ended = lies.bench.reported('cooldown_ended');
    expect(ended.length).toBeGreaterThanOrEqual(started.length - 1);
    expect(starts(lies.bench)).toBeGreaterThan(started.length);
  });

  it('is not waited for where nobody has it', async () => {
    const { bench } = await benchOf(() => ['EADDRINUSE: address already in use, port 22']);
    await bench.clock.advance(20_000);
    expect(bench.reported('cooldown_started').filter(({ message }) => message.includes('port 22'))).toEqual([]);
  });

  it('is started as soon as the port is free', async () => {
    const { bench, free } = await blocked();
    free(null);
    await bench.clock.advance(5000);
    expect(bench.status().phase).toBe('cooldown');
    free();
    await bench.clock.advance(3000);
    expect(bench.status().phase).toBe('running');
    expect(bench.reported('cooldown_ended')[0]?.message).toMatch(/, since port 3000 is free again$/);
  });

  it('costs no search for the holder while it waits', async () => {
    const { bench } = await blocked();
    const before = bench.scenes.requests.length;
    await bench.clock.advance(10_000);
    const asked = bench.scenes.requests.slice(before).filter(({ ports }) => ports.length > 0);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.every(({ holdersByUser }) => holdersByUser)).toBe(true);
  });

  it('is started as soon as the port is free by the next engine, too', async () => {
    const { bench, free } = await blocked();
    await bench.replaceEngine();
    free();
    await bench.clock.advance(3000);
    expect(bench.status().phase).toBe('running');
  });

  it('is judged by the budget alone in the classic profile, or where only a guess names the port', async () => {
    const { bench } = await blocked({ 'restart.sameCrashLimit': null });
    expect(bench.reported('cooldown_started')).toEqual([]);
    const guess = await benchOf(() => ['OSError: [Errno 98] Address already in use']);
    guess.bench.scenes.answer = () => ({ holders: [holder()] });
    await guess.bench.clock.advance(110_000);
    expect(starts(guess.bench)).toBe(6);
  });

  it('has what its own start has left ended, and is started', async () => {
    const { bench } = await benchOf((start) => (start <= 2 ? IN_USE : null));
    const left: FakeProcess[] = [];
    let mark = '';
    const { onLaunch } = bench.world;
    bench.world.onLaunch = (process) => {
      mark = process.env[WATCH_MARK] ?? '';
      onLaunch?.(process);
    };
    bench.scenes.answer = ({ ports }) => {
      // It comes up only while the second death is looked into: the first restart is made at once.
      if (ports.length > 0 && left.length === 0 && starts(bench) === 2) {
        left.push(bench.world.add({ name: 'node', env: { [WATCH_MARK]: mark } }));
      }
      const living = left.filter(({ pid }) => bench.world.processes.has(pid));
      return { holders: ports.length === 0 ? [] : living.map((process) => holder({ ...process })) };
    };
    await bench.clock.advance(20_000);
    expect(left.map(({ pid }) => bench.world.processes.has(pid))).toEqual([false]);
    expect(bench.reported('killed')[0]?.data.pids).toEqual(left.map(({ pid }) => pid));
    expect(bench.status().phase).toBe('running');
  });
});
