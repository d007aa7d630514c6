import { formatCount, formatPercent } from '../../../../shared/lib/format/values';
import { standingOf, type DistressRule } from '../rule';

const CALM_POINTS = 2;
const CRITICAL_PERCENT = 99;

export const diskInodes: DistressRule = ({ disks }, settings) => {
  const limit = settings['machine.inodePercent'];
  if (limit === null) return null;
  return (disks ?? []).flatMap(({ folder, freeInodes, totalInodes }) => {
    // Some file systems make inodes as they need them.
    if (freeInodes === null || totalInodes === null || totalInodes === 0) return [];
    const percent = (100 * (totalInodes - freeInodes)) / totalInodes;
    return {
      subject: folder,
      standing: standingOf(percent, limit, Math.max(0, limit - CALM_POINTS)),
      severity: percent > CRITICAL_PERCENT ? 'critical' : 'high',
      detail: `Disk ${folder} has used ${formatPercent(percent)} of its inodes: ${formatCount(freeInodes)} of ${formatCount(totalInodes)} are free`,
    };
  });
};
