import type { WatchStatus } from '../../shared/model/snapshot';
import { plural } from '../format/format';
import { presentPhase } from '../words/present-watch';
import { Clip } from '../kit/Clip';
import table from '../kit/DataTable.module.css';
import { ObservedBadge } from './ObservedBadge';

/** The line below the name of a watch: why it is where it is, or which processes run where that says no more than its state. */
export function WatchNote({ status }: { status: WatchStatus }) {
  return (
    <span className={`${table.sub} ${table.note}`}>
      {status.observed ? <ObservedBadge /> : null}
      <Clip text={status.reason === presentPhase(status.phase).word ? pidsOf(status) : status.reason} />
    </span>
  );
}

function pidsOf({ processes, reason }: WatchStatus): string {
  const [first, ...others] = processes;
  if (first === undefined) return reason;
  return `pid ${first.pid}${others.length === 0 ? '' : ` and ${plural(others.length, 'other')}`}`;
}
