import { readdirSync } from 'node:fs';
import type { SecretMask } from '../../../../shared/lib/process/mask-secrets';
import type { ProcessEvidence, ThreadEvidence } from '../../../../shared/model/last-words';
import { sameIdentity, type ProcessIdentity } from '../../../../shared/model/process';
import type { Clock, LastWordsReader } from '../../../engine/ports';
import { socketInode, type Descriptor } from './open-descriptors';
import type { ProcfsReader } from './procfs-reader';
import { readTcpEnds, type TcpEnds } from './socket-table';
import { Turns } from './turns';

/** What is listed of one process. */
const MAX_THREADS = 64;
const MAX_DESCRIPTORS = 128;

export interface LastWordsReaderOptions {
  clock: Clock;
  identify: (pid: number) => ProcessIdentity | null;
  /** Takes secrets out of names and paths, which become part of events. */
  mask: SecretMask;
  reader: ProcfsReader;
  /** Where procfs is mounted. */
  procDir?: string;
}

/** Of one process, before the ends of its sockets are known. */
interface Found {
  pid: number;
  name: string;
  threads: readonly ThreadEvidence[];
  descriptors: readonly Descriptor[];
  isCut: boolean;
}

/** What processes are doing, from /proc (proc(5)). */
export class ProcfsLastWordsReader implements LastWordsReader {
  constructor(private readonly options: LastWordsReaderOptions) {}

  async read(processes: readonly ProcessIdentity[], limitMs: number): Promise<readonly ProcessEvidence[]> {
    const turns = new Turns(this.options.clock, limitMs);
    const found: Found[] = [];
    for (const process of processes) {
      if (turns.isLate()) break;
      const one = await this.readProcess(process, turns);
      if (one !== null) found.push(one);
    }
    const ends = await this.findTcpEnds(found, turns);
    return found.map((one) => this.evidenceOf(one, ends));
  }

  private async readProcess(process: ProcessIdentity, turns: Turns): Promise<Found | null> {
    const { identify, mask, reader } = this.options;
    const processDir = `${this.procDir}/${process.pid}`;
    const taskDir = `${processDir}/task`;
    const tids = list(taskDir);
    const threads: ThreadEvidence[] = [];
    for (const tid of tids.slice(0, MAX_THREADS)) {
      const thread = reader.read(process.pid, 'thread', taskDir, Number(tid));
      if (thread !== null) threads.push({ ...thread, name: mask(thread.name) });
      await turns.giveWay();
      if (turns.isLate()) break;
    }
    const open = reader.read(process.pid, 'descriptors', `${processDir}/fd`, MAX_DESCRIPTORS);
    await turns.giveWay();
    // Checked after the reading: who is there now was there all the time, since its pid was not free.
    const now = identify(process.pid);
    if (now === null || !sameIdentity(now, process)) return null;
    const name = threads.find(({ tid }) => tid === process.pid)?.name ?? '';
    const isCut = (open?.isCut ?? false) || threads.length < tids.length;
    return { pid: process.pid, name, threads, descriptors: open?.descriptors ?? [], isCut };
  }

  /** By network namespace, which all processes of a machine share as a rule: its tables are searched once. */
  private async findTcpEnds(found: readonly Found[], turns: Turns): Promise<ReadonlyMap<string, TcpEnds>> {
    const ends = new Map<string, TcpEnds>();
    const namespaces = new Map<string, { netDir: string; inodes: Set<string> }>();
    for (const { pid, descriptors } of found) {
      const key = this.options.reader.read(pid, 'netNamespace', `${this.procDir}/${pid}`) ?? '';
      const namespace = namespaces.get(key) ?? { netDir: `${this.procDir}/${pid}/net`, inodes: new Set() };
      for (const { target } of descriptors) {
        const inode = socketInode(target);
        if (inode !== null) namespace.inodes.add(inode);
      }
      namespaces.set(key, namespace);
    }
    for (const { netDir, inodes } of namespaces.values()) {
      for (const [inode, of] of await readTcpEnds(netDir, inodes, turns)) ends.set(inode, of);
    }
    return ends;
  }

  private evidenceOf({ descriptors, ...found }: Found, ends: ReadonlyMap<string, TcpEnds>): ProcessEvidence {
    const { mask } = this.options;
    return {
      ...found,
      files: descriptors
        .filter(({ target }) => socketInode(target) === null)
        .map(({ fd, target }) => ({ fd, target: mask(target) })),
      sockets: descriptors.flatMap(({ fd, target }) => {
        const inode = socketInode(target);
        if (inode === null) return [];
        return { fd, inode, ...(ends.get(inode) ?? { local: null, remote: null, state: null }) };
      }),
    };
  }

  private get procDir(): string {
    return this.options.procDir ?? '/proc';
  }
}

/** Empty when it is gone. */
function list(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
