import { homedir } from 'node:os';
import { resolve } from 'node:path';
import Conf from 'conf';
import { defaultDataDir } from '../../shared/lib/host/data-dir';
import { composeHealdeck } from '../compose';
import { parseHeadlessArguments, type HeadlessOptions } from './options';
import { builtRendererDir, refuseOpenInspector, runComposed } from './run';
import { hasTerminal } from './signals';

/** Runs an engine with its web dashboard until it is asked to end; resolves to the exit status. `healdeck run` calls it. */
export function runHeadless(options: HeadlessOptions): Promise<number> {
  refuseOpenInspector();
  return runComposed(options, {
    compose: (dataDir) =>
      composeHealdeck({
        dataDir,
        threadsDir: __dirname,
        shell: 'headless',
        openConfig: (conf) => new Conf(conf),
        keyring: null,
        desktop: null,
      }),
    clock: { monotonicMs: () => performance.now(), wallMs: () => Date.now() },
    rendererDir: builtRendererDir(__dirname),
    isRoot: process.getuid?.() === 0,
    terminal: hasTerminal(),
  });
}

/** The same from an argument vector of its own, when this file is the program: `node out/main/headless.js`. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    const { platform, env } = process;
    const { dataDir, ...options } = parseHeadlessArguments(argv);
    const place = defaultDataDir({ platform, env, homedir, explicit: dataDir ?? undefined });
    return await runHeadless({ ...options, dataDir: resolve(place) });
  } catch (error) {
    process.stderr.write(`healdeck: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

if (process.argv[1] === __filename) {
  void main(process.argv.slice(2)).then((exitCode) => process.stdout.write('', () => process.exit(exitCode)));
}
