import { formatBytes, formatPercent } from '../../../../shared/lib/format/values';
import { standingOf, type DistressRule } from '../rule';

const CALM_POINTS = 3;
/** Above this the OOM killer is near. */
const CRITICAL_PERCENT = 97;

export const memory: DistressRule = ({ totals }, settings) => {
  const limit = settings['machine.memoryPercent'];
  if (limit === null) return null;
  if (totals === null || totals.memoryTotalBytes === 0) return [];
  const { memoryTotalBytes: total, memoryUsedBytes: used } = totals;
  const percent = (100 * used) / total;
  return [
    {
      subject: null,
      standing: standingOf(percent, limit, Math.max(0, limit - CALM_POINTS)),
      severity: percent > CRITICAL_PERCENT ? 'critical' : 'warning',
      detail: `${formatPercent(percent)} of the memory is in use: ${formatBytes(Math.max(0, total - used))} of ${formatBytes(total)} available`,
    },
  ];
};
