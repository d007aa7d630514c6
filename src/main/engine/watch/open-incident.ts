import { assertNever } from '../../../shared/lib/assert-never';
import type { EventDraft } from '../../../shared/model/event';
import type { ChangeBus } from '../events/change-bus';
import type { DraftOfWatch, RecoveryPlace } from '../heal/heal-state';

/** The incident that one watch is in, if any: events of the watch get its number. */
export class OpenIncident {
  private open: number | null = null;
  /** The one that was closed last; null: what was closed last was none. */
  private last: number | null = null;
  private reported: number | null = null;

  constructor(private readonly changeBus: Pick<ChangeBus, 'record'>) {}

  /** The id of the event that opened it, or null. */
  get id(): number | null {
    return this.open;
  }

  /** The one that goes on when the program goes wrong again soon. */
  get lastId(): number | null {
    return this.last;
  }

  /** The one that the last reported event belongs to; null: to none. */
  get lastReported(): number | null {
    return this.reported;
  }

  /** Goes on with what an earlier engine has opened, or has closed last. */
  resume(id: number | null, last: number | null): void {
    this.open = id;
    this.last = last;
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
