import { describeExit } from '../../../../shared/lib/format/exit-words';
import type { Cause, CauseRule, DeathFacts } from '../death-facts';
import { diskFull } from './disk-full';
import { lastWords, ownError } from './last-words';
import { oomKiller } from './oom-killer';
import { portInUse } from './port-in-use';
import { fault, sender } from './signal';

/** The first that holds is the reason: what was found around a death stands before what the program wrote of it. */
const RULES: readonly CauseRule[] = [oomKiller, portInUse, diskFull, lastWords, fault, sender, ownError];

/** The likeliest reason. Where nothing shows one, that is said. */
export function causeOf(facts: DeathFacts): Cause {
  for (const rule of RULES) {
    const cause = rule(facts);
    if (cause !== null) return cause;
  }
  const { exit } = facts;
  if (exit === null) return nothingShown('how it ended is not known');
  if (exit.exitCode === 0) return nothingShown('it ended by itself without an error; nothing shows why');
  return nothingShown(`it ended by itself (${describeExit(exit)}); nothing shows why`);
}

function nothingShown(reason: string): Cause {
  return { certainty: 'unknown', reason, isOfProgram: true };
}
