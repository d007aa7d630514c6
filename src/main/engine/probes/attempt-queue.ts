import type { Clock, Dispose } from '../ports';

/** Begins one attempt, so late by this engine; must not reject. */
type Begin = (lateMs: number) => Promise<void>;

/** The attempts that are due at one moment. */
interface Turn {
  begins: Set<Begin>;
  cancel: Dispose;
}

/**
 * When the attempts of all probes begin. Those that are due at the same moment share a timer, and so a turn of the engine. No more than
 * so many are under way at once; the others wait for their place, first come, first served.
 */
export class AttemptQueue {
  private readonly turns = new Map<number, Turn>();
  private readonly waiting = new Map<Begin, number>();
  private used = 0;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs' | 'after'>,
    private readonly limit: () => number,
  ) {}

  /** Has an attempt begun at a moment (monotonic ms), or once there is a place after it. What is returned calls it off before that. */
  at(dueMs: number, begin: Begin): Dispose {
    const turn = this.turns.get(dueMs) ?? this.addTurn(dueMs);
    turn.begins.add(begin);
    return () => {
      this.waiting.delete(begin);
      turn.begins.delete(begin);
      if (turn.begins.size > 0 || this.turns.get(dueMs) !== turn) return;
      turn.cancel();
      this.turns.delete(dueMs);
    };
  }

  private addTurn(dueMs: number): Turn {
    const cancel = this.clock.after(dueMs - this.clock.monotonicMs(), () => this.onTurn(dueMs, turn));
    const turn: Turn = { begins: new Set(), cancel };
    this.turns.set(dueMs, turn);
    return turn;
  }

  private onTurn(dueMs: number, { begins }: Turn): void {
    this.turns.delete(dueMs);
    const lateMs = this.clock.monotonicMs() - dueMs;
    for (const begin of begins) this.waiting.set(begin, lateMs);
    this.next();
  }

  private next(): void {
    for (const [begin, lateMs] of this.waiting) {
      if (this.used >= this.limit()) return;
      this.waiting.delete(begin);
      this.used += 1;
      void begin(lateMs).finally(() => {
        this.used -= 1;
        this.next();
      });
    }
  }
}
