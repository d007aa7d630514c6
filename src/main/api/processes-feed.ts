import { identityKey, type ProcessRow } from '../../shared/model/process';
import type { ProcessesMessage } from '../../shared/model/snapshot';
import type { Engine } from '../engine/engine';
import type { Clock } from '../engine/ports';
import { FEED_INTERVAL_MS } from './live-feed';
import { throttled } from './throttled';

/**
 * The process table for one client: whole, then the rows that differ from what it was sent and the processes that ended. However
 * slow the client is, it is compared with the newest pass only.
 */
export function processesFeed(
  engine: Engine,
  clock: Clock,
  signal?: AbortSignal,
): AsyncGenerator<ProcessesMessage, void> {
  let seq = -1;
  let sent = new Map<string, ProcessRow>();

  return throttled<ProcessesMessage>({
    clock,
    intervalMs: FEED_INTERVAL_MS,
    signal,
    collect: (changed) =>
      engine.subscribe(({ processesChanged }) => {
        if (processesChanged) changed();
      }),
    first: () => {
      const rows = engine.processes.list();
      sent = byIdentity(rows);
      return { kind: 'table', seq: ++seq, rows };
    },
    take: () => {
      const now = byIdentity(engine.processes.list());
      const changed = [...now].filter(([key, row]) => !sameRow(row, sent.get(key))).map(([, row]) => row);
      const ended = [...sent].filter(([key]) => !now.has(key)).map(([, { pid, startTime }]) => ({ pid, startTime }));
      sent = now;
      return changed.length + ended.length === 0 ? null : { kind: 'delta', seq: ++seq, changed, ended };
    },
  });
}

function byIdentity(rows: readonly ProcessRow[]): Map<string, ProcessRow> {
  return new Map(rows.map((row) => [identityKey(row), row]));
}

/** Whether two rows read the same; the engine may make new objects for the same values at each scan. */
function sameRow(a: ProcessRow, b: ProcessRow | undefined): boolean {
  if (b === undefined) return false;
  if (a === b) return true;
  return (Object.keys(a) as (keyof ProcessRow)[]).every((key) =>
    key === 'argv' ? sameTexts(a.argv, b.argv) : a[key] === b[key],
  );
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((text, index) => text === b[index]));
}
