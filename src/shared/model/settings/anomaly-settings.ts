import { ANOMALIES } from '../../findings/list';
import { mergedSettings } from '../../findings/definition';

/** When something is odd, and what is done about it. */
export const ANOMALY_SETTINGS = mergedSettings(ANOMALIES);
