import { compareSeverity } from '../../shared/lib/format/severity';
import type { HealdeckEvent } from '../../shared/model/event';

/** What is marked at one place: one event, or several that lie closer than their marks are wide. */
export interface EventMark {
  /** 0 at the beginning of the time that is shown, 1 at its end. */
  share: number;
  /** Oldest first, at least one. */
  events: readonly HealdeckEvent[];
  /** The worst of them: the one that a press opens. */
  worst: HealdeckEvent;
}

/** The marks of a time; `slots` is how many stand side by side at most. */
export function marksOf(
  events: readonly HealdeckEvent[],
  { from, to, slots }: { from: number; to: number; slots: number },
): EventMark[] {
  const bySlot = new Map<number, HealdeckEvent[]>();
  for (const event of events) {
    const share = (Date.parse(event.at) - from) / (to - from);
    if (share < 0 || share > 1) continue;
    const slot = Math.min(slots - 1, Math.floor(share * slots));
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), event]);
  }
  return [...bySlot].map(([slot, those]) => ({
    share: (slot + 0.5) / slots,
    events: those,
    worst: those.reduce((worst, event) => (compareSeverity(event.severity, worst.severity) > 0 ? event : worst)),
  }));
}
