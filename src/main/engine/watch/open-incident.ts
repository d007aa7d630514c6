import { assertNever } from '../../../shared/lib/assert-never';
import type { EventDraft, HealdeckEvent, IncidentReference } from '../../../shared/model/event';
import type { ChangeBus } from '../events/change-bus';
import type { DraftOfWatch, RecoveryPlace } from '../heal/heal-state';
import type { Clock } from '../ports';
import type { Trouble } from './dependencies/attribution';
import { IncidentProblem } from './incident-problem';

export interface OpenIncidentDependencies {
  changeBus: Pick<ChangeBus, 'record'>;
  clock: Clock;
  /** One has opened, or goes on that was closed. */
  opened: () => void;
}

/** The incident that one watch is in, if any: events of the watch get its number. */
export class OpenIncident {
  private open: number | null = null;
  /** The one that was closed last; null: what was closed last was none. */
  private last: number | null = null;
  private reported: number | null = null;
  private readonly found = new IncidentProblem();
  /** The newest one, whether it is open or not. */
  private current: Omit<Trouble, 'isOpen'> | null = null;

  constructor(private readonly dependencies: OpenIncidentDependencies) {}

  /** The id of the event that opened it, or null. */
  get id(): number | null {
    return this.open;
  }

  /** The one that goes on when the program goes wrong again soon. */
  get lastId(): number | null {
    return this.last;
  }

  /** What is wrong in it, or was in the last one, in words that follow the name of the watch; null: nothing is known. */
  get problem(): string | null {
    return this.found.text;
  }

  /** The one that the last reported event belongs to; null: to none. */
  get lastReported(): number | null {
    return this.reported;
  }

  /** The newest one, open or not; null: there was none. */
  get newest(): Omit<Trouble, 'isOpen'> | null {
    return this.current;
  }

  /** Goes on with what an earlier engine has opened, or has closed last. */
  resume(id: number | null, last: number | null, cause: IncidentReference | null, problem: string | null): void {
    this.open = id;
    this.last = last;
    this.found.resume(problem);
    const incident = id ?? last;
    this.current = incident === null ? null : { incident, openedAtMs: -Infinity, cause };
  }

  /** The newest one was led to by another. */
  attribute(cause: IncidentReference): void {
    if (this.current !== null) this.current = { ...this.current, cause };
  }

  report(watchName: string, draft: DraftOfWatch, place: RecoveryPlace): void {
    const incident = this.incidentAt(place);
    const id = this.dependencies.changeBus.record({ ...draft, watch: watchName, incident } as EventDraft);
    this.reported = incident === 'opens' ? id : incident;
    if (place === 'opens' || place === 'reopens') this.open = this.reported;
    if (place === 'closes') {
      this.last = this.open;
      this.open = null;
    }
    if (place === 'opens' || place === 'whole') this.found.clear();
    if (place !== 'none') this.found.note({ ...draft, id, at: '', watch: watchName, incident: null } as HealdeckEvent);
    if (place === 'opens' || place === 'reopens' || place === 'whole') this.onOpened(this.reported ?? id);
  }

  /** The reason of the end that was reported last was found out. `incident`: the one that end belongs to. */
  explain(incident: number | null, reason: string): void {
    if (incident === this.reported) this.found.explain(reason);
  }

  private onOpened(incident: number): void {
    const cause = this.current?.incident === incident ? this.current.cause : null;
    this.current = { incident, openedAtMs: this.dependencies.clock.monotonicMs(), cause };
    this.dependencies.opened();
  }

  /** Reports something beside an incident, which may be closed by now. */
  reportBeside(watchName: string, draft: DraftOfWatch, incident: number): void {
    this.dependencies.changeBus.record({ ...draft, watch: watchName, incident } as EventDraft);
  }

  private incidentAt(place: RecoveryPlace): EventDraft['incident'] {
    switch (place) {
      case 'opens':
      case 'whole':
        return 'opens';
      case 'reopens':
        return this.last ?? 'opens';
      case 'continues':
      case 'closes':
        return this.open;
      case 'none':
        return null;
      default:
        return assertNever(place);
    }
  }
}
