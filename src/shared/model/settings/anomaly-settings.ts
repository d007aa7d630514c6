import { ANOMALIES } from '../../findings/list';
import { mergedSettings } from './merged-settings';

/** What counts as an anomaly, and what is done about it. */
export const ANOMALY_SETTINGS = mergedSettings(ANOMALIES);
