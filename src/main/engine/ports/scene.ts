import type { ProcessIdentity } from '../../../shared/model/process';

/** A local port that a program may have failed to bind. */
export interface WantedPort {
  protocol: 'tcp' | 'udp';
  port: number;
}

/** Who has bound a port. */
export interface PortHolder extends WantedPort {
  /** Numeric user that the socket belongs to. */
  uid: number;
  /** null: this user may not look whose socket it is, or it belongs to no process of this machine's own. */
  process: (ProcessIdentity & { name: string; uid: number; startedAt: number }) | null;
}

/** What a file was at one moment. Two equal values of one path: nobody has changed it. `unknown`: it could not be looked at, or not in time. */
export type FileState =
  | { kind: 'present'; inode: number; bytes: number; modifiedAt: number }
  | { kind: 'missing' }
  | { kind: 'unknown' };

/** The disk that a folder lies on. */
export interface DiskSpace {
  /** The folder that was asked about. */
  folder: string;
  /** What an ordinary user may still write, and what there is in all. */
  freeBytes: number;
  totalBytes: number;
  /** null: this file system has no fixed number. */
  freeInodes: number | null;
  totalInodes: number | null;
}

export interface MemoryState {
  totalBytes: number;
  /** What programs could still have without swapping. */
  availableBytes: number;
  swapTotalBytes: number;
  swapFreeBytes: number;
  /** Share of the last 10 s in which some task waited for memory, in %; null where the kernel does not report it. */
  stalledPercent: number | null;
}

/** A package that was installed, upgraded or removed. */
export interface PackageChange {
  name: string;
  /** null: it was not there before. */
  before: string | null;
  /** null: it was removed. */
  after: string | null;
  /** ms since the epoch. */
  at: number;
}

/** Versions of packages by their names. */
export type PackageVersions = Readonly<Record<string, string>>;

/** Where the memory of a dead process is kept: a file, or the service that `coredumpctl` asks. */
export type CoreDump = { kind: 'file'; path: string } | { kind: 'coredumpctl' };

/** A process that has died, and what is looked for about it. */
export interface DeadProcess {
  pid: number;
  name: string;
  /** null: not known. */
  cwd: string | null;
  /** `SIGSEGV` and the like; null: no signal has ended it. */
  signal: string | null;
  /** ms since the epoch. */
  diedAt: number;
}

export interface SceneRequest {
  ports: readonly WantedPort[];
  /** It is enough to know whether the ports are bound: no process is searched for, which takes time where there are many. */
  holdersByUser?: true;
  /** Absolute paths. */
  files: readonly string[];
  /** Of directories among the files also what lies directly in them; absent: directories count as files. */
  withEntries?: true;
  /** Absolute paths of files of which the versions that they name are wanted as well; absent: of none. */
  versionsIn?: readonly string[];
  /** Absolute paths of folders. */
  folders: readonly string[];
  dead: DeadProcess | null;
  /** Changes of packages after this moment are of interest, in ms since the epoch; null: none are. */
  packagesSince: number | null;
}

/** Asks for nothing: what is wanted is added to it. */
export const NOTHING_WANTED: SceneRequest = { ports: [], files: [], folders: [], dead: null, packagesSince: null };

/** What was around a death. Each part is null where it can't be read, or could not be read in time. */
export interface Scene {
  holders: readonly PortHolder[] | null;
  /** By path; each path that was asked for is there. */
  files: Readonly<Record<string, FileState>>;
  /** What the files name whose versions were asked for, by path; a file that was not read is not there. */
  versions: Readonly<Record<string, PackageVersions>>;
  disks: readonly DiskSpace[];
  memory: MemoryState | null;
  packages: readonly PackageChange[] | null;
  core: CoreDump | null;
  /** Whether the kernel's own log names the dead process as one that its OOM killer ended. */
  oomVictim: boolean | null;
}

/** A scene of which nothing has been read yet. */
export function unknownScene(request: SceneRequest): Scene {
  return {
    holders: null,
    files: Object.fromEntries(request.files.map((path) => [path, { kind: 'unknown' }])),
    versions: {},
    disks: [],
    memory: null,
    packages: null,
    core: null,
    oomVictim: null,
  };
}

/** Looks at what is around a death: files, disks, sockets and logs, any of which may hang. */
export interface SceneReader {
  /** Never rejects. Resolves after `limitMs` at the latest, with what is known by then. */
  read(request: SceneRequest, limitMs: number): Promise<Scene>;
}

/** What a start was made of, for comparison with a later one. It holds no argument and no value: these may be secrets. */
export interface StartRecord {
  /** ms since the epoch. */
  at: number;
  bootId: string;
  /** Hashes of what was started; null where somebody else has started it. */
  command: { argv: string; cwd: string; env: string } | null;
  /** Its files by absolute path, as they were then. */
  files: Readonly<Record<string, FileState>>;
  /** The versions that some of them name, by path; absent: none. */
  versions?: Readonly<Record<string, PackageVersions>> | undefined;
  /** The version of its program by the states of its files, in 8 hex digits; absent: not known. */
  version?: string | undefined;
}

/** What is remembered of the starts of a watch, beyond the life of an engine. */
export interface RememberedStarts {
  /** The last start, and the key of the process that it brought up. */
  last: (StartRecord & { process: string }) | null;
  /** The last one whose program ran for longer than its start grace. */
  good: StartRecord | null;
}
