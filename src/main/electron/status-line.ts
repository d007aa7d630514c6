import type { WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import { assertNever } from '../../shared/lib/assert-never';
import { plural } from '../../shared/lib/format/values';

/** How the tray sums up a phase. */
function standing(phase: WatchPhase): 'healthy' | 'stopped' | 'waiting' | 'unwell' {
  switch (phase) {
    case 'running':
    case 'absent':
      return 'healthy';
    case 'stopped':
    case 'stopping':
      return 'stopped';
    case 'waiting':
    case 'starting':
    case 'blocked':
      return 'waiting';
    case 'backoff':
    case 'cooldown':
    case 'held':
    case 'suspended':
    case 'failed':
    case 'present':
      return 'unwell';
    default:
      return assertNever(phase);
  }
}

/** The state of all watches in a line short enough for a tray menu: what is wrong comes first. */
export function statusLine(statuses: readonly WatchStatus[]): string {
  if (statuses.length === 0) return 'No watches yet';
  const names: Record<ReturnType<typeof standing>, string[]> = { healthy: [], stopped: [], waiting: [], unwell: [] };
  for (const status of statuses) names[standing(status.phase)].push(status.watch.name);
  const [first, ...others] = names.unwell;
  const parts: string[] = [];
  if (first !== undefined)
    parts.push(others.length === 0 ? `${shorten(first)} is down` : `${names.unwell.length} watches are down`);
  const healthy = names.healthy.length;
  if (healthy === statuses.length) return plural(healthy, 'watch healthy', 'watches healthy');
  if (healthy > 0) parts.push(`${healthy} healthy`);
  if (names.waiting.length > 0) parts.push(`${names.waiting.length} waiting`);
  if (names.stopped.length > 0) parts.push(`${names.stopped.length} stopped`);
  return parts.join(', ');
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= 40 ? name : `${characters.slice(0, 39).join('')}…`;
}
