import type { Clock, Dispose } from './clock';
import type { DataDir } from './data-dir';
import type { EndNotices } from './ends';
import type { LaunchTraces, Marks, Spawner } from './launch';
import type { Machine } from './machine';
import type { MachineHealth } from './machine-health';
import type { MemoryGroups } from './memory-groups';
import type { OutputFiles } from './output';
import type { LastWordsReader, ProcessTable } from './processes';
import type { ServiceNotices } from './notices';
import type { Prober } from './probes';
import type { SceneReader } from './scene';
import type { Signaller, TreeKiller } from './signals';
import type { SocketReader } from './sockets';
import type { ConfigStore, EventLog, SampleStore, StateStore } from './stores';

export * from './clock';
export * from './data-dir';
export * from './ends';
export * from './launch';
export * from './machine';
export * from './machine-health';
export * from './memory-groups';
export * from './notices';
export * from './output';
export * from './persisted-state';
export * from './probes';
export * from './processes';
export * from './scene';
export * from './signals';
export * from './sockets';
export * from './stores';

/** The one sink for what nobody expected: it logs, and watching goes on. */
export type ReportError = (where: string, error: unknown) => void;

/** Everything an engine needs of the world. */
export interface EnginePorts {
  clock: Clock;
  table: ProcessTable;
  spawner: Spawner;
  marks: Marks;
  launchTraces: LaunchTraces;
  dataDir: DataDir;
  signaller: Signaller;
  endNotices: EndNotices;
  /** Ends whole programs in one stroke; null where the OS can't. */
  treeKiller: TreeKiller | null;
  /** Lets this engine run before others during a scan or an emergency; what it returns ends that. */
  boost: () => Dispose;
  /** A random number from 0 to 1, for the jitter of delays. */
  random: () => number;
  output: OutputFiles;
  /** What was around a death. */
  scenes: SceneReader;
  /** The same for files whose change restarts a program: those that hang here leave deaths explained. */
  changeScenes: SceneReader;
  lastWords: LastWordsReader;
  prober: Prober;
  serviceNotices: ServiceNotices;
  sockets: SocketReader;
  machine: Machine;
  machineHealth: MachineHealth;
  memoryGroups: MemoryGroups;
  events: EventLog;
  samples: SampleStore;
  config: ConfigStore;
  state: StateStore;
  report: ReportError;
}
