import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { escapeUnprintable, truncate } from '../../shared/lib/text/escape';
import type { ElectronRuntime } from './choose-shell';
import { formatDuration } from '../../shared/lib/format/duration';
import { readText } from '../../host/read-text';

/** A slow line takes minutes for 100 MB; a dead one must not keep an engine from starting for longer. */
const FETCH_TIMEOUT_MS = 300_000;

/** Where Electron's executable lies in an unpacked distribution (electron/install.js has the same table). */
const EXECUTABLES: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

interface RuntimeSearch {
  /** Folder of Healdeck: the one with package.json. */
  appDir: string;
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The runtime that is there already: `ELECTRON_OVERRIDE_DIST_PATH`, else that of the installed electron package. */
export function findElectron({ appDir, platform, env }: RuntimeSearch): ElectronRuntime {
  const executable = EXECUTABLES[platform] ?? 'electron';
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const path = join(override, executable);
    return existsSync(path)
      ? { found: true, executable: path }
      : { found: false, problem: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, which has no ${executable}` };
  }
  const packageDir = electronPackageDir(appDir);
  if (packageDir === null) return { found: false, problem: 'the electron package is not installed' };
  const path = join(packageDir, 'dist', readText(join(packageDir, 'path.txt')) ?? executable);
  return existsSync(path) ? { found: true, executable: path } : { found: false, problem: 'it was not fetched yet' };
}

/** What is to be said of a runtime that is older than the one Healdeck is made for; null when nothing is. */
export function runtimeWarning({ appDir, env }: RuntimeSearch): string | null {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!override) return null;
  const wanted = (JSON.parse(readText(join(appDir, 'package.json')) ?? '{}') as PackageFile).devDependencies?.electron;
  const found = readText(join(override, 'version'))?.trim().replace(/^v/, '');
  return found === undefined || wanted === undefined ? null : oldRuntimeText(found, wanted);
}

interface PackageFile {
  devDependencies?: { electron?: string };
}

/** Compares releases by their first number: each has its own years of security fixes. */
export function oldRuntimeText(found: string, wanted: string): string | null {
  const release = (version: string): number => Number(/^\d+/.exec(version)?.[0] ?? NaN);
  if (!(release(found) < release(wanted))) return null;
  return `The Electron in ELECTRON_OVERRIDE_DIST_PATH is ${escapeUnprintable(truncate(found, 40))}; Healdeck is made for ${wanted}, and older releases lack security fixes.`;
}

/** The runtime, fetched as Electron fetches its own at first use when it is not there. Never rejects, and ends in bounded time. */
export async function ensureElectron(search: RuntimeSearch, say: (line: string) => void): Promise<ElectronRuntime> {
  const found = findElectron(search);
  if (found.found || search.env['ELECTRON_OVERRIDE_DIST_PATH']) return found;
  const packageDir = electronPackageDir(search.appDir);
  if (packageDir === null) return found;
  say('Fetching the Electron runtime (about 100 MB, once)…');
  const problem = await runInstaller(join(packageDir, 'install.js'), FETCH_TIMEOUT_MS);
  const fetched = findElectron(search);
  return fetched.found || problem === null ? fetched : { found: false, problem: `fetching it failed: ${problem}` };
}

/** Runs Electron's installer; resolves to what went wrong in a few words, or null. */
function runInstaller(script: string, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 20_000) output += text;
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(`no answer within ${formatDuration(timeoutMs)}`);
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve(error.message);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : reasonIn(output));
    });
  });
}

/** The one line of an error's output with the reason. */
export function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const cause = lines.find((line) =>
    /\b(ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|EACCES|ENOSPC|CERT_)/.test(line),
  );
  const error = lines.find((line) => /^\w*Error\b/.test(line));
  return truncate(escapeUnprintable(cause ?? error ?? lines.find((line) => line !== '') ?? 'no reason was given'), 160);
}

function electronPackageDir(appDir: string): string | null {
  try {
    return dirname(createRequire(join(appDir, 'package.json')).resolve('electron/package.json'));
  } catch {
    return null;
  }
}
