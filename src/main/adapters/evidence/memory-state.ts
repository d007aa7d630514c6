import { readText } from '../../../host/read-text';
import type { MemoryState } from '../../engine/ports';

/** The memory of the machine from /proc; null where it does not say it. */
export function memoryState(procDir: string): MemoryState | null {
  return parseMemory(readText(`${procDir}/meminfo`) ?? '', readText(`${procDir}/pressure/memory`) ?? '');
}

/**
 * `meminfo` is in kB (proc_meminfo(5)); `pressure` is empty on a kernel without pressure stall information, or where that was
 * switched off at boot. Null when a number is missing, as MemAvailable is before Linux 3.14.
 */
export function parseMemory(meminfo: string, pressure: string): MemoryState | null {
  const bytes = (name: string): number => 1024 * Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1]);
  const stalled = /^some avg10=([\d.]+) /m.exec(pressure)?.[1];
  const state = {
    totalBytes: bytes('MemTotal'),
    availableBytes: bytes('MemAvailable'),
    swapTotalBytes: bytes('SwapTotal'),
    swapFreeBytes: bytes('SwapFree'),
  };
  if (Object.values(state).some(Number.isNaN)) return null;
  return { ...state, stalledPercent: stalled === undefined ? null : Number(stalled) };
}
