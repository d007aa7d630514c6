import type { SharedProgram } from '../../../shared/model/portable';
import { identityKey, type MatchPreview } from '../../../shared/model/process';
import type { Target, Watch } from '../../../shared/model/watch';
import type { KeptElsewhere } from '../ports';

/**
 * The programs of watches that engines of other data directories keep: a match that would take the same process, or a command
 * that already runs there.
 */
export function sharedPrograms(
  watches: readonly Watch[],
  elsewhere: readonly KeptElsewhere[],
  preview: (target: Target, watchId: string) => MatchPreview,
): readonly SharedProgram[] {
  if (elsewhere.length === 0) return [];
  return watches.flatMap(({ id, name, target }) => {
    const [same, isShared] =
      target.kind === 'command'
        ? (['command', sameCommand(target.command)] as const)
        : (['process', takenBy(preview(target, id))] as const);
    return elsewhere.filter(isShared).map(({ pid, dataDir }) => ({ watch: name, same, pid, dataDir }));
  });
}

function takenBy({ candidates }: MatchPreview): (kept: KeptElsewhere) => boolean {
  const taken = new Set(candidates.filter(({ verdict }) => verdict === 'taken').map(identityKey));
  return (kept) => taken.has(identityKey(kept));
}

function sameCommand({ argv, cwd }: { argv: readonly string[]; cwd: string }): (kept: KeptElsewhere) => boolean {
  return ({ command }) => command !== null && command.cwd === cwd && command.argv.join('\0') === argv.join('\0');
}
