import { CHARTED } from '../../shared/findings';
import type { Settings } from '../../shared/model/settings';
import type { MetricCounts } from '../../shared/model/snapshot';

export type CountedMetric = (typeof CHARTED)[number];

/** The metrics that are worth a chart or a column: something is held against them, or they were measured. */
export function shownMetrics(
  settings: Settings | null,
  readings: readonly { counts?: MetricCounts['counts'] | undefined }[],
): readonly CountedMetric[] {
  return CHARTED.filter(
    ({ metric, keys: { warn, act } }) =>
      (settings !== null && ((warn !== null && settings[warn] !== null) || settings[act] !== null)) ||
      readings.some(({ counts }) => counts?.[metric] !== undefined),
  );
}
