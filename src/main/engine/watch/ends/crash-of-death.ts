import { crashFingerprint } from '../../../../shared/lib/crash/fingerprint';
import { namesEnvironmentFault } from '../../../../shared/lib/crash/environment-fault';
import { readProgram } from '../../../../shared/lib/process/program';
import type { ProcessSample } from '../../../../shared/model/process';
import { startCommandOf, type Watch } from '../../../../shared/model/watch';
import type { CrashOfDeath } from '../../heal/heal-state';
import type { ChildExit } from '../../ports';

/** What shows which crash it was. */
export interface CrashEvidence {
  watch: Watch;
  /** The dead process as the last scan saw it, or null. */
  sample: ProcessSample | null;
  exit: ChildExit | null;
  stderrTail: readonly string[];
  oomKills: number;
  /** Of the program; null: not known. */
  version: string | null;
}

/** Which crash it was; null where how it ended is not known. */
export function crashOfDeath({
  watch,
  sample,
  exit,
  stderrTail,
  oomKills,
  version,
}: CrashEvidence): CrashOfDeath | null {
  if (exit === null) return null;
  const { id, title, source } = crashFingerprint({ stderrTail, ...exit, program: programOf(watch, sample) });
  // An exit code alone is too little to call two crashes the same, and who was killed may have done nothing wrong.
  const isNamed = source !== 'exit';
  const isOfProgram = isNamed && exit.signal !== 'SIGKILL' && oomKills === 0 && !namesEnvironmentFault(stderrTail);
  return { id, title, version, isNamed, isOfProgram };
}

/** The script of an interpreter, or the program: the same for two watches on the same program. */
function programOf({ target }: Watch, sample: ProcessSample | null): string {
  const argv = startCommandOf(target)?.argv ?? sample?.argv ?? [];
  const { base, script } = readProgram({ name: sample?.name ?? '', argv, executable: null });
  switch (script?.kind) {
    case 'file':
    case 'jar':
      return script.path;
    case 'module':
    case 'class':
      return script.name;
    default:
      return base;
  }
}
