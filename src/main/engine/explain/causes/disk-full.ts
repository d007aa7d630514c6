import { formatBytes, formatPercent } from '../../../../shared/lib/format/values';
import type { CauseRule } from '../death-facts';
import type { DiskSpace } from '../../ports';

const WORDS = /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded|disk (?:is )?full/i;
/** A disk with less than this is full for whoever writes more than a line. */
const FULL_SHARE = 0.001;
const FULL_BYTES = 4 * 2 ** 20;

/** The words of a program alone may speak of another disk than those that are known. */
export const diskFull: CauseRule = ({ stderrTail, scene, exit }) => {
  if (exit?.signal === 'SIGKILL' || !stderrTail.some((line) => WORDS.test(line.slice(0, 2000)))) return null;
  const full = scene.disks.find(isFull);
  if (full === undefined)
    return { certainty: 'very_likely', reason: 'a disk that it writes to was full', isOfProgram: false };
  return { certainty: 'certain', reason: diskText(full), isOfProgram: false };
};

/** Whether nothing more can be written to it. */
export function isFull({ freeBytes, totalBytes, freeInodes }: DiskSpace): boolean {
  return freeInodes === 0 || freeBytes < Math.min(FULL_BYTES, FULL_SHARE * totalBytes);
}

/** From less than this share on, an operator wants to know. */
const NEARLY_FULL_SHARE = 0.03;

/** Whether it soon will be. */
export function isNearlyFull({ freeBytes, totalBytes }: DiskSpace): boolean {
  return freeBytes < NEARLY_FULL_SHARE * totalBytes;
}

/** `the disk of /var/log is full (…)`. */
export function diskText(disk: DiskSpace): string {
  return `the disk of ${disk.folder} is ${isFull(disk) ? 'full' : 'nearly full'} (${spaceText(disk)})`;
}

/** `12 MB of 40 GB free`. */
function spaceText({ freeBytes, totalBytes, freeInodes }: DiskSpace): string {
  if (freeInodes === 0) return 'no inodes left';
  return `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free, ${formatPercent((100 * freeBytes) / Math.max(1, totalBytes))}`;
}
