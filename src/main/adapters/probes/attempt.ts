import { truncate } from '../../../shared/lib/text/escape';
import { MAX_ANSWER_CHARACTERS, type Attempt, type Clock, type Dispose, type ProbeAnswer } from '../../engine/ports';

/** What an attempt came to, before its time is added. */
export type Verdict = Omit<ProbeAnswer, 'latencyMs'>;

export const failed = (words: string): Verdict => ({ passed: false, words });

export const CANCELLED = failed('cancelled');

/** What has to be released at an end, whichever it is. */
export class Scope {
  private readonly releases: Dispose[] = [];
  private over = false;

  get isOver(): boolean {
    return this.over;
  }

  /** Released at the end, the latest first; at once where that has come already. */
  own(release: Dispose): void {
    if (this.over) release();
    else this.releases.push(release);
  }

  end(): void {
    this.over = true;
    for (let release = this.releases.pop(); release !== undefined; release = this.releases.pop()) release();
  }
}

/** The life of one attempt: it settles once, when everything that it has acquired is released. */
export class AttemptScope extends Scope {
  constructor(private readonly onSettled: (verdict: Verdict) => void) {
    super();
  }

  settle(verdict: Verdict): void {
    if (this.isOver) return;
    this.end();
    this.onSettled(verdict);
  }
}

/** Begins one attempt; what `begin` returns is called when the limit has passed, and has to settle it then or soon after. */
export function runAttempt(clock: Clock, limitMs: number, begin: (scope: AttemptScope) => () => void): Attempt {
  const startedAtMs = clock.monotonicMs();
  let resolve: (answer: ProbeAnswer) => void = () => undefined;
  const answer = new Promise<ProbeAnswer>((settled) => (resolve = settled));
  const scope = new AttemptScope((verdict) => {
    const words = truncate(verdict.words, MAX_ANSWER_CHARACTERS);
    resolve({ ...verdict, words, latencyMs: clock.monotonicMs() - startedAtMs });
  });
  const onLimit = begin(scope);
  if (!scope.isOver) scope.own(clock.after(limitMs, onLimit));
  return { answer, cancel: () => scope.settle(CANCELLED) };
}
