import { readableLines } from '../../../shared/lib/crash/lines';
import type { Obstacle } from '../../../shared/model/crash-group';
import type { ProcessIdentity, ProcessSample } from '../../../shared/model/process';
import type { ChildExit, Clock, Dispose, Machine, ProcessTable } from '../ports';
import type { OomKillsInGroup } from '../processes/group-oom-kills';
import type { ProcessIndex } from '../processes/process-index';
import type { FileState, Scene, SceneReader, StartRecord } from '../ports';
import { obstacleOf, programText } from './causes/port-in-use';
import type { Coincidences } from './coincidences';
import type { Changes, DeathFacts } from './death-facts';
import { explainDeath, type Explanation } from './explain-death';
import { filesNamedIn } from './start-files';
import type { StartHistory } from './start-history';
import { changedFiles, editedParts } from './start-record';
import { portFaultOf, type StartWords } from './wanted-ports';

/** Healing comes first: until then the replacement runs, and the others that died in the same moment have theirs. */
const DELAY_MS = 100;
/** How long the evidence of a death may take. What hangs is left out. */
const SCENE_LIMIT_MS = 5000;
/** The processes that are named where memory was short. */
const NAMED_PROCESSES = 3;

/** A death, as far as it was seen at that moment. */
export interface SeenDeath {
  process: ProcessIdentity & { origin: string };
  exit: ChildExit | null;
  /** The last scan before it. */
  index: ProcessIndex;
  stderrTail: readonly string[];
  crashTitle: string | null;
  oomKills: number;
  oomKillsInGroup: OomKillsInGroup | null;
  /** Whether it had run for longer than its start grace. */
  wasGood: boolean;
}

/** The reason of a death, and what it means for the next start. */
export interface ExplainedDeath extends Explanation {
  /** What another start would fail at; null: nothing that is certain. */
  obstacle: Obstacle | null;
  /** An earlier start of the watch has left what stands in the way. */
  hasLeftovers: boolean;
}

export interface DeathExplainerDependencies {
  clock: Clock;
  scenes: SceneReader;
  machine: Pick<Machine, 'bootId' | 'pid'>;
  table: Pick<ProcessTable, 'isAlive'>;
  coincidences: Coincidences;
  starts: StartHistory;
  /** Name of the watch. */
  watch: () => string;
  /** How its programs are started; null: nobody here starts them. */
  start: () => (StartWords & { cwd: string }) | null;
  /** Folders that it writes to, as far as they are known. */
  folders: () => readonly string[];
  /** Which of these starts of the watch have left, by pid. */
  leftoversAmong: (processes: readonly ProcessIdentity[]) => Promise<ReadonlySet<number>>;
  /** The name of another watch that keeps a process, or null. */
  ownerOf: (process: ProcessIdentity) => string | null;
}

/** Finds out why the processes of one watch have ended, beside the healing: nothing waits for it. */
export class DeathExplainer {
  private disposed = false;
  private readonly waits = new Set<Dispose>();
  /** Files that the last explanation has looked at, as they were then. */
  private filesSeen: Readonly<Record<string, FileState>> | null = null;

  constructor(private readonly dependencies: DeathExplainerDependencies) {}

  /** The files of the program that died last, and those that its last words named, as they were then; null: none died yet. */
  get filesAtDeath(): Readonly<Record<string, FileState>> | null {
    return this.filesSeen;
  }

  dispose(): void {
    this.disposed = true;
    for (const cancel of this.waits) cancel();
    this.waits.clear();
  }

  /** Null where nobody needs to know any more. What can only be seen now is read before the first wait. */
  async explain(death: SeenDeath): Promise<ExplainedDeath | null> {
    const { clock, scenes, coincidences, starts, start } = this.dependencies;
    const { process, exit } = death;
    const diedAtMs = clock.monotonicMs();
    const diedAt = clock.wallMs();
    const seen = this.seenAround(death);
    const good = starts.goodBefore(process, death.wasGood);
    await this.delay();
    // As the program meant them: without colours, and binary lines left out.
    const stderrTail = readableLines(death.stderrTail);
    const words = start();
    const cwd = words?.cwd ?? null;
    const portFault = portFaultOf(stderrTail, words);
    const sample = death.index.find(process);
    const scene = await scenes.read(
      {
        ports: portFault?.ports ?? [],
        files: [...new Set([...Object.keys(good?.files ?? {}), ...filesNamedIn(stderrTail, cwd)])],
        folders: [...(cwd === null ? [] : [cwd]), ...this.dependencies.folders()],
        dead: { pid: process.pid, name: sample?.name ?? '', cwd, signal: exit?.signal ?? null, diedAt },
        packagesSince: good?.at ?? null,
      },
      SCENE_LIMIT_MS,
    );
    if (this.disposed) return null;
    this.filesSeen = scene.files;
    const holders = (scene.holders ?? []).flatMap(({ process }) => process ?? []);
    const leftovers = await this.dependencies.leftoversAmong(holders);
    if (this.disposed) return null;
    const facts: DeathFacts = {
      ...{ pid: process.pid, exit, diedAt, stderrTail, portFault, leftovers, scene },
      programs: programsOf(scene, death.index, this.dependencies.ownerOf),
      ...{ crashTitle: death.crashTitle, oomKills: death.oomKills, wasLargest: seen.wasLargest },
      oomKillsInGroup: death.oomKillsInGroup,
      ...{ endedParent: seen.endedParent, largest: seen.largest },
      othersEnded: coincidences.othersEnded(this.dependencies.watch(), diedAtMs),
      gapMs: coincidences.gapBefore(diedAtMs),
      changes: good === null ? null : this.changesSince(good, scene),
    };
    return { ...explainDeath(facts), obstacle: obstacleOf(facts), hasLeftovers: leftovers.size > 0 };
  }

  /** Never resolves once nobody needs to know any more. */
  private delay(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.dependencies.clock.after(DELAY_MS, () => {
        this.waits.delete(cancel);
        resolve();
      });
      this.waits.add(cancel);
    });
  }

  /** What the process table shows at the moment of a death. */
  private seenAround({ process, exit, index, oomKills }: SeenDeath) {
    const { table } = this.dependencies;
    const sample = index.find(process);
    const isKilled = exit?.signal === 'SIGKILL';
    return {
      wasLargest:
        isKilled &&
        oomKills > 0 &&
        sample !== null &&
        index.samples.every((other) => other.rssBytes <= sample.rssBytes || table.isAlive(other)),
      largest: isKilled ? largestOf(index.samples) : [],
      endedParent: sample === null ? null : this.endedParent(sample, index),
    };
  }

  /** The first process and the engine end with everything. */
  private endedParent({ ppid }: ProcessSample, index: ProcessIndex): DeathFacts['endedParent'] {
    const parent = ppid <= 1 || ppid === this.dependencies.machine.pid ? null : index.byPidOrNull(ppid);
    if (parent === null || this.dependencies.table.isAlive(parent)) return null;
    return { pid: parent.pid, name: parent.name };
  }

  private changesSince(good: StartRecord, scene: Scene): Changes {
    const { machine, starts } = this.dependencies;
    const compared = changedFiles(good.files, scene.files);
    // What its last words name was no file of its start; it counts where it was written since.
    const named = Object.entries(scene.files).flatMap(([path, state]) =>
      good.files[path] === undefined && state.kind === 'present' && state.modifiedAt > good.at
        ? [{ path, kind: 'changed' as const, at: state.modifiedAt }]
        : [],
    );
    return {
      files: [...compared, ...named],
      edited: editedParts(good.command, starts.commandNow()),
      rebooted: good.bootId !== machine.bootId,
    };
  }
}

/** The largest processes, in one pass: when a thousand programs are killed at once, each is explained. */
function largestOf(samples: readonly ProcessSample[]): DeathFacts['largest'] {
  const largest: ProcessSample[] = [];
  for (const sample of samples) {
    const smallest = largest.at(-1);
    if (largest.length === NAMED_PROCESSES && smallest !== undefined && sample.rssBytes <= smallest.rssBytes) continue;
    const at = largest.findIndex((other) => other.rssBytes < sample.rssBytes);
    largest.splice(at < 0 ? largest.length : at, 0, sample);
    largest.length = Math.min(largest.length, NAMED_PROCESSES);
  }
  return largest.map(({ pid, name, rssBytes }) => ({ pid, name, rssBytes }));
}

/**
 * What the holders of ports run, and which watch keeps them. Their arguments are those of the pass: to read them may hang (`ProcfsReader`).
 */
function programsOf(
  { holders }: Scene,
  index: ProcessIndex,
  ownerOf: DeathExplainerDependencies['ownerOf'],
): ReadonlyMap<number, string> {
  return new Map(
    (holders ?? []).flatMap(({ process }) => {
      if (process === null) return [];
      const [sample, owner] = [index.find(process), ownerOf(process)];
      if (sample === null && owner === null) return [];
      const program = sample === null ? process.name : programText(sample);
      return [[process.pid, owner === null ? program : `${program}, kept by ${owner}`]];
    }),
  );
}
