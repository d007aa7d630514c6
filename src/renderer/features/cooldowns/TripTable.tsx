import { earlyReasonText } from '../../../shared/events/text';
import { Anchor } from '@mantine/core';
import { formatDuration, plural } from '../../format/format';
import { formatRoute } from '../../store/route';
import { rem } from '../../format/text-scale';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { Ago } from '../../kit/times';
import classes from './CooldownsTab.module.css';
import type { Trip } from './trips';

/** More are in the log. */
const TRIPS_SHOWN = 100;

/** The cooldowns that were, newest first. `isKnown` is false until the history was read. */
export function TripTable({ trips, isKnown }: { trips: readonly Trip[]; isKnown: boolean }) {
  return (
    <section className={classes.history} aria-labelledby="cooldown-history">
      <h2 id="cooldown-history">History</h2>
      {trips.length === 0 ? (
        <p className={table.dim}>{isKnown ? 'No watch has ever been in cooldown.' : ' '}</p>
      ) : (
        <div className={table.wrap}>
          <table className={table.table} style={{ minWidth: rem(900) }} aria-label="Past cooldowns">
            <colgroup>
              <col style={{ width: rem(110) }} />
              <col />
              <col style={{ width: rem(210) }} />
              <col style={{ width: rem(170) }} />
              <col style={{ width: rem(210) }} />
              <col style={{ width: rem(120) }} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Began</th>
                <th scope="col">Watch</th>
                <th scope="col">Reason</th>
                <th scope="col">Common exit reason</th>
                <th scope="col">Ended</th>
                <th scope="col">Incident</th>
              </tr>
            </thead>
            <tbody>
              {trips.slice(0, TRIPS_SHOWN).map((trip) => (
                <tr key={trip.id}>
                  <td>
                    <Ago at={trip.startedAt} />
                  </td>
                  <td>
                    <Clip text={trip.watch} />
                  </td>
                  <td>
                    <Clip text={reasonOf(trip)} />
                  </td>
                  <td>{trip.commonExit ?? '–'}</td>
                  <td>{endOf(trip)}</td>
                  <td>
                    {trip.incident === null ? (
                      '–'
                    ) : (
                      <Anchor
                        href={formatRoute({ tab: 'incidents', item: String(trip.incident) })}
                        size="sm"
                        c="var(--hd-link)"
                      >
                        {trip.incident}
                      </Anchor>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function reasonOf({ restarts, windowSeconds, early }: Trip): string {
  return earlyReasonText(early) ?? `${plural(restarts, 'restart')} in ${formatDuration(windowSeconds * 1000)}`;
}

function endOf({ end, endedAt, startedAt, extensions }: Trip): string {
  const extended = extensions === 0 ? '' : `, extended ${extensions === 1 ? 'once' : `${extensions} times`}`;
  if (endedAt === null) return `ongoing${extended}`;
  const lasted = formatDuration(endedAt - startedAt);
  return `${end === 'reset' ? 'reset' : 'by itself'} after ${lasted}${extended}`;
}
