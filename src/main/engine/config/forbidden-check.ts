import { formatArgv } from '../../../shared/lib/text/argv';
import type { MatchPreview } from '../../../shared/model/process';
import type { ForbiddenTarget, WatchSpec } from '../../../shared/model/watch';
import { compileExpression } from '../expression';
import { Refusal } from '../refusal';

/** More programs than this at once were hardly meant. */
const MAX_AT_ONCE = 20;

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
  ['tmux'],
  ['screen'],
  ['login'],
  ['sshd'],
  ['sshd-session'],
  ['sshd: operator@pts/0'],
  ['/usr/sbin/sshd', '-D'],
  ['systemd'],
  ['/usr/lib/systemd/systemd', '--user'],
  ['dbus-daemon', '--session'],
  ['gnome-session-binary'],
  ['healdeck'],
];

/**
 * Refuses what would end more than a program that must not run.
 * @throws Refusal `invalid` or `protected`, with what was expected
 */
export function checkForbidden(spec: WatchSpec, target: ForbiddenTarget, { candidates }: MatchPreview): void {
  checkParts(spec);
  const session = sessionProgramOf(target);
  if (session !== null) {
    throw new Refusal(
      'protected',
      `The pattern also matches "${session}", which keeps operators logged in or the machine running; expected a narrower pattern`,
    );
  }
  const taken = candidates.filter(({ verdict }) => verdict === 'taken');
  const shell = taken.find(({ name, argv }) => argv.length <= 1 && isSessionProgram(argv[0] ?? name));
  if (shell !== undefined) {
    throw new Refusal(
      'protected',
      `The pattern matches pid ${shell.pid} (${formatArgv(shell.argv)}), which keeps an operator logged in; expected a narrower pattern`,
    );
  }
  if (taken.length > MAX_AT_ONCE) {
    throw new Refusal(
      'invalid',
      `The pattern matches ${taken.length} processes now, all of which would be ended; expected a pattern that matches at most ${MAX_AT_ONCE}`,
    );
  }
}

/** What only makes sense for a program that is to run; without a start command it has no schedule anyway. */
function checkParts({ probes, after, restart }: WatchSpec): void {
  const [given = null] = [
    ...(probes.length > 0 ? ['probes'] : []),
    ...(after.length > 0 ? ['watches to start after'] : []),
    ...(restart !== null ? ['restart policy'] : []),
  ];
  if (given !== null) throw new Refusal('invalid', `Expected no ${given} for a program that must not run`);
}

/** Which of them the pattern names, running or not; null: none. */
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

function isSessionProgram(word: string): boolean {
  return SESSION_PROGRAMS.some(([first]) => first === word);
}
