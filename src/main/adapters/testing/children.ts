import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { commandSchema, watchSchema, type Command, type Watch } from '../../../shared/model/watch';
import type { ProcessIdentity } from '../../../shared/model/process';

/** An empty folder, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'healdeck-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

type Maybe<T> = T | null | undefined | false;

/** Polls until `probe` gives something, or holds; fails after `deadlineMs`. */
export async function eventually<T>(
  what: string,
  probe: () => Maybe<T> | Promise<Maybe<T>>,
  deadlineMs = 20_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A command with its defaults. */
export function command(argv: string[], options: Partial<Command> = {}): Command {
  return commandSchema.parse({ argv, cwd: '/', ...options });
}

/** A watch that starts a command. */
export function watchOf(name: string, start: Command): Watch {
  return watchSchema.parse({ id: randomUUID(), revision: 1, name, target: { kind: 'command', command: start } });
}

/** The fields of /proc/PID/stat from the third on, as proc(5) numbers them; null when there is no such process. */
export function procStat(
  pid: number,
): { state: string; ppid: number; pgid: number; session: number; startTime: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const number = (index: number): number => Number(fields[index - 3]);
    return { state: fields[0] ?? '', ppid: number(4), pgid: number(5), session: number(6), startTime: number(22) };
  } catch {
    return null;
  }
}

/** The identity of a pid, straight from /proc. */
export function identifyByProc(pid: number): ProcessIdentity | null {
  const stat = procStat(pid);
  return stat === null ? null : { pid, startTime: stat.startTime };
}

/** Whether it lives; a zombie does not. */
export function lives(pid: number): boolean {
  const stat = procStat(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}
