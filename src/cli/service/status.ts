import type { ServiceHost } from './host';
import type { ServiceManagerKind, ServicePlan, ServiceScope } from './managers/definition';
import { findServiceFile } from './service-file';

/** How a service is. */
export interface ServiceStatus {
  manager: string;
  scope: ServiceScope;
  file: string;
  /** `ours`: as this version would write it; `different`: something else is there. */
  installed: 'no' | 'ours' | 'different';
  /** As the manager says it: `enabled`, `disabled`, `masked`; null: not known. */
  enabled: string | null;
  /** `active`, `failed`, `inactive`, `activating`; null: not known. */
  active: string | null;
  /** Ms since the epoch; null while it is not active. */
  since: number | null;
  pid: number | null;
  /** How often the manager has started it again. */
  restarts: number | null;
  /** What the engine has last reported to the manager. */
  text: string | null;
  problem: string | null;
}

const PROPERTIES =
  'FragmentPath,UnitFileState,ActiveState,ActiveEnterTimestamp,MainPID,NRestarts,StatusText,NeedDaemonReload';

/** Asks the service manager; changes nothing. */
export async function serviceStatus(request: {
  host: ServiceHost;
  kind: ServiceManagerKind;
  scope: ServiceScope;
  plan: ServicePlan;
}): Promise<ServiceStatus> {
  const { host, kind, scope, plan } = request;
  const found = findServiceFile(plan.file, host.uid);
  const status: ServiceStatus = {
    ...{ manager: kind.name, scope, file: plan.file },
    installed:
      found.state === 'absent' ? 'no' : found.state === 'file' && found.text === plan.text ? 'ours' : 'different',
    ...{ enabled: null, active: null, since: null, pid: null, restarts: null, text: null },
    problem: found.state === 'in_the_way' ? found.problem : null,
  };
  if (kind.name !== 'systemd') return status;
  const manager = scope === 'user' ? ['--user'] : [];
  // Not `--timestamp=unix`, which needs systemd 247.
  const shown = await host.run(['systemctl', ...manager, 'show', '-p', PROPERTIES, 'healdeck.service']);
  if (shown.code !== 0) return { ...status, problem: status.problem ?? shown.err.trim().split('\n')[0] ?? null };
  const values = new Map(
    shown.out.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const text = (name: string): string | null => values.get(name) || null;
  const fragment = text('FragmentPath');
  return {
    ...status,
    // A package brings its unit elsewhere.
    ...(fragment !== null && fragment !== plan.file && { file: fragment, installed: 'different' as const }),
    ...{ enabled: text('UnitFileState'), active: text('ActiveState'), text: text('StatusText') },
    since: text('ActiveState') === 'active' ? momentOf(text('ActiveEnterTimestamp')) : null,
    pid: Number(text('MainPID')) || null,
    restarts: text('NRestarts') === null ? null : Number(text('NRestarts')),
    problem:
      text('NeedDaemonReload') === 'yes'
        ? 'the unit was changed and not read again: systemctl daemon-reload'
        : status.problem,
  };
}

/** `Tue 2026-12-01 03:36:52 UTC`: systemd is asked with TZ=UTC. */
function momentOf(text: string | null): number | null {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(text ?? '') ?? [];
  return day === undefined ? null : Date.parse(`${day}T${time}Z`);
}
