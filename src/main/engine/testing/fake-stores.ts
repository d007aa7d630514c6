import type { EventDraft, HealdeckEvent } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { MachineSample } from '../../../shared/model/snapshot';
import type { Watch } from '../../../shared/model/watch';
import type {
  AttemptReading,
  Clock,
  ConfigStore,
  DataDir,
  DataDirIdentity,
  KeptElsewhere,
  EventLog,
  Machine,
  MachineActivity,
  Marks,
  MemoryGroupReading,
  HealthReading,
  MachineHealth,
  MemoryGroups,
  OutputEnd,
  OutputFiles,
  PersistedState,
  PersistedWatch,
  SampleReading,
  SampleStore,
  StateStore,
  Written,
} from '../ports';

/** Events in memory. */
export class FakeEventLog implements EventLog {
  readonly events: HealdeckEvent[] = [];
  readonly unwritten = 0;
  readonly unwrittenSince = null;
  readonly readProblem = null;

  constructor(private readonly clock: Clock) {}

  append(draft: EventDraft): HealdeckEvent {
    const id = this.events.length + 1;
    const incident = draft.incident === 'opens' ? id : draft.incident;
    const event = { ...draft, incident, id, at: new Date(this.clock.wallMs()).toISOString() } as HealdeckEvent;
    this.events.push(event);
    return event;
  }

  types(): readonly string[] {
    return this.events.map((event) => event.type);
  }
}

/** Readings in memory. */
export class FakeSampleStore implements SampleStore {
  readonly recorded: SampleReading[] = [];
  readonly attempts: AttemptReading[] = [];

  recordSamples(_at: number, readings: readonly SampleReading[], attempts: readonly AttemptReading[] = []): void {
    this.recorded.push(...readings);
    this.attempts.push(...attempts);
  }
}

/** `config.json` in memory; `full` makes each save fail as on a full disk. */
export class FakeConfigStore implements ConfigStore {
  full = false;

  constructor(
    private kept: readonly Watch[] = [],
    private set: Partial<Settings> = {},
  ) {}

  watches(): readonly Watch[] {
    return this.kept;
  }

  saveWatches(watches: readonly Watch[]): void {
    if (this.full) throw new Error('ENOSPC');
    this.kept = watches;
  }

  overrides(): Partial<Settings> {
    return this.set;
  }

  saveOverrides(overrides: Partial<Settings>): void {
    if (this.full) throw new Error('ENOSPC');
    this.set = overrides;
  }

  saveAll({ watches, overrides }: { watches: readonly Watch[]; overrides: Partial<Settings> }): void {
    this.saveWatches(watches);
    this.set = overrides;
  }
}

/** `state.json` in memory. */
export class FakeStateStore implements StateStore {
  state: PersistedState | null = null;

  load(): PersistedState | null {
    return this.state;
  }

  save(state: PersistedState): void {
    this.state = state;
  }

  saveWatch(id: string, memory: PersistedWatch): void {
    if (this.state === null) throw new Error('the whole state was never saved');
    this.state = { ...this.state, watches: { ...this.state.watches, [id]: memory } };
  }

  isSaved(): boolean {
    return true;
  }

  saved(): Promise<void> {
    return Promise.resolve();
  }
}

/** A data directory on the machine in memory; `kept` are those that living engines keep. */
export class FakeDataDir implements DataDir {
  readonly kept = new Set<string>();
  /** What other engines keep. */
  elsewhere: readonly KeptElsewhere[] = [];

  constructor(readonly identity: DataDirIdentity) {}

  keptElsewhere(): Promise<readonly KeptElsewhere[]> {
    return Promise.resolve(this.elsewhere);
  }

  isOwnedByAnother({ id }: DataDirIdentity): boolean {
    return this.kept.has(id);
  }
}

/** Marks of one data directory: those that were issued, and no other. */
export class FakeMarks implements Marks {
  private readonly issued = new Map<string, string>();

  constructor(private readonly dataDir = '/data') {}

  issue(watchId: string): string {
    const mark = `${this.dataDir}:${this.issued.size + 1}`;
    this.issued.set(mark, watchId);
    return mark;
  }

  verify(watchId: string, mark: string): boolean {
    return this.issued.get(mark) === watchId;
  }
}

/** Standard error of watched programs, by name; an offset is a number of lines. */
export class FakeOutputFiles implements OutputFiles {
  readonly lines = new Map<string, readonly string[]>();

  tail(watch: Watch, stream: 'out' | 'err', lines: number, from: OutputEnd | null): readonly string[] {
    return stream === 'err' ? (this.lines.get(watch.name) ?? []).slice(from?.offset ?? 0).slice(-lines) : [];
  }

  end(watch: Watch): OutputEnd {
    return { offset: (this.lines.get(watch.name) ?? []).length, olderInode: null };
  }

  since(watch: Watch, stream: 'out' | 'err', from: OutputEnd, maxBytes: number): Written {
    const text = stream === 'err' ? (this.lines.get(watch.name) ?? []).slice(from.offset).join('\n') : '';
    return { text: text.slice(0, maxBytes), truncated: text.length > maxBytes };
  }

  rename(oldName: string, newName: string): void {
    this.lines.set(newName, this.lines.get(oldName) ?? []);
  }
}

/** Groups that a test makes; by default there are none. */
export class FakeMemoryGroups implements MemoryGroups {
  /** By the pid of a process: the group that it is in. */
  readonly groups = new Map<number, string>();
  readonly readings = new Map<string, MemoryGroupReading>();

  of(pid: number): string | null {
    return this.groups.get(pid) ?? null;
  }

  read(group: string): MemoryGroupReading | null {
    return this.readings.get(group) ?? null;
  }
}

/** A healthy machine, until a test makes it another one. */
export class FakeMachineHealth implements MachineHealth {
  reading: HealthReading = { disks: null, swappedBytes: null, isClockSynchronised: null };

  read(): Promise<HealthReading> {
    return Promise.resolve(this.reading);
  }
}

/** The machine under the fake world. */
export class FakeMachine implements Machine {
  bootId = 'boot-1';
  shuttingDown = false;
  readonly hostname = 'test';
  readonly home = '/home/ada';
  timeZone = 'UTC';
  readonly platform = 'linux';
  threadCount = 200;
  newestPid = 1000;
  oomKillCount = 3;
  /** What the engine uses from now on, in % of one core. */
  ownCpuPercent = 0;
  /** How busy the machine is. */
  load: { corePercents: readonly number[]; average: number } = { corePercents: [10, 30], average: 0 };
  private cpuMs = 1;
  private readAtMs: number | null = null;
  private ids = 0;

  constructor(
    private readonly clock: Clock,
    readonly pid: number,
  ) {}

  isShuttingDown(): boolean {
    return this.shuttingDown;
  }

  activity(): MachineActivity {
    return { threads: this.threadCount, newestPid: this.newestPid };
  }

  oomKills(): number {
    return this.oomKillCount;
  }

  totals(): Promise<Omit<MachineSample, 'processes'>> {
    return Promise.resolve({
      at: this.clock.wallMs(),
      corePercents: this.load.corePercents,
      memoryTotalBytes: 8e9,
      memoryUsedBytes: 2e9,
      swapTotalBytes: 0,
      swapUsedBytes: 0,
      loadAverages: [this.load.average, 0, 0],
      uptimeSeconds: 1000,
    });
  }

  ownUsage(): { cpuMs: number; rssBytes: number } {
    const nowMs = this.clock.monotonicMs();
    this.cpuMs += ((nowMs - (this.readAtMs ?? nowMs)) * this.ownCpuPercent) / 100;
    this.readAtMs = nowMs;
    return { cpuMs: this.cpuMs, rssBytes: 50_000_000 };
  }

  newId(): string {
    this.ids += 1;
    return `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }
}
