import { Tabs, Tooltip } from '@mantine/core';
import type { View } from '../features/tabs';
import { useNarrow } from '../lib/use-narrow';
import classes from './Navigation.module.css';

/** The views, down the left side: with their names, or as icons only where the window is narrow. */
export function Navigation({ views }: { views: readonly View[] }) {
  const narrow = useNarrow();
  return (
    <div className={classes.navigation} data-narrow={narrow || undefined}>
      <Tabs.List className={classes.list} aria-label="Views">
        {views.map(({ tab, title, icon: Shape }) => (
          <Tooltip key={tab} label={title} position="right" disabled={!narrow} withArrow>
            <Tabs.Tab value={tab} className={classes.tab} aria-label={title}>
              <Shape size={19} stroke={1.8} aria-hidden="true" />
              {narrow ? null : <span>{title}</span>}
            </Tabs.Tab>
          </Tooltip>
        ))}
      </Tabs.List>
    </div>
  );
}
