import type { ProcessSample } from '../../../shared/model/process';
import type { Watch } from '../../../shared/model/watch';
import { decideTakeover } from '../heal/takeover';
import type { EnginePorts, PersistedWatch } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { Provenance } from '../processes/provenance';
import { livingOfStart } from '../processes/strays';
import type { Ends, FoundDeath } from './ends';
import { interruptedStart } from './interrupted-start';
import type { Launcher } from './launcher';
import type { Lifecycle } from './lifecycle';
import type { MatchIntake } from './match-intake';
import type { OpenIncident } from './open-incident';
import { findSurvivors } from './survivors';
import { ledgerFrom } from './watch-memory';

/** What an engine before this one left of a watch, and what runs now. */
export interface Inheritance {
  memory: PersistedWatch | null;
  /** Whether that engine ran since the machine has started. */
  sameBoot: boolean;
  index: ProcessIndex;
}

/** The parts of a watch that a takeover concerns. */
export interface TakeOverParts {
  life: Lifecycle;
  incident: OpenIncident;
  launcher: Launcher;
  intake: MatchIntake;
  ends: Ends;
}

export interface TakeOverSurroundings extends Pick<EnginePorts, 'clock' | 'table' | 'marks' | 'launchTraces'> {
  watch: Watch;
  provenance: () => Provenance;
  /** What a start has left, by the last scan. */
  strays: () => readonly ProcessSample[];
}

/** Takes over what a previous engine left of a watch, or starts it as the watch requires. */
export function takeOver(
  { memory, sameBoot, index }: Inheritance,
  { life, incident, launcher, intake, ends }: TakeOverParts,
  surroundings: TakeOverSurroundings,
): void {
  const { clock, table, watch, provenance } = surroundings;
  if (memory !== null) life.inherit(ledgerFrom(memory, sameBoot, clock));
  const start = interruptedStart(watch, memory, sameBoot, surroundings);
  const { known, living, wasExecuted } = start;
  incident.resume(
    known?.incident ?? null,
    known?.recovery?.incident ?? null,
    known?.cause ?? null,
    known?.problem ?? null,
  );
  launcher.inherit(known?.launch ?? null, start.mark, known?.start?.executed ?? null);
  const { processes, strays } = findSurvivors({
    ...{ clock, index, table, watch, memory: living },
    provenance: provenance(),
  });
  const survivors = intake.inRoles(processes, known);
  const matches = intake.newMatches(false, survivors);
  const startLives = (): boolean =>
    livingOfStart(index, { child: null, record: known?.launch ?? null }, provenance()).length > 0;
  const nowMs = clock.monotonicMs();
  const takeover = decideTakeover({
    ...{ watch, memory: known, wasExecuted, survivors, matches, strays, startLives, nowMs },
  });
  life.dispatch({ type: 'taken_over', takeover, replaced: known?.replaced ?? null });
  // What has died since was another run.
  if (known?.since !== undefined && !('gone' in takeover && takeover.gone.length > 0)) life.continueSince(known.since);
  const found: FoundDeath = { whileEngineWasDown: true, strays };
  // Where nothing of a start lives by the scan of now, nothing can go on: the death is reported in the same turn as the takeover.
  const gone = 'gone' in takeover ? takeover.gone : [];
  const mayLiveOn = gone.length > 0 && surroundings.strays().length > 0;
  for (const process of gone) {
    if (mayLiveOn) ends.begin(process, null, found);
    else ends.report(process, null, found);
  }
}
