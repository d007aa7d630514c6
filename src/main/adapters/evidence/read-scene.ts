import type { Clock } from '../../engine/ports';
import type { Scene, SceneRequest } from '../../engine/ports';
import { errorCode } from '../files/notice';
import { coreDump } from './core-dump';
import { diskSpace, entriesState, fileState } from './file-states';
import { memoryState } from './memory-state';
import { oomVictim } from './oom-victim';
import { packageChanges } from './package-changes';
import { packageVersions } from './package-versions';
import { portHolders, socketsOn, usersOf } from './port-holders';

/** Where a system keeps what is read. */
export interface SystemPlaces {
  procDir: string;
  /** The log of the kernel. */
  logDevice: string;
  logDir: string;
  /** Where systemd-coredump(8) keeps dumps. */
  systemdDir: string;
}

export const SYSTEM_PLACES: SystemPlaces = {
  procDir: '/proc',
  logDevice: '/dev/kmsg',
  logDir: '/var/log',
  systemdDir: '/var/lib/systemd/coredump',
};

export interface ReadSceneOptions {
  places?: SystemPlaces;
  clock: Clock;
  /** Pids of processes that hold up who reads them. */
  avoided?: ReadonlySet<number>;
}

/**
 * Reads what is around a death with calls that return when they are done, and hands out each part as it is known: first what is
 * cheap, then the search through all processes, last what any disk or server may delay. Elsewhere than on Linux there are files and disks only.
 */
export function readScene(
  { ports, holdersByUser, files, withEntries, versionsIn = [], folders, dead, packagesSince }: SceneRequest,
  onPart: (part: Partial<Scene>) => void,
  { places = SYSTEM_PLACES, clock, avoided = new Set() }: ReadSceneOptions,
): void {
  const { procDir, logDir } = places;
  onPart({ memory: memoryState(procDir) });
  if (dead !== null) onPart({ oomVictim: orNull(() => oomVictim(dead, { ...places, clock })) });
  if (packagesSince !== null) onPart({ packages: packageChanges(packagesSince, logDir) });
  const sockets = orNull(() => socketsOn(ports, procDir));
  onPart({ holders: sockets === null ? null : usersOf(sockets) });
  const holders =
    sockets === null || holdersByUser === true ? null : orNull(() => portHolders(sockets, { procDir, clock, avoided }));
  if (holders !== null) onPart({ holders });
  // From here on any disk may be asked.
  if (dead !== null) onPart({ core: orNull(() => coreDump(dead, places)) });
  for (const folder of new Set(folders)) {
    const disk = diskSpace(folder);
    if (disk !== null) onPart({ disks: [disk] });
  }
  for (const path of new Set(files))
    onPart({ files: { [path]: withEntries === true ? entriesState(path) : fileState(path) } });
  for (const path of new Set(versionsIn)) {
    const versions = packageVersions(path);
    if (versions !== null) onPart({ versions: { [path]: versions } });
  }
}

/** What the system refuses is not known; a mistake of ours is not kept quiet. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return null;
  }
}
