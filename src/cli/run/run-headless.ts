import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the headless bundle offers; src/main/headless/index.ts exports it. */
interface HeadlessBundle {
  runHeadless(options: { dataDir: string; port: number | null; open: boolean }): Promise<number>;
}

/**
 * Runs the engine and its web dashboard in this process. The bundle beside this one is loaded only now: all other commands are
 * thin clients and start in milliseconds without it.
 */
export function runHeadless(options: { dataDir: string; port: number | null; open: boolean }): Promise<number> {
  const load = createRequire(join(__dirname, 'cli.js'));
  return (load('./headless.js') as HeadlessBundle).runHeadless(options);
}
