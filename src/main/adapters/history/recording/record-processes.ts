import type { Engine } from '../../../engine/engine';
import type { Clock, Dispose } from '../../../engine/ports';
import { TableRecorder } from './table-recorder';
import type { TableMoment } from './table-writer';

export interface RecordProcessesOptions {
  engine: Pick<Engine, 'subscribe' | 'processes'>;
  clock: Clock;
  /** Whether the process table is to be recorded; asked at each scan. */
  isWanted: () => boolean;
  /** Never throws. */
  write: (moments: readonly TableMoment[]) => void;
}

/** Records the process table of an engine from now on. */
export function recordProcesses({ engine, clock, isWanted, write }: RecordProcessesOptions): Dispose {
  const recorder = new TableRecorder(write);
  return engine.subscribe(({ events, processesChanged }) => {
    const now = clock.wallMs();
    if (events !== undefined) recorder.onEvents(now, events);
    if (!processesChanged) return;
    if (isWanted()) recorder.onPass(now, engine.processes.list());
    else recorder.forget();
  });
}
