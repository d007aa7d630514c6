import { sameIdentity } from '../../../shared/model/process';
import { processesOf, type LiveProcess } from '../heal/heal-state';
import { withRoles } from '../heal/live-process';
import type { MatchSearch } from '../matching/match-search';
import type { PersistedWatch } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { Launcher } from './launcher';
import type { Lifecycle } from './lifecycle';

export interface MatchIntakeParts {
  life: Lifecycle;
  search: MatchSearch;
  launcher: Launcher;
}

/** Takes what matches the target of one watch, each process with its role. */
export class MatchIntake {
  constructor(
    private readonly parts: MatchIntakeParts,
    /** The last scan. */
    private readonly index: () => ProcessIndex,
  ) {}

  /** Takes what matches and the watch does not have yet; returns whether there was anything. */
  take({ settled } = { settled: false }): boolean {
    const processes = this.newMatches(settled, processesOf(this.parts.life.state));
    if (processes.length > 0) this.parts.life.dispatch({ type: 'found', processes });
    return processes.length > 0;
  }

  /** What matches beside those that are held. */
  newMatches(settled: boolean, held: readonly LiveProcess[]): readonly LiveProcess[] {
    const { search, launcher } = this.parts;
    const index = this.index();
    return withRoles(search.find({ index, held, child: launcher.child, settled }), held, index);
  }

  /** Processes of an earlier engine, with the roles that they had there, or have by what is seen now. */
  inRoles(survivors: readonly LiveProcess[], memory: PersistedWatch | null): readonly LiveProcess[] {
    if (!this.parts.search.isOn) return survivors;
    const written = memory?.processes ?? [];
    const known = survivors.map((survivor): LiveProcess => {
      const role = written.find((one) => sameIdentity(one, survivor))?.role;
      return role === undefined ? survivor : { ...survivor, role };
    });
    const mainIsGone = written.some(({ role }) => role === 'main') && !known.some(({ role }) => role === 'main');
    return mainIsGone ? known : withRoles(known, [], this.index());
  }
}
