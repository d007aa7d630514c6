import type { PastTable } from '../../../shared/model/past';
import type { Failure } from '../../api/errors';
import { useAnswer } from '../../hooks/use-answer';
import { useLast } from '../../hooks/use-last';

/** How long a slider must rest before the engine is asked. */
const REST_MS = 120;

/** The process table of a moment (null: of none): while another one is read, the one before stays. */
export function usePastTable(at: number | null): { table: PastTable | null; failure: Failure | null } {
  const answer = useAnswer(
    at === null ? null : `past/${at}`,
    (client, signal) => client.processes.at({ at: at ?? 0 }, { signal }),
    REST_MS,
  );
  const last = useLast(answer.kind === 'answered' ? answer.value : null);
  if (at === null) return { table: null, failure: null };
  return answer.kind === 'failed' ? { table: null, failure: answer.failure } : { table: last, failure: null };
}
