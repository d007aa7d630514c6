import type { SettingTable } from '../model/settings/merged-settings';

/** A way in which the machine itself can be in distress. `engine/distress/rules` judges the readings. */
export interface DistressDefinition {
  /** As events name it. */
  kind: string;
  /** As a list names it: `Disk nearly full`. */
  label: string;
  /** What an operator does about it. */
  advice: string;
  /** So many of the last `of` readings must agree before it begins, and before it ends; more than half, so that both can't hold at once. */
  needed: number;
  of: number;
  settings: SettingTable;
}
