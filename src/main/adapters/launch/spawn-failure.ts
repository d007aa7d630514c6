import type { FailureReason } from '../../../shared/model/event';
import type { Launch, LaunchFailure } from '../../engine/ports';
import { checkLaunch, findProgram, missingInterpreter, quote } from './launch-check';

/** What an errno of fork(2), execve(2) or posix_spawn means for the operator. */
const SENTENCES: Readonly<Record<string, string>> = {
  EAGAIN: 'The limit of processes for this user is reached. End some, or raise it (ulimit -u, TasksMax).',
  ENOMEM: 'The machine has no memory left for another process. Free some, or add swap.',
  E2BIG: 'Its arguments and environment together are too long for the kernel. Shorten them, or pass them in a file.',
  ETXTBSY: 'Its file is open for writing at the moment, as during an update. It can be started when that is finished.',
  EMFILE: 'Healdeck has reached its limit of open files. Raise it (ulimit -n, LimitNOFILE).',
  ENFILE: 'The machine has reached its limit of open files. Raise it (sysctl fs.file-max).',
  EPERM: 'The kernel does not permit it: check for a user that may not be switched to, or a mount with noexec.',
  ENOEXEC: 'Its file is not a program that this machine can run.',
  ELOOP: 'Its path contains symbolic links that form a loop.',
  ENAMETOOLONG: 'Its path is longer than the system allows.',
  EINVAL: 'The system refuses it. On Windows a .bat or .cmd file is started through: cmd.exe /c FILE.',
  UNKNOWN: 'The system refuses it: its file is not a program that this machine can run.',
};

/**
 * A failed spawn, explained. libuv gives one errno for fork, chdir, setuid and execve together, so that a missing working
 * directory, a missing program and a missing interpreter are all ENOENT: the launch is checked again to distinguish them.
 */
export function explainSpawnError(launch: Launch, error: unknown): LaunchFailure {
  const code = (error as { code?: FailureReason } | null)?.code ?? 'UNKNOWN';
  const command = launch.argv.map(quote).join(' ');
  const tried = `Tried ${command.length > 300 ? `${command.slice(0, 300)}…` : command} in ${quote(launch.cwd)}.`;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR' || code === 'EPERM') {
    const seen = checkLaunch(launch);
    if (seen !== null) return { reason: seen.reason, message: `${seen.message} ${tried}` };
    return { reason: code, message: `${hiddenReason(launch, code)} ${tried}` };
  }
  const sentence = SENTENCES[code] ?? `The system refuses it (${code}).`;
  return { reason: code, message: `${sentence} ${tried}` };
}

/**
 * Why a launch can't succeed, as far as that shows beforehand, explained as a failed spawn would be; null when nothing speaks
 * against it. For what is started through another program, whose own execve(2) could report by an exit code only.
 */
export function explainAhead(launch: Launch): LaunchFailure | null {
  const seen = checkLaunch(launch);
  if (seen !== null) return explainSpawnError(launch, Object.assign(new Error(seen.message), { code: 'ENOENT' }));
  const found = findProgram(launch.argv[0] ?? '', launch, null);
  const isBroken = found.kind === 'found' && missingInterpreter(found.path) !== null;
  return isBroken ? explainSpawnError(launch, Object.assign(new Error('no interpreter'), { code: 'ENOENT' })) : null;
}

/** The program is there and looks executable, and still execve(2) refused. */
function hiddenReason(launch: Launch, code: string): string {
  const found = findProgram(launch.argv[0] ?? '', launch, null);
  const file = quote(found.kind === 'found' ? found.path : (launch.argv[0] ?? ''));
  if (code === 'ENOENT') {
    return `${file} exists, but the interpreter or loader that it names (its first line, #!…) does not. Install that one.`;
  }
  if (code === 'EACCES') {
    const user = launch.user === null ? '' : ` for ${quote(launch.user)}`;
    return `${file} may not be executed${user}: check the permissions of its folders, its interpreter, and for a mount with noexec.`;
  }
  return `${file}: ${SENTENCES[code] ?? `the system refuses it (${code}).`}`;
}
