import type { Dependency, DependencyCondition } from '../../shared/model/dependency';

/** What a start waits for, after the name of the other watch: `db is ready`. */
export const UNTIL_WORDS: Readonly<Record<DependencyCondition, string>> = {
  started: 'has started',
  ready: 'is ready',
  completed: 'has completed',
};

/** The conditions, as an operator chooses one. */
export const UNTIL_HELP: Readonly<Record<DependencyCondition, string>> = {
  started: 'Its program runs.',
  ready: 'Its program runs, and its probes and reports say that it serves, where it has any.',
  completed: 'Its program has ended by itself, cleanly, and is not to run any more.',
};

/** `db is ready and migrate has completed`; empty: it waits for nothing. */
export function afterText(after: readonly Dependency[]): string {
  return after.map(({ watch, until }) => `${watch} ${UNTIL_WORDS[until]}`).join(' and ');
}
