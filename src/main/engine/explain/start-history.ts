import { identityKey, type ProcessIdentity } from '../../../shared/model/process';
import type { Clock, Dispose, LaunchRecord, Machine, ProcessTable } from '../ports';
import type { FileState, RememberedStarts, StartRecord } from '../ports';
import { filesOfStart, programFilesOf, type StartedProgram } from './start-files';
import type { StartFilesReader } from './start-files-reader';
import { hashesOf, versionOf } from './start-record';

/** A wrapper has become its program by then, and one that dies at once is not looked at. */
const SETTLED_MS = 500;

export interface StartHistoryDependencies {
  clock: Pick<Clock, 'wallMs' | 'after'>;
  machine: Pick<Machine, 'bootId'>;
  table: Pick<ProcessTable, 'facts'>;
  files: StartFilesReader;
  /** The last start by an engine; null: somebody else has started it. */
  launch: () => LaunchRecord | null;
  /** Files that the operator wants compared as well. */
  moreFiles: () => readonly string[];
  /** What the next engine must know is another now. */
  changed: () => void;
}

/** Remembers what the last start and the last good start of a watch were made of. */
export class StartHistory {
  private last: RememberedStarts['last'] = null;
  private good: StartRecord | null = null;
  /** The process that is being looked at, or was. */
  private followed: string | null = null;
  private pending: Dispose | null = null;
  private disposed = false;

  constructor(private readonly dependencies: StartHistoryDependencies) {}

  get remembered(): RememberedStarts {
    return { last: this.last, good: this.good };
  }

  inherit({ last, good }: RememberedStarts): void {
    this.last = last;
    this.good = good;
    this.followed = last?.process ?? null;
  }

  dispose(): void {
    this.disposed = true;
    this.pending?.();
  }

  /** A program runs now; the same one again changes nothing. */
  follow(process: (ProcessIdentity & { origin: string }) | undefined): void {
    if (process === undefined || this.followed === identityKey(process)) return;
    const key = identityKey(process);
    this.followed = key;
    this.pending?.();
    this.pending = this.dependencies.clock.after(SETTLED_MS, () => void this.record(process, key));
  }

  /**
   * With what a process that has died is compared: itself, if it ran well for a while, else the last one that did; null: none
   * is known.
   */
  goodBefore(dead: ProcessIdentity, wasGood: boolean): StartRecord | null {
    this.onEnd(dead, wasGood);
    return this.good;
  }

  /** A process has ended, whoever asked for that: those after it are compared with it, if it ran well for a while. */
  onEnd(dead: ProcessIdentity, wasGood: boolean): void {
    if (wasGood && this.last?.process === identityKey(dead)) this.good = this.last;
  }

  /** The version of the program that a process runs; null: not known. */
  versionOf(process: ProcessIdentity): string | null {
    return this.last?.process === identityKey(process) ? (this.last.version ?? null) : null;
  }

  /** What the last start ran; null: not known. */
  program(process: ProcessIdentity & { origin: string }): StartedProgram | null {
    const record = process.origin === 'match' ? null : this.dependencies.launch();
    const facts = this.dependencies.table.facts(process);
    if (record !== null) {
      const { argv, cwd, env } = record.launch;
      return { argv, cwd, executable: facts?.executable ?? null, path: env['PATH'] ?? '' };
    }
    if (facts === null) return null;
    return { argv: facts.argv, cwd: facts.cwd ?? '/', executable: facts.executable, path: '' };
  }

  /** By what the command of now is compared with an earlier one. */
  commandNow(): StartRecord['command'] {
    const record = this.dependencies.launch();
    return record === null ? null : hashesOf(record.launch);
  }

  private async record(process: ProcessIdentity & { origin: string }, key: string): Promise<void> {
    const { clock, machine, files, moreFiles, changed } = this.dependencies;
    const program = this.program(process);
    if (program === null) return;
    const command = process.origin === 'match' ? null : this.commandNow();
    const at = clock.wallMs();
    const wanted = moreFiles();
    const { files: states, versions } = await files.withVersions([...new Set([...filesOfStart(program), ...wanted])]);
    if (this.disposed || this.followed !== key) return;
    const own = programFilesOf(program);
    const version = versionOf(Object.fromEntries(Object.entries(states).filter(([path]) => own.includes(path))));
    this.last = {
      ...{ process: key, at, bootId: machine.bootId, command, files: present(states, wanted) },
      ...(Object.keys(versions).length === 0 ? {} : { versions }),
      ...(version === null ? {} : { version }),
    };
    changed();
  }
}

/** Of the candidates those that are there, and those that the operator has named: these may be what is missing. */
function present(
  states: Readonly<Record<string, FileState>>,
  wanted: readonly string[],
): Readonly<Record<string, FileState>> {
  return Object.fromEntries(
    Object.entries(states).filter(([path, { kind }]) => kind === 'present' || wanted.includes(path)),
  );
}
