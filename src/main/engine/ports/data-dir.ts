import type { ProcessIdentity } from '../../../shared/model/process';
import type { Command } from '../../../shared/model/watch';

/** A data directory: where it is, and what stays the same wherever it is moved to and is another in each copy. */
export interface DataDirIdentity {
  /** Absolute. */
  path: string;
  /** Device and inode. */
  id: string;
}

/** A process that the engine of another data directory keeps. */
export interface KeptElsewhere extends ProcessIdentity {
  /** Path of that data directory. */
  dataDir: string;
  /** What it was started with; null where that engine only found it. */
  command: Pick<Command, 'argv' | 'cwd'> | null;
}

/** The data directory of this engine. */
export interface DataDir {
  readonly identity: DataDirIdentity;
  /** What living engines of other data directories keep, as far as this user may know. Never rejects. */
  keptElsewhere(): Promise<readonly KeptElsewhere[]>;
  /** Whether a living engine keeps the other one, which is still where it was. */
  isOwnedByAnother(other: DataDirIdentity): boolean;
}
