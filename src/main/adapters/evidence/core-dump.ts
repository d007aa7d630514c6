import { lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../../host/read-text';
import type { CoreDump, DeadProcess } from '../../engine/ports';
import { findProgram } from '../launch/launch-check';
import { coreFileName, isSystemdDump, type CoreFileName } from './core-pattern';

/** Signals whose default action is to dump core (signal(7)). */
const CORE_SIGNALS: ReadonlySet<string> = new Set([
  ...['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL'],
  ...['SIGQUIT', 'SIGTRAP', 'SIGSYS', 'SIGXCPU', 'SIGXFSZ'],
]);
/** Timestamps of files come from a coarse clock, and `diedAt` may be the time at which the death was seen. */
const MAX_CLOCK_DIFFERENCE_MS = 5000;
const MAX_ENTRIES = 100_000;

export interface CoreDumpOptions {
  procDir: string;
  /** Where systemd-coredump(8) keeps dumps. */
  systemdDir: string;
}

/** Where the memory of a process is kept that a signal has ended; null: nowhere that we know of. */
export function coreDump(dead: DeadProcess, { procDir, systemdDir }: CoreDumpOptions): CoreDump | null {
  if (dead.signal === null || !CORE_SIGNALS.has(dead.signal)) return null;
  const kernelDir = `${procDir}/sys/kernel`;
  const pattern = readText(`${kernelDir}/core_pattern`)?.replace(/\n$/, '');
  if (pattern === undefined) return null;
  if (/^\|.*\/systemd-coredump(?: |$)/.test(pattern)) {
    const bootId = readText(`${kernelDir}/random/boot_id`)?.trim() ?? '';
    return isKeptBySystemd(dead, systemdDir, bootId) ? { kind: 'coredumpctl' } : null;
  }
  const name = coreFileName(pattern, Number(readText(`${kernelDir}/core_uses_pid`)) !== 0, dead);
  const path = name === null ? null : newestCore(name, dead.diedAt);
  return path === null ? null : { kind: 'file', path };
}

function isKeptBySystemd(dead: DeadProcess, systemdDir: string, bootId: string): boolean {
  const env = { PATH: process.env['PATH'] ?? '' };
  if (findProgram('coredumpctl', { cwd: '/', env }, null).kind !== 'found') return false;
  for (const file of entriesOf(systemdDir)) if (isSystemdDump(file, dead, bootId)) return true;
  return false;
}

function newestCore({ folder, name }: CoreFileName, diedAt: number): string | null {
  let newest: { path: string; modifiedAt: number } | null = null;
  for (const entry of entriesOf(folder)) {
    if (!name.test(entry)) continue;
    const path = join(folder, entry);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    // A dump that the limits of the process leave no room for stays empty.
    if (stats === undefined || !stats.isFile() || stats.size === 0) continue;
    const modifiedAt = stats.mtimeMs;
    if (modifiedAt < diedAt - MAX_CLOCK_DIFFERENCE_MS || modifiedAt <= (newest?.modifiedAt ?? 0)) continue;
    newest = { path, modifiedAt };
  }
  return newest?.path ?? null;
}

/** Names in a folder, up to a limit: it may be anybody's. */
function* entriesOf(folder: string): Generator<string, void> {
  const dir = opendirSync(folder);
  try {
    for (let count = 0; count < MAX_ENTRIES; count += 1) {
      const entry = dir.readSync();
      if (entry === null) return;
      yield entry.name;
    }
  } finally {
    dir.closeSync();
  }
}
