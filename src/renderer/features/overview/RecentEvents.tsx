import { Anchor } from '@mantine/core';
import { useAppState } from '../../hooks/use-app';
import { EventList } from '../../parts/EventList';
import card from '../../kit/Card.module.css';
import classes from './OverviewTab.module.css';

const SHOWN = 8;

/** What happened last, a press away from all it carries. */
export function RecentEvents() {
  const events = useAppState((state) => state.live.events);
  const recent = events.slice(-SHOWN).reverse();
  return (
    <section className={card.card} aria-labelledby="recent-events">
      <div className={card.head}>
        <h2 id="recent-events">Recent events</h2>
        <Anchor href="#/log" size="sm" ms="auto" c="var(--hd-link)">
          Open the log
        </Anchor>
      </div>
      {recent.length === 0 ? (
        <p className={classes.none}>Every start, crash and restart will be listed here.</p>
      ) : (
        <EventList events={recent} />
      )}
    </section>
  );
}
