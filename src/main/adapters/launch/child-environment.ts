import type { Account } from './accounts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that speak of this engine and its runtime: in a child they would change what an unrelated program does. */
const OURS = [
  /^HEALDECK_/,
  // Of Electron: the first turns every Electron app into a plain Node, the others choose the binary and its behaviour.
  /^ELECTRON_(?:RUN_AS_NODE|OVERRIDE_DIST_PATH|EXEC_PATH|NO_ATTACH_CONSOLE|RENDERER_URL|CLI_ARGS|ENTRY)$/,
  /^NODE_ENV_ELECTRON_VITE$/,
  /^(?:ORIGINAL_XDG_CURRENT_DESKTOP|CHROME_DESKTOP)$/,
  // Of a Node that was forked with a channel: a child would take some file descriptor of its own for that channel.
  /^NODE_(?:CHANNEL_FD|CHANNEL_SERIALIZATION_MODE|UNIQUE_ID)$/,
  // Of a service manager that has started this engine (sd_notify(3), sd_listen_fds(3)): its children are not that service.
  /^(?:NOTIFY_SOCKET|WATCHDOG_USEC|WATCHDOG_PID|LISTEN_PID|LISTEN_FDS|LISTEN_FDNAMES|LISTEN_PIDFDID)$/,
];

/** What `npm run` sets for the scripts of *this* checkout, its npm settings included; it writes them in lower case. */
const NPM = [/^npm_/, /^INIT_CWD$/];

/** npm puts these in front of PATH. */
const NPM_PATH_ENTRY = /[\\/]node_modules[\\/](?:\.bin|@npmcli[\\/]run-script[\\/]lib[\\/]node-gyp-bin)$/;

const matchesAny = (patterns: readonly RegExp[], name: string): boolean =>
  patterns.some((pattern) => pattern.test(name));

/**
 * The engine's environment as its children are to see it: what the operator's session gave, and nothing that the way of
 * starting Healdeck added. A watch added under `npm start` must run the same program the same way when the engine is started
 * by `npx healdeck run` or by the init system tomorrow. With npm's own variables and the checkout's `node_modules/.bin` in
 * front of PATH, a bare `node`, `tsc` or `vite` would be another program, and an `npm` in the child would take Healdeck's
 * folder and settings for its own. `npm_*` is removed only when npm started us (it is not known which of them came from
 * the operator); npm settings in upper case (`NPM_CONFIG_REGISTRY`) and those of the watch itself stay.
 */
export function inheritedEnvironment(base: Environment, pathDelimiter: string): Record<string, string> {
  const underNpm = base['npm_execpath'] !== undefined || base['npm_lifecycle_event'] !== undefined;
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || matchesAny(OURS, name)) continue;
    if (underNpm && matchesAny(NPM, name)) continue;
    // npm's marks for its own scripts: which node it runs on, and whether it prints colours.
    if (underNpm && name === 'NODE' && value === base['npm_node_execpath']) continue;
    if (underNpm && name === 'COLOR' && (value === '0' || value === '1')) continue;
    inherited[name] = underNpm && name.toUpperCase() === 'PATH' ? withoutNpmEntries(value, pathDelimiter) : value;
  }
  // Electron changes this one for its own sake, and keeps what it was.
  const desktop = base['ORIGINAL_XDG_CURRENT_DESKTOP'];
  if (desktop !== undefined) inherited['XDG_CURRENT_DESKTOP'] = desktop;
  return inherited;
}

/** How people are spoken to and what time it is for them: the same for all users of a machine. */
const LOCALE = /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

/**
 * The environment of a program that runs as another user: as a login of that user has it (login(1), systemd's User=), and
 * nothing else of the engine's. Root's secrets, agents and sessions would be readable by the user in /proc/PID/environ,
 * and a program that takes root's HOME or XDG_RUNTIME_DIR for its own fails at its first file.
 */
export function loginEnvironment(
  base: Environment,
  { name, home, shell }: Pick<Account, 'name' | 'home' | 'shell'>,
  { path, runtimeDir }: { path: string; runtimeDir: string | null },
): Record<string, string> {
  const locale = Object.entries(base).filter(([variable, value]) => value !== undefined && LOCALE.test(variable));
  return {
    ...(Object.fromEntries(locale) as Record<string, string>),
    ...{ PATH: path, HOME: home, USER: name, LOGNAME: name, SHELL: shell },
    ...(runtimeDir !== null && { XDG_RUNTIME_DIR: runtimeDir }),
  };
}

/** Without the entries that npm prepended. Only the leading ones: a `.bin` further behind was put there by the operator. */
function withoutNpmEntries(path: string, delimiter: string): string {
  const entries = path.split(delimiter);
  const first = entries.findIndex((entry) => !NPM_PATH_ENTRY.test(entry));
  return entries.slice(first === -1 ? entries.length : first).join(delimiter);
}
