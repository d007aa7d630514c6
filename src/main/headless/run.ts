import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programsOfRoot, rootFinding } from '../../shared/lib/run-as-root';
import type { Watch } from '../../shared/model/watch';
import type { ClientNotice } from '../api/quiet-notices';
import type { DashboardLinks, HealdeckRouter } from '../api/router';
import type { Clock } from '../engine/ports';
import { openBrowser } from './browser';
import type { HeadlessOptions } from './options';
import { openDashboardPort } from './dashboard-port';
import { serveDashboard } from './web-server';

/** A running engine as a shell sees it; compose.ts makes one. */
export interface ComposedEngine {
  router: HealdeckRouter;
  info: { version: string };
  engine: { note(notice: ClientNotice): void; watches(): readonly { watch: Watch }[] };
  /** Where fresh links to the dashboard come from, for `healdeck open`. */
  attachDashboard(links: DashboardLinks): void;
  /** Stops watching and frees the data directory; watched programs go on running. */
  dispose(reason: string): Promise<void>;
}

export interface HeadlessParts {
  compose(dataDir: string): Promise<ComposedEngine>;
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /** Folder of the built dashboard. */
  rendererDir: string;
  /** Whether this process is root's. */
  isRoot: boolean;
}

/** Runs an engine with its web dashboard until it is told to end. Resolves to the exit status: 0, or 1 when it could not start. */
export async function runComposed(options: HeadlessOptions, parts: HeadlessParts): Promise<number> {
  const { dataDir, port, open, proxyOrigin } = options;
  const { rendererDir, clock, compose, isRoot } = parts;
  const signal = nextSignal();
  // What was acquired, and is given back in the opposite order, whatever ends the run.
  const undo: ((reason: string) => Promise<void>)[] = [];
  const end = async (reason: string): Promise<void> => {
    for (const dispose of undo.splice(0).reverse()) await dispose(reason);
  };
  let ready = false;
  try {
    const opened = await openDashboardPort({ rendererDir, port });
    undo.push(() => opened.close());
    const engine = await compose(dataDir);
    undo.push((reason) => engine.dispose(reason));
    const web = serveDashboard(opened, {
      ...{ router: engine.router, dataDir, clock, proxyOrigin },
      note: (notice) => engine.engine.note(notice),
    });
    undo.push(() => web.dispose());
    engine.attachDashboard(web);

    const { version } = engine.info;
    process.stdout.write(
      `Healdeck ${version} is ready: ${web.newUrl()} (data in ${dataDir}, pid ${process.pid}). ` +
        'The address works once, within a minute; "healdeck open" prints another.\n',
    );
    if (isRoot) process.stderr.write(rootNotice(engine.engine.watches().map(({ watch }) => watch)));
    if (open && !(await openBrowser(pathToFileURL(await web.newPage()).href))) {
      process.stderr.write('No browser was found here; open the address above in one.\n');
    }
    ready = true;
    await end(await signal);
    return 0;
  } catch (error) {
    const what = ready ? 'Healdeck did not end as it should' : 'Healdeck did not start';
    process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
    await end('start-up failed');
    return 1;
  }
}

/** Who runs a watchdog as root is told once at its start what else is root's by that. */
function rootNotice(watches: readonly Watch[]): string {
  return `Healdeck runs as root; ${rootFinding(programsOfRoot(watches))}. docs/security.md shows how it runs without.\n`;
}

/** The dashboard's files, which the build puts beside the bundle of this code. */
export function builtRendererDir(bundleDir: string): string {
  return join(bundleDir, '..', 'renderer');
}

/**
 * Within this time a second signal is the same wish: Ctrl-C reaches this process from the terminal, and once more from a
 * program such as npx that stands between.
 */
const SAME_WISH_MS = 1000;

/** Resolves with the name of the first signal that asks this process to end; another one later ends it at once. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    let askedAtMs: number | null = null;
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        if (askedAtMs !== null && performance.now() - askedAtMs > SAME_WISH_MS)
          process.exit(128 + constants.signals[name]);
        askedAtMs ??= performance.now();
        resolve(name);
      });
    }
  });
}
