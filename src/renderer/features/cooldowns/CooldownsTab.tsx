import { Button } from '@mantine/core';
import { IconPlayerSkipForward, IconSnowflake } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { HealdeckEvent } from '../../../shared/model/event';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useAnswer } from '../../hooks/use-answer';
import { useAppState } from '../../hooks/use-app';
import { EmptyState } from '../../kit/EmptyState';
import page from '../../kit/Page.module.css';
import { BudgetTable } from './BudgetTable';
import classes from './CooldownsTab.module.css';
import { ResetAllDialog } from './ResetAllDialog';
import { byUse, TRIP_TYPES, tripsOf } from './trips';
import { TripTable } from './TripTable';

const TRIP_EVENTS = 1000;
const NO_EVENTS: readonly HealdeckEvent[] = [];

/** How much of its restart budget each watch has used, who is in cooldown, and who was. */
export function CooldownsTab() {
  const watches = useAppState((state) => state.live.watches);
  const isPaused = useAppState((state) => (state.live.engine?.healingPausedUntil ?? null) !== null);
  const [isAsking, setAsking] = useState(false);
  const ordered = byUse(watches.values());
  const cooling = ordered.filter(({ budget }) => budget.cooldown !== null).length;
  if (watches.size === 0) {
    return (
      <div className={page.alone}>
        <EmptyState icon={IconSnowflake} title="Nothing is watched yet">
          A watch that is restarted too often goes into cooldown, so that it does not restart in a loop. The restart
          budget and the cooldowns of each watch are shown here.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={page.page}>
      <div className={page.toolbar}>
        <Button
          variant="default"
          leftSection={<IconPlayerSkipForward size={rem(16)} aria-hidden="true" />}
          disabled={cooling === 0 && !isPaused}
          onClick={() => setAsking(true)}
        >
          Reset all cooldowns
        </Button>
        <span className={page.count} role="status">
          {plural(ordered.length, 'watch', 'watches')}, {cooling} in cooldown
        </span>
      </div>
      <div className={classes.frame}>
        <div className={classes.tables}>
          <BudgetTable watches={ordered} />
          <History />
        </div>
      </div>
      <ResetAllDialog opened={isAsking} onClose={() => setAsking(false)} />
    </div>
  );
}

function History() {
  const newest = useAppState(
    (state) => state.live.events.findLast(({ type }) => (TRIP_TYPES as readonly string[]).includes(type))?.id ?? 0,
  );
  const asked = useAnswer(`trips/${newest}`, (client, signal) =>
    client.events.list({ types: [...TRIP_TYPES], limit: TRIP_EVENTS }, { signal }),
  );
  const events = asked.kind === 'answered' ? asked.value : NO_EVENTS;
  const trips = useMemo(() => tripsOf(events), [events]);
  return <TripTable trips={trips} isKnown={asked.kind === 'answered'} />;
}
