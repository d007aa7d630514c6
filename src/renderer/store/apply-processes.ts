import { identityKey } from '../../shared/model/process';
import type { ProcessesMessage } from '../../shared/model/snapshot';
import type { Applied } from './apply-live';
import type { ProcessTableState } from './state';

/** The process table after one message of its stream. Rows that did not change stay the same objects. */
export function applyProcesses(state: ProcessTableState, message: ProcessesMessage): Applied<ProcessTableState> {
  if (message.kind === 'table') {
    const rows = new Map(message.rows.map((row) => [identityKey(row), row]));
    return { kind: 'applied', state: { seq: message.seq, rows } };
  }
  if (state.seq === null || message.seq !== state.seq + 1) return { kind: 'gap' };
  const rows = new Map(state.rows);
  for (const identity of message.ended) rows.delete(identityKey(identity));
  for (const row of message.changed) rows.set(identityKey(row), row);
  return { kind: 'applied', state: { seq: message.seq, rows } };
}
