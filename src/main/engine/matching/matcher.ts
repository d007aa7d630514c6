import type { ProcessSample } from '../../../shared/model/process';
import type { ProcessIndex } from '../processes/process-index';

/** How a process fits a pattern. */
export interface Fitting {
  /**
   * `named`: the pattern speaks of its program or script; `argument`: of its other arguments; `mention`: it only speaks of
   * what is looked for, as an editor does.
   */
  fit: 'named' | 'argument' | 'mention';
  /** What fits, or why it does not count, to follow "it" in a sentence. */
  reason: string;
}

/** A process that fits a pattern. */
export interface Fitted extends Fitting {
  sample: ProcessSample;
}

/** Finds the processes that fit one match target; whether the watch may take them is not asked here. */
export interface Matcher {
  /**
   * The processes that fit in this scan, protected ones included, mentions not.
   * @param options.settled leave out processes too young to be judged
   */
  find(
    index: ProcessIndex,
    options: { wallMs: number; settled: boolean; mayBe: (sample: ProcessSample) => boolean },
  ): readonly Fitted[];
  /** The same for an operator who looks: all of them, and those that only mention it. */
  explain(index: ProcessIndex): readonly Fitted[];
  /** Why nothing can match at the moment (an unusable pidfile), or null. */
  readonly problem: string | null;
}
