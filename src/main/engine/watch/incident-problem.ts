import { definitionOf } from '../../../shared/events';
import { withoutName } from '../../../shared/events/text';
import type { HealdeckEvent } from '../../../shared/model/event';

/** What was done about a problem, or will be: the state of the watch says that better, and as it is by now. */
const REMEDY = /; (?:next attempt|observed only|it goes on) .*$/;

/**
 * What is wrong with a watch, in words that follow its name: the last problem of its incident and,
 * once it is known, the reason.
 */
export class IncidentProblem {
  private problem: Pick<HealdeckEvent, 'type'> | null = null;
  private times = 0;
  private words: string | null = null;
  private reason: string | null = null;

  /** `crashed 5 times (exit code 1): port 8101 is in use by python3 (pid 4711)`; null: nothing is wrong, as far as it is known. */
  get text(): string | null {
    if (this.words === null) return null;
    return this.reason === null ? this.words : `${this.words}: ${this.reason}`;
  }

  /** Goes on with what an earlier engine has found. */
  resume(text: string | null): void {
    this.clear();
    this.words = text;
  }

  note(event: HealdeckEvent): void {
    const { isProblem, problem } = definitionOf(event.type);
    if (isProblem !== true) return;
    if (this.problem?.type === event.type) this.times += 1;
    else {
      this.times = 1;
      this.reason = null;
    }
    this.problem = event;
    this.words = problem === undefined ? withoutName(event).replace(REMEDY, '') : problem(event, this.times);
  }

  /** The reason of the last problem was found out. */
  explain(reason: string): void {
    if (this.words !== null && this.problem !== null) this.reason = reason;
  }

  clear(): void {
    this.problem = null;
    this.times = 0;
    this.words = null;
    this.reason = null;
  }
}
