/** What the tests need of the machine, and how it gets there. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Chromium without its own window: to the whole one that window costs more processor time than a page of the dashboard, shown or not. */
const HEADLESS = 'chromium-headless-shell';
/** Debian's packages for the end-to-end tests. */
const PACKAGES = ['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', HEADLESS];
/** Debian's servers, which single tests run with files of their own; without one its test is skipped. */
const SERVERS = [
  // Every mail server of Debian's provides it, and no two of them can be installed.
  { package: 'exim4-daemon-light', service: 'exim4', file: '/usr/sbin/sendmail' },
  { package: 'nginx', service: 'nginx', file: '/usr/sbin/nginx' },
  { package: 'redis-server', service: 'redis-server', file: '/usr/bin/redis-server' },
];
const BROWSERS = [HEADLESS, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A program on the PATH, or null. */
export function which(name, env = process.env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (folder !== '') return file;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** The browser that the dashboard is tested with: HEALDECK_CHROMIUM, or the first of the usual ones; null for none. */
export function findChromium(env = process.env) {
  if (env.HEALDECK_CHROMIUM) return existsSync(env.HEALDECK_CHROMIUM) ? env.HEALDECK_CHROMIUM : null;
  return BROWSERS.map((name) => which(name, env)).find((path) => path !== null) ?? null;
}

/** Whether a window can be opened: on a display that is there, or on one of our own. */
export function canShowWindows(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY) || which('Xvfb', env) !== null;
}

/** The command that brings what is missing, for the kind of machine this is. */
export function installCommand(env = process.env) {
  if (which('apt-get', env) !== null) {
    const list = PACKAGES.join(' ');
    return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${list}`;
  }
  if (which('dnf', env) !== null)
    return 'sudo dnf install -y xorg-x11-server-Xvfb xauth gtk3 nss alsa-lib mesa-libgbm libXScrnSaver chromium';
  if (which('pacman', env) !== null)
    return 'sudo pacman -S --needed xorg-server-xvfb xorg-xauth gtk3 nss alsa-lib mesa libxss chromium';
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  return 'install Xvfb and Chromium, then set HEALDECK_CHROMIUM to the path of the browser';
}

/** Since Debian 13 some libraries are called by their 64-bit time_t; Ubuntu has no Chromium but the whole one. */
const OTHER_NAMES = { 'libgtk-3-0': 'libgtk-3-0t64', libasound2: 'libasound2t64', [HEADLESS]: 'chromium' };

const isKnown = (name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;

function missingDebianPackages() {
  const format = '${Package} ${db:Status-Status}\n';
  const names = [...PACKAGES, ...Object.values(OTHER_NAMES)];
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...names], { encoding: 'utf8' });
  const lines = new Set((stdout ?? '').split('\n'));
  const isInstalled = (name) => lines.has(`${name} installed`);
  // The whole Chromium is enough only where there is no other.
  const isReplaced = (name) =>
    name in OTHER_NAMES && isInstalled(OTHER_NAMES[name]) && (name !== HEADLESS || !isKnown(name));
  return PACKAGES.filter((name) => !isInstalled(name) && !isReplaced(name));
}

/** The name under which this release has a package. */
function availableName(name) {
  return isKnown(name) ? name : (OTHER_NAMES[name] ?? name);
}

const missingServers = () => SERVERS.filter(({ file }) => !existsSync(file));

/** Runs it while packages that bring a service may not start it (invoke-rc.d(8)). */
async function withoutServices(run) {
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await run();
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}

async function installDebianPackages(say) {
  const missing = missingDebianPackages();
  const servers = missingServers();
  if (missing.length === 0 && servers.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Whatever comes of it: what is missing in the end is looked at anew.
  const run = (command, ...args) =>
    once(spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env }), 'exit').catch(() => undefined);
  const install = (...args) => run('apt-get', '-qq', 'install', '-y', '--no-install-recommends', ...args);
  say(`Installing ${[...missing, ...servers.map((server) => server.package)].join(', ')}…`);
  await run('apt-get', '-qq', 'update');
  if (missing.length > 0) await install(...missing.map(availableName));
  if (servers.length === 0) return;
  // One by one: what can't be had keeps none of the others away.
  await withoutServices(async () => {
    for (const server of servers) await install('--no-remove', server.package);
  });
  for (const { service, file } of servers) {
    // Nor when the machine starts.
    if (existsSync(file)) spawnSync('update-rc.d', [service, 'disable'], { stdio: 'ignore' });
  }
}

/** Installs on Debian as root what is missing. Resolves with null when the end-to-end tests have all they need, else with what is missing and the command for it. */
export async function prepareTestHost(say) {
  const isDebian = process.platform === 'linux' && which('apt-get') !== null && which('dpkg-query') !== null;
  if (isDebian && process.getuid?.() === 0) await installDebianPackages(say);
  const problems = [];
  if (!canShowWindows()) problems.push('no display and no Xvfb to make one');
  if (findChromium() === null) problems.push('no Chromium for the web dashboard');
  if (isDebian) {
    // A browser of another kind will do; the libraries have no other name.
    const libraries = missingDebianPackages().filter((name) => name.startsWith('lib'));
    if (libraries.length > 0) problems.push(`the test Electron misses ${libraries.join(', ')}`);
  }
  return problems.length === 0 ? null : `${problems.join('; ')}. Run:\n  ${installCommand()}`;
}
