import { baseName } from '../../../shared/lib/process/program';
import type { ProcessSample } from '../../../shared/model/process';
import type { ForbiddenTarget } from '../../../shared/model/watch';
import { compileExpression } from '../expression';
import type { ProcessFacts } from '../ports';

/** What keeps an operator logged in, and the services that all others depend on: ending these ends a session, or the machine. */
const SESSION_PROGRAMS: readonly (readonly string[])[] = [
  ['bash'],
  ['-bash'],
  ['/bin/bash'],
  ['sh'],
  ['-sh'],
  ['zsh'],
  ['-zsh'],
  ['fish'],
  ['dash'],
  ['ash'],
  ['ksh'],
  ['-ksh'],
  ['tcsh'],
  ['-tcsh'],
  ['tmux'],
  ['tmux: server'],
  ['screen'],
  ['SCREEN'],
  ['mosh-server'],
  ['agetty'],
  ['login'],
  ['dropbear'],
  ['sshd'],
  ['sshd-session'],
  ['sshd: operator@pts/0'],
  ['/usr/sbin/sshd', '-D'],
  ['systemd'],
  ['/usr/lib/systemd/systemd', '--user'],
  ['systemd-logind'],
  ['dbus-daemon', '--session'],
  ['dbus-broker'],
  ['gnome-session-binary'],
  ['healdeck'],
];

/** They also run scripts, which are programs as any other. */
const SHELLS: ReadonlySet<string> = new Set(['bash', 'sh', 'zsh', 'fish', 'dash', 'ash', 'ksh', 'tcsh']);
const SHELL_OPTIONS: ReadonlySet<string> = new Set(['-i', '-l', '--login']);

/** Names of the files that these programs are in. */
const SESSION_FILES: ReadonlySet<string> = new Set(
  SESSION_PROGRAMS.map(([first = '']) => baseName(first)).filter((name) => /^[a-z-]+$/.test(name) && name[0] !== '-'),
);

/** Why a pattern may end nothing: it names one of these programs, running or not. Null: it names none. */
export function sessionProblem(target: ForbiddenTarget): string | null {
  const program = sessionProgramOf(target);
  return program === null
    ? null
    : `The pattern also matches "${program}", which keeps operators logged in or the machine running; expected a narrower pattern`;
}

function sessionProgramOf({ by, pattern }: ForbiddenTarget): string | null {
  if (by === 'pidfile') return null;
  const matches =
    by === 'name'
      ? (argv: readonly string[]) => argv[0] === pattern
      : (
          (expression) => (argv: readonly string[]) =>
            expression.test(argv.join(' '))
        )(compileExpression(pattern));
  return SESSION_PROGRAMS.find(matches)?.join(' ') ?? null;
}

/** Whether a process keeps an operator logged in: by the file it runs where that is known, since any program can name itself after a shell. */
export function isOfSession({ name, argv }: ProcessSample, facts: ProcessFacts | null): boolean {
  const executable = facts?.executable ?? null;
  const file = executable === null ? name : baseName(executable);
  if (SHELLS.has(file)) return argv.slice(1).every((word) => SHELL_OPTIONS.has(word));
  return SESSION_FILES.has(file);
}
