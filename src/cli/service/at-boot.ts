import { serviceHost } from './host';
import type { Io } from '../io';
import type { ServiceScope } from './managers/definition';
import { runningManager } from './managers/list';
import { requestFor } from './request';
import { serviceStatus } from './status';

/** Whether a service starts the engine of a data directory at boot. */
export interface AtBoot {
  /** In words; null: no service manager that is known has started this machine. */
  manager: string | null;
  /** The first that is enabled, or else installed; null: none is. */
  service: { scope: ServiceScope; isEnabled: boolean } | null;
  /** A service of a user runs from boot on only where the user lingers (loginctl(1)). */
  lingers: boolean;
}

export async function atBoot(io: Io, dataDir: string): Promise<AtBoot> {
  const host = serviceHost(io);
  const kind = runningManager(host);
  if (kind === null) return { manager: null, service: null, lingers: false };
  const scopes = host.uid === 0 ? (['system'] as const) : kind.scopes;
  const found: NonNullable<AtBoot['service']>[] = [];
  for (const scope of scopes) {
    const plan = kind.plan(requestFor(host, scope, dataDir));
    const { installed, enabled } = await serviceStatus({ host, kind, scope, plan });
    // Where the manager can't be asked, a file that is there is what it starts.
    if (installed !== 'no') found.push({ scope, isEnabled: enabled === null || enabled.startsWith('enabled') });
  }
  return {
    manager: kind.title,
    service: found.find(({ isEnabled }) => isEnabled) ?? found[0] ?? null,
    lingers: host.exists(lingerFile(host.user())),
  };
}

/** What loginctl enable-linger creates. */
export function lingerFile(user: string | null): string {
  return `/var/lib/systemd/linger/${user ?? ''}`;
}
