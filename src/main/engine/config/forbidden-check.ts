import type { MatchPreview } from '../../../shared/model/process';
import type { ForbiddenTarget, WatchSpec } from '../../../shared/model/watch';
import { sessionProblem } from '../matching/session-programs';
import { Refusal } from '../refusal';

/** More programs than this at once were hardly meant. */
const MAX_AT_ONCE = 20;

/**
 * Refuses what would end more than a program that must not run.
 * @throws Refusal `invalid` or `protected`, with what was expected
 */
export function checkForbidden(spec: WatchSpec, target: ForbiddenTarget, { candidates }: MatchPreview): void {
  checkParts(spec);
  const problem = sessionProblem(target);
  if (problem !== null) throw new Refusal('protected', problem);
  const taken = candidates.filter(({ verdict }) => verdict === 'taken');
  if (taken.length > MAX_AT_ONCE) {
    throw new Refusal(
      'invalid',
      `The pattern matches ${taken.length} processes now, all of which would be ended; expected a pattern that matches at most ${MAX_AT_ONCE}`,
    );
  }
}

/** What only makes sense for a program that is to run; without a start command it has no schedule anyway. */
function checkParts({ probes, after, restart }: WatchSpec): void {
  const [given = null] = [
    ...(probes.length > 0 ? ['probes'] : []),
    ...(after.length > 0 ? ['watches to start after'] : []),
    ...(restart !== null ? ['restart policy'] : []),
  ];
  if (given !== null) throw new Refusal('invalid', `Expected no ${given} for a program that must not run`);
}
