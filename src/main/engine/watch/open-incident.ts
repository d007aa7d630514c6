import { assertNever } from '../../../shared/lib/assert-never';
import type { EventDraft } from '../../../shared/model/event';
import type { Announcer } from '../events/change-bus';
import type { DraftOfWatch, StoryPlace } from '../heal/heal-state';

/** The incident that one watch is in, if any: what is told of the watch gets its place in it. */
export class OpenIncident {
  private open: number | null = null;
  /** The one that was closed last; null: what was closed last was none. */
  private last: number | null = null;

  constructor(private readonly announcer: Pick<Announcer, 'emit'>) {}

  /** The id of the event that opened it, or null. */
  get id(): number | null {
    return this.open;
  }

  /** The one that goes on when the program goes wrong again soon. */
  get lastId(): number | null {
    return this.last;
  }

  /** Goes on with what an earlier engine has opened, or has closed last. */
  resume(id: number | null, last: number | null): void {
    this.open = id;
    this.last = last;
  }

  tell(watchName: string, draft: DraftOfWatch, place: StoryPlace): void {
    const incident = this.incidentAt(place);
    const id = this.announcer.emit({ ...draft, watch: watchName, incident } as EventDraft);
    if (place === 'opens' || place === 'reopens') this.open = typeof incident === 'number' ? incident : id;
    if (place === 'closes') {
      this.last = this.open;
      this.open = null;
    }
  }

  private incidentAt(place: StoryPlace): EventDraft['incident'] {
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
