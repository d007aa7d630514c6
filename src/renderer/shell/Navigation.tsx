import { Tabs, Tooltip } from '@mantine/core';
import { IconAlertTriangleFilled } from '@tabler/icons-react';
import type { View } from './tabs';
import { rem } from '../format/text-scale';
import { useNarrow } from './use-narrow';
import classes from './Navigation.module.css';

/** The views, down the left side: with their names, or as icons only where the window is narrow. */
export function Navigation({ views }: { views: readonly View[] }) {
  const narrow = useNarrow();
  return (
    <nav aria-label="Views" className={classes.navigation} data-narrow={narrow || undefined}>
      <Tabs.List className={classes.list} aria-label="Views">
        {views.map((view) => (
          <Entry key={view.tab} view={view} narrow={narrow} />
        ))}
      </Tabs.List>
    </nav>
  );
}

const nothing = () => null;

function Entry({ view, narrow }: { view: View; narrow: boolean }) {
  const { tab, title, icon: Shape, useAttention = nothing } = view;
  const attention = useAttention();
  const words = attention === null ? title : `${title}: ${attention}`;
  return (
    <Tooltip label={words} position="right" disabled={!narrow && attention === null} withArrow>
      <Tabs.Tab
        value={tab}
        className={classes.tab}
        aria-label={title}
        {...(attention === null ? {} : { 'aria-description': attention })}
      >
        <Shape size={rem(19)} stroke={1.8} aria-hidden="true" />
        {narrow ? null : <span>{title}</span>}
        {attention === null ? null : (
          <IconAlertTriangleFilled size={rem(14)} className={classes.attention} aria-hidden="true" />
        )}
      </Tabs.Tab>
    </Tooltip>
  );
}
