import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { COLOR_SCHEMES } from '../../platform/color-scheme';
import { formatCount, formatInstant } from '../../format/format';
import classes from './SettingsTab.module.css';

/** A moment and a number that show how all others are written. */
const SAMPLE_AT = new Date(2026, 0, 31, 15, 4, 5).getTime();
const SAMPLE_COUNT = 1_234_567;

/** What holds for this window or browser only. */
export function ThisWindow() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className={classes.card} aria-label="This window">
      <div className={classes.head}>
        <h2>This window</h2>
      </div>
      <div className={classes.window}>
        <SegmentedControl
          aria-label="Colours"
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
          data={Object.entries(COLOR_SCHEMES).map(([value, { word }]) => ({ value, label: word }))}
        />
        <span className={classes.meta}>
          Numbers and dates follow the language of your system: {formatCount(SAMPLE_COUNT)};{' '}
          {formatInstant(SAMPLE_AT, 'second')}.
        </span>
      </div>
    </section>
  );
}
