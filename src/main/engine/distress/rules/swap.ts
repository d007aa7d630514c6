import { formatBytes, formatPercent, formatRate } from '../../../../shared/lib/format/values';
import { standingOf, type DistressRule } from '../rule';

const CALM_POINTS = 10;
/** Swap that is full of what nobody uses slows down nothing. */
const TRAFFIC_BYTES_PER_SECOND = 100_000;

export const swap: DistressRule = ({ totals, swappedBytesPerSecond: traffic }, settings) => {
  const limit = settings['machine.swapPercent'];
  if (limit === null) return null;
  if (totals === null || totals.swapTotalBytes === 0 || traffic === null) return [];
  const { swapTotalBytes: total, swapUsedBytes: used } = totals;
  const percent = (100 * used) / total;
  const standing = standingOf(percent, limit, Math.max(0, limit - CALM_POINTS));
  return [
    {
      subject: null,
      standing: traffic > TRAFFIC_BYTES_PER_SECOND ? standing : 'within',
      severity: 'warning',
      detail: `Swap is ${formatPercent(percent)} full (${formatBytes(used)} of ${formatBytes(total)}) while ${formatRate(traffic)} are swapped`,
    },
  ];
};
