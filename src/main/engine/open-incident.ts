import type { EventDraft } from '../../shared/model/event';
import type { DraftOfWatch, StoryPlace } from './heal-state';

/** The incident that one watch is in, if any: what is told of the watch gets its place in it. */
export class OpenIncident {
  private open: number | null = null;

  /** `emit` numbers and keeps an event; returns its id. */
  constructor(private readonly emit: (draft: EventDraft) => number) {}

  /** The id of the event that opened it, or null. */
  get id(): number | null {
    return this.open;
  }

  /** Goes on with what an earlier engine has opened. */
  resume(id: number | null): void {
    this.open = id;
  }

  tell(watchName: string, draft: DraftOfWatch, place: StoryPlace): void {
    const incident = place === 'opens' || place === 'whole' ? 'opens' : place === 'none' ? null : this.open;
    const id = this.emit({ ...draft, watch: watchName, incident } as EventDraft);
    if (place === 'opens') this.open = id;
    if (place === 'closes') this.open = null;
  }
}
