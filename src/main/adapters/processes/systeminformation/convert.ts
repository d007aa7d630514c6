import type { ProcessState } from '../../../../shared/model/process';

/**
 * CPU use as `systeminformation.processes()` gives it, in % of one core. On Linux and Windows it is a share of the
 * whole machine; elsewhere it is what ps prints, which is % of one core already.
 */
export function toPercentOfOneCore(cpu: number, platform: NodeJS.Platform, cores: number): number {
  if (!Number.isFinite(cpu) || cpu < 0) return 0;
  return platform === 'linux' || platform === 'win32' ? cpu * Math.max(1, cores) : cpu;
}

const STATES: Readonly<Record<string, ProcessState>> = {
  running: 'running',
  sleeping: 'sleeping',
  paging: 'sleeping',
  blocked: 'disk_sleep',
  stopped: 'stopped',
  zombie: 'zombie',
  dead: 'dead',
};

/** The library's word for a state in ours. */
export function toProcessState(state: string): ProcessState {
  return STATES[state] ?? 'unknown';
}

/** What ps reports of a process beyond the library: its groups, its owner and its start, which does not vary. */
export interface PsFacts {
  pid: number;
  pgid: number;
  session: number;
  uid: number;
  /** ms since the epoch, in whole seconds. */
  startTime: number;
}

/** The columns that `parsePsLine` reads. */
export const PS_COLUMNS = ['-o', 'pid=', '-o', 'pgid=', '-o', 'sess=', '-o', 'uid=', '-o', 'lstart='];

/** One line of `ps` with `PS_COLUMNS` in the C locale, or null. macOS prints an address for the session: that is 0. */
export function parsePsLine(line: string): PsFacts | null {
  const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+\w{3}\s+(\w{3}\s+\d+)\s+(\d+:\d+:\d+)\s+(\d{4})\s*$/.exec(line);
  if (found === null) return null;
  const [, pid, pgid, session, uid, day, time, year] = found;
  const startTime = Date.parse(`${day} ${year} ${time}`);
  if (Number.isNaN(startTime)) return null;
  return {
    pid: Number(pid),
    pgid: Number(pgid),
    session: /^\d+$/.test(session ?? '') ? Number(session) : 0,
    uid: Number(uid),
    startTime,
  };
}

/** A local time such as `2026-01-31 23:59:59` in ms since the epoch, or null. */
export function parseLocalTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? null : at;
}

/** The arguments of a Windows command line: CommandLineToArgvW's rules for quotes and backslashes. */
export function splitWindowsCommandLine(text: string): string[] {
  const argv: string[] = [];
  let argument: string | null = null;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\\') {
      let end = at;
      while (text[end] === '\\') end++;
      const count = end - at;
      if (text[end] === '"') {
        argument = (argument ?? '') + '\\'.repeat(count >> 1);
        if (count % 2 === 1) argument += '"';
        at = count % 2 === 1 ? end : end - 1;
      } else {
        argument = (argument ?? '') + '\\'.repeat(count);
        at = end - 1;
      }
    } else if (character === '"') {
      quoted = !quoted;
      argument ??= '';
    } else if (!quoted && (character === ' ' || character === '\t')) {
      if (argument !== null) argv.push(argument);
      argument = null;
    } else {
      argument = (argument ?? '') + character;
    }
  }
  if (argument !== null) argv.push(argument);
  return argv;
}
