import { formatDuration } from '../../shared/lib/format/duration';
import type { EventType, HealdeckEvent } from '../../shared/model/event';
import type { LiveMessage, WatchStatus } from '../../shared/model/snapshot';
import type { EngineConnection } from '../client';
import { CliFailure } from '../failure';

/** What is said of a start that came to nothing. */
const FAILURES: readonly EventType[] = ['restart_failed', 'crash_detected', 'probe_failed'];

export type StartProgress = { kind: 'ready' } | { kind: 'waiting' } | { kind: 'failed'; reason: string };

/**
 * How far a start has come, by how the watch was right after it and how it is now.
 *
 * | now                                         | readiness          | verdict |
 * |---------------------------------------------|--------------------|---------|
 * | restarted by the engine since               | any                | failed  |
 * | starting, waiting for a match or for others | any                | waiting |
 * | running                                     | ready, nobody asks | ready   |
 * | running                                     | awaited, lost      | waiting |
 * | anything else                               | any                | failed  |
 */
export function startProgress(
  started: Pick<WatchStatus, 'restarts'>,
  { phase, readiness, reason, restarts }: Pick<WatchStatus, 'phase' | 'readiness' | 'reason' | 'restarts'>,
): StartProgress {
  if (restarts > started.restarts) return { kind: 'failed', reason: 'it was restarted' };
  if (phase === 'starting' || phase === 'waiting' || phase === 'blocked') return { kind: 'waiting' };
  if (phase !== 'running') return { kind: 'failed', reason: `${phase}: ${reason}` };
  return { kind: readiness === null || readiness === 'ready' ? 'ready' : 'waiting' };
}

/**
 * Follows a watch that was started until it is ready. Fails with the last answer of its probes where the start has failed, or is not
 * done within `timeoutMs`.
 */
export async function waitUntilReady(
  client: EngineConnection['client'],
  started: WatchStatus,
  timeoutMs: number,
): Promise<WatchStatus> {
  const { id, name } = started.watch;
  let now = started;
  const events = new Map<number, HealdeckEvent>();
  let onTime: () => void = () => undefined;
  const timeout = new Promise<null>((resolve) => (onTime = () => resolve(null)));
  const timer = setTimeout(onTime, timeoutMs);
  const messages = (await client.live())[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([messages.next(), timeout]);
      if (next === null) {
        throw new CliFailure(`${name} is not ready within ${formatDuration(timeoutMs)}${hindrance(now)}; it goes on`);
      }
      if (next.done === true) throw new CliFailure('the engine ended');
      const message: LiveMessage = next.value;
      for (const event of message.events) if (event.watch === name) events.set(event.id, event);
      const found = message.watches.find(({ watch }) => watch.id === id);
      if (found === undefined) {
        if (message.kind === 'delta' && message.removedWatchIds.includes(id)) {
          throw new CliFailure(`${name} is watched no more`);
        }
        continue;
      }
      const progress = startProgress(started, found);
      if (progress.kind === 'failed')
        throw new CliFailure(failureText(name, progress.reason, [...events.values()], started));
      now = found;
      if (progress.kind === 'ready') return now;
    }
  } finally {
    clearTimeout(timer);
    void messages.return?.();
  }
}

/** The newest event since the start that says why it failed; else what the watch itself says. */
function failureText(name: string, reason: string, events: readonly HealdeckEvent[], { sinceAt }: WatchStatus): string {
  const newest = events.findLast(({ type, at }) => FAILURES.includes(type) && Date.parse(at) >= Math.floor(sinceAt));
  return newest?.message ?? `${name} is not ready: ${reason}`;
}

/** What it waits for: ` (probe health: 503 Service Unavailable)`, the newest answer of those that decide; other watches; or nothing. */
function hindrance({ phase, reason, probes }: WatchStatus): string {
  if (phase === 'blocked') return ` (${reason})`;
  const answers = probes.flatMap(({ name, role, attempts }) => {
    const last = attempts.at(-1);
    return role === 'liveness' || last === undefined ? [] : [{ name, at: last.at, words: last.words }];
  });
  const [newest] = answers.sort((one, other) => other.at - one.at);
  return newest === undefined ? '' : ` (probe ${newest.name}: ${newest.words})`;
}
