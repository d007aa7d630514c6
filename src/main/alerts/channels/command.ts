import type { Delivery } from '../../../shared/model/alert';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import type { Settings } from '../../../shared/model/settings';
import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Clock, Launch, LaunchFailure } from '../../engine/ports';
import type { AlertMessage, Channel } from '../message';
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
export class CommandChannel implements Channel {
  readonly name = 'command';
  private readonly running = new Set<RunningProgram>();

  constructor(private readonly options: CommandChannelOptions) {}

  recipients(): readonly string[] {
    return this.program() === undefined ? [] : [''];
  }

  perHour(): number {
    return this.options.settings()['command.perHour'];
  }

  takes(): boolean {
    return true;
  }

  describe(): string {
    const name = this.program();
    return name === undefined ? 'command.argv names no program' : truncate(escapeUnprintable(name), 100);
  }

  check(): Promise<DeliveryProblem | null> {
    const name = this.program();
    const failure = name === undefined ? null : this.options.checkLaunch(this.launch());
    return Promise.resolve(failure === null ? null : explainStart(name ?? '', failure.reason));
  }

  async deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery> {
    const { settings, clock, identify } = this.options;
    const limitMs = settings()['command.timeoutMs'];
    const input = `${JSON.stringify(alertBody(message))}\n`;
    const name = this.program() ?? '';
    const run = runProgram({ launch: this.launch(), input, limitMs, signal, clock, identify });
    this.running.add(run);
    try {
      const outcome = await run.outcome;
      const problem = explainRun(name, outcome, limitMs);
      if (problem !== null) return { ok: false, problem };
      return { ok: true, reply: outcome.kind === 'ended' ? printableEnd(outcome.stdout) : '' };
    } finally {
      this.running.delete(run);
    }
  }

  /** They are read for each run. */
  settingsChanged(): void {}

  dispose(): void {
    for (const run of this.running) run.kill();
  }

  private program(): string | undefined {
    return this.options.settings()['command.argv'][0];
  }

  private launch(): Launch {
    const { settings, cwd, environment } = this.options;
    return { argv: settings()['command.argv'], cwd, env: environment(), user: null };
  }
}
