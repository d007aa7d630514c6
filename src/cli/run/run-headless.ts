import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CliFailure } from '../failure';

interface HeadlessOptions {
  dataDir: string;
  port: number | null;
  open: boolean;
  proxyOrigin: string | null;
  address: boolean;
}

/** What the headless bundle offers; src/main/headless/index.ts exports it. */
interface HeadlessBundle {
  runHeadless(options: HeadlessOptions): Promise<number>;
}

/**
 * Runs the engine and its web dashboard in this process. The bundle beside this one is loaded only now: all other commands are
 * thin clients and start in milliseconds without it.
 */
export async function runHeadless(options: HeadlessOptions): Promise<number> {
  const bundle = join(__dirname, 'headless.js');
  if (!existsSync(bundle)) throw new CliFailure(`the build is incomplete (${bundle} is missing); run: npm run build`);
  // An engine goes on when nobody reads its output any more; other commands have nothing left to do then.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => undefined);
  return loadWithHome(() => createRequire(bundle)(bundle) as HeadlessBundle).runHeadless(options);
}

/** A package in the bundle (env-paths) asks for the home directory while it is loaded, and fails for a user who has none. */
function loadWithHome<T>(load: () => T): T {
  if (hasHome()) return load();
  process.env['HOME'] = '/';
  try {
    return load();
  } finally {
    delete process.env['HOME'];
  }
}

function hasHome(): boolean {
  try {
    return homedir() !== '';
  } catch {
    return false;
  }
}
