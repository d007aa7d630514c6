import { assertNever } from '../../../shared/lib/assert-never';
import type { EventDraft, HealdeckEvent } from '../../../shared/model/event';
import type { ChangeBus } from '../events/change-bus';
import type { DraftOfWatch, RecoveryPlace } from '../heal/heal-state';
import { IncidentCause } from './incident-cause';

/** The incident that one watch is in, if any: events of the watch get its number. */
export class OpenIncident {
  private open: number | null = null;
  /** The one that was closed last; null: what was closed last was none. */
  private last: number | null = null;
  private reported: number | null = null;
  private readonly problem = new IncidentCause();

  constructor(private readonly changeBus: Pick<ChangeBus, 'record'>) {}

  /** The id of the event that opened it, or null. */
  get id(): number | null {
    return this.open;
  }

  /** The one that goes on when the program goes wrong again soon. */
  get lastId(): number | null {
    return this.last;
  }

  /** What is wrong in it, or was in the last one, in words that follow the name of the watch; null: nothing is known. */
  get cause(): string | null {
    return this.problem.text;
  }

  /** The one that the last reported event belongs to; null: to none. */
  get lastReported(): number | null {
    return this.reported;
  }

  /** Goes on with what an earlier engine has opened, or has closed last. */
  resume(id: number | null, last: number | null, cause: string | null): void {
    this.open = id;
    this.last = last;
    this.problem.resume(cause);
  }

  report(watchName: string, draft: DraftOfWatch, place: RecoveryPlace): void {
    const incident = this.incidentAt(place);
    const id = this.changeBus.record({ ...draft, watch: watchName, incident } as EventDraft);
    this.reported = incident === 'opens' ? id : incident;
    if (place === 'opens' || place === 'reopens') this.open = typeof incident === 'number' ? incident : id;
    if (place === 'closes') {
      this.last = this.open;
      this.open = null;
    }
    if (place === 'opens' || place === 'whole') this.problem.clear();
    if (place !== 'none')
      this.problem.note({ ...draft, id, at: '', watch: watchName, incident: null } as HealdeckEvent);
  }

  /** The reason of the end that was reported last was found out. `incident`: the one that end belongs to. */
  explain(incident: number | null, reason: string): void {
    if (incident === this.reported) this.problem.explain(reason);
  }

  /** Reports something beside an incident, which may be closed by now. */
  reportBeside(watchName: string, draft: DraftOfWatch, incident: number): void {
    this.changeBus.record({ ...draft, watch: watchName, incident } as EventDraft);
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
