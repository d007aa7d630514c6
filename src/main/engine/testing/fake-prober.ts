import { formatDuration } from '../../../shared/lib/format/duration';
import { probeAnswerWords } from '../../../shared/model/testing/probe-answers';
import type { Attempt, Clock, ProbeAnswer, Prober, RemoteCheck } from '../ports';

/** Answers probes as a test decides. */
export class FakeProber implements Prober {
  /** What was asked, oldest first, and when (monotonic ms). */
  readonly asked: { check: RemoteCheck; atMs: number }[] = [];
  /** How many attempts are under way, and the most that ever were. */
  underWay = 0;
  mostUnderWay = 0;
  /** What the next ones come to, and after how long; a hang ends at its limit. */
  answer: (check: RemoteCheck) => Partial<ProbeAnswer> & { takesMs?: number } = () => ({ passed: true });

  constructor(private readonly clock: Clock) {}

  ask(check: RemoteCheck, limitMs: number): Attempt {
    this.asked.push({ check, atMs: this.clock.monotonicMs() });
    const { takesMs = 0, ...given } = this.answer(check);
    const isInTime = takesMs < limitMs;
    const latencyMs = Math.min(takesMs, limitMs);
    const passed = given.passed ?? false;
    const words = given.words ?? probeAnswerWords(check, passed);
    const result = isInTime
      ? { ...given, passed, words, latencyMs }
      : {
          passed: false,
          words: `${check.kind === 'command' ? 'no end' : 'no answer'} within ${formatDuration(limitMs)}`,
          latencyMs,
        };
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    let end = (): void => undefined;
    const answer = new Promise<ProbeAnswer>((resolve) => {
      let isOver = false;
      end = () => {
        if (isOver) return;
        isOver = true;
        this.underWay -= 1;
        resolve(result);
      };
    });
    const stop = latencyMs === 0 ? null : this.clock.after(latencyMs, end);
    if (stop === null) end();
    return {
      answer,
      cancel: () => {
        stop?.();
        end();
      },
    };
  }
}
