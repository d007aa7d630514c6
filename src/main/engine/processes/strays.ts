import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { Watch } from '../../../shared/model/watch';
import type { LaunchRecord } from '../ports';
import type { ProcessIndex } from './process-index';
import type { Provenance } from './provenance';
import { Refusal } from '../refusal';

/** What starts of a watch have left, wherever it went and however old it is. */
export function findStrays(index: ProcessIndex, provenance: Provenance): readonly ProcessSample[] {
  return index.samples.filter((sample) => provenance.isFromLaunch(sample));
}

/** What lives of the last start of a watch: its command, and whatever carries the mark of that start. */
export function livingOfStart(
  index: ProcessIndex,
  { child, record }: { child: ProcessIdentity | null; record: LaunchRecord | null },
  provenance: Provenance,
): readonly ProcessSample[] {
  return index.samples.filter(
    (sample) =>
      (child !== null && sameIdentity(sample, child) && sample.state !== 'zombie' && sample.state !== 'dead') ||
      (record !== null && provenance.isFromLaunchOf(record.mark, sample)),
  );
}

/**
 * No start goes ahead beside strays. They are ended first, but what was found by a pattern may be slow to be found, and what is
 * only observed is not touched: there the operator decides. @throws Refusal `conflict`
 */
export function checkMayEnd(strays: readonly ProcessSample[], { name, target }: Watch, observed: boolean): void {
  if (strays.length === 0 || (target.kind === 'command' && !observed)) return;
  const which = strays.map(({ pid }) => pid).join(', ');
  const reason = target.kind === 'match' ? 'does not match' : 'is not ended while the watch is only observed';
  throw new Refusal(
    'conflict',
    `${name} was not started: pid ${which} of an earlier start still runs and ${reason}; end it first, as with: healdeck stop "${name}"`,
  );
}
