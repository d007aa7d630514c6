import type { WatchStatus } from '../../shared/model/snapshot';
import { Clip } from './Clip';
import table from './DataTable.module.css';
import { ObservedBadge } from './ObservedBadge';

/** The line below the name of a watch: why it is where it is, and whether it is only observed. */
export function WatchNote({ status }: { status: WatchStatus }) {
  return (
    <span className={`${table.sub} ${table.note}`}>
      {status.observed ? <ObservedBadge /> : null}
      <Clip text={status.reason} />
    </span>
  );
}
