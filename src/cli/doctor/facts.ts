import { accessSync, constants, lstatSync, readdirSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { judgePath, unsafeText, type PathPart } from '../../shared/lib/host/path-safety';
import { connectEngine, SocketGoneFailure } from '../client';
import { CliFailure, EXIT } from '../failure';
import type { Io } from '../io';
import { atBoot } from '../service/at-boot';
import { findElectron } from '../run/electron-runtime';
import { parseProcessStat } from '../../shared/lib/host/process-stat';
import { programsOfRoot } from '../../shared/lib/host/run-as-root';
import type { DoctorFacts } from './checks';
import { readText } from '../../host/read-text';
import { readPathPart } from '../../host/read-path-part';
import { ownerPid } from '../engine-owner';

/** Looks at the machine; changes nothing. */
export async function gatherFacts(io: Io, dataDir: string): Promise<DoctorFacts> {
  const { platform, env } = io;
  const uid = process.getuid?.() ?? -1;
  return {
    platform,
    env,
    nodeVersion: process.versions.node,
    electron: findElectron({ appDir: join(__dirname, '..', '..'), platform, env }),
    sessionBus: sessionBus(env, uid),
    proc: platform === 'linux' ? procFacts() : null,
    init: platform === 'linux' ? await initFacts(dataDir) : null,
    cgroups: platform === 'linux' ? cgroupFacts() : null,
    dataDir: { path: dataDir, ...dataDirFacts(dataDir, uid), unsafe: uid < 0 ? null : unsafeData(dataDir, uid) },
    ...(await engineFacts(dataDir, platform, uid)),
    atBoot: await atBoot(io, dataDir),
    isRoot: uid === 0,
    descriptorLimit: platform === 'linux' ? descriptorLimit() : null,
  };
}

function sessionBus(env: Io['env'], uid: number): DoctorFacts['sessionBus'] {
  const address = env['DBUS_SESSION_BUS_ADDRESS'];
  const path = /^unix:path=([^,;]+)/.exec(address ?? '')?.[1] ?? (address ? null : `/run/user/${uid}/bus`);
  // An abstract or a tcp address can't be looked at; then it is taken by its word.
  if (path === null) return 'reachable';
  return statOf(path)?.isSocket() ? 'reachable' : 'missing';
}

function procFacts(): NonNullable<DoctorFacts['proc']> {
  const stat = readText('/proc/self/stat') !== null;
  const mount = mountOfProc(readText('/proc/self/mounts') ?? '');
  return {
    readable: stat,
    hidepid: /hidepid=([a-z0-9]+)/.exec(mount)?.[1] ?? null,
    seesInit: readText('/proc/1/stat') !== null,
  };
}

/** A parent has so long to reap: a zombie for a moment is nothing to speak of. */
const REAP_MS = 500;

async function initFacts(dataDir: string): Promise<NonNullable<DoctorFacts['init']>> {
  const before = new Set(zombiesOfInit());
  if (before.size > 0) await new Promise((resolve) => setTimeout(resolve, REAP_MS));
  const unreaped = before.size === 0 ? 0 : zombiesOfInit().filter((pid) => before.has(pid)).length;
  return { isEngine: ownerPid(dataDir) === 1, unreaped };
}

/** Pids of the children of the first process that have ended. */
function zombiesOfInit(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const { state, parent } = parseProcessStat(readText(`/proc/${pid}/stat`) ?? '');
    return state === 'Z' && parent === 1;
  });
}

/** Our own group in the one hierarchy of cgroup v2: below it a group for a watch would be made (cgroups(7)). */
function cgroupFacts(): NonNullable<DoctorFacts['cgroups']> {
  const groups = readText('/proc/self/cgroup') ?? '';
  const own = /^0::(\/.*)$/m.exec(groups)?.[1];
  if (own === undefined || readText('/sys/fs/cgroup/cgroup.controllers') === null) {
    return { version: groups.trim() === '' ? 0 : 1, writable: false };
  }
  return { version: 2, writable: canWrite(join('/sys/fs/cgroup', own)) || canWrite('/sys/fs/cgroup') };
}

/** What another user could exchange of the data directory, or of what its config.json leads to. */
function unsafeData(dataDir: string, uid: number): string | null {
  const config = join(dataDir, 'config.json');
  const judged = [
    judgePath({ path: dataDir, uid, judgeLast: false, read: readPart }),
    ...(statOf(config)?.isSymbolicLink() ? [judgePath({ path: config, uid, judgeLast: true, read: readPart })] : []),
  ];
  const unsafe = judged.find((each) => each.unsafe !== null)?.unsafe ?? null;
  return unsafe === null ? null : unsafeText(unsafe);
}

/** Where another user may not look, there is nothing to be judged. */
function readPart(path: string): PathPart | null {
  try {
    return readPathPart(path);
  } catch {
    return null;
  }
}

function dataDirFacts(path: string, uid: number): Omit<DoctorFacts['dataDir'], 'path' | 'unsafe'> {
  const stats = statOf(path, statSync);
  if (stats === null)
    return { state: 'missing', writable: canWrite(nearestExisting(path)), mode: null, ownedByUs: true };
  return {
    state: stats.isDirectory() ? 'directory' : 'other',
    writable: canWrite(path),
    mode: stats.mode & 0o777,
    ownedByUs: uid < 0 || stats.uid === uid,
  };
}

function nearestExisting(path: string): string {
  const parent = dirname(path);
  return parent === path || statOf(parent, statSync) !== null ? parent : nearestExisting(parent);
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function engineFacts(
  dataDir: string,
  platform: string,
  uid: number,
): Promise<Pick<DoctorFacts, 'engine' | 'alerts' | 'programsOfRoot'>> {
  try {
    const connection = await connectEngine(dataDir, platform);
    try {
      const info = await connection.client.engine.info();
      const { pid, version, shell, unwrittenEvents, distress = null, endNotices = null, serviceNotices = null } = info;
      const alerts = await connection.client.alerts.status();
      // The data directory, and so the engine, belongs to whoever may ask it.
      const watches = uid === 0 ? await connection.client.watches.list() : null;
      const inspector = inspectorOption(pid);
      return {
        engine: {
          state: 'running',
          ...{ pid, version, shell, unwrittenEvents, distress, inspector, endNotices, serviceNotices },
        },
        alerts,
        programsOfRoot: watches === null ? null : programsOfRoot(watches.map(({ watch }) => watch)),
      };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof SocketGoneFailure) {
      return { engine: { state: 'unreachable', pid: error.pid }, alerts: null, programsOfRoot: null };
    }
    if (error instanceof CliFailure && error.exitCode === EXIT.noEngine) {
      return { engine: { state: 'none' }, alerts: null, programsOfRoot: null };
    }
    const problem = error instanceof Error ? error.message : String(error);
    return { engine: { state: 'trouble', problem }, alerts: null, programsOfRoot: null };
  }
}

/** The option that opens the inspector of a running engine, or null. Its argument vector is its title, its environment is not. */
function inspectorOption(pid: number): string | null {
  const options = [
    ...(readText(`/proc/${pid}/environ`) ?? '').split('\0'),
    ...(readText(`/proc/${pid}/cmdline`) ?? '').split('\0'),
  ];
  return options.find((option) => /^(?:NODE_OPTIONS=.*)?--inspect(?:-brk|-wait)?(?:[= ]|$)/s.test(option)) ?? null;
}

/** The soft limit of open files (proc_pid_limits(5)), or null. */
function descriptorLimit(): number | null {
  const soft = /^Max open files\s+(\d+)/m.exec(readText('/proc/self/limits') ?? '')?.[1];
  return soft === undefined ? null : Number(soft);
}

function statOf(path: string, read: (path: string) => Stats = lstatSync): Stats | null {
  try {
    return read(path);
  } catch {
    return null;
  }
}

/** The mount that is seen at /proc: a later one covers those before it (proc_pid_mounts(5)). */
export function mountOfProc(mounts: string): string {
  return mounts.split('\n').findLast((line) => / \/proc proc /.test(line)) ?? '';
}
