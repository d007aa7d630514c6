import { withEventArgv } from '../../../shared/lib/events/event-argv';
import { maskArgv } from '../../../shared/lib/process/mask-argv';
import { secretMask, type SecretMask } from '../../../shared/lib/process/mask-secrets';
import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { OutputFiles } from '../../engine/ports';
import type { IncidentQuery } from '../history/events/event-table';

/** A mask for the values that are secret at the time, and for further words of names; it is made again only when they have changed. */
export class CurrentMask {
  private known: string | null = null;
  private made: SecretMask = (text) => text;

  constructor(
    private readonly values: () => readonly string[],
    private readonly words: () => readonly string[] = () => [],
  ) {}

  mask(text: string): string {
    const now = [this.values(), this.words()] as const;
    const key = JSON.stringify(now);
    if (key !== this.known) this.made = secretMask(...now);
    this.known = key;
    return this.made(text);
  }
}

/** Output whose pieces, which become part of events, hold no secret. The files are as the programs wrote them. */
export function maskTails(output: OutputFiles, mask: SecretMask): OutputFiles {
  return {
    // All lines together: a key has several.
    tail(watch, stream, lines, from) {
      const tail = output.tail(watch, stream, lines, from);
      return tail.length === 0 ? tail : mask(tail.join('\n')).split('\n');
    },
    end: (watch, stream) => output.end(watch, stream),
    since(watch, stream, from, maxBytes) {
      const written = output.since(watch, stream, from, maxBytes);
      return { ...written, text: mask(written.text) };
    },
    rename: (oldName, newName) => output.rename(oldName, newName),
  };
}

/** The events of a history. */
interface EventHistory {
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
  listIncidentEvents(query: IncidentQuery): Promise<readonly HealdeckEvent[]>;
}

/** Events of a history with masked arguments: an earlier Healdeck has written them as they were. */
export function maskEvents(history: EventHistory, words: () => readonly string[]): EventHistory {
  const masked = (events: readonly HealdeckEvent[]): readonly HealdeckEvent[] =>
    events.map((event) => withEventArgv(event, (argv) => maskArgv(argv, words())));
  return {
    listEvents: async (query) => masked(await history.listEvents(query)),
    listIncidentEvents: async (query) => masked(await history.listIncidentEvents(query)),
  };
}
