import type { ProcessState } from './process';

/** What a thread was doing. */
export interface ThreadEvidence {
  tid: number;
  name: string;
  state: ProcessState;
  /** The function of the kernel that it waits in (proc_pid_wchan(5)); null: it does not wait, or that may not be read. */
  waitChannel: string | null;
  /** Number of the system call that it is in, as this machine's architecture counts them; null: in none, or that may not be read. */
  systemCall: number | null;
  /** Functions of the kernel that it is in, the innermost first; empty where that may not be read (only root may). */
  kernelStack: readonly string[];
}

export interface OpenFile {
  fd: number;
  /** A path, or what the kernel calls it: `pipe:[81]`, `anon_inode:[eventfd]`. */
  target: string;
}

export interface OpenSocket {
  fd: number;
  inode: string;
  /** `127.0.0.1:8080`; null where no table of TCP names it: another kind of socket, or not found in time. */
  local: string | null;
  remote: string | null;
  /** `LISTEN`, `ESTABLISHED` and so on, as netstat(8) has them. */
  state: string | null;
}

/** What the threads of a process were doing, and what it had open. */
export interface ProcessEvidence {
  pid: number;
  name: string;
  threads: readonly ThreadEvidence[];
  files: readonly OpenFile[];
  sockets: readonly OpenSocket[];
  /** There was more than is listed, or no time to read it. */
  isCut: boolean;
}

/** What a runtime wrote when it was asked for a dump. */
export interface RuntimeDump {
  signal: string;
  /** Of standard error, then of standard output; empty: nothing was written. */
  text: string;
  /** There was more than is kept. */
  truncated: boolean;
}
