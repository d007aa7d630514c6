import { assertNever } from '../../../shared/lib/assert-never';
import type { Watch } from '../../../shared/model/watch';
import { FULL_BUDGET } from '../heal/restart-budget';
import type { LaunchTraces, Marks, PersistedWatch, ProcessTable, TracedStart } from '../ports';

/** What is known of a watch by what an earlier engine recorded and by the trace of its last start. */
export interface InterruptedStart {
  /** What that engine knew, with the process of the start where its trace names one. */
  known: PersistedWatch | null;
  /** The same, to look for what lives: a start whose process has ended may have left the program in another one. */
  living: PersistedWatch | null;
  /** Of a start that was under way. false: nothing has ended, since nothing was started; null: that is not known. */
  wasExecuted: boolean | null;
  /** The mark of the last start; null: none is known. */
  mark: string | null;
}

export interface InterruptedStartDependencies {
  launchTraces: Pick<LaunchTraces, 'last' | 'recorded'>;
  marks: Pick<Marks, 'verify'>;
  table: Pick<ProcessTable, 'isAlive'>;
}

/**
 * Completes what an earlier engine recorded by the trace that its last start has left: of a start that was under way, and of one
 * that a slow disk has not on record. `sameBoot`: what is recorded is of this boot; else nothing is known of what was started.
 */
export function interruptedStart(
  watch: Watch,
  memory: PersistedWatch | null,
  sameBoot: boolean,
  { launchTraces, marks, table }: InterruptedStartDependencies,
): InterruptedStart {
  const known = sameBoot ? memory : null;
  const asRecorded = { known, living: known, wasExecuted: null };
  const recordedMark = known?.start?.mark ?? known?.launch?.mark ?? null;
  const newest = launchTraces.last(watch.id);
  // Else it would be taken for a later one, when this engine has made another trace and is killed before its record.
  if (newest?.mark === recordedMark) launchTraces.recorded(watch.id);
  const executed = known?.start?.executed ?? null;
  // Had the start on record been executed, the trace would name that one, and not the one before it.
  const wasRefused = newest?.mark !== recordedMark && executed !== recordedMark && isBefore(newest, executed);
  const last = wasRefused ? newest : lastBegun(newest, recordedMark);
  // What a start command has started is found as a match, and its own end is no death of the watch.
  if (watch.target.kind !== 'command' || last === null || !marks.verify(watch.id, last.mark)) {
    return { ...asRecorded, mark: recordedMark };
  }
  const { mark, trace } = last;
  const isRecorded = recordedMark === mark;
  if (!sameBoot || (isRecorded && known?.starting !== true)) return { ...asRecorded, mark };
  const before =
    isRecorded && known !== null ? { ...known, processes: [] } : beforeLater(known, mark, broughtUp(known, newest));
  switch (trace.kind) {
    case 'not_executed':
      return { ...asRecorded, wasExecuted: isRecorded || wasRefused ? false : null, mark };
    case 'unknown': {
      const starting = { ...before, starting: true };
      // What carries the mark of the start on record was left by that one.
      const launch = isRecorded ? starting.launch : (known?.launch ?? null);
      return { known: starting, living: { ...starting, launch }, wasExecuted: null, mark };
    }
    case 'executed': {
      const processes = [...before.processes, { ...trace.process, origin: 'child' as const }];
      const start = { mark, countedAtMs: before.start?.countedAtMs ?? null, executed: mark };
      const started = { ...before, starting: false, processes, start };
      return { known: started, living: table.isAlive(trace.process) ? started : known, wasExecuted: true, mark };
    }
    default:
      return assertNever(trace);
  }
}

/** A start that was never executed and is on no record changes nothing: the one before it counts. */
function lastBegun(last: ReturnType<LaunchTraces['last']>, recordedMark: string | null): TracedStart | null {
  if (last === null || last.trace.kind !== 'not_executed' || last.mark === recordedMark) return last;
  return last.before ?? last;
}

/** Whether a start was never executed, and this is the last one before it that was. */
function isBefore(last: ReturnType<LaunchTraces['last']>, executed: string | null): boolean {
  return last?.trace.kind === 'not_executed' && last.before !== null && last.before.mark === executed;
}

/** The process of a start that is on record as under way, by the trace that a later one has kept: nobody has reported its end. */
function broughtUp(
  memory: PersistedWatch | null,
  newest: ReturnType<LaunchTraces['last']>,
): PersistedWatch['processes'] {
  const before = newest?.before ?? null;
  if (memory?.starting !== true || before === null || before.mark !== memory.start?.mark) return [];
  return before.trace.kind === 'executed' ? [{ ...before.trace.process, origin: 'child' }] : [];
}

/** What was recorded before a start that is on no record. An operator's stop is over by that start. */
function beforeLater(
  memory: PersistedWatch | null,
  mark: string,
  broughtUp: PersistedWatch['processes'],
): PersistedWatch {
  const start = { mark, countedAtMs: null };
  if (memory === null) return { ...UNKNOWN, start };
  const { launch, desired, processes } = memory;
  return {
    ...memory,
    ...{ desired: 'active', reason: UNKNOWN.reason, start },
    processes: desired === 'stopped' ? [] : [...processes, ...broughtUp],
    launch: launch === null ? null : { ...launch, mark },
  };
}

/** A watch of which nothing is on record. */
const UNKNOWN: PersistedWatch = {
  ...{ desired: 'active', reason: 'operator', processes: [], consecutive: 0, restarts: 0, lastRestartAt: null },
  ...{ incident: null, starting: false, budget: FULL_BUDGET, lastExits: [], launch: null },
};
