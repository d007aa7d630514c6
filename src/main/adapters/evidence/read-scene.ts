import type { Scene, SceneRequest } from '../../engine/scene';
import { diskSpace, fileState } from './file-states';

/**
 * Reads what is around a death with calls that return when they are done, and hands out each part as it is known: first what the
 * kernel has in its memory, last what any disk or server may delay.
 */
export function readScene(request: SceneRequest, onPart: (part: Partial<Scene>) => void): void {
  for (const folder of new Set(request.folders)) {
    const disk = diskSpace(folder);
    if (disk !== null) onPart({ disks: [disk] });
  }
  for (const path of new Set(request.files)) onPart({ files: { [path]: fileState(path) } });
}
