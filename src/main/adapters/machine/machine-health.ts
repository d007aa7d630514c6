import { existsSync, readFileSync } from 'node:fs';
import {
  NOTHING_WANTED,
  type Clock,
  type HealthReading,
  type MachineHealth,
  type SceneReader,
} from '../../engine/ports';
import { pageSizeBytes } from '../processes/procfs/system-facts';
import { localMounts, type Mount } from './mounts';

/** Where the OS shows what is read. */
export interface HealthPlaces {
  procDir: string;
  /** The directory of systemd-timesyncd(8) while it runs; `synchronized` in it once it has reached a server. */
  timesyncDir: string;
}

export const HEALTH_PLACES: HealthPlaces = { procDir: '/proc', timesyncDir: '/run/systemd/timesync' };

export interface MachineHealthOptions {
  clock: Clock;
  /** Reads disks in a thread of its own. */
  scenes: SceneReader;
  places?: HealthPlaces;
}

/** All disks together may take so long. */
const MAX_READ_MS = 5000;
/** A disk that did not answer is not asked again for so long, and each time for twice as long: each may cost a thread. */
const FIRST_PAUSE_MS = 10 * 60_000;

/** Reads the files that Linux has; elsewhere nothing is known. */
export class OwnMachineHealth implements MachineHealth {
  private readonly silent = new Map<number, { pauseMs: number; untilMs: number }>();
  private readonly pageBytes: number;

  constructor(private readonly options: MachineHealthOptions) {
    this.pageBytes = process.platform === 'linux' ? pageSizeBytes() : 0;
  }

  async read(): Promise<HealthReading> {
    if (process.platform !== 'linux') return { disks: null, swappedBytes: null, isClockSynchronised: null };
    const { procDir, timesyncDir } = this.options.places ?? HEALTH_PLACES;
    return {
      disks: await this.readDisks(textOf(`${procDir}/self/mountinfo`)),
      swappedBytes: swappedBytes(textOf(`${procDir}/vmstat`), this.pageBytes),
      isClockSynchronised: existsSync(timesyncDir) ? existsSync(`${timesyncDir}/synchronized`) : null,
    };
  }

  private async readDisks(mountinfo: string | null): Promise<HealthReading['disks']> {
    if (mountinfo === null) return null;
    const { scenes, clock } = this.options;
    const nowMs = clock.monotonicMs();
    const asked = localMounts(mountinfo).filter(({ id }) => (this.silent.get(id)?.untilMs ?? 0) <= nowMs);
    const { disks } = await scenes.read({ ...NOTHING_WANTED, folders: asked.map(({ path }) => path) }, MAX_READ_MS);
    if (clock.monotonicMs() - nowMs >= MAX_READ_MS) this.noteSilent(asked, new Set(disks.map(({ folder }) => folder)));
    return disks;
  }

  /** They were asked in their order, so the one after the last answer is the one that did not answer. */
  private noteSilent(asked: readonly Mount[], answered: ReadonlySet<string>): void {
    const last = asked.findLastIndex(({ path }) => answered.has(path));
    const held = asked[last + 1];
    if (held === undefined) return;
    const pauseMs = 2 * (this.silent.get(held.id)?.pauseMs ?? FIRST_PAUSE_MS / 2);
    this.silent.set(held.id, { pauseMs, untilMs: this.options.clock.monotonicMs() + pauseMs });
  }
}

/** `pswpin 12` and `pswpout 34`, in pages. */
function swappedBytes(vmstat: string | null, pageBytes: number): number | null {
  const counts = ['pswpin', 'pswpout'].map((name) => new RegExp(`^${name} (\\d+)$`, 'm').exec(vmstat ?? '')?.[1]);
  if (counts.includes(undefined)) return null;
  return counts.reduce((total, count) => total + Number(count) * pageBytes, 0);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
