import type { WatchStatus } from '../../shared/model/snapshot';
import { plural } from '../format/format';
import { presentPhase } from '../words/present-watch';
import { Clip } from '../kit/Clip';
import table from '../kit/DataTable.module.css';
import { ObservedBadge } from './ObservedBadge';

/** The line below the name of a watch: what is wrong with it, why it is where it is, or which processes run where that says no more than its state. */
export function WatchNote({ status }: { status: WatchStatus }) {
  return (
    <span className={`${table.sub} ${table.note}`}>
      {status.observed ? <ObservedBadge /> : null}
      <Clip text={noteOf(status)} />
    </span>
  );
}

/** What is wrong comes before how the watch is. */
function noteOf(status: WatchStatus): string {
  const { cause, reason, phase } = status;
  if (cause !== null) return `${cause}. ${reason}`;
  return reason === presentPhase(phase).word ? pidsOf(status) : reason;
}

function pidsOf({ processes, reason }: WatchStatus): string {
  const [first, ...others] = processes;
  if (first === undefined) return reason;
  return `pid ${first.pid}${others.length === 0 ? '' : ` and ${plural(others.length, 'other')}`}`;
}
