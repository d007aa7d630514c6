import { DEPENDENCY_CONDITIONS, type Dependency } from '../../model/dependency';

/** `db`, `db:ready`, `db:completed` or `db:ready:restart`; without a condition it is `ready`. null: not one of these. */
export function parseDependency(text: string): Dependency | null {
  const [watch = '', ...words] = text.split(':').map((word) => word.trim());
  const restart = words.at(-1) === 'restart';
  const [condition = 'ready', ...more] = restart ? words.slice(0, -1) : words;
  const until = DEPENDENCY_CONDITIONS.find((known) => known === condition);
  if (watch === '' || until === undefined || more.length > 0 || (restart && until === 'completed')) return null;
  return { watch, until, restart };
}

/** The same as a text, as short as it may be. */
export function dependencyText({ watch, until, restart }: Dependency): string {
  return [watch, ...(until === 'ready' ? [] : [until]), ...(restart ? ['restart'] : [])].join(':');
}

/** What a text for a dependency has to be, where {@link parseDependency} finds none. */
export const DEPENDENCY_EXPECTED =
  'expected the name of a watch, what to wait for if not ready, and restart to be restarted with it, as in db, db:started, migrate:completed or db:ready:restart';

/** What stands before the reasons of a start that waits, where it is not clear from elsewhere. */
export const WAITING_FOR_OTHERS = 'Waiting for other watches: ';
