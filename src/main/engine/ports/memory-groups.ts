/** A group of processes whose memory the OS counts together, at one moment. */
export interface MemoryGroupReading {
  /** Who is in it, or in a group below it. */
  pids: readonly number[];
  /** Processes of it that the OOM killer has ended since the group was made. */
  oomKills: number;
}

/** The groups in which the OS counts memory (Linux: control groups with the memory controller). Nothing here ever throws. */
export interface MemoryGroups {
  /** The group that a process is in; null: not known, or one that this engine is in, too. Reads some small files. */
  of(pid: number): string | null;
  /** null: the group is gone, can't be read, or is divided into more groups than a program makes. Reads some small files. */
  read(group: string): MemoryGroupReading | null;
}
