import type { HealdeckEvent } from '../../../shared/model/event';
import { MARKING_EVENTS } from '../../../shared/model/past';
import { useAnswer } from '../../hooks/use-answer';
import { useAppState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';

/** More than a chart has room for. */
const MAX_EVENTS = 1000;
/** At most one question in this time, however much happens. */
const ASK_AFTER_MS = 300;
const NONE: readonly HealdeckEvent[] = [];

/** What happened to a watch in the last `rangeMs`, oldest first, as far as it is marked on charts. */
export function useMarkedEvents(watch: string, rangeMs: number): readonly HealdeckEvent[] {
  const newest = useAppState((state) => state.live.events.findLast((event) => event.watch === watch)?.id ?? 0);
  const answer = useAnswer(
    `${watch}/${rangeMs}/${newest}`,
    async (client, signal) => ({
      of: `${watch}/${rangeMs}`,
      events: await client.events.list(
        { watch, types: [...MARKING_EVENTS], sinceAt: Date.now() - rangeMs, limit: MAX_EVENTS },
        { signal },
      ),
    }),
    ASK_AFTER_MS,
  );
  // What was known of this time stays until the answer is there.
  const last = useLast(answer.kind === 'answered' ? answer.value : null);
  return last?.of === `${watch}/${rangeMs}` ? last.events : NONE;
}
