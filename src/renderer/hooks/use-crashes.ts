import { useState } from 'react';
import type { CrashGroup } from '../../shared/model/crash-group';
import { crashIdOf } from '../words/present-crash';
import { useAnswer, useKeptAnswer, type Answer } from './use-answer';
import { useAppState } from './use-app';
import { useLast } from './use-last';
import { useNowEvery } from './use-now';

/** Crashes that are read at once, those that came last; the command line finds others. */
const CRASHES_SHOWN = 300;
/** At most one question in this time, however much happens. */
const ASK_AFTER_MS = 400;
/** A crash that does not come again changes with time as well: its state, and the days that it is counted on. */
const REFRESH_MS = 3_600_000;

/** The crashes, those that came last first; asked for again when one has come. What was known stays until the answer is there. */
export function useCrashes(): Answer<readonly CrashGroup[]> {
  const newest = useAppState((state) => state.live.events.findLast((event) => crashIdOf(event) !== null)?.id ?? 0);
  const hour = useNowEvery(REFRESH_MS);
  const asked = useAnswer(
    `crashes/${newest}/${hour}`,
    (client, signal) => client.crashes.list({ limit: CRASHES_SHOWN }, { signal }),
    ASK_AFTER_MS,
  );
  return useKeptAnswer(asked);
}

/**
 * One crash by its id, also one that is not among those that came last; null while nobody knows it. It is asked for at once, and
 * again when it has come again.
 */
export function useCrash(id: string | null): Answer<CrashGroup | null> {
  const newest = useAppState(
    (state) => state.live.events.findLast((event) => id !== null && crashIdOf(event) === id)?.id ?? 0,
  );
  const hour = useNowEvery(REFRESH_MS);
  const [opened, setOpened] = useState({ id, newest });
  if (opened.id !== id) setOpened({ id, newest });
  const asked = useAnswer(
    id === null ? null : `crash/${id}/${newest}/${hour}`,
    async (client, signal) => (await client.crashes.list({ id: id ?? '', limit: 1 }, { signal }))[0] ?? null,
    newest === opened.newest ? 0 : ASK_AFTER_MS,
  );
  const known = useLast(asked.kind === 'answered' && asked.value?.id === id ? asked : null);
  return asked.kind === 'asking' && known?.value?.id === id ? known : asked;
}
