import { startCommandOf, type Watch } from '../../model/watch';
import { plural } from '../format/values';

/** Names of the watches whose programs an engine of root starts as root: nobody has given them a user. */
export function programsOfRoot(watches: readonly Pick<Watch, 'name' | 'target'>[]): readonly string[] {
  return watches.flatMap(({ name, target }) => {
    const command = startCommandOf(target);
    return command !== null && (command.user === null || command.user === 'root') ? [name] : [];
  });
}

/** More names are counted only. */
const MAX_NAMES = 5;

/** How a root engine reports its programs: `3 watches start their programs as root: api, web, worker`. */
export function rootFinding(names: readonly string[]): string {
  if (names.length === 0) return 'no watch starts its program as root';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const subject = plural(names.length, 'watch starts its program', 'watches start their programs');
  return `${subject} as root: ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
