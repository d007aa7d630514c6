import { isInterpreter } from '../../shared/lib/process/interpreters';
import { baseName, namesOf, readProgram, titleName, type Program } from '../../shared/lib/process/program';
import type { ProcessDetails, ProcessSample } from '../../shared/model/process';
import { commandLinePattern, escapePattern, titlePattern } from '../format/pattern';

/** How a process that runs already is found again and started again, for an operator to confirm. */
export interface Adoption {
  by: 'name' | 'cmdline';
  pattern: string;
  /** What starts it; null when that is not known. Never a guess that would start something else. */
  argv: readonly string[] | null;
  /** What the operator should check or add, or null. */
  note: string | null;
}

type Evidence = Pick<ProcessDetails, 'name' | 'argv' | 'executable' | 'argvCut'>;

const REWRITTEN = 'This program has written a title over its command line';

/**
 * Proposes a watch for a process, from what it shows: its command line, or where a title hides that, its executable; where another
 * instance of the same program runs beside it, its title.
 */
export function proposeAdoption(process: Evidence, hasTwin: boolean): Adoption {
  const program = readProgram(process);
  const adoption = propose(process, program);
  if (!hasTwin || program.title === null) return adoption;
  const pattern = titlePattern(program.title);
  return pattern === null ? adoption : { ...adoption, by: 'cmdline', pattern };
}

/** Whether another instance of its program runs for the same user: a process of that name that is neither above nor below it. */
export function hasTwin(process: ProcessDetails, all: Iterable<ProcessSample>): boolean {
  const name = nameOf(process, readProgram(process));
  const rows = new Map([...all].map((row) => [row.pid, row]));
  const isAbove = (pid: number) => process.ancestors.some((ancestor) => ancestor.pid === pid);
  const isWithin = (row: ProcessSample): boolean => {
    const seen = new Set<number>();
    for (let at: ProcessSample | undefined = row; at !== undefined && !seen.has(at.pid); at = rows.get(at.ppid)) {
      if (at.pid === process.pid) return true;
      seen.add(at.pid);
    }
    return false;
  };
  return [...rows.values()].some(
    (row) =>
      row.uid === process.uid &&
      namesOf({ ...row, executable: null }).some((one) => one.name === name) &&
      !isAbove(row.pid) &&
      !isWithin(row),
  );
}

/** One way to find a process again. */
export interface WayToFind {
  by: 'name' | 'cmdline' | 'pidfile';
  /** What it goes by, in a word. */
  word: 'Name' | 'Executable' | 'Command line' | 'Pidfile';
  pattern: string;
}

/** Where daemons usually write their pid; `*` stands for the name. The engine has the last word on what is in it. */
const PIDFILES = ['/run/*.pid', '/run/*/*.pid'];

/** The ways in which a process may be found again, from the plainest to the narrowest; some may find others, or nothing. */
export function waysToFind(process: Evidence): readonly WayToFind[] {
  const name = nameOf(process, readProgram(process));
  const { executable, argv, argvCut } = process;
  const whole = argvCut === true ? null : commandLinePattern(argv);
  return [
    { by: 'name', word: 'Name', pattern: name },
    ...(executable !== null && argv[0] === executable
      ? [{ by: 'cmdline', word: 'Executable', pattern: `^${escapePattern(executable)}(?: |$)` } as const]
      : []),
    ...(whole === null ? [] : [{ by: 'cmdline', word: 'Command line', pattern: whole } as const]),
    ...PIDFILES.map((path) => ({ by: 'pidfile', word: 'Pidfile', pattern: path.replaceAll('*', name) }) as const),
  ];
}

function propose(process: Evidence, program: Program): Adoption {
  const name = nameOf(process, program);
  if (program.title !== null) return fromTitle(program, program.title, name, startable(process));
  const [first = ''] = process.argv;
  if (process.argvCut === true) {
    const note = 'Its command line is too long to be shown in full; enter the command that starts it.';
    return { by: 'name', pattern: name, argv: null, note };
  }
  if (process.argv.length === 0) return { by: 'name', pattern: name, argv: null, note: null };
  if (process.executable !== null && kernelName(baseName(first)) !== process.name && program.script === null) {
    return underAnotherName(process, first, name);
  }
  const pattern = commandLinePattern(process.argv);
  return { by: pattern === null ? 'name' : 'cmdline', pattern: pattern ?? name, argv: process.argv, note: null };
}

/** The name by which it is found whatever its title says: its executable's, or its script's. */
function nameOf(process: Evidence, { base, script, title }: Program): string {
  if (title !== null) {
    const own = baseName(titleName(title));
    return isInterpreter(base) || process.executable === null || own === process.name ? own : base;
  }
  return script === null ? base || process.name : (namesOf(process).find(({ name }) => name !== base)?.name ?? base);
}

/** It was given another first word than the file that was executed (`exec -a`): the word is no program to start. */
function underAnotherName(process: Evidence, first: string, name: string): Adoption {
  const executable = startable(process);
  if (executable === null) {
    const note = `It calls itself ${first}, and how it was started is not known. To have it restarted, enter the command that starts it.`;
    return { by: 'name', pattern: name, argv: null, note };
  }
  const note = `It calls itself ${first}, which is not a program; this command starts its executable under its own name. Check it.`;
  return { by: 'name', pattern: baseName(executable), argv: [executable, ...process.argv.slice(1)], note };
}

/**
 * Its executable, where that is also the name it was executed by: the kernel keeps that name (proc(5), comm). Programs that
 * are many in one file (busybox; Debian's redis-server is a link to redis-check-rdb) are others by their file's own name.
 */
function startable({ executable, name }: Evidence): string | null {
  return executable !== null && kernelName(baseName(executable)) === name ? executable : null;
}

function kernelName(name: string): string {
  return name.slice(0, 15);
}

function fromTitle(program: Program, title: string, pattern: string, executable: string | null): Adoption {
  for (const read of TITLES) {
    const argv = read(title, { ...program, executable });
    if (argv !== null) {
      const note = `${REWRITTEN}; this command is taken from the title. Check it.`;
      return { by: 'name', pattern, argv, note };
    }
  }
  const hint = HINTS[baseName(titleName(title))];
  const note = `${REWRITTEN}, so how it was started is not known. To have it restarted, enter the command that starts it${hint ?? '.'}`;
  return { by: 'name', pattern, argv: null, note };
}

/** How the command is found out where the title does not say it, to follow "the command that starts it". */
const HINTS: Readonly<Record<string, string>> = {
  'redis-server': ', as redis-server /etc/redis/redis.conf; “redis-cli info server” shows the file as config_file.',
  gunicorn: ', with its options, as gunicorn --bind 127.0.0.1:8000 shop.wsgi.',
};

/** Titles that hold the command line, or enough of it to start the same program in the same way. */
const TITLES: readonly ((title: string, program: Program) => readonly string[] | null)[] = [
  // ngx_setproctitle: "master process", and the words it was started with, joined by blanks.
  (title, { executable }) => {
    const rest = /^nginx: master process (\S.*)$/.exec(title)?.[1];
    return rest === undefined ? null : nginxCommand(rest.split(' '), executable);
  },
  // fpm_env_setproctitle: the configuration file, which is always found by then.
  (title, { executable }) => {
    const file = /^php-fpm: master process \((\/.+)\)$/.exec(title)?.[1];
    return file === undefined || executable === null ? null : [executable, '--fpm-config', file];
  },
  // sshd, "listener": the words it was started with, joined by blanks.
  (title) => {
    const words = /^sshd: (\/.+?) \[listener\]/.exec(title)?.[1]?.split(' ');
    return words?.every((word) => word !== '') ? words : null;
  },
  // Daemons in Perl and others that name their script and their role: amavisd-new, postgrey.
  (title, { base }) => {
    const script = /^(\/\S+) \((?:master|parent|main)[^)]*\)$/.exec(title)?.[1];
    return script === undefined || !isInterpreter(base) ? null : [script];
  },
];

const NGINX_WITH_VALUE: ReadonlySet<string> = new Set(['-c', '-p', '-e']);

/** Splits the options of nginx(8) again: directives after -g hold blanks, and end with a semicolon. Null for anything else. */
function nginxCommand(words: readonly string[], executable: string | null): readonly string[] | null {
  const [first = '', ...options] = words;
  const program = first.startsWith('/') ? first : executable;
  if (program === null || baseName(first) !== baseName(program)) return null;
  const argv = [program];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] ?? '';
    argv.push(option);
    if (NGINX_WITH_VALUE.has(option)) {
      at += 1;
      const value = options[at];
      if (value === undefined || value === '') return null;
      argv.push(value);
    } else if (option === '-g') {
      let end = at + 1;
      while (end < options.length - 1 && !options[end + 1]?.startsWith('-')) end += 1;
      const directives = options.slice(at + 1, end + 1).join(' ');
      if (!directives.endsWith(';')) return null;
      argv.push(directives);
      at = end;
    } else if (option !== '-q') {
      return null;
    }
  }
  return argv;
}
