import type { ProcessIdentity } from '../../shared/model/process';
import { startCommandOf, type Command, type Watch } from '../../shared/model/watch';
import type { ChildExit, Launch, LaunchFailure, ProcessTable, Spawner } from './ports';

export interface LauncherDependencies {
  spawner: Spawner;
  table: Pick<ProcessTable, 'environment'>;
}

/** Who hears what becomes of a start. */
export interface LaunchListener {
  /** Resolves once the start is on record, right before it is carried out; false: it is not wanted any more. */
  recorded: () => Promise<boolean>;
  launched: (identity: ProcessIdentity) => void;
  failed: (failure: LaunchFailure) => void;
  /** Once, at the end of what was launched. */
  exited: (identity: ProcessIdentity, exit: ChildExit) => void;
}

/**
 * Starts the program of one watch. An automatic restart repeats the last start byte for byte; it is made anew once the
 * watch was edited, the operator asked for one, or the last has failed.
 */
export class Launcher {
  private last: { revision: number; launch: Launch } | null = null;
  private lastChild: ProcessIdentity | null = null;

  constructor(private readonly dependencies: LauncherDependencies) {}

  /** The last process that this engine started: its end is told to us, with the exit code. */
  get child(): ProcessIdentity | null {
    return this.lastChild;
  }

  /** The next start repeats none before it. */
  startOver(): void {
    this.last = null;
  }

  /** What an earlier engine started is started again as it was: what it runs with is read from the kernel. */
  adopt(process: ProcessIdentity, watch: Watch): void {
    const command = startCommandOf(watch.target);
    const env = command === null ? null : this.dependencies.table.environment(process);
    if (command === null || env === null) return;
    const { argv, cwd, user } = command;
    this.last = { revision: watch.revision, launch: { argv, cwd, env, user } };
  }

  async start(watch: Watch, command: Command, listener: LaunchListener): Promise<void> {
    const { spawner } = this.dependencies;
    const { revision } = watch;
    const launch = this.last?.revision === revision ? this.last.launch : spawner.prepare(watch, command);
    if (!(await listener.recorded())) return;
    const started: { identity: ProcessIdentity | null } = { identity: null };
    // Told from within, not by what this returns: an exit must find the launch told already.
    const result = await spawner.start(watch, launch, (exit) => {
      if (started.identity !== null) listener.exited(started.identity, exit);
    });
    if (!result.ok) {
      this.last = null;
      listener.failed(result.failure);
      return;
    }
    started.identity = result.identity;
    this.lastChild = result.identity;
    this.last = { revision, launch };
    listener.launched(result.identity);
  }
}

/** What is wrong with a start command that ended so, before anything that matches has come up; null: nothing. */
export function startCommandFailure({ exitCode, signal }: ChildExit): LaunchFailure | null {
  if (signal === null && exitCode === 0) return null;
  const how = signal ?? `exit code ${exitCode}`;
  return { reason: 'start_command_failed', message: `the start command ended with ${how}` };
}
