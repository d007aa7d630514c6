import { readFileSync } from 'node:fs';
import { parseProcessStat } from '../../../../shared/lib/host/process-stat';
import type { ProcessIdentity } from '../../../../shared/model/process';
import type { ChildExit } from '../../../engine/ports';
import { exitOfStatus } from './wait-status';

/** CAP_SYS_PTRACE in /proc/<pid>/status (capabilities(7)). */
const MAY_TRACE = 1n << 19n;

/**
 * How a process ended that its parent has not reaped yet, which the kernel reports to those who may trace it; null where it is no such
 * process any more, or where the kernel keeps it to itself.
 */
export function exitOfZombie({ pid, startTime }: ProcessIdentity, procDir = '/proc'): ChildExit | null {
  try {
    const stat = parseProcessStat(readFileSync(`${procDir}/${pid}/stat`, 'latin1'));
    if (stat.state !== 'Z' || stat.startTime !== startTime) return null;
    const { exitStatus } = stat;
    // Who may not know reads 0, too.
    return exitStatus === 0 && !mayTrace(`${procDir}/${pid}`, `${procDir}/self`) ? null : exitOfStatus(exitStatus);
  } catch {
    return null;
  }
}

/** As ptrace(2) has it for a process that is gone: its users and groups are all ours, or we may trace everybody. */
function mayTrace(processDir: string, self: string): boolean {
  const own = readFileSync(`${self}/status`, 'latin1');
  const capabilities = BigInt(`0x${/^CapEff:\t([0-9a-f]+)$/m.exec(own)?.[1] ?? '0'}`);
  // In a user namespace they hold for those within it only.
  const holdEverywhere = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync(`${self}/uid_map`, 'latin1'));
  if ((capabilities & MAY_TRACE) !== 0n && holdEverywhere) return true;
  const status = readFileSync(`${processDir}/status`, 'latin1');
  return (
    idsOf(status, 'Uid').every((id) => id === idsOf(own, 'Uid')[1]) &&
    idsOf(status, 'Gid').every((id) => id === idsOf(own, 'Gid')[1])
  );
}

/** Real, effective, saved and file system id. */
function idsOf(status: string, name: 'Uid' | 'Gid'): string[] {
  const ids = new RegExp(`^${name}:((?:\\t\\d+){4})$`, 'm').exec(status)?.[1]?.trim().split('\t');
  if (ids === undefined) throw new Error(`expected four ids in the line ${name}`);
  return ids;
}
