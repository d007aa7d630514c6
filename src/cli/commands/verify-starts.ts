import type { WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import type { EngineConnection } from '../client';
import { CliFailure } from '../failure';

/** A program that can not work ends within this as a rule: until then nothing is said of its start. */
const SETTLE_MS = 1000;

/** Phases that lead away from a start. */
const ENDED: ReadonlySet<WatchPhase> = new Set(['stopping', 'backoff', 'cooldown', 'held', 'failed']);

/** Whether a start that was done no longer holds; else null. */
export function startProblem(
  started: Pick<WatchStatus, 'restarts'>,
  { watch, phase, cause, reason, restarts }: WatchStatus,
): string | null {
  const ended = restarts > started.restarts || ENDED.has(phase) || (phase === 'stopped' && cause !== null);
  return ended ? `${watch.name} ${cause ?? `does not run: ${reason}`}` : null;
}

/** Watches that were started, once their programs have run for a moment: how they are then, or what became of them. */
export async function verifyStarts(
  client: EngineConnection['client'],
  started: readonly WatchStatus[],
): Promise<readonly (WatchStatus | CliFailure)[]> {
  // What was waited for until it was ready has shown more than that it runs.
  const isPending = started.some(
    ({ phase, readiness }) => phase === 'starting' || (phase === 'running' && readiness !== 'ready'),
  );
  if (isPending) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const now = new Map((await client.watches.list()).map((status) => [status.watch.id, status]));
  return started.map((before) => {
    const status = now.get(before.watch.id);
    if (status === undefined) return new CliFailure(`${before.watch.name} is watched no more`);
    const problem = startProblem(before, status);
    return problem === null ? status : new CliFailure(problem);
  });
}
