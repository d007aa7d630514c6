import { escapeUnprintable } from '../../shared/lib/text/escape';
import { formatArgv } from '../../shared/lib/text/argv';
import type { InstallReport } from './install';
import type { ServiceManagerKind, ServicePlan, ServiceScope } from './managers/definition';
import type { ServiceStatus } from './status';
import type { UninstallReport } from './uninstall';

const WHOSE: Readonly<Record<ServiceScope, string>> = { user: 'of this user', system: 'of the machine' };

/** What is to be known of a file besides its text, before and after it. */
export function aroundPlan(
  { title }: ServiceManagerKind,
  { file, enable }: ServicePlan,
  diff: readonly string[],
): { before: string; after: string } {
  const commands = enable.map((argv) => `  ${formatArgv(argv)}\n`).join('');
  const changes = diff.some((line) => !line.startsWith('  '))
    ? `\nWhat is there would change:\n${diff.join('\n')}\n`
    : '';
  return {
    before: `For ${title}, in ${file}:\n`,
    after: `${changes}${commands === '' ? '' : `\nThen:\n${commands}`}`,
  };
}

export function installText({ scope, file, outcome, hints }: InstallReport): string {
  const sentence = {
    installed: `Installed as a service ${WHOSE[scope]}: ${file}`,
    replaced: `Replaced the service ${WHOSE[scope]}: ${file}`,
    unchanged: `Installed already, nothing to change: ${file}`,
  }[outcome];
  return [sentence, ...hints].map((line) => `${line}\n`).join('');
}

export function uninstallText({ scope, file, outcome, goesOn }: UninstallReport): string {
  if (outcome === 'absent') return `No service ${WHOSE[scope]} is installed (${file} does not exist)\n`;
  const programs = goesOn.map(({ watch, pids }) => `${escapeUnprintable(watch)} (pid ${pids.join(', ')})`);
  const rest =
    programs.length === 0
      ? 'No watched program runs'
      : `These programs go on running, and nobody watches them: ${programs.join(', ')}`;
  return `Removed the service ${WHOSE[scope]}: ${file}\n${rest}\n`;
}

/** A service, and the version of the engine that runs (null: none, or it could not be asked). */
export interface ShownService extends ServiceStatus {
  engineVersion: string | null;
}

export function statusText(service: ShownService, version: string, instant: (at: number) => string): string {
  const { scope, file, installed, enabled, active, since, pid, restarts, text, problem, engineVersion } = service;
  if (installed === 'no' && active !== 'active')
    return `No service ${WHOSE[scope]} is installed (${file} does not exist)\n`;
  const lines: [string, string | null][] = [
    ['service', `${WHOSE[scope]}, ${service.manager}`],
    ['file', installed === 'different' ? `${file} (not as this version writes it)` : file],
    ['at boot', enabled],
    ['state', active === null ? null : `${active}${since === null ? '' : ` since ${instant(since)}`}`],
    ['engine', engineText({ pid, engineVersion }, version)],
    ['restarts', restarts === null || restarts === 0 ? null : `${restarts} by the service manager`],
    ['reports', text],
    ['problem', problem],
  ];
  return lines
    .flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(9)} ${escapeUnprintable(value)}\n`]))
    .join('');
}

function engineText(
  { pid, engineVersion }: Pick<ShownService, 'pid' | 'engineVersion'>,
  version: string,
): string | null {
  if (pid === null) return null;
  if (engineVersion === null) return `pid ${pid}; it does not answer`;
  const other = engineVersion === version ? 'this version' : `this command is version ${version}: restart the service`;
  return `pid ${pid}, version ${engineVersion} (${other})`;
}
