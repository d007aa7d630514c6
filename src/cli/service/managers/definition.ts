/** Whose the service is: of one user, or of the machine (and root). */
export type ServiceScope = 'user' | 'system';

/** What a service starts, and where. All paths are absolute. */
export interface ServiceRequest {
  scope: ServiceScope;
  /** The Node that runs this command. */
  node: string;
  /** bin/healdeck.js of this installation. */
  script: string;
  dataDir: string;
  /** What follows `run --headless`. */
  runOptions: readonly string[];
  /** Whether this process can send datagrams itself; else systemd-notify(1) sends them. */
  sendsItself: boolean;
  /** Where a service manager looks for files of this user; not asked where the scope is `system`. */
  places: UserPlaces;
  /** The numeric user, for a manager that names its sessions by it. */
  uid: number;
}

export interface UserPlaces {
  /** The home directory; may throw. */
  home(): string;
  /** `XDG_CONFIG_HOME`, or its default; may throw. */
  config(): string;
}

/** A file that makes a service, and the commands that bring it into force. Nothing of it was done yet. */
export interface ServicePlan {
  file: string;
  text: string;
  /** Permission bits. */
  mode: number;
  /** Run in this order once the file is in place; each is an argument vector. */
  enable: readonly (readonly string[])[];
  /** Run instead of the last one where another file was in its place: what runs already has to be started anew. */
  restart: readonly string[] | null;
  /** Run while the file is still there; a failure is reported. */
  disable: readonly (readonly string[])[];
  /** Run once it is gone. */
  afterRemoval: readonly (readonly string[])[];
}

/** One way to have a program run by a machine. One file per kind; list.ts names them. */
export interface ServiceManagerKind {
  name: string;
  title: string;
  /** The files are written by hand: `install` prints what to do. */
  byHand: boolean;
  /** Whose services it has. */
  scopes: readonly ServiceScope[];
  /** Has it started this machine? */
  isRunning(facts: MachineFacts): boolean;
  /** For one of its scopes. */
  plan(request: ServiceRequest): ServicePlan;
}

export interface MachineFacts {
  platform: string;
  /** Name of the first process (`/proc/1/comm`); null: not known. */
  init: string | null;
  exists(path: string): boolean;
}

/** The first line of every file that this command writes: `uninstall` removes no other. */
export const MARK = 'Written by "healdeck service install"; "healdeck service uninstall" removes it.';

/** The argument vector of the service. Its output is a log that others may read, and whoever opens an address of the dashboard first has a session. */
export function serviceArgv({ node, script, dataDir, runOptions }: ServiceRequest): string[] {
  return [node, script, 'run', '--headless', '--no-address', '--data-dir', dataDir, ...runOptions];
}
