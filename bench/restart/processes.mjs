import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, readlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The full path of a program on PATH (and in the folders where Debian keeps daemons), or null. */
export function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      // Not here.
    }
  }
  return null;
}

/** Runs a program to its end; throws with what it printed when it fails. */
export function runToEnd(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 180_000, ...options });
  if (result.status === 0) return result.stdout;
  const printed = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim();
  throw new Error(`${program} ${args.join(' ')} failed: ${printed}`);
}

/** Starts a supervisor as a service is started, in a session of its own; `end()` asks it to end and, after 5 s, ends it. */
export function startDaemon(program, args, options = {}) {
  const child = spawn(program, args, { stdio: 'ignore', detached: true, ...options });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  return {
    child,
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const inTime = await Promise.race([ended.then(() => true), sleep(5000, false, { ref: false })]);
      if (!inTime) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The starts that a child has written: pid and CLOCK_MONOTONIC in ns, oldest first. */
export function startsIn(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [pid, at] = line.split(' ');
    return { pid: Number(pid), at: BigInt(at) };
  });
}

/**
 * Waits for the start number `count` in a file, or null after the deadline. The child wrote the time itself, so a slow look
 * costs no accuracy and takes no processor from what is measured.
 */
export async function waitForStart(file, count, deadlineMs) {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const start = startsIn(file)[count - 1];
    if (start !== undefined) return start;
    if (performance.now() > end) return null;
    await sleep(20);
  }
}

/** Whether a pid is (still) a program out of this folder: only those are ever killed. */
export function isOurs(pid, folder) {
  try {
    return pid > 1 && readlinkSync(`/proc/${pid}/exe`).startsWith(`${folder}/`);
  } catch {
    return false;
  }
}
