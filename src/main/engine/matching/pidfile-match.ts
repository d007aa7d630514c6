import { ANY_USER, type PatternTarget } from '../../../shared/model/watch';
import type { ProcessSample } from '../../../shared/model/process';
import type { Fitted, Matcher } from './matcher';
import type { PidfileReading } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import { Refusal } from '../refusal';
import { formatDuration } from '../../../shared/lib/format/duration';

/**
 * A process that began this long after its pidfile was written did not write it. Clocks are set while machines boot, and a
 * start is known to 10 ms, so less proves nothing.
 */
const CLEARLY_LATER_MS = 10_000;

/** @throws Refusal `invalid` when the path is not absolute. */
export function createPidfileMatcher(
  { pattern: path, user }: PatternTarget,
  readPidfile: (path: string) => PidfileReading,
): Matcher {
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(path)) {
    throw new Refusal('invalid', `Expected the absolute path of a pidfile, got "${path}"`);
  }
  let problem: string | null = null;
  function explain(index: ProcessIndex): readonly Fitted[] {
    problem = null;
    const reading = readPidfile(path);
    if (reading.kind === 'missing') return [];
    if (reading.kind === 'unusable') {
      problem = reading.problem;
      return [];
    }
    const sample = index.byPidOrNull(reading.pid);
    if (sample === null || sample.state === 'zombie' || sample.state === 'dead' || sample.kernel) return [];
    problem = doubtOf(path, reading, sample, index, user);
    return problem === null
      ? [{ sample, fit: 'named', reason: `it is pid ${sample.pid}, which the pidfile names` }]
      : [{ sample, fit: 'mention', reason: `it is not taken from the pidfile: ${problem}` }];
  }
  return {
    get problem() {
      return problem;
    },
    find: (index) => explain(index).filter(({ fit }) => fit !== 'mention'),
    explain,
  };
}

/** Why the file does not prove that this process is the one, or null. */
function doubtOf(
  path: string,
  { pid, writerUid, writtenAt, sinceBoot }: PidfileReading & { kind: 'pid' },
  sample: ProcessSample,
  index: ProcessIndex,
  user: string | null,
): string | null {
  // Whoever may write the file could point Healdeck at any process: trust only root and the process's own user.
  if (writerUid > 0 && sample.uid >= 0 && sample.uid !== writerUid) {
    return `The pidfile ${path} may be written by user ${writerUid} but names pid ${pid} of user ${sample.user}; expected one owner for both`;
  }
  if (user !== null && user !== ANY_USER && sample.user !== user && String(sample.uid) !== user) {
    return `The pidfile ${path} names pid ${pid} of user ${sample.user}; expected a process of user ${user}`;
  }
  const lateMs = sample.startedAt - writtenAt;
  if (lateMs <= CLEARLY_LATER_MS) return null;
  // The clock was set since: what lies in memory can't be older than the boot, which the first process knows.
  const bootedAt = index.byPidOrNull(1)?.startedAt;
  if (sinceBoot && bootedAt !== undefined && writtenAt < bootedAt) return null;
  return `The pidfile ${path} is stale: pid ${pid} (${sample.name}) began ${formatDuration(lateMs)} after it was last written, so another process wrote it`;
}
