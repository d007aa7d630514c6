import { SETTINGS, type SettingKey, type SettingValue } from '../../model/settings';
import { writeSettingValue } from '../format/units';

/** A value with its unit, as people read it. */
export function shownValue(key: SettingKey, value: SettingValue): string {
  const { unit } = SETTINGS[key];
  const text = writeSettingValue(value, unit);
  if (typeof value !== 'number' || unit === '' || unit === 'ms' || unit === 'bytes' || unit === 'bytes/s') return text;
  return unit.startsWith('%') ? `${text}${unit.slice(1)}` : `${text} ${unit}`;
}
