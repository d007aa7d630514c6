import { definitionOf } from '../../events';
import type { HealdeckEvent } from '../../model/event';
import { escapeUnprintable, truncate } from '../text/escape';

/** Longest line, in characters: arguments may be of any length, and the history has them whole. */
export const HEALING_LINE_LIMIT = 2000;

/**
 * The line of an event in healing.log, without its newline: `2026-11-22T23:05:10.123Z Restarted web pid=4711 …`.
 * `cause` is what led to a kill or a restart (see HealingCauses), or null.
 * Whatever the event holds, it is one line of printable text, at most HEALING_LINE_LIMIT characters.
 */
export function healingLine(event: HealdeckEvent, cause: string | null = null): string {
  const phrase = definitionOf(event.type).line(event, cause);
  const pid = phrase.pid ?? event.pid;
  const words = [
    event.at,
    phrase.action,
    event.watch ?? phrase.subject ?? '',
    pid === null ? '' : `pid=${pid}`,
    ...phrase.details,
  ];
  const text = words.filter((word) => word !== null && word !== false && word !== '').join(' ');
  return truncate(escapeUnprintable(text), HEALING_LINE_LIMIT);
}

/** Incidents whose cause is remembered: far more than are ever open at once. */
const REMEMBERED_CAUSES = 1000;

/**
 * Remembers what led to a heal, so that the lines of the kill and the restart give the number that was too high: the event of
 * a restart itself does not know it. Feed it every event, in order.
 */
export class HealingCauses {
  private readonly causes = new Map<number, string>();

  /** The cause that belongs into the line of this event, or null. */
  take(event: HealdeckEvent): string | null {
    const { incident } = event;
    if (incident === null) return null;
    const cause = definitionOf(event.type).cause?.(event.data) ?? null;
    if (cause !== null) {
      this.remember(incident, cause);
    } else if (event.type === 'restarted') {
      const cause = this.causes.get(incident) ?? null;
      this.causes.delete(incident);
      return cause;
    } else if (event.type === 'killed') {
      return this.causes.get(incident) ?? null;
    } else if (event.type === 'crash_detected' || event.type === 'recovered' || event.type === 'stopped') {
      // What comes now has another reason.
      this.causes.delete(incident);
    }
    return null;
  }

  private remember(incident: number, cause: string): void {
    this.causes.delete(incident);
    this.causes.set(incident, cause);
    const [oldest] = this.causes.keys();
    if (this.causes.size > REMEMBERED_CAUSES && oldest !== undefined) this.causes.delete(oldest);
  }
}
