import { dependencyText, parseDependency } from '../../shared/lib/text/dependency-text';
import type { Dependency } from '../../shared/model/dependency';

/** With which of the watches that it starts after a watch is restarted; null: there is none that it could be restarted with. */
export function followsOf(after: readonly string[]): 'all' | 'some' | 'none' | null {
  const known = after.map(parseDependency).filter((one) => one !== null && canFollow(one));
  const followed = known.filter((one) => one?.restart === true);
  if (known.length === 0) return null;
  if (followed.length === 0) return 'none';
  return followed.length === known.length ? 'all' : 'some';
}

/** The same watches, with all or none of them followed. What can't be read stays as it was typed. */
export function withFollows(after: readonly string[], restart: boolean): string[] {
  return after.map((text) => {
    const dependency = parseDependency(text);
    return dependency === null || !canFollow(dependency) ? text : dependencyText({ ...dependency, restart });
  });
}

function canFollow({ until }: Dependency): boolean {
  return until !== 'completed';
}
