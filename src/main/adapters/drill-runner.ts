import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DRILL_STEPS_COMMAND, drillStepSchema, type DrillScenario, type DrillStep } from '../../shared/model/drill';
import { Refusal } from '../engine/refusal';

/** How long a drill may take to put everything in order once it is to end. */
const END_TIMEOUT_MS = 60_000;
const STDERR_TAIL = 2000;

export interface DrillRunnerOptions {
  /** Bundle of the command line, which knows the drill. */
  cli: string;
  env: NodeJS.ProcessEnv;
}

interface RunningDrill {
  child: ChildProcess;
  ended: Promise<void>;
}

/**
 * Runs drills, one at a time. A drill is the command line's own: `healdeck drill` in a child process, whose engine is a scratch one
 * on an empty data directory. Should this process be killed, its end of the child's input closes, and the child cleans up and ends.
 */
export class DrillRunner {
  private running: RunningDrill | null = null;

  constructor(private readonly options: DrillRunnerOptions) {}

  /**
   * The steps of a drill. It ends early, with everything cleaned up, when the signal is aborted or nobody reads any more.
   * @throws Refusal `conflict` when one is running, or when it broke off by itself
   */
  async *run(scenarios: readonly DrillScenario[], signal: AbortSignal | undefined): AsyncGenerator<DrillStep, void> {
    if (this.running !== null) {
      throw new Refusal('conflict', 'a drill is already running: wait until it ends, or end it');
    }
    const { cli, env } = this.options;
    const child = spawn(process.execPath, [cli, DRILL_STEPS_COMMAND, ...scenarios], {
      env: drillEnvironment(env),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stderr = '';
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-STDERR_TAIL)));
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.once('error', (error) => {
        stderr += error.message;
        resolve();
      });
    });
    const mine = { child, ended };
    this.running = mine;
    const stop = (): void => void child.kill('SIGTERM');
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    let isWhole = false;
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        const step = drillStepSchema.parse(JSON.parse(line));
        isWhole ||= step.kind === 'ended';
        yield step;
      }
      await ended;
      if (!isWhole && !signal?.aborted) throw new Refusal('conflict', `the drill stopped: ${stderr.trim()}`);
    } finally {
      signal?.removeEventListener('abort', stop);
      await end(mine);
      this.running = null;
    }
  }

  /** Ends what is running, and resolves when it has ended. */
  async dispose(): Promise<void> {
    if (this.running !== null) await end(this.running);
  }
}

async function end({ child, ended }: RunningDrill): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await ended;
  clearTimeout(limit);
}

/** Without what would lead to this engine, and such that Electron's executable is Node. */
function drillEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = Object.entries(env).filter(([name]) => !name.startsWith('HEALDECK_'));
  return {
    ...Object.fromEntries(foreign),
    ...(process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
  };
}
