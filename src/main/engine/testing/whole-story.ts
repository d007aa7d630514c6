import fc from 'fast-check';
import { expect } from 'vitest';
import { identityKey, type ProcessIdentity } from '../../../shared/model/process';
import type { ProbeInput } from '../../../shared/model/probe';
import { watchSpecSchema, type WatchSpecInput } from '../../../shared/model/watch';
import { WATCH_MARK } from '../ports';
import type { FakeProcess } from './fake-world';
import { TestBench } from './test-engine';

/** How the watch of a story finds its program. */
export type Kind = 'command' | 'name' | 'pidfile' | 'slow pidfile';

/** Everything that can happen to a watch, from the outside; `of`: which of its living processes it happens to. */
export type Happening =
  | { kind: 'die'; of: number; exitCode: number | null; reused: boolean; noticed: boolean }
  | { kind: 'fork'; of: number; execs: boolean; leaves: boolean; orphaned: boolean; drops: boolean }
  | { kind: 'title'; of: number }
  | { kind: 'pidfile'; of: number; names: 'program' | 'stranger' | 'nobody'; fresh: boolean }
  | { kind: 'replace_engine'; dies: number | null }
  | { kind: 'stranger'; as: 'namesake' | 'editor' | 'other' }
  | { kind: 'stop' | 'start' | 'restart'; waits: boolean }
  | { kind: 'fail_next_start' | 'others_start' }
  /** How its program answers probes from now on. */
  | { kind: 'answers'; how: 'passes' | 'fails' | 'hangs' | 'flaps' }
  /** The watch that its starts wait for. */
  | { kind: 'awaited'; act: 'die' | 'stop' | 'start' | 'restart' }
  /** Whether it is restarted with that one from now on. */
  | { kind: 'follows'; does: boolean }
  /** Its probes are edited. */
  | { kind: 'probes'; none: boolean }
  | { kind: 'reset_cooldown' }
  /** It puts off TERM. */
  | { kind: 'ignore'; of: number }
  | { kind: 'pass'; ms: number };

const of = fc.nat({ max: 5 });
const flag = fc.boolean();

export const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('die'),
      of,
      exitCode: fc.option(fc.constantFrom(0, 1, 137)),
      reused: flag,
      noticed: flag,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fork'),
      of,
      execs: flag,
      leaves: flag,
      orphaned: flag,
      drops: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
  },
  fc.record({ kind: fc.constant('title'), of }),
  fc.record({
    kind: fc.constant('pidfile'),
    of,
    names: fc.constantFrom('program', 'stranger', 'nobody'),
    fresh: flag,
  }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('replace_engine'), dies: fc.option(of) }),
  },
  fc.record({ kind: fc.constant('stranger'), as: fc.constantFrom('namesake', 'editor', 'other') }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('stop', 'start', 'restart'), waits: flag }),
  },
  fc.record({ kind: fc.constantFrom('fail_next_start', 'others_start') }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('answers'), how: fc.constantFrom('passes', 'fails', 'hangs', 'flaps') }),
  },
  fc.record({ kind: fc.constant('awaited'), act: fc.constantFrom('die', 'stop', 'start', 'restart') }),
  fc.record({ kind: fc.constant('follows'), does: flag }),
  fc.record({ kind: fc.constant('probes'), none: flag }),
  fc.record({ kind: fc.constant('reset_cooldown') }),
  fc.record({ kind: fc.constant('ignore'), of }),
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.integer({ min: 0, max: 40_000 }) }) },
) as fc.Arbitrary<Happening>;

/** What is so of a process, whatever it shows. */
interface Truth {
  process: FakeProcess;
  /**
   * Who has brought it up: a start of the watch, somebody else as the same program, or it has nothing to do with the watch. `unproved`: a
   * start has, and nothing proves it but its title, by which it may be taken for the heir of one that has ended.
   */
  from: 'start' | 'others' | 'unproved' | 'elsewhere';
  /** It runs the program, and no other one. */
  isProgram: boolean;
  /** Those that it descends from, up to the one that a start or somebody else has brought up. */
  line: readonly string[];
}

const PIDFILE = '/run/server.pid';
/** How long a slow program takes to write its pidfile: longer than a start is waited for. */
const SLOW_PIDFILE_MS = 25_000;
/** Longer than the difference of clocks that is put up with in a pidfile: nobody forks that fast. */
const PIDS_COME_ROUND_MS = SLOW_PIDFILE_MS + 10_000;
/** Asked often, so that much comes of them in a short story. */
const PROBES: readonly ProbeInput[] = [
  { name: 'ready', role: 'readiness', check: { kind: 'tcp', port: 80 }, intervalMs: 2000, failures: 2, of: 3 },
  { name: 'live', check: { kind: 'tcp', port: 80 }, intervalMs: 3000, failures: 2, of: 3 },
];
const web = { watch: 'web', actor: 'cli' } as const;
const ENDS = new Set(['crash_detected', 'exited']);

/**
 * One watch and all that can happen around it, with the truth of every process beside what the engine can see. What must hold
 * is checked where it would break: at each start and at each signal.
 */
export class WholeStory {
  private readonly truths = new Map<string, Truth>();
  /** Every process that the watch ever held. */
  private readonly held = new Set<string>();
  /** Pids of main processes that ended and were not ended by the engine. */
  private readonly dead: number[] = [];
  /** What the starts of the other watch, which this one waits for, have brought up. */
  private readonly awaited = new Set<string>();
  private readonly problems: string[] = [];

  private constructor(
    readonly bench: TestBench,
    private readonly kind: Kind,
  ) {
    const { world } = bench;
    const start = world.start.bind(world);
    world.start = async (watch, launch, onExit) => {
      if (watch.name === 'web') this.checkStart();
      const result = await start(watch, launch, onExit);
      if (result.ok) this.onStart(result.identity, watch.name);
      return result;
    };
    const send = world.send.bind(world);
    world.send = (identity, signal) => {
      this.checkSignal(identity, signal);
      return send(identity, signal);
    };
  }

  static async begin(kind: Kind): Promise<WholeStory> {
    const recovery = new WholeStory(await TestBench.started(), kind);
    const { bench } = recovery;
    // The same program under another watch.
    await bench.add({ name: 'api', target: { kind: 'command', command: { argv: ['server', '--api'], cwd: '/' } } });
    await recovery.ask(bench.add(recovery.spec(PROBES)));
    recovery.check();
    return recovery;
  }

  async happen(what: Happening): Promise<void> {
    const { bench } = this;
    const { world, clock } = bench;
    switch (what.kind) {
      case 'die':
        this.die(what.of, what.exitCode, what.reused);
        // The end of an adopted process is seen between ticks.
        await clock.advance(what.noticed ? 100 : 0);
        break;
      case 'fork':
        this.fork(what);
        break;
      case 'title': {
        const one = this.pick(what.of);
        // As setproctitle does: over the arguments and over the environment behind them.
        if (one?.isProgram === true) Object.assign(one.process, { argv: ['server: worker'], env: {} });
        break;
      }
      case 'pidfile':
        this.onPidfile(what);
        break;
      case 'replace_engine':
        await bench.replaceEngine(() => {
          if (what.dies !== null) this.die(what.dies, null, false);
        });
        break;
      case 'stranger':
        this.addStranger(what.as);
        break;
      case 'others_start':
        this.onOthersStart();
        break;
      case 'fail_next_start':
        world.failures.push({ reason: 'EACCES', message: 'not allowed' });
        break;
      case 'pass':
        await clock.advance(what.ms);
        break;
      case 'answers': {
        let turn = 0;
        const passes = (): boolean => what.how === 'passes' || (what.how === 'flaps' && turn++ % 2 === 0);
        bench.prober.answer = () => ({ passed: passes(), takesMs: what.how === 'hangs' ? 60_000 : 5 });
        break;
      }
      case 'awaited': {
        const api = bench.engine.watches.list().find(({ watch }) => watch.name === 'api');
        const [process] = api?.processes ?? [];
        if (what.act === 'die' && process !== undefined && world.processes.has(process.pid)) world.exit(process.pid);
        if (what.act === 'stop') await this.ask(bench.engine.watches.stop({ watch: 'api', actor: 'cli' }));
        if (what.act === 'start') await this.ask(bench.engine.watches.start({ watch: 'api', actor: 'cli' }));
        if (what.act === 'restart') await this.ask(bench.engine.watches.restart({ watch: 'api', actor: 'cli' }));
        break;
      }
      case 'probes':
        this.edit({ probes: what.none ? [] : [...PROBES] });
        break;
      case 'follows':
        this.edit({ after: [{ watch: 'api', until: 'started', restart: what.does }] });
        break;
      case 'reset_cooldown':
        bench.engine.watches.resetCooldown('web', 'cli');
        break;
      case 'ignore':
        this.pick(what.of)?.process.ignores.add('SIGTERM');
        break;
      case 'stop':
        await this.ask(bench.engine.watches.stop(web), what.waits);
        break;
      case 'start':
        await this.ask(bench.engine.watches.start(web), what.waits);
        break;
      case 'restart':
        await this.ask(bench.engine.watches.restart(web), what.waits);
        break;
    }
    this.check();
  }

  private edit(change: Partial<WatchSpecInput>): void {
    const { id, revision, ...spec } = this.bench.status().watch;
    const edited = watchSpecSchema.parse({ ...spec, ...change });
    this.bench.engine.watches.edit({ watch: id, revision, spec: edited, actor: 'cli' });
  }

  /** Lets an operation come to its end, whatever that is, in a time that an operator would wait for. */
  private async ask(operation: Promise<unknown>, waits = true): Promise<void> {
    let isSettled = false;
    const end = (): boolean => (isSettled = true);
    void operation.then(end, end);
    if (!waits) return this.bench.clock.advance(0);
    for (let steps = 0; !isSettled && steps < 60; steps += 1) await this.bench.clock.advance(500);
    if (!isSettled) this.problems.push('an operation never comes to its end');
  }

  /** What holds after whatever has happened. */
  check(): void {
    const { processes } = this.bench.status();
    for (const process of processes) {
      this.held.add(identityKey(process));
      const from = this.truths.get(identityKey(process))?.from ?? 'elsewhere';
      if (from === 'elsewhere') this.problems.push(`pid ${process.pid} is held, and has nothing to do with the watch`);
    }
    if (this.kind === 'command' && processes.length > 1) this.problems.push('a command has several processes');
    expect(this.problems).toEqual([]);
    expect(this.bench.errors).toEqual([]);
  }

  /** However it stands, an operator's stop ends it for good, and everything was reported once. */
  async end(): Promise<void> {
    const { bench } = this;
    await bench.clock.advance(20_000);
    this.check();
    await this.ask(bench.engine.watches.stop(web));
    await bench.clock.advance(30_000);
    this.check();
    // What somebody else has started since it was stopped is not looked for.
    const left = this.provedPrograms().filter(({ from }) => from === 'start');
    expect(left.map(({ process }) => process.pid)).toEqual([]);
    expect(this.dead.map((pid) => [pid, this.reportsOf(pid)])).toEqual(this.dead.map((pid) => [pid, 1]));
    bench.engine.dispose('test');
    expect(bench.clock.pending).toBe(0);
  }

  private spec(probes: readonly ProbeInput[]): WatchSpecInput {
    const overrides = { 'start.readyMs': 20_000 };
    const after = [{ watch: 'api', until: 'started' as const, restart: true }];
    return { name: 'web', after, restart: 'always', target: this.target(), probes: [...probes], overrides };
  }

  private target(): WatchSpecInput['target'] {
    const command = { argv: ['server', '--port', '80'], cwd: '/srv' };
    if (this.kind === 'command') return { kind: 'command', command };
    const [by, pattern] = this.kind === 'name' ? (['name', 'server'] as const) : (['pidfile', PIDFILE] as const);
    return { kind: 'match', by, pattern, start: command };
  }

  private living(): readonly Truth[] {
    const { processes } = this.bench.world;
    return [...this.truths.values()].filter(({ process }) => processes.get(process.pid) === process);
  }

  /** One of the living processes that have to do with the watch. */
  private pick(of: number): Truth | null {
    const living = this.living().filter(({ from }) => from !== 'elsewhere' && from !== 'unproved');
    return living[of % Math.max(1, living.length)] ?? null;
  }

  private add(process: FakeProcess, from: Truth['from'], isProgram: boolean, line: readonly string[] = []): void {
    this.truths.set(identityKey(process), { process, from, isProgram, line });
  }

  private onStart(identity: ProcessIdentity, watch: string): void {
    const process = this.bench.world.processes.get(identity.pid);
    if (process === undefined) return;
    process.executable = '/usr/bin/server';
    if (watch !== 'web') this.awaited.add(identityKey(process));
    this.add(process, watch === 'web' ? 'start' : 'elsewhere', true);
    if (watch !== 'web') return;
    if (this.kind === 'pidfile') this.writePidfile(process.pid);
    if (this.kind !== 'slow pidfile') return;
    this.bench.clock.after(SLOW_PIDFILE_MS, () => {
      if (this.bench.world.processes.get(process.pid) === process) this.writePidfile(process.pid);
    });
  }

  private writePidfile(pid: number, { writerUid, fresh } = { writerUid: 0, fresh: true }): void {
    const writtenAt = this.bench.clock.wallMs() - (fresh ? 0 : 86_400_000);
    this.bench.world.pidfiles.set(PIDFILE, { kind: 'pid', pid, writerUid, writtenAt, sinceBoot: false });
  }

  private onPidfile({ of, names, fresh }: Happening & { kind: 'pidfile' }): void {
    if (names === 'nobody') return void this.bench.world.pidfiles.delete(PIDFILE);
    if (names === 'program') {
      const one = this.pick(of);
      if (one !== null) this.writePidfile(one.process.pid, { writerUid: 0, fresh });
      return;
    }
    // What only root may write is believed unless it is stale, whatever it names.
    this.writePidfile(this.addStranger('other').pid, { writerUid: fresh ? 1001 : 0, fresh });
  }

  private addStranger(as: 'namesake' | 'editor' | 'other'): FakeProcess {
    const stranger = this.bench.world.add(
      {
        namesake: { name: 'server', argv: ['server', '--port', '80'], uid: 1001, user: 'attacker' },
        editor: { name: 'vi', argv: ['vi', '/srv/server'], executable: '/usr/bin/vi' },
        other: { name: 'other', argv: ['other'] },
      }[as],
    );
    this.add(stranger, 'elsewhere', false);
    return stranger;
  }

  /** Somebody starts the program who sees that it is down. */
  private onOthersStart(): void {
    if (this.living().some(({ from, isProgram }) => from !== 'elsewhere' && isProgram)) return;
    const argv = ['server', '--port', '80'];
    const process = this.bench.world.add({ name: 'server', argv, executable: '/usr/bin/server', cwd: '/srv' });
    this.add(process, this.kind === 'command' ? 'elsewhere' : 'others', true);
    if (this.kind !== 'command') this.writePidfile(process.pid);
  }

  private fork({ of, execs, leaves, orphaned, drops }: Happening & { kind: 'fork' }): void {
    const parent = this.pick(of);
    if (parent === null) return;
    const { name, argv, uid, user, realUid, executable, cwd, session, pgid, pid } = parent.process;
    const { [WATCH_MARK]: mark, ...rest } = parent.process.env;
    const env = drops || mark === undefined ? rest : parent.process.env;
    // A daemon forks twice: the process in the middle led its session, and is gone.
    const middle = leaves && orphaned ? this.bench.world.add() : null;
    if (middle !== null) this.bench.world.exit(middle.pid);
    const child = this.bench.world.add({
      ...(execs ? { name: 'helper', argv: ['helper'], executable: '/usr/bin/helper' } : { name, argv, executable }),
      ...{ uid, user, realUid, cwd, env, ppid: orphaned ? 1 : pid },
      ...(leaves ? {} : { session, pgid }),
      ...(middle === null ? {} : { session: middle.pid, pgid: middle.pid }),
    });
    // Nothing in the world could prove it any more.
    const isProgram = parent.isProgram && !execs;
    const isFree = leaves && orphaned && env[WATCH_MARK] === undefined;
    const isTitled = parent.from === 'start' && isProgram && Object.keys(env).length === 0;
    const free = isProgram && this.kind === 'name' ? 'others' : isTitled ? 'unproved' : 'elsewhere';
    const from = isFree ? free : parent.from;
    this.add(child, from, isProgram, [...parent.line, identityKey(parent.process)]);
  }

  private die(of: number, exitCode: number | null, reused: boolean): void {
    const { world } = this.bench;
    const one = this.pick(of);
    if (one === null) return;
    const { pid } = one.process;
    if (this.isMain(one.process)) this.dead.push(pid);
    world.exit(pid, { exitCode, signal: exitCode === null ? 'SIGKILL' : null });
    // The kernel gives a number to nobody else for as long as a group or a session has it, nor before it comes round again.
    const isFree = ![...world.processes.values()].some(({ pgid, session }) => pgid === pid || session === pid);
    const file = world.pidfiles.get(PIDFILE);
    const lastUse = file?.kind === 'pid' && file.pid === pid ? file.writtenAt : 0;
    const ageMs = this.bench.clock.wallMs() - Math.max(one.process.startedAt, lastUse);
    if (reused && isFree && ageMs > PIDS_COME_ROUND_MS)
      this.add(world.add({ pid, name: 'innocent' }), 'elsewhere', false);
  }

  /** Whether its death is one of the watch. */
  private isMain(process: FakeProcess): boolean {
    const memory = this.bench.state.state?.watches[this.bench.status().watch.id];
    const written = memory?.processes.find((one) => identityKey(one) === identityKey(process));
    return written !== undefined && (this.kind === 'command' || written.role === 'main');
  }

  /** Living processes that run the program, and of which the engine can know that they do for this watch. */
  private provedPrograms(): readonly Truth[] {
    return this.living().filter((truth) => {
      const { process, from, isProgram } = truth;
      if (!isProgram || from === 'elsewhere' || from === 'unproved') return false;
      if (from === 'others') return this.isToBeFound(truth);
      const { marks } = this.bench;
      return marks.verify(this.bench.status().watch.id, process.env[WATCH_MARK] ?? '') || this.isMain(process);
    });
  }

  /** Whether a program that somebody else has started matches, and was never held beside another one. */
  private isToBeFound({ process }: Truth): boolean {
    if (this.held.has(identityKey(process))) return this.isMain(process);
    const file = this.bench.world.pidfiles.get(PIDFILE);
    if (this.kind === 'name') return true;
    return file?.kind === 'pid' && file.pid === process.pid && file.writtenAt >= process.startedAt - 10_000;
  }

  private checkStart(): void {
    for (const { process } of this.provedPrograms())
      this.problems.push(`a copy is started beside pid ${process.pid}: ${this.bench.events.types().slice(-6).join()}`);
  }

  private checkSignal(identity: ProcessIdentity, signal: string): void {
    const process = this.bench.world.processes.get(identity.pid);
    if (process === undefined || process.startTime !== identity.startTime) return;
    // The other watch, which the operator has stopped.
    if (this.awaited.has(identityKey(process))) return;
    const truth = this.truths.get(identityKey(process));
    const isTaken = [identityKey(process), ...(truth?.line ?? [])].some(
      (key) => this.held.has(key) || this.isHeld(key),
    );
    if (truth?.from === 'start' || (truth !== undefined && truth.from !== 'elsewhere' && isTaken)) return;
    this.problems.push(`${signal} to pid ${process.pid} (${process.argv.join(' ')}), which is not proved to belong`);
  }

  private isHeld(key: string): boolean {
    return this.bench.status().processes.some((process) => identityKey(process) === key);
  }

  /** How many events report the end of this process. */
  private reportsOf(pid: number): number {
    return this.bench.events.events.filter((event) => {
      if (event.watch !== 'web') return false;
      if (ENDS.has(event.type)) return event.pid === pid;
      if (event.type === 'adopted') return event.message.includes(`: pid ${pid} → `);
      if (event.type === 'stopped' || event.type === 'killed') return event.data.pids.includes(pid);
      const isRestart = event.type === 'restarted' || event.type === 'restart_failed';
      return isRestart && event.data.actor !== 'engine' && event.data.ended?.includes(pid) === true;
    }).length;
  }
}
