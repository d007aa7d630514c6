import type { HealdeckEvent } from '../../../shared/model/event';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { watchSpecSchema, type WatchSpec, type WatchSpecInput } from '../../../shared/model/watch';
import { createEngine } from '../create-engine';
import type { Engine } from '../engine';
import {
  FakeConfigStore,
  FakeDataDir,
  FakeEventLog,
  FakeMachine,
  FakeMachineHealth,
  FakeMarks,
  FakeMemoryGroups,
  FakeOutputFiles,
  FakeSampleStore,
  FakeStateStore,
} from './fake-stores';
import { FakeProber } from './fake-prober';
import { FakeServiceNotices } from './fake-service-notices';
import { FakeLastWordsReader, FakeScenes, FakeSocketReader, FakeWorld } from './fake-world';
import { ManualClock } from './manual-clock';

/** An engine over a machine in memory, and all of that machine's parts. */
export class TestBench {
  readonly clock: ManualClock;
  readonly world: FakeWorld;
  readonly events: FakeEventLog;
  readonly samples = new FakeSampleStore();
  readonly config = new FakeConfigStore();
  readonly state = new FakeStateStore();
  readonly output = new FakeOutputFiles();
  readonly scenes = new FakeScenes();
  readonly prober: FakeProber;
  readonly serviceNotices = new FakeServiceNotices();
  readonly lastWords: FakeLastWordsReader;
  readonly sockets = new FakeSocketReader();
  marks = new FakeMarks();
  dataDir = new FakeDataDir({ path: '/data', id: '1:1' });
  readonly machine: FakeMachine;
  readonly machineHealth = new FakeMachineHealth();
  readonly memoryGroups = new FakeMemoryGroups();
  readonly errors: unknown[] = [];
  /** What the next draw is; 0.5: no jitter. */
  random = 0.5;
  engine: Engine;

  /** On a machine of its own, or beside another engine on that one's. */
  constructor(on: Pick<TestBench, 'clock' | 'world'> | null = null) {
    this.clock = on?.clock ?? new ManualClock();
    this.world = on?.world ?? new FakeWorld(this.clock);
    this.events = new FakeEventLog(this.clock);
    this.prober = new FakeProber(this.clock);
    this.lastWords = new FakeLastWordsReader(this.clock);
    this.machine = new FakeMachine(this.clock, this.world.enginePid);
    this.engine = this.newEngine();
  }

  /** A bench whose engine has started. */
  static async started(): Promise<TestBench> {
    const bench = new TestBench();
    await bench.engine.start();
    return bench;
  }

  /** The engine dies as by `kill -9` and another one starts on the same data; children of the first go on, and to init. */
  async replaceEngine(between: () => void = () => undefined): Promise<void> {
    const left = JSON.parse(JSON.stringify(this.state.state)) as typeof this.state.state;
    const reported = this.events.events.length;
    this.engine.dispose('killed');
    this.events.events.length = reported;
    this.state.state = left;
    for (const process of this.world.processes.values()) {
      process.onExit = null;
      if (process.ppid === this.world.enginePid) process.ppid = 1;
    }
    between();
    this.engine = this.newEngine();
    await this.engine.start();
  }

  /** An engine over the parts as they are by now; the one before it must not have started. */
  renewEngine(): void {
    this.engine = this.newEngine();
  }

  /** Adds a command watch. */
  add(spec: Partial<WatchSpecInput> = {}): Promise<WatchStatus> {
    return this.engine.watches.add(commandSpec(spec), 'cli');
  }

  /** Lets an operation that waits for time come to its end. */
  async through<T>(operation: Promise<T>, ms = 200): Promise<T> {
    // Handled from the start: a rejection may come while time still passes.
    const outcome = operation.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await this.clock.advance(ms);
    const settled = await outcome;
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  status(name = 'web'): WatchStatus {
    const status = this.engine.watches.list().find(({ watch }) => watch.name === name);
    if (status === undefined) throw new Error(`no watch ${name}`);
    return status;
  }

  /** The pid of the only process of a watch. */
  pid(name = 'web'): number {
    const [process, another] = this.status(name).processes;
    if (process === undefined || another !== undefined) throw new Error(`expected one process of ${name}`);
    return process.pid;
  }

  /** Events of a type, oldest first. */
  reported<T extends HealdeckEvent['type']>(type: T): Extract<HealdeckEvent, { type: T }>[] {
    return this.events.events.filter((event): event is Extract<HealdeckEvent, { type: T }> => event.type === type);
  }

  private newEngine(): Engine {
    return createEngine(
      {
        clock: this.clock,
        table: this.world,
        lastWords: this.lastWords,
        sockets: this.sockets,
        spawner: this.world,
        marks: this.marks,
        launchTraces: this.world.traces,
        dataDir: this.dataDir,
        signaller: this.world,
        endNotices: this.world,
        treeKiller: null,
        boost: () => () => undefined,
        random: () => this.random,
        output: this.output,
        scenes: this.scenes,
        prober: this.prober,
        serviceNotices: this.serviceNotices,
        changeScenes: this.scenes,
        machine: this.machine,
        machineHealth: this.machineHealth,
        memoryGroups: this.memoryGroups,
        events: this.events,
        samples: this.samples,
        config: this.config,
        state: this.state,
        report: (_where, error) => this.errors.push(error),
      },
      {
        version: '0.0.0',
        shell: 'headless',
        dataDir: '/data',
        recentEvents: this.events.events.slice(-200),
        crashesSeen: [],
        distressEvents: this.events.events,
      },
    );
  }
}

/** A valid spec of a command watch called `web`. */
export function commandSpec(spec: Partial<WatchSpecInput> = {}): WatchSpec {
  return watchSpecSchema.parse({
    name: 'web',
    target: { kind: 'command', command: { argv: ['server', '--port', '80'], cwd: '/srv' } },
    ...spec,
  });
}
