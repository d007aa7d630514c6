import type { Watch } from '../../shared/model/watch';
import type { LaunchTraces, PersistedWatch, ProcessTable } from './ports';

/** What is known of a watch whose start was under way when the earlier engine ended; as it was for all others. */
export interface InterruptedStart {
  /** What that engine knew, with the process of the start where its trace names one. */
  known: PersistedWatch | null;
  /** The same, to look for what lives: a start whose process has ended may have left the program in another one. */
  living: PersistedWatch | null;
  /** false: nothing has ended, since nothing was started; null: that is not known. */
  wasExecuted: boolean | null;
}

/** Completes what an earlier engine recorded by the trace that its last start has left. */
export function interruptedStart(
  watch: Watch,
  memory: PersistedWatch | null,
  { launchTraces, table }: { launchTraces: Pick<LaunchTraces, 'find'>; table: Pick<ProcessTable, 'isAlive'> },
): InterruptedStart {
  // What a start command has started is found as a match, and its own end is no death of the watch.
  if (memory?.starting !== true || memory.start === undefined || watch.target.kind !== 'command') {
    return { known: memory, living: memory, wasExecuted: null };
  }
  const trace = launchTraces.find(watch.id, memory.start.mark);
  if (trace.kind !== 'executed') {
    return { known: memory, living: memory, wasExecuted: trace.kind === 'unknown' ? null : false };
  }
  const known: PersistedWatch = {
    ...memory,
    starting: false,
    start: undefined,
    processes: [{ ...trace.process, origin: 'child' }],
  };
  return { known, living: table.isAlive(trace.process) ? known : memory, wasExecuted: true };
}
