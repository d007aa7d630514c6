import type { Launch, ReportError } from '../../engine/ports';
import { findLaunchTools, wrapLaunch, type LaunchTools, type WrappedLaunch, type WrapperNeeds } from './launch-tools';

/** Wraps launches in the tools of this machine, which are searched for once, when the first launch needs one. */
export class LaunchWrapper {
  private tools: LaunchTools | null = null;

  constructor(private readonly report: ReportError) {}

  /** How the program is started: by itself wherever that gives it all it is to have. */
  wrap(launch: Launch, { account, openFiles }: WrapperNeeds): WrappedLaunch {
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
