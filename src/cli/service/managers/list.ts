import type { MachineFacts, ServiceManagerKind } from './definition';
import { autostart } from './autostart';
import { launchd } from './launchd';
import { openrc } from './openrc';
import { runit } from './runit';
import { systemd } from './systemd';
import { taskScheduler } from './task-scheduler';

/** All ways to have Healdeck started by a machine. */
export const SERVICE_MANAGERS: readonly ServiceManagerKind[] = [
  systemd,
  openrc,
  runit,
  launchd,
  taskScheduler,
  autostart,
];

/** The window, which a desktop opens; all others run the engine without one. */
export const WINDOW_AUTOSTART = autostart;

/** The one that has started this machine, or null. */
export function runningManager(facts: MachineFacts): ServiceManagerKind | null {
  return SERVICE_MANAGERS.find((kind) => kind.isRunning(facts)) ?? null;
}
