import { Button } from '@mantine/core';
import { IconBellRinging, IconBellZ, IconCheck } from '@tabler/icons-react';
import type { Mute } from '../../../shared/model/alert';
import { rem } from '../../format/text-scale';
import { useApp, useAppState } from '../../hooks/use-app';
import { useWatchNames } from '../../hooks/use-watch-names';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { EmptyState } from '../../kit/EmptyState';
import { MuteLeft, SnoozeMenu } from '../../parts/SnoozeMenu';
import { Ago } from '../../kit/times';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './AlertsTab.module.css';

/** What is not reported for a while, and the way to end it. */
export function Mutes() {
  const mutes = useAppState((state) => state.live.alerts.mutes);
  return (
    <>
      <div>
        <SnoozeMenu target={{ kind: 'all' }} label="Snooze all alerts" />
      </div>
      {mutes.length === 0 ? (
        <EmptyState icon={IconBellRinging} title="Nothing is snoozed">
          Snooze a watch in its details, or all alerts here. An incident that somebody has acknowledged is listed here,
          too.
        </EmptyState>
      ) : (
        <MuteTable mutes={mutes} />
      )}
    </>
  );
}

function MuteTable({ mutes }: { mutes: readonly Mute[] }) {
  const { alertActions } = useApp();
  const names = useWatchNames();
  return (
    <div className={table.wrap}>
      <table className={table.table} style={{ minWidth: rem(650) }} aria-label="Snoozed and acknowledged">
        <colgroup>
          <col />
          <col style={{ width: rem(170) }} />
          <col style={{ width: rem(150) }} />
          <col style={{ width: rem(110) }} />
          <col style={{ width: rem(96) }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Applies to</th>
            <th scope="col">Kind</th>
            <th scope="col">For</th>
            <th scope="col">Since</th>
            <th scope="col">
              <span className={classes.ends}>Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {mutes.map((mute) => {
            const what = nameOf(mute, names);
            return (
              <tr key={mute.id}>
                <td>
                  <Clip text={what} />
                </td>
                <td>
                  {mute.kind === 'acknowledged' ? (
                    <ToneBadge tone="ok" icon={IconCheck} plain>
                      Acknowledged
                    </ToneBadge>
                  ) : (
                    <ToneBadge tone="warn" icon={IconBellZ} plain>
                      Snoozed
                    </ToneBadge>
                  )}
                </td>
                <td>
                  <MuteLeft mute={mute} />
                </td>
                <td>
                  <Ago at={mute.at} />
                </td>
                <td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`End: ${what}`}
                    onClick={() => void alertActions.unmute(mute)}
                  >
                    End
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function nameOf({ watchId, incident }: Mute, names: ReadonlyMap<string, string>): string {
  if (incident !== null) return `Incident ${incident}`;
  return watchId === null ? 'All alerts' : (names.get(watchId) ?? 'A removed watch');
}
