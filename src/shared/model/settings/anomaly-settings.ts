import { ANOMALIES } from '../../findings/list';
import { mergedSettings } from './merged-settings';

/** When something is odd, and what is done about it. */
export const ANOMALY_SETTINGS = mergedSettings(ANOMALIES);
