import { formatLoad, plural } from '../../../../shared/lib/format/values';
import { standingOf, type DistressRule } from '../rule';

/** Below this share of the limit the load is well again. */
const CALM_SHARE = 0.75;

export const load: DistressRule = ({ totals }, settings) => {
  const limit = settings['machine.loadPerCore'];
  if (limit === null) return null;
  const cores = totals?.corePercents.length ?? 0;
  if (totals === null || cores === 0) return [];
  const average = totals.loadAverages[1];
  return [
    {
      subject: null,
      standing: standingOf(average / cores, limit, limit * CALM_SHARE),
      severity: 'warning',
      detail: `The load is ${formatLoad(average)} over 5 min on ${plural(cores, 'core')}: ${formatLoad(average / cores)} each`,
    },
  ];
};
