import { execFile } from 'node:child_process';
import { constants } from 'node:os';
import type { LoadedCalls } from '../processes/pidfd/system-calls';

/** Sends one datagram of sd_notify(3). Resolves with what went wrong, or null; never rejects. */
export type SendToManager = (text: string) => Promise<string | null>;

/** systemd-notify(1) waits until the manager has read it. */
const PROGRAM_TIMEOUT_MS = 5000;

/** By a system call; where there is none, by systemd-notify(1), whose sender is a child: the unit has to have `NotifyAccess=all` for that, unless the engine is root's. */
export function sendToManager(socket: string, loaded: LoadedCalls, path: string | undefined): SendToManager {
  const sockets = loaded.available ? loaded.sockets : null;
  if (sockets === null) return (text) => byProgram(socket, text, path);
  return (text) => {
    const sent = sockets.send(socket, Buffer.from(text));
    return Promise.resolve(sent < 0 ? `${socket}: ${errnoName(-sent)}` : null);
  };
}

function byProgram(socket: string, text: string, path: string | undefined): Promise<string | null> {
  return new Promise((resolve) => {
    const env = { ...(path !== undefined && { PATH: path }), NOTIFY_SOCKET: socket };
    execFile('systemd-notify', text.split('\n'), { env, timeout: PROGRAM_TIMEOUT_MS }, (error) =>
      resolve(error === null ? null : `systemd-notify: ${error.message.split('\n')[0] ?? ''}`),
    );
  });
}

function errnoName(errno: number): string {
  return Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
}
