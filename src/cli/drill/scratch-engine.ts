import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine, type EngineConnection } from '../client';
import { CliFailure } from '../failure';
import { formatDuration } from '../../shared/lib/format/duration';

/** The hidden command that runs a scratch engine; see `addDrillCommand`. */
export const SCRATCH_COMMAND = 'drill-engine';

/** Part of the line that an engine prints once it can be reached. */
const READY = ' is ready: ';
const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 15_000;

/** An engine of the drill's own: the operator's engine and data are never touched. */
export interface ScratchEngine {
  client: EngineConnection['client'];
  dataDir: string;
  /** Ends it, waits until it has ended, and removes its data unless they are to be kept. */
  dispose(options: { keepData: boolean }): Promise<void>;
}

/** Starts an engine on an empty data directory and connects to it. `cli` is the bundle of the command line. */
export async function startScratchEngine(options: {
  cli: string;
  /** The mark of all processes of this drill: it ends what is left of them, should the drill itself be killed. */
  mark: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
}): Promise<ScratchEngine> {
  const dataDir = mkdtempSync(join(tmpdir(), 'healdeck-drill-'));
  // In a session of its own: Ctrl-C in the terminal is for the drill, which then cleans up with the engine's help. Its input is
  // a pipe from here: when the drill dies, however it does, the pipe ends and the engine with it.
  const engine = spawn(process.execPath, [options.cli, '--data-dir', dataDir, SCRATCH_COMMAND, options.mark], {
    env: withoutOurs(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  engine.stdin.on('error', () => undefined);
  let output = '';
  const ended = new Promise<void>((resolve) => {
    engine.once('exit', () => resolve());
    engine.once('error', (error) => {
      output += error.message;
      resolve();
    });
  });
  const ready = new Promise<void>((resolve) => {
    for (const stream of [engine.stdout, engine.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-10_000);
        if (output.includes(READY)) resolve();
      });
    }
  });
  const end = async (): Promise<void> => {
    engine.kill('SIGTERM');
    if (await within(ended, END_TIMEOUT_MS)) return;
    engine.kill('SIGKILL');
    await ended;
  };
  const abandon = (reason: string): CliFailure => {
    rmSync(dataDir, { recursive: true, force: true });
    return new CliFailure(`the scratch engine did not start (${reason}): ${output.trim() || 'it printed nothing'}`);
  };

  await within(Promise.race([ready, ended]), START_TIMEOUT_MS);
  if (!output.includes(READY)) {
    const reason = engine.exitCode === null ? `not within ${formatDuration(START_TIMEOUT_MS)}` : 'it ended';
    await end();
    throw abandon(reason);
  }
  let connection: EngineConnection;
  try {
    connection = await connectEngine(dataDir, options.platform);
  } catch (error) {
    await end();
    throw abandon(error instanceof Error ? error.message : String(error));
  }
  return {
    client: connection.client,
    dataDir,
    dispose: async ({ keepData }) => {
      connection.close();
      await end();
      if (!keepData) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What would lead the scratch engine, or a program of it, to the operator's own. */
function withoutOurs(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith('HEALDECK_')) kept[name] = value;
  }
  return kept;
}

/** Whether it came to an end in time. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
