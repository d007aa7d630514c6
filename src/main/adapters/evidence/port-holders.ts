import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { readText } from '../../../host/read-text';
import { parseProcessStat } from '../../../shared/lib/host/process-stat';
import type { Clock } from '../../engine/ports';
import type { PortHolder, WantedPort } from '../../engine/ports';
import { readSockets, readUid } from '../processes/procfs/process-facts';
import { isBound, socketsIn } from '../processes/procfs/socket-table';
import { BootTime } from '../processes/procfs/system-facts';

/** About 50,000 sockets. The kernel shows those that listen first. */
const MAX_TABLE_BYTES = 8_000_000;
/** A server opens what it listens on before its connections. */
const MAX_DESCRIPTORS = 4096;
/**
 * For a machine with very many processes: whose descriptors were not looked at by then is not known. With a hundred processes it took
 * up to 0.8 s where the processor was wanted by many, as it is where programs die.
 */
const MAX_SEARCH_MS = 1500;

/** A socket that is bound to a port. */
export interface BoundSocket extends WantedPort {
  uid: number;
  /** What its descriptors are called by: `socket:[inode]`. */
  inode: string;
}

export interface PortHoldersOptions {
  procDir: string;
  clock: Clock;
  /** Pids of processes that hold up who reads them: they are not searched. */
  avoided: ReadonlySet<number>;
}

/**
 * The sockets that are bound to the ports. The tables are those of the network namespace of this process: a port that is taken within a
 * container is not seen, and neither can it be in the way of a program outside. Null where there are no tables.
 */
export function socketsOn(ports: readonly WantedPort[], procDir: string): readonly BoundSocket[] | null {
  return ports.length === 0 ? [] : readTables(ports, `${procDir}/net`);
}

/** Who has bound the sockets, as far as their table says it: by user. */
export function usersOf(sockets: readonly BoundSocket[]): readonly PortHolder[] {
  return distinct(sockets.map(({ protocol, port, uid }) => ({ protocol, port, uid, process: null })));
}

/** Who has bound the sockets. */
export function portHolders(sockets: readonly BoundSocket[], options: PortHoldersOptions): readonly PortHolder[] {
  const { procDir, clock } = options;
  const pids = findPids(sockets, options);
  const bootTime = new BootTime(clock, procDir);
  return distinct(
    sockets.map(({ protocol, port, uid, inode }) => {
      const pid = pids.get(inode);
      return { protocol, port, uid, process: pid === undefined ? null : readHolder(pid, procDir, bootTime) };
    }),
  );
}

/** A program that listens in both families, or in several threads, has one socket for each. */
function distinct(holders: readonly PortHolder[]): readonly PortHolder[] {
  const byKey = holders.map((holder) => {
    const { protocol, port, uid, process } = holder;
    return [`${protocol} ${port} ${uid} ${process?.pid}`, holder] as const;
  });
  return [...new Map(byKey).values()];
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

/** The sockets bound to one of the ports in the text of a table. One that no process has any more is left out. */
export function boundSockets(
  protocol: WantedPort['protocol'],
  table: string,
  ports: readonly number[],
): readonly BoundSocket[] {
  const bound: BoundSocket[] = [];
  for (const socket of socketsIn(table)) {
    const { localPort: port, uid, inode } = socket;
    if (ports.includes(port) && isBound(protocol, socket)) bound.push({ protocol, port, uid, inode });
  }
  return bound;
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
 * that has opened it and the parent of the others. Those of the sockets' users are searched first: others can't delay that by any
 * number of descriptors.
 */
function findPids(
  sockets: readonly BoundSocket[],
  { procDir, clock, avoided }: PortHoldersOptions,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (sockets.length === 0) return found;
  const deadlineMs = clock.monotonicMs() + MAX_SEARCH_MS;
  const inodes = new Set(sockets.map(({ inode }) => inode));
  const users = new Set(sockets.map(({ uid }) => uid));
  const pids = readdirSync(procDir)
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && !avoided.has(pid));
  const likely = new Set(pids.filter((pid) => users.has(readUid(`${procDir}/${pid}`))));
  pids.sort((one, other) => Number(likely.has(other)) - Number(likely.has(one)) || one - other);
  for (const pid of pids) {
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
  const uid = readUid(dir);
  // Checked after the reading: who is there now was there all the time, since its pid was not free.
  if (startTime === null || name === null || startTimeIn(dir) !== startTime) return null;
  return { pid, startTime, name, uid, startedAt: bootTime.wallMsOf(startTime) };
}

function startTimeIn(processDir: string): number | null {
  const stat = readText(`${processDir}/stat`);
  return stat === null ? null : parseProcessStat(stat).startTime;
}
