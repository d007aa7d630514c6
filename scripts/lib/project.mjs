/** What the scripts share. Plain Node, since nothing may be installed yet when they run. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

const OLDEST_NODE = [20, 19];

/** Why this Node is too old, or null. */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `Healdeck needs Node.js ${OLDEST_NODE.join('.')} or newer, this is ${version}.`;
}

/** When a file was changed, in ms since the epoch; 0 when there is none. */
function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** What lies in the sources but in no bundle. */
const UNBUNDLED = /^[.]tsbuild$|^testing$|[.]test[.]tsx?$/;

/** The newest change of what is bundled, below a file or folder, in ms since the epoch. */
export function newestChange(path) {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const bundled = readdirSync(path).filter((name) => !UNBUNDLED.test(name));
  return Math.max(0, ...bundled.map((name) => newestChange(join(path, name))));
}

/** Whether node_modules is missing, half done, or older than the lock file. */
export function needsInstall(root = ROOT) {
  // npm writes this file last.
  return changedAt(join(root, 'node_modules/.package-lock.json')) < changedAt(join(root, 'package-lock.json'));
}

/** What `npm run dev` has left: it shows pages of a development server. electron.vite.config.ts writes the mark. */
function isDevelopmentBuild(root) {
  const bundle = join(root, 'out/main/electron.js');
  return existsSync(bundle) && readFileSync(bundle, 'utf8').slice(0, 200).includes('/* development build */');
}

/** Whether the bundles are missing or older than what they are made from. */
export function needsBuild(root = ROOT) {
  const bundles = [
    'out/main/cli.js',
    'out/main/headless.js',
    'out/main/electron.js',
    'out/preload/index.js',
    'out/renderer/index.html',
  ];
  if (isDevelopmentBuild(root)) return true;
  const oldest = Math.min(...bundles.map((bundle) => changedAt(join(root, bundle))));
  const sources = ['src', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json'];
  return oldest < Math.max(...sources.map((source) => newestChange(join(root, source))));
}

/** npm as a command: its own script where we were started by npm, since `npm` is no program on Windows. */
export function npm(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, script, ...args] : ['npm', ...args];
}

/** Installs what the lock file names. Electron's warning that it wants a newer Node says nothing about us. */
export const INSTALL = npm('ci', '--no-audit', '--no-fund', '--loglevel=error');

/** A tool of node_modules as a command. */
export function tool(script, ...args) {
  return [process.execPath, join(ROOT, 'node_modules', script), ...args];
}

export const BUILD = tool('electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn');

/** Runs a command in the project with our terminal; its exit status, 1 when it could not be started. */
export function runInTerminal([program, ...args], env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error !== undefined) process.stderr.write(`${program}: ${error.message}\n`);
  return status ?? 1;
}

/** The same, for a command that stays: signals are handed on. Resolves with its exit status. */
export function follow([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' });
    // A terminal sends SIGINT to both of us: then the child must only be waited for.
    process.on('SIGINT', () => undefined);
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (status, signal) => resolve(status ?? (signal === null ? 1 : 130)));
  });
}

/**
 * The arguments of `healdeck run` for `npm start`, which is to end with a dashboard everywhere: as root, where a window needs
 * `--no-sandbox`, the dashboard is served to a browser. `notice` says so, or is null.
 */
export function startArguments(args, { platform, uid, env }) {
  const asked = args.some((argument) => /^--(?:headless|no-sandbox|port(?:=.*)?|help)$/.test(argument));
  const hasDisplay = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (asked || platform !== 'linux' || uid !== 0 || !hasDisplay) return { args, notice: null };
  return {
    args: ['--headless', ...args],
    notice:
      'No window: as root it would run without the sandbox of Chromium. Serving the dashboard to a browser; for the window run Healdeck as another user, or: npm start -- --no-sandbox',
  };
}
