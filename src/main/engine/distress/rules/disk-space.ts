import { formatBytes, formatPercent } from '../../../../shared/lib/format/values';
import { standingOf, type DistressRule } from '../rule';

/** So many points below the limit a disk is well again, and so much more than enough must be available. */
const CALM_POINTS = 2;
const CALM_FACTOR = 1.1;
/** Above this share, or with less than this available, what writes fails within minutes. */
const CRITICAL_PERCENT = 99;
const CRITICAL_BYTES = 100_000_000;

export const diskSpace: DistressRule = ({ disks }, settings) => {
  const limit = settings['machine.diskPercent'];
  if (limit === null) return null;
  const sufficientBytes = settings['machine.diskFreeBytes'];
  return (disks ?? []).map(({ folder, freeBytes, totalBytes }) => {
    const percent = totalBytes === 0 ? 0 : (100 * (totalBytes - freeBytes)) / totalBytes;
    const byShare = standingOf(percent, limit, Math.max(0, limit - CALM_POINTS));
    const isSufficient = freeBytes >= sufficientBytes;
    const standing =
      freeBytes >= sufficientBytes * CALM_FACTOR
        ? 'within'
        : isSufficient && byShare === 'beyond'
          ? 'between'
          : byShare;
    const isCritical = percent > CRITICAL_PERCENT || freeBytes < Math.min(CRITICAL_BYTES, totalBytes / 100);
    return {
      subject: folder,
      standing,
      severity: isCritical ? 'critical' : 'high',
      detail: `Disk ${folder} is ${formatPercent(percent)} full: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} available`,
    };
  });
};
