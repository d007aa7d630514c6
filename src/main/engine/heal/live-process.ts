import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { LiveProcess } from './heal-state';
import type { Clock, PersistedWatch } from '../ports';
import { descends, type ProcessIndex } from '../processes/process-index';
import { toMonotonicMs } from '../wall-time';

/** A process that a scan has found. */
export function foundProcess(
  { pid, startTime, startedAt }: ProcessSample,
  origin: LiveProcess['origin'],
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>,
): LiveProcess {
  return { pid, startTime, origin, startedAtMs: toMonotonicMs(clock, startedAt) };
}

/** A process that an earlier engine wrote down and no scan finds any more. */
export function lostProcess(written: PersistedWatch['processes'][number], nowMs: number): LiveProcess {
  const { pid, startTime } = written;
  const start =
    written.startedAtMs === undefined
      ? { startedAtMs: nowMs, isStartUnknown: true as const }
      : { startedAtMs: written.startedAtMs };
  const process = { pid, startTime, origin: inheritedOrigin(written), ...start, ...heirAgain(written) };
  return withRole(process, written.role);
}

/** What an earlier engine wrote down as the heir of another process has proved itself by now. */
export function heirAgain({ heir }: PersistedWatch['processes'][number]): Pick<LiveProcess, 'heir'> {
  return heir === true ? { heir: { how: 'replaced', probation: null } } : {};
}

/** The child of an earlier engine is no child of this one. */
export function inheritedOrigin({ origin }: PersistedWatch['processes'][number]): 'adopted' | 'match' {
  return origin === 'child' ? 'adopted' : 'match';
}

/** Gives processes that matched their roles beside those that are held: with nobody held as main, one of them is. */
export function withRoles(
  found: readonly LiveProcess[],
  held: readonly LiveProcess[],
  index: ProcessIndex,
): readonly LiveProcess[] {
  const comesFrom = (process: LiveProcess, other: LiveProcess): boolean => {
    const sample = index.find(process);
    return sample !== null && descends(sample, other.pid, index);
  };
  const main =
    [...held, ...found].find(({ role }) => role === 'main') ?? (held.length > 0 ? null : mainOf(found, comesFrom));
  return found.map((process) => {
    if (main === null || process.role !== undefined) return process;
    if (process === main) return withRole(process, 'main');
    return comesFrom(process, main) ? withRole(process, 'worker') : process;
  });
}

/** Who takes the place of a main process that has died while these live on: one that has workers itself, as after an upgrade. */
export function heirOf(others: readonly LiveProcess[], index: ProcessIndex): LiveProcess | null {
  const heir = others.find(({ pid }) =>
    others.some((other) => {
      const sample = index.find(other);
      return sample !== null && descends(sample, pid, index);
    }),
  );
  return heir ?? null;
}

/** These processes go on without their main one: the heir is it now, else the first. */
export function promoted(others: readonly LiveProcess[], heir: ProcessIdentity | undefined): readonly LiveProcess[] {
  const [first] = others;
  const next = others.find((process) => heir !== undefined && sameIdentity(process, heir)) ?? first;
  return others.map((process) => (process === next ? withRole(process, 'main') : process));
}

/** The one that the others come from; of several such the one that this engine started, else the oldest. */
function mainOf(
  found: readonly LiveProcess[],
  comesFrom: (process: LiveProcess, other: LiveProcess) => boolean,
): LiveProcess | null {
  const tops = found.filter((process) => !found.some((other) => other !== process && comesFrom(process, other)));
  const rank = ({ origin }: LiveProcess): number => (origin === 'match' ? 1 : 0);
  const [main = null] = tops.toSorted((a, b) => rank(a) - rank(b) || a.startTime - b.startTime);
  return main;
}

/** The process in a role; none: as it is. */
export function withRole<P extends LiveProcess>(process: P, role: LiveProcess['role']): P {
  return role === undefined ? process : { ...process, role };
}
