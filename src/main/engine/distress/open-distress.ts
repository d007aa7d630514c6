import { distressNamed, type DistressKind } from '../../../shared/distress';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Distress } from '../../../shared/model/snapshot';

/** One name for each kind and subject. */
export function distressKey({ kind, subject }: Pick<Distress, 'subject'> & { kind: string }): string {
  return JSON.stringify([kind, subject]);
}

/** What an earlier engine has reported and not ended, by its events, oldest first: it goes on in the same incident. */
export function openDistress(events: readonly HealdeckEvent[]): readonly Distress[] {
  const open = new Map<string, Distress>();
  for (const event of events) {
    if (event.type === 'machine_relieved') open.delete(distressKey(event.data));
    if (event.type !== 'machine_distress' || event.incident === null) continue;
    const { kind, subject, detail } = event.data;
    if (distressNamed(kind) === undefined) continue;
    const before = open.get(distressKey(event.data));
    open.set(distressKey(event.data), {
      ...{ kind: kind as DistressKind, subject, detail, severity: event.severity, incident: event.incident },
      sinceAt: before?.sinceAt ?? Date.parse(event.at),
    });
  }
  return [...open.values()];
}
