import { IconHistory } from '@tabler/icons-react';
import { VisuallyHidden } from '@mantine/core';
import type { PastTable } from '../../../shared/model/past';
import { formatClock, formatDay } from '../../format/format';
import { rem } from '../../format/text-scale';
import { EventList } from '../../parts/EventList';
import { Ago } from '../../kit/times';
import classes from './PastPanel.module.css';

/** Says that this is not now. */
export function PastNotice({ table }: { table: PastTable | null }) {
  return (
    <div className={classes.notice} role="status">
      <IconHistory size={rem(18)} aria-hidden="true" />
      {table === null ? (
        'Reading the table of that moment…'
      ) : (
        <span>
          As it was at <strong>{formatClock(table.at)}</strong>{' '}
          <VisuallyHidden>on {formatDay(table.at)}</VisuallyHidden>
          (<Ago at={table.at} />
          ). Nothing can be done to it; what has ended is struck through.
        </span>
      )}
    </div>
  );
}

/** What was found and healed around the moment that is shown. */
export function PastEvents({ table }: { table: PastTable | null }) {
  return (
    <aside className={classes.events} aria-label="What happened around this moment">
      <h2>Around this moment</h2>
      {table === null || table.events.length === 0 ? (
        <p>Nothing was found or healed within 10 s of it.</p>
      ) : (
        <EventList events={table.events} />
      )}
    </aside>
  );
}
