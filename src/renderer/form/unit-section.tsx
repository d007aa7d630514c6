import type { TextInputProps } from '@mantine/core';
import classes from './SettingInput.module.css';

/** Writes the unit of a field at its end; a field without one (empty) stays as it is. */
export function unitSection(
  unit: string,
): Pick<TextInputProps, 'rightSection' | 'rightSectionWidth' | 'rightSectionPointerEvents'> {
  if (unit === '') return {};
  return {
    rightSection: <span className={classes.unit}>{unit}</span>,
    rightSectionWidth: 18 + unit.length * 7,
    rightSectionPointerEvents: 'none',
  };
}
