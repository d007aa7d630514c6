import { DEPENDENCY_CONDITIONS, type Dependency } from '../../model/dependency';

/** `db`, `db:ready` or `db:completed`; without a condition it is `ready`. null: not one of these. */
export function parseDependency(text: string): Dependency | null {
  const [, watch = '', condition = 'ready'] = /^\s*([^:]+?)\s*(?::\s*(\w+)\s*)?$/.exec(text) ?? [];
  const until = DEPENDENCY_CONDITIONS.find((known) => known === condition);
  return watch === '' || until === undefined ? null : { watch, until };
}

/** The same as a text, as short as it may be. */
export function dependencyText({ watch, until }: Dependency): string {
  return until === 'ready' ? watch : `${watch}:${until}`;
}

/** What a text for a dependency has to be, where {@link parseDependency} finds none. */
export const DEPENDENCY_EXPECTED =
  'expected the name of a watch, and what to wait for if not ready, as in db or db:started or migrate:completed';

/** What stands before the reasons of a start that waits, where it is not clear from elsewhere. */
export const WAITING_FOR_OTHERS = 'Waiting for other watches: ';
