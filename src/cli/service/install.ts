import { formatArgv } from '../../shared/lib/text/argv';
import { CliFailure } from '../failure';
import { lingerFile } from './at-boot';
import type { ServiceHost } from './host';
import { lineDiff } from './line-diff';
import type { ServiceManagerKind, ServicePlan, ServiceScope } from './managers/definition';
import { findServiceFile, writeServiceFile } from './service-file';

export interface InstallRequest {
  host: ServiceHost;
  kind: ServiceManagerKind;
  scope: ServiceScope;
  plan: ServicePlan;
  /** Replaces a file with other content. */
  force: boolean;
  /** Pid of an engine that has the data directory already, or null. */
  engine: number | null;
}

export interface InstallReport {
  manager: string;
  scope: ServiceScope;
  file: string;
  outcome: 'installed' | 'replaced' | 'unchanged';
  /** What else the operator should know. */
  hints: readonly string[];
}

/** Writes the file, enables and starts the service. Nothing is written where something speaks against it. @throws CliFailure */
export async function installService(request: InstallRequest): Promise<InstallReport> {
  const { host, kind, scope, plan, force } = request;
  if (kind.byHand) throw new CliFailure(byHand(kind, plan));
  const found = findServiceFile(plan.file, host.uid);
  if (found.state === 'in_the_way') throw new CliFailure(found.problem);
  const isSame = found.state === 'file' && found.text === plan.text;
  if (found.state === 'file' && !isSame && !force) {
    const problem = `${plan.file} exists with other content; --force replaces it`;
    throw new DifferentFile(problem, lineDiff(found.text, plan.text));
  }
  await refuseSecondEngine(request);
  if (!isSame) writeServiceFile(plan.file, plan.text, plan.mode, host.uid);
  const isReplaced = found.state === 'file' && !isSame;
  const commands = isReplaced && plan.restart !== null ? [...plan.enable.slice(0, -1), plan.restart] : [...plan.enable];
  for (const argv of commands) await runOrFail(host, argv, plan);
  return {
    ...{ manager: kind.name, scope, file: plan.file },
    outcome: isSame ? 'unchanged' : isReplaced ? 'replaced' : 'installed',
    hints: hintsFor(request),
  };
}

/** A file of that name says something else; `diff` shows what. */
export class DifferentFile extends CliFailure {
  constructor(
    message: string,
    readonly diff: readonly string[],
  ) {
    super(message);
  }
}

/** Two engines on one directory: the service would fail to start, again and again. */
async function refuseSecondEngine({ host, kind, scope, engine }: InstallRequest): Promise<void> {
  if (engine === null || kind.name === 'autostart') return;
  if (kind.name === 'systemd' && (await mainPid(host, scope)) === engine) return;
  throw new CliFailure(
    `an engine runs on this data directory already (pid ${engine}); end it first, its programs go on running and the service adopts them: kill -TERM ${engine}`,
  );
}

async function mainPid(host: ServiceHost, scope: ServiceScope): Promise<number> {
  const manager = scope === 'user' ? ['--user'] : [];
  const { out } = await host.run(['systemctl', ...manager, 'show', '--value', '-p', 'MainPID', 'healdeck.service']);
  return Number(out.trim());
}

/** Runs a command of a plan. @throws CliFailure with what it wrote, and what to do */
export async function runOrFail(host: ServiceHost, argv: readonly string[], { file }: ServicePlan): Promise<void> {
  const { code, err, isMissing } = await host.run(argv);
  if (code === 0) return;
  const command = formatArgv(argv);
  if (isMissing) throw new CliFailure(`${file} is written, but ${argv[0] ?? ''} is not installed; then: ${command}`);
  const words = err.trim().replaceAll(/\s*\n\s*/g, ' ');
  throw new CliFailure(
    `${file} is written, but "${command}" failed: ${words || `exit status ${code}`}${advice(words)}`,
  );
}

function advice(words: string): string {
  if (/failed to connect to bus|no medium found|XDG_RUNTIME_DIR/i.test(words))
    return '. This session has no user manager, as after su: log in as this user, or run loginctl enable-linger and set XDG_RUNTIME_DIR=/run/user/UID';
  if (/journalctl|control process|exited|timed? ?out/i.test(words))
    return '. Its output: journalctl -n 20 -u healdeck (with --user for a service of your own)';
  return '';
}

/** What to do where the file has to be put in place by hand. */
function byHand({ title }: ServiceManagerKind, { file, mode, enable }: ServicePlan): string {
  const commands = [['chmod', mode.toString(8), file], ...enable].map(formatArgv).join(' && ');
  return `a service of ${title} is installed by hand: healdeck service install --dry-run prints ${file}; write it there, then: ${commands} (docs/service.md)`;
}

function hintsFor({ host, kind, scope }: InstallRequest): string[] {
  const hints: string[] = [];
  if (kind.name === 'systemd' && scope === 'user' && !host.exists(lingerFile(host.user())))
    hints.push(
      'Without lingering it runs only while you are logged in; to have it from boot on: loginctl enable-linger',
    );
  return hints;
}
