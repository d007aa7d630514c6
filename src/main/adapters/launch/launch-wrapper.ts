import type { Launch, LaunchFailure, ReportError } from '../../engine/ports';
import { findLaunchTools, wrapLaunch, type LaunchTools, type WrappedLaunch, type WrapperNeeds } from './launch-tools';
import { explainAhead } from './spawn-failure';

/** How a launch is started, or why it can't be. */
export type WrappingResult = { ok: true; wrapped: WrappedLaunch } | { ok: false; failure: LaunchFailure };

/** Wraps launches in the tools of this machine, which are searched for once, when the first launch needs one. */
export class LaunchWrapper {
  private tools: LaunchTools | null = null;

  constructor(private readonly report: ReportError) {}

  /**
   * How the program is started: by itself wherever that gives it all it is to have. A tool in front of it could report only by an
   * exit code that it does not start, so that is found out before.
   */
  wrap(launch: Launch, needs: WrapperNeeds): WrappingResult {
    const wrapped = this.wrapped(launch, needs);
    const failure = wrapped.argv === launch.argv ? null : explainAhead(launch);
    return failure === null ? { ok: true, wrapped } : { ok: false, failure };
  }

  private wrapped(launch: Launch, { account, openFiles }: WrapperNeeds): WrappedLaunch {
    const isSwitched = account !== null && process.getuid?.() === 0;
    if (!isSwitched && openFiles === null) return { argv: launch.argv, env: launch.env, switchesUser: false };
    if (this.tools === null) {
      this.tools = findLaunchTools();
      if (isSwitched && this.tools.setpriv === null) this.reportNoGroups();
    }
    return wrapLaunch(launch, { account: isSwitched ? account : null, openFiles }, this.tools);
  }

  private reportNoGroups(): void {
    const problem = 'there is no setpriv(1) of util-linux, so they have only the primary group of their user';
    this.report('programs of other users', new Error(problem));
  }
}
