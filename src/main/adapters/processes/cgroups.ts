import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupDir, cgroupMount, cgroupParents } from '../../../shared/lib/process/cgroups';
import { sameIdentity, type ProcessIdentity } from '../../../shared/model/process';
import type { Clock, Dispose, TreeKiller } from '../../engine/ports';

/** Puts each started program into a control group of its own, and ends whole groups. Nothing here ever throws. */
export interface ChildGroups extends TreeKiller {
  /** A program was started: it is moved into a group of its own soon. */
  entered(watchId: string, child: ProcessIdentity): void;
  /** It ended: its group is removed if nobody else is in it. */
  left(watchId: string, child: ProcessIdentity): void;
  /** Removes what is empty; groups of programs that go on running stay, for the next engine. */
  dispose(): void;
}

export interface ChildGroupsOptions {
  /** The groups of one data directory are found again by its next engine. */
  dataDir: string;
  /** What a watch is called in /proc/<pid>/cgroup, which all users may read: it must not reveal the id. */
  publicName: (watchId: string) => string;
  clock: Clock;
  identify: (pid: number) => ProcessIdentity | null;
  /** Where groups may be made, best first; found out unless set. */
  parents?: readonly string[];
}

/**
 * Moving a process waits for all processors to take notice (an RCU grace period, often 10 ms), and a fork meanwhile is
 * slow. So it is done once there was no start for this long, in the background; what was forked until then stays outside.
 */
const QUIET_MS = 100;
const MAX_DELAY_MS = 1000;

/** How the groups of a data directory are called. */
const BASE_NAME = /^healdeck-[0-9a-f]{12}$/;
/** Nobody is about to enter an empty group that was changed this long ago. */
const ABANDONED_AFTER_MS = 60_000;

/** The groups of this machine's programs; does nothing where there is no writable hierarchy of version 2. */
export function createChildGroups(options: ChildGroupsOptions): ChildGroups {
  const parents = options.parents ?? findParents();
  return parents.length === 0 ? NO_GROUPS : new Cgroups(options, parents);
}

const NO_GROUPS: ChildGroups = {
  entered: () => undefined,
  left: () => undefined,
  members: () => [],
  kill: () => false,
  dispose: () => undefined,
};

class Cgroups implements ChildGroups {
  private readonly name: string;
  private readonly bases: readonly string[];
  /** The base that works; null when none does. */
  private base: string | null | undefined = undefined;
  private waiting: { watchId: string; child: ProcessIdentity; sinceMs: number }[] = [];
  private cancel: Dispose | null = null;
  /** One thing after the other: no group is removed while somebody is moved into it. */
  private work: Promise<void> = Promise.resolve();
  /** Groups that a process may be in which was not meant: they are never killed in one stroke. */
  private readonly doubtful = new Set<string>();
  private disposed = false;

  constructor(
    private readonly options: ChildGroupsOptions,
    parents: readonly string[],
  ) {
    this.name = `healdeck-${createHash('sha256').update(options.dataDir).digest('hex').slice(0, 12)}`;
    this.bases = parents.map((parent) => join(parent, this.name));
    // What ended while no engine was running.
    this.enqueue(async () => {
      for (const base of this.bases) await removeEmpty(base);
      for (const parent of parents) await removeAbandoned(parent, options.clock.wallMs() - ABANDONED_AFTER_MS);
    });
  }

  entered(watchId: string, child: ProcessIdentity): void {
    if (this.disposed || this.base === null) return;
    const nowMs = this.options.clock.monotonicMs();
    this.waiting.push({ watchId, child, sinceMs: nowMs });
    const longestMs = (this.waiting[0]?.sinceMs ?? nowMs) + MAX_DELAY_MS - nowMs;
    this.cancel?.();
    this.cancel = this.options.clock.after(Math.max(0, Math.min(QUIET_MS, longestMs)), () => {
      for (const { watchId, child } of this.waiting.splice(0)) this.enqueue(() => this.move(watchId, child));
    });
  }

  left(watchId: string, child: ProcessIdentity): void {
    this.waiting = this.waiting.filter((waiting) => !sameIdentity(waiting.child, child));
    const { base } = this;
    if (this.disposed || base === null || base === undefined) return;
    this.enqueue(() => removeEmpty(join(base, this.groupName(watchId, child))));
  }

  members(watchId: string, roots: readonly ProcessIdentity[]): readonly number[] {
    return this.groupsOf(watchId, roots).flatMap((group) => groupsFrom(group).flatMap(pidsIn));
  }

  kill(watchId: string, roots: readonly ProcessIdentity[]): boolean {
    const groups = this.groupsOf(watchId, roots);
    if (groups.length === 0 || groups.some((group) => this.doubtful.has(group))) return false;
    try {
      // Kills the groups below it too, and whoever is being forked (cgroup.kill in the kernel's cgroup-v2.rst).
      for (const group of groups) writeFileSync(join(group, 'cgroup.kill'), '1');
      return true;
    } catch {
      return false;
    }
  }

  dispose(): void {
    this.disposed = true;
    this.cancel?.();
    this.waiting = [];
    for (const base of this.bases) {
      for (const group of subdirectories(base)) tryTo(() => rmdirSync(group));
      tryTo(() => rmdirSync(base));
    }
  }

  private enqueue(task: () => Promise<void>): void {
    this.work = this.work.then(() => (this.disposed ? undefined : task())).catch(() => undefined);
  }

  private async move(watchId: string, child: ProcessIdentity): Promise<void> {
    const { identify } = this.options;
    this.base ??= await firstUsable(this.bases);
    if (this.base === null || this.disposed) return;
    const group = join(this.base, this.groupName(watchId, child));
    // Another engine may have found it empty for long.
    await makeGroup(this.base);
    await makeGroup(group);
    try {
      if (!isSame(identify(child.pid), child)) return;
      await writeFile(join(group, 'cgroup.procs'), String(child.pid));
      const now = identify(child.pid);
      if (now !== null && !sameIdentity(now, child)) this.doubtful.add(group);
    } finally {
      await removeEmpty(group);
    }
  }

  private groupName(watchId: string, child: ProcessIdentity): string {
    return `${this.options.publicName(watchId)}-${child.pid}`;
  }

  /** The groups of a watch: those at their place, and those that another engine made elsewhere for processes that live. */
  private groupsOf(watchId: string, roots: readonly ProcessIdentity[]): readonly string[] {
    const prefix = `${this.options.publicName(watchId)}-`;
    const found = new Set<string>();
    const isOfWatch = (name: string): boolean => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
    for (const base of this.bases) {
      for (const group of subdirectories(base)) if (isOfWatch(group.slice(base.length + 1))) found.add(group);
    }
    for (const root of roots) {
      const parts = (groupOf(root.pid) ?? '').split('/');
      const at = parts.indexOf(this.name);
      if (at < 0 || !isOfWatch(parts[at + 1] ?? '') || !isSame(this.options.identify(root.pid), root)) continue;
      found.add(parts.slice(0, at + 2).join('/'));
    }
    return [...found];
  }
}

function isSame(now: ProcessIdentity | null, meant: ProcessIdentity): boolean {
  return now !== null && sameIdentity(now, meant);
}

function findParents(): readonly string[] {
  if (process.platform !== 'linux') return [];
  try {
    return cgroupParents(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));
  } catch {
    return [];
  }
}

/** The directory of the group that a process is in, or null. */
function groupOf(pid: number): string | null {
  try {
    const mount = cgroupMount(readFileSync('/proc/self/mountinfo', 'utf8'));
    return mount === null ? null : cgroupDir(mount, readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
  } catch {
    return null;
  }
}

async function makeGroup(group: string): Promise<void> {
  await mkdir(group).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** The first directory that can be made and killed (cgroup.kill: Linux 5.14), or null. */
async function firstUsable(bases: readonly string[]): Promise<string | null> {
  for (const base of bases) {
    try {
      await makeGroup(base);
      accessSync(join(base, 'cgroup.kill'), constants.W_OK);
      return base;
    } catch {
      await rmdir(base).catch(() => undefined);
    }
  }
  return null;
}

/** Pids of a group, without those of the groups below it. */
export function pidsIn(group: string): readonly number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A group and those below it, level by level; of more than `most` only some. */
export function groupsFrom(group: string, most = Infinity): readonly string[] {
  const groups = [group];
  for (const one of groups) {
    if (groups.length > most) break;
    groups.push(...subdirectories(one));
  }
  return groups;
}

function subdirectories(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  } catch {
    return [];
  }
}

/** Removes a group with all below it, as far as nobody is in them: the kernel refuses to remove the others. */
async function removeEmpty(group: string): Promise<void> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmpty(join(group, entry.name));
  await rmdir(group).catch(() => undefined);
}

/** Removes what engines of this user have left whose data directory no engine may ever use again, as far as nobody is in it. */
async function removeAbandoned(parent: string, changedBefore: number): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    if (!BASE_NAME.test(name)) continue;
    const base = join(parent, name);
    const known = await lstat(base).catch(() => null);
    if (known === null || known.uid !== process.getuid?.() || known.mtimeMs > changedBefore) continue;
    await removeEmpty(base);
  }
}

function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // Somebody is in it still, or it is gone.
  }
}
