import { resolve } from 'node:path';
import type { DeadProcess } from '../../engine/ports';
import { escapeForPattern } from '../../../shared/lib/text/escape';

/** Where the kernel writes the core dump of a process, and what it may be called. */
export interface CoreFileName {
  /** Absolute. */
  folder: string;
  name: RegExp;
}

/** What the kernel fills in and nobody knows afterwards: user, time, the thread that crashed, and so on. */
const UNKNOWN_VALUES = 'ugsthEfiIdcCF';
/** Stands for such a value: no path has it. */
const ANYTHING = '\0';
/** TASK_COMM_LEN without its NUL. */
const MAX_NAME_BYTES = 15;

/**
 * Expands /proc/sys/kernel/core_pattern (core(5)) for a dead process. `appendsPid` is core_uses_pid. Null where it does not name a
 * file: it is handed to a program, or lies in a folder that can't be known.
 */
export function coreFileName(
  pattern: string,
  appendsPid: boolean,
  { pid, name, cwd }: Pick<DeadProcess, 'pid' | 'name' | 'cwd'>,
): CoreFileName | null {
  // `@`: over a socket, since Linux 6.17.
  if (/^[|@]/.test(pattern)) return null;
  const hasPid = /%[pP]/.test(pattern.replaceAll('%%', ''));
  const folderEnd = pattern.lastIndexOf('/');
  const expanded = pattern.replace(/%(.?)/gs, (_, specifier: string, at: number) => {
    switch (specifier) {
      case '%':
        return '%';
      case 'p':
      case 'P':
        return String(pid);
      case 'e':
        // It is the name of the thread that crashed; that of the process decides only where nothing else does.
        return hasPid && at > folderEnd ? ANYTHING : kernelName(name);
      default:
        // Others, and a lone % at the end, are dropped by the kernel.
        return specifier !== '' && UNKNOWN_VALUES.includes(specifier) ? ANYTHING : '';
    }
  });
  // As the kernel does it: %P is no pid to it.
  const path = expanded + (appendsPid && !/%p/.test(pattern.replaceAll('%%', '')) ? `.${pid}` : '');
  const end = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, end);
  const file = path.slice(end);
  if (folder.includes(ANYTHING) || file === '' || (cwd === null && !path.startsWith('/'))) return null;
  return {
    folder: resolve(cwd ?? '/', folder),
    name: new RegExp(`^${file.split(ANYTHING).map(escapeForPattern).join('.*')}$`, 's'),
  };
}

/** A name as the kernel puts it into a file name. */
function kernelName(name: string): string {
  return Buffer.from(name).subarray(0, MAX_NAME_BYTES).toString().replaceAll('/', '!');
}

/**
 * Whether a file of systemd-coredump(8) is the dump of this process: `core.NAME.UID.BOOT.PID.MICROSECONDS`, then how it is packed.
 * Dots of the name are escaped. The time is that of the crash, so it is before the death by as long as writing the dump takes.
 */
export function isSystemdDump(
  file: string,
  { pid, diedAt }: Pick<DeadProcess, 'pid' | 'diedAt'>,
  bootId: string,
): boolean {
  const [core, , , boot, filePid, at] = file.split('.');
  return (
    core === 'core' &&
    boot === bootId.replaceAll('-', '') &&
    filePid === String(pid) &&
    Math.abs(Number(at) / 1000 - diedAt) < MAX_DUMPING_MS
  );
}

/** Writing the memory of a large process takes minutes. */
const MAX_DUMPING_MS = 600_000;
