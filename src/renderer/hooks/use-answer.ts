import { useEffect, useState } from 'react';
import type { HealdeckClient } from '../api/client';
import { describeFailure, isAbort, type Failure } from '../api/errors';
import { useApp, useAppState } from './use-app';
import { useLast } from './use-last';

/** What became of a question to the engine. */
export type Answer<T> = { kind: 'asking' } | { kind: 'answered'; value: T } | { kind: 'failed'; failure: Failure };

const ASKING = { kind: 'asking' } as const;

/**
 * Asks the engine whenever `key` changes and after a reconnect, at the earliest `delayMs` after the last change; a newer
 * question breaks an older one off. A `null` key asks nothing. `question` is called with the values of its own render.
 */
export function useAnswer<T>(
  key: string | null,
  question: (client: HealdeckClient, signal: AbortSignal) => Promise<T>,
  delayMs = 0,
): Answer<T> {
  const { session } = useApp();
  const isLive = useAppState((state) => state.connection.kind === 'live');
  const [answer, setAnswer] = useState<{ key: string; answer: Answer<T> } | null>(null);

  useEffect(() => {
    if (key === null || !isLive) return;
    const request = new AbortController();
    const timer = setTimeout(() => {
      session
        .ask((client) => question(client, request.signal))
        .then(
          (value) => request.signal.aborted || setAnswer({ key, answer: { kind: 'answered', value } }),
          (error: unknown) => {
            if (request.signal.aborted || isAbort(error)) return;
            setAnswer({ key, answer: { kind: 'failed', failure: describeFailure(error) } });
          },
        );
    }, delayMs);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
    // The question is a function of the key: a new function with the same key asks nothing new.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [session, key, isLive, delayMs]);

  return answer !== null && answer.key === key ? answer.answer : ASKING;
}

/** What was answered last, until the next answer is there. */
export function useKeptAnswer<T>(asked: Answer<T>): Answer<T> {
  const last = useLast(asked.kind === 'answered' ? asked : null);
  return asked.kind === 'asking' && last !== null ? last : asked;
}
