/** How the service manager that has started this process wants to hear from it (sd_notify(3), sd_watchdog_enabled(3)). */
export interface ManagerAddress {
  /** A path, or an abstract name after `@`. */
  socket: string;
  /** How long it waits for a sign of life, in ms; null: it waits for none. */
  watchdogMs: number | null;
}

/** What a service manager hands to the one process that it starts. */
const OF_A_MANAGER = [
  ...['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'],
  ...['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID'],
];

/**
 * Reads the address and removes it, so that no child of this process can speak for it, whichever way it is started: a program that
 * reported `STOPPING=1` here would end its own supervisor. Null: no manager has asked for anything.
 */
export function takeManagerAddress(env: Record<string, string | undefined>, pid: number): ManagerAddress | null {
  const [socket = '', watchdogUs, watchdogPid] = OF_A_MANAGER.map((name) => env[name]);
  for (const name of OF_A_MANAGER) delete env[name];
  if (!/^[/@]./s.test(socket)) return null;
  const isForUs = watchdogPid === undefined || watchdogPid === String(pid);
  const watchdogMs = isForUs && /^[1-9]\d{0,15}$/.test(watchdogUs ?? '') ? Number(watchdogUs) / 1000 : null;
  return { socket, watchdogMs };
}
