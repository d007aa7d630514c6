import type { HealdeckEvent } from '../../shared/model/event';
import type { UiStore } from '../store/ui';
import { navigate } from './use-route';

/** Opens the incident that an event is part of, or the event alone where it is part of none. */
export function openEvent(ui: UiStore, event: HealdeckEvent): void {
  if (event.incident === null) ui.show({ event });
  else navigate({ tab: 'incidents', item: String(event.incident) });
}
