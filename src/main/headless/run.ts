import { url as inspectorUrl } from 'node:inspector';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programsOfRoot, rootFinding } from '../../shared/lib/host/run-as-root';
import type { Watch } from '../../shared/model/watch';
import type { ClientNotice } from '../api/quiet-notices';
import type { DashboardLinks, HealdeckRouter } from '../api/router';
import type { Clock } from '../engine/ports';
import type { HeadlessOptions } from './options';
import { openDashboardPort } from './dashboard-port';
import { inspectorProblem } from './inspector';
import { listenToSignals } from './signals';
import { WebServer } from './web-server';
import { openBrowser } from '../../host/open-browser';

/** A running engine as a shell sees it; compose.ts makes one. */
export interface ComposedEngine {
  router: HealdeckRouter;
  info: { version: string };
  engine: { note(notice: ClientNotice): void; watches: { list(): readonly { watch: Watch }[] } };
  /** Where fresh links to the dashboard come from, for `healdeck open`. */
  attachDashboard(links: DashboardLinks): void;
  /** Reads the configuration again. */
  reloadConfig(): void;
  /** Resolves with the reason when another engine has the data directory. */
  taken: Promise<string>;
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
  /** Whether the process has a terminal, which says what SIGHUP means. */
  terminal: boolean;
}

/** Runs an engine with its web dashboard until it is asked to end. Resolves to the exit status: 0, or 1 when it could not start. */
export async function runComposed(options: HeadlessOptions, parts: HeadlessParts): Promise<number> {
  const { dataDir, port, open, proxyOrigin, address } = options;
  const { rendererDir, clock, compose, isRoot, terminal } = parts;
  const signals = listenToSignals(terminal);
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
    const web = new WebServer(opened, {
      ...{ router: engine.router, dataDir, clock, proxyOrigin },
      note: (notice) => engine.engine.note(notice),
    });
    undo.push(() => web.dispose());
    engine.attachDashboard(web);

    const { version } = engine.info;
    const place = `(data in ${dataDir}, pid ${process.pid}). `;
    process.stdout.write(
      address
        ? `Healdeck ${version} is ready: ${web.newUrl()} ${place}The address works once, within a minute; "healdeck open" prints another.\n`
        : `Healdeck ${version} is ready ${place}"healdeck open" prints an address of the dashboard.\n`,
    );
    if (isRoot) process.stderr.write(rootNotice(engine.engine.watches.list().map(({ watch }) => watch)));
    if (open && !(await openBrowser(process.platform, pathToFileURL(await web.newPage()).href))) {
      process.stderr.write('No browser was found here; open the address above in one.\n');
    }
    signals.onReload(() => engine.reloadConfig());
    const taken = engine.taken.then((reason) => {
      process.stderr.write(`Healdeck ends: ${reason}.\n`);
      return { reason, exitCode: 1 };
    });
    const asked = signals.end.then((reason) => ({ reason, exitCode: 0 }));
    ready = true;
    const { reason, exitCode } = await Promise.race([asked, taken]);
    await end(reason);
    return exitCode;
  } catch (error) {
    const what = ready ? 'Healdeck did not end as it should' : 'Healdeck did not start';
    process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
    await end('start-up failed');
    return 1;
  }
}

/** Who runs a watchdog as root learns once, at its start, what else runs as root because of that. */
function rootNotice(watches: readonly Watch[]): string {
  return `Healdeck runs as root; ${rootFinding(programsOfRoot(watches))}. docs/security.md shows how it runs without.\n`;
}

/** Ends this process at once when a signal has opened its inspector: an orderly exit would wait for who is connected to it. */
export function refuseOpenInspector(): void {
  const problem = inspectorProblem({
    ...{ url: inspectorUrl(), execArgv: process.execArgv, nodeOptions: process.env['NODE_OPTIONS'] },
  });
  if (problem === null) return;
  process.stderr.write(`Healdeck did not start: ${problem}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** The dashboard's files, which the build puts beside the bundle of this code. */
export function builtRendererDir(bundleDir: string): string {
  return join(bundleDir, '..', 'renderer');
}
