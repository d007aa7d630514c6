import type { WatchEndPreview } from '../../shared/model/process';
import type { DrillResult } from '../drill/run-drill';

/** For one version the JSON of a preview has `because` beside `reason`. */
export function previewWithOldNames<P extends WatchEndPreview>(preview: P) {
  return { ...preview, refused: preview.refused.map((one) => ({ ...one, because: one.reason })) };
}

/** For one version the JSON of a drill has `why` beside `reason`. */
export function drillWithOldNames(result: DrillResult) {
  return { ...result, scenarios: result.scenarios.map((one) => ({ ...one, why: one.reason })) };
}
