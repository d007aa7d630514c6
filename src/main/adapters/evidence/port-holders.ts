import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { readText } from '../../../host/read-text';
import { parseProcessStat } from '../../../shared/lib/host/process-stat';
import type { Clock } from '../../engine/ports';
import type { PortHolder, WantedPort } from '../../engine/ports';
import { readArgv, readSockets, readUid } from '../processes/procfs/process-facts';
import { BootTime } from '../processes/procfs/system-facts';
import { boundSockets, type BoundSocket } from './socket-table';

/** About 50,000 sockets. The kernel shows those that listen first. */
const MAX_TABLE_BYTES = 8_000_000;
/** A server opens what it listens on before its connections. */
const MAX_DESCRIPTORS = 4096;
/**
 * For a machine with very many processes: whose descriptors were not looked at by then is not known. With a hundred processes it took
 * up to 0.8 s where the processor was wanted by many, as it is where programs die.
 */
const MAX_SEARCH_MS = 3000;

export interface PortHoldersOptions {
  procDir: string;
  clock: Clock;
}

/**
 * Who has bound the ports. The tables are those of the network namespace of this process: a port that is taken within a container
 * is not seen, and neither can it be in the way of a program outside. Null where there are no tables.
 */
export function portHolders(
  ports: readonly WantedPort[],
  { procDir, clock }: PortHoldersOptions,
): readonly PortHolder[] | null {
  const tables = ports.length === 0 ? [] : readTables(ports, `${procDir}/net`);
  if (tables === null) return null;
  const pids = findPids(new Set(tables.map(({ inode }) => inode)), procDir, clock);
  const bootTime = new BootTime(clock, procDir);
  const holders = new Map<string, PortHolder>();
  for (const { protocol, port, uid, inode } of tables) {
    const pid = pids.get(inode);
    const process = pid === undefined ? null : readHolder(pid, procDir, bootTime);
    // A program that listens in both families, or in several threads, has one socket for each.
    holders.set(`${protocol} ${port} ${uid} ${process?.pid}`, { protocol, port, uid, process });
  }
  return [...holders.values()];
}

/** Null where no table can be read; without IPv6 there is none for it. */
function readTables(ports: readonly WantedPort[], netDir: string): readonly BoundSocket[] | null {
  const sockets: BoundSocket[] = [];
  let isRead = false;
  for (const protocol of ['tcp', 'udp'] as const) {
    const wanted = ports.flatMap((port) => (port.protocol === protocol ? port.port : []));
    if (wanted.length === 0) continue;
    for (const family of ['', '6']) {
      const table = readStart(`${netDir}/${protocol}${family}`);
      if (table === null) continue;
      isRead = true;
      sockets.push(...boundSockets(protocol, table, wanted));
    }
  }
  return isRead ? sockets : null;
}

/** The beginning of a file of /proc, whose length is not known before; null where it can't be read. */
function readStart(path: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const buffer = Buffer.allocUnsafe(MAX_TABLE_BYTES);
    let length = 0;
    for (let read = 1; read > 0 && length < buffer.length; length += read)
      read = readSync(fd, buffer, length, buffer.length - length, null);
    return buffer.toString('latin1', 0, length);
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/**
 * Which process has each socket, as far as this user may see it; of several the one with the lowest pid, which is as a rule the one
 * that has opened it and the parent of the others.
 */
function findPids(inodes: ReadonlySet<string>, procDir: string, clock: Clock): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (inodes.size === 0) return found;
  const deadlineMs = clock.monotonicMs() + MAX_SEARCH_MS;
  const pids = readdirSync(procDir).map(Number).filter(Number.isInteger);
  for (const pid of pids.sort((one, other) => one - other)) {
    for (const inode of readSockets(`${procDir}/${pid}/fd`, MAX_DESCRIPTORS) ?? [])
      if (inodes.has(inode) && !found.has(inode)) found.set(inode, pid);
    if (found.size === inodes.size || clock.monotonicMs() > deadlineMs) break;
  }
  return found;
}

/** Null when it has ended meanwhile. */
function readHolder(pid: number, procDir: string, bootTime: BootTime): PortHolder['process'] {
  const dir = `${procDir}/${pid}`;
  const startTime = startTimeIn(dir);
  const name = readText(`${dir}/comm`)?.replace(/\n$/, '') ?? null;
  const { argv } = readArgv(dir);
  const uid = readUid(dir);
  // Checked after the reading: who is there now was there all the time, since its pid was not free.
  if (startTime === null || name === null || startTimeIn(dir) !== startTime) return null;
  return { pid, startTime, name, argv, uid, startedAt: bootTime.wallMsOf(startTime) };
}

function startTimeIn(processDir: string): number | null {
  const stat = readText(`${processDir}/stat`);
  return stat === null ? null : parseProcessStat(stat).startTime;
}
