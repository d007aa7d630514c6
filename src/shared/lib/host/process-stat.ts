/** What is read of /proc/PID/stat by name (proc_pid_stat(5)). A number that is not there is NaN. */
export interface ProcessStat {
  /** One letter, such as `Z` for a process that has ended and is not reaped. */
  state: string;
  parent: number;
  session: number;
  /** The controlling terminal; 0: there is none. */
  terminal: number;
  /** In clock ticks since the machine was booted. */
  startTime: number;
  /** As wait(2) has it; 0 also for who may not know it. */
  exitStatus: number;
}

/** The first field behind the name. */
const STATE = 3;

/** `text` is the content of a file stat. The name in it stands in brackets and may have blanks, brackets and line breaks of its own. */
export function parseProcessStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  /** Numbered as in the man page. */
  const field = (number: number): string | undefined => fields[number - STATE];
  return {
    state: field(STATE) ?? '',
    parent: Number(field(4)),
    session: Number(field(6)),
    terminal: Number(field(7)),
    startTime: Number(field(22)),
    exitStatus: Number(field(52)),
  };
}
