import type { CauseRule } from '../death-facts';
import { mayBeVictim } from './oom-killer';

/** Signals that the kernel sends for what a program itself does (signal(7)). Anybody may send them, too, but hardly anybody does. */
const FAULTS: Readonly<Record<string, string>> = {
  SIGSEGV: 'it used memory that is not its own, or its stack overflowed',
  SIGBUS: 'it used memory that is not there, as of a file that was cut off',
  SIGILL: 'it ran an instruction that the processor does not have',
  SIGFPE: 'it divided by zero or made another arithmetic error',
  SIGTRAP: 'it ran into a trap of its own',
  SIGABRT: 'it aborted itself',
  SIGSYS: 'it made a system call that it is not allowed to make',
  SIGXCPU: 'it reached its limit of CPU time',
  SIGXFSZ: 'it reached its limit for the size of a file',
  SIGPIPE: 'it wrote to a pipe or connection that nobody read any more',
};

/** A fault of the program. */
export const fault: CauseRule = ({ exit, crashTitle }) => {
  const text = exit?.signal === null || exit === null ? undefined : FAULTS[exit.signal];
  if (text === undefined) return null;
  return {
    certainty: 'very_likely',
    reason: crashTitle === null ? text : `${text}: ${crashTitle}`,
    isOfProgram: true,
  };
};

/** A signal that somebody has sent. Who did, the kernel tells nobody but the process itself. */
export const sender: CauseRule = (facts) => {
  const { exit, endedParent } = facts;
  if (exit === null || exit.signal === null) return null;
  const { signal } = exit;
  if (signal === 'SIGHUP' && endedParent !== null) {
    return {
      certainty: 'likely',
      reason: `its parent ${endedParent.name} (pid ${endedParent.pid}) ended, which hung up its session (SIGHUP)`,
      isOfProgram: false,
    };
  }
  const maybeOom = signal === 'SIGKILL' && mayBeVictim(facts);
  return {
    certainty: 'unknown',
    reason: maybeOom
      ? "SIGKILL ended it, sent by an unknown process or by the kernel's OOM killer, which was at work at that time"
      : `${signal} ended it; nothing shows who sent it, but it was neither Healdeck nor one of its operators`,
    isOfProgram: false,
  };
};
