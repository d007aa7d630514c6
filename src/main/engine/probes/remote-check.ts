import type { ProbeCheck } from '../../../shared/model/probe';
import { startCommandOf, type Watch } from '../../../shared/model/watch';
import type { RemoteCheck, Spawner } from '../ports';
import type { ProgramCheck } from './program-checks';

/** Whether this engine answers a check itself, by what the program writes. */
export function isOfProgram(check: ProbeCheck): check is ProgramCheck {
  return check.kind !== 'http' && check.kind !== 'tcp' && check.kind !== 'command';
}

/** What is asked of others; null: a command without a start command, whose user and directory it would take. */
export function remoteCheck(
  check: Exclude<ProbeCheck, ProgramCheck>,
  watch: Watch,
  spawner: Pick<Spawner, 'prepare'>,
): RemoteCheck | null {
  if (check.kind !== 'command') return check;
  const command = startCommandOf(watch.target);
  if (command === null) return null;
  return { kind: 'command', launch: spawner.prepare(watch, { ...command, argv: check.argv }) };
}
