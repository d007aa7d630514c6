import { isAlive } from '../../host/is-alive';
import { CliFailure } from '../failure';
import type { ServiceHost } from './host';
import { runOrFail } from './install';
import { MARK, type ServiceManagerKind, type ServicePlan, type ServiceScope } from './managers/definition';
import { findServiceFile, removeServiceFile } from './service-file';

/** A watch whose program runs. */
export interface RunningProgram {
  watch: string;
  pids: readonly number[];
}

export interface UninstallReport {
  manager: string;
  scope: ServiceScope;
  file: string;
  outcome: 'removed' | 'absent';
  /** What goes on running without an engine. */
  goesOn: readonly RunningProgram[];
}

/** Stops the engine, and removes what `install` has written. @throws CliFailure */
export async function uninstallService(request: {
  host: ServiceHost;
  kind: ServiceManagerKind;
  scope: ServiceScope;
  plan: ServicePlan;
  /** Removes a file that `install` has not written. */
  force: boolean;
  programs: readonly RunningProgram[];
}): Promise<UninstallReport> {
  const { host, kind, scope, plan, force, programs } = request;
  const report = { manager: kind.name, scope, file: plan.file };
  const found = findServiceFile(plan.file, host.uid);
  if (found.state === 'in_the_way') throw new CliFailure(found.problem);
  if (found.state === 'absent') return { ...report, outcome: 'absent', goesOn: [] };
  if (!found.text.includes(MARK) && !force)
    throw new CliFailure(`${plan.file} was not written by this command; --force removes it all the same`);
  for (const argv of plan.disable) await runOrFail(host, argv, plan);
  removeServiceFile(plan.file);
  for (const argv of plan.afterRemoval) await runOrFail(host, argv, plan);
  const goesOn = programs
    .map(({ watch, pids }) => ({ watch, pids: pids.filter(isAlive) }))
    .filter(({ pids }) => pids.length > 0);
  return { ...report, outcome: 'removed', goesOn };
}
