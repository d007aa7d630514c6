import type { Settings } from '../../../shared/model/settings';
import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Clock, Launch, LaunchFailure } from '../../engine/ports';
import type { Channel } from '../message';
import { alertBody } from './alert-body';
import { explainRun, explainStart } from './command-problem';
import { printableEnd } from './printable-reply';
import { runProgram, type RunningProgram } from './run-program';

export interface CommandChannelOptions {
  settings: () => Settings;
  clock: Clock;
  /** Where the program runs. */
  cwd: string;
  /** What it inherits: nothing in it is a secret of ours. */
  environment: () => Readonly<Record<string, string>>;
  /** Why a launch can't succeed, as far as that shows without starting it. */
  checkLaunch: (launch: Launch) => LaunchFailure | null;
  /** The identity that a pid has now, or null. */
  identify: (pid: number) => ProcessIdentity | null;
}

/** Runs a program for each message, with the message as one JSON object (`alertBodySchema`) on its standard input. */
export function createCommandChannel(options: CommandChannelOptions): Channel {
  const { settings, clock, cwd, environment, checkLaunch, identify } = options;
  const running = new Set<RunningProgram>();
  const program = (): string | undefined => settings()['command.argv'][0];
  const launch = (): Launch => ({ argv: settings()['command.argv'], cwd, env: environment(), user: null });

  return {
    name: 'command',
    recipients: () => (program() === undefined ? [] : ['']),
    perHour: () => settings()['command.perHour'],
    takes: () => true,
    describe() {
      const name = program();
      return name === undefined ? 'command.argv names no program' : truncate(escapeUnprintable(name), 100);
    },
    check() {
      const name = program();
      const failure = name === undefined ? null : checkLaunch(launch());
      return Promise.resolve(failure === null ? null : explainStart(name ?? '', failure.reason));
    },
    async deliver(message, signal) {
      const limitMs = settings()['command.timeoutMs'];
      const input = `${JSON.stringify(alertBody(message))}\n`;
      const name = program() ?? '';
      const run = runProgram({ launch: launch(), input, limitMs, signal, clock, identify });
      running.add(run);
      try {
        const outcome = await run.outcome;
        const problem = explainRun(name, outcome, limitMs);
        if (problem !== null) return { ok: false, problem };
        return { ok: true, reply: outcome.kind === 'ended' ? printableEnd(outcome.stdout) : '' };
      } finally {
        running.delete(run);
      }
    },
    // Read for each run.
    settingsChanged() {},
    dispose() {
      for (const run of running) run.kill();
    },
  };
}
