import type { RE2JS } from 're2js';
import type { Program } from '../../../shared/lib/process/program';
import { baseName } from '../../../shared/lib/process/program';

/**
 * Programs whose arguments name other programs and files: they show, search, edit, trace, copy or start them. That an
 * expression is found in the arguments of one does not make it what is looked for.
 */
const NAMES_OTHERS: ReadonlySet<string> = new Set(
  (
    'tail less more most cat head tac zcat zless view vi vim vim.basic vim.tiny vim.nox vim.gtk3 vimdiff nvim ex nano pico ' +
    'emacs emacs-nox emacs-gtk emacsclient joe jed mcedit micro helix hx kate gedit gvim code mc ' +
    'grep egrep fgrep zgrep rg ag ack sed awk gawk mawk nawk cut sort tee wc strings file stat ls find locate du xargs parallel ' +
    'pgrep pkill pidof killall kill ps top htop watch lsof fuser strace ltrace gdb gdbserver perf bpftrace valgrind ' +
    'inotifywait multitail lnav journalctl logger man info diff cmp md5sum sha256sum ' +
    'cp mv rm ln rsync scp sftp ssh tar gzip zip unzip wget curl git make ' +
    'sudo su runuser doas pkexec env nohup setsid setpriv nice ionice chrt taskset timeout stdbuf unbuffer script flock ' +
    'start-stop-daemon daemonize daemon systemd-run systemctl service runsv supervise screen tmux time unshare nsenter ' +
    'docker podman nerdctl ctr crictl kubectl healdeck cron crond CRON anacron at'
  ).split(' '),
);

/** A word that stands where another one was: nothing but a wild card matches it. */
const MASKED = '\uFFFC';

/** How an expression fits a command line. `named`: it speaks of the program or its script; `argument`: of the rest. */
export type Fit = 'named' | 'argument' | 'mention' | null;

/**
 * How an expression fits what a process runs. It only mentions it where the expression is found in program text (`-c`, `-e`),
 * or anywhere in the arguments of a program that names others; unless it also asks for that program: then it is not
 * found any more once the first word is covered.
 */
export function fitOf(expression: RE2JS, program: Program): Fit {
  const { argv, script } = program;
  const find = (...covered: readonly number[]): boolean =>
    expression.test(argv.map((word, at) => (covered.includes(at) ? MASKED : word)).join(' '));
  if (argv.length === 0 || !find()) return null;
  if (program.title !== null) return namesOthers(program) && find(0) ? 'mention' : 'named';
  const code = script?.kind === 'code' ? [script.at] : [];
  const asksForProgram = !find(0);
  if (!asksForProgram && (namesOthers(program) || (code.length > 0 && !find(...code)))) return 'mention';
  const name = script === null || script.kind === 'code' ? [0] : [0, script.at];
  return find(...name) ? 'argument' : 'named';
}

function namesOthers({ base, argv }: Program): boolean {
  return NAMES_OTHERS.has(base) || NAMES_OTHERS.has(baseName(argv[0] ?? ''));
}
