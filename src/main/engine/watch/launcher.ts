import { describeExit } from '../../../shared/lib/format/exit-words';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Command, Watch } from '../../../shared/model/watch';
import {
  WATCH_MARK,
  type ChildExit,
  type LaunchFailure,
  type LaunchRecord,
  type LaunchTraces,
  type Marks,
  type OutputFiles,
  type ServiceNotices,
  type Spawner,
} from '../ports';

export interface LauncherDependencies {
  spawner: Spawner;
  marks: Pick<Marks, 'issue'>;
  launchTraces: Pick<LaunchTraces, 'intended'>;
  output: Pick<OutputFiles, 'end'>;
  serviceNotices: Pick<ServiceNotices, 'status'>;
}

/** Is notified of what becomes of a start. */
export interface LaunchListener {
  /**
   * Right before the start is carried out. True: now; else it waits for its record, and false then: it is not wanted any more.
   * `isTraced`: how far it comes is known to the next engine without a record.
   */
  recorded: (isTraced: boolean) => true | Promise<boolean>;
  launched: (identity: ProcessIdentity) => void;
  failed: (failure: LaunchFailure) => void;
  /** Once, at the end of what was launched. */
  exited: (identity: ProcessIdentity, exit: ChildExit) => void;
}

/**
 * Starts the program of one watch. An automatic restart repeats the last start byte for byte, whichever engine made it; it is
 * prepared again once the command was edited, the operator asked for a start, or the last has failed: all new or all old.
 */
export class Launcher {
  private last: LaunchRecord | null = null;
  private repeats = false;
  private mark: string | null = null;
  private executed: string | null = null;
  private lastChild: ProcessIdentity | null = null;

  constructor(private readonly dependencies: LauncherDependencies) {}

  /** The last process that this engine started: we are notified of its end, with the exit code. */
  get child(): ProcessIdentity | null {
    return this.lastChild;
  }

  /** The last start, by this engine or the one before it. */
  get record(): LaunchRecord | null {
    return this.last;
  }

  /** The mark of the last start, also where no record of it was found. */
  get lastMark(): string | null {
    return this.mark;
  }

  /** The mark of the last start that was executed; null: none is known. */
  get executedMark(): string | null {
    return this.executed;
  }

  /** The next start repeats none before it. */
  startOver(): void {
    this.repeats = false;
  }

  /** Restores what an earlier engine recorded of its last start. */
  inherit(record: LaunchRecord | null, mark: string | null, executed: string | null): void {
    this.last = record;
    this.mark = mark;
    this.executed = executed;
    this.repeats = record !== null;
  }

  async start(watch: Watch, command: Command, listener: LaunchListener): Promise<void> {
    const { spawner, marks, launchTraces, output } = this.dependencies;
    const launch = this.repeatable(command)?.launch ?? spawner.prepare(watch, command);
    const mark = marks.issue(watch.id);
    // Before the process exists: whatever is recorded from now on includes it.
    const stderrFrom = output.end(watch, 'err');
    this.last = { command, revision: watch.revision, launch, uid: spawner.uidOf(launch.user), mark, stderrFrom };
    this.mark = mark;
    const recorded = listener.recorded(launchTraces.intended(watch.id, mark));
    // Without a turn in between where nothing is waited for: it is part of the time in which a program is missing.
    if (recorded !== true && !(await recorded)) return;
    const started: { identity: ProcessIdentity | null } = { identity: null };
    const marked = { ...launch, env: { ...this.noticeVariables(watch), ...launch.env, [WATCH_MARK]: mark } };
    // Reported from within, not by what this returns: an exit must find the launch reported already.
    const result = await spawner.start(watch, marked, (exit) => {
      if (started.identity !== null) listener.exited(started.identity, exit);
    });
    if (!result.ok) {
      this.repeats = false;
      listener.failed(result.failure);
      return;
    }
    started.identity = result.identity;
    this.lastChild = result.identity;
    this.executed = mark;
    this.repeats = true;
    listener.launched(result.identity);
  }

  /** By which the program reports how it is, where a probe waits for that (sd_notify(3), sd_watchdog_enabled(3)). */
  private noticeVariables({ probes }: Watch): Record<string, string> {
    const { status } = this.dependencies.serviceNotices;
    const checks = probes.flatMap(({ check }) => (check.kind === 'notify' ? [check] : []));
    if (checks.length === 0 || status.at === 'unavailable') return {};
    const ages = checks.flatMap(({ maxAgeMs }) => maxAgeMs ?? []);
    return {
      NOTIFY_SOCKET: status.address,
      ...(ages.length === 0 ? {} : { WATCHDOG_USEC: String(Math.min(...ages) * 1000) }),
    };
  }

  /** The command itself decides, not the revision: a configuration that was edited by hand keeps its revision. */
  private repeatable(command: Command): LaunchRecord | null {
    return this.repeats && this.last !== null && sameCommand(this.last.command, command) ? this.last : null;
  }
}

/** Whether two configured commands are the same, whatever the order of their variables. */
export function sameCommand(a: Command, b: Command): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ argv, cwd, env, user }: Command): string {
  return JSON.stringify([argv, cwd, Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)), user]);
}

/** A start command that failed before anything that matches came up. */
export interface FailedCommand {
  identity: ProcessIdentity;
  exit: ChildExit;
}

/** What is wrong with a start command that ended so, before anything that matches has come up; null: nothing. */
export function startCommandFailure(exit: ChildExit): LaunchFailure | null {
  if (exit.signal === null && exit.exitCode === 0) return null;
  return { reason: 'start_command_failed', message: `the start command ended with ${describeExit(exit)}` };
}
