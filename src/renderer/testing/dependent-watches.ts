import { parseDependency } from '../../shared/lib/text/dependency-text';
import type { WatchStatus } from '../../shared/model/snapshot';
import { watchOf, watchStatus } from './samples';

/** Watches by what they wait for: `{ web: 'api', api: 'db:started', db: '' }`; the id of each is its name. */
export function dependentWatches(after: Readonly<Record<string, string>>): readonly WatchStatus[] {
  return Object.entries(after).map(([name, texts]) => ({
    ...watchStatus({ id: name }),
    watch: watchOf(name, {
      name,
      after: texts === '' ? [] : texts.split(' ').flatMap((text) => parseDependency(text) ?? []),
    }),
  }));
}
