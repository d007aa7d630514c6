import type { ProcessSample } from '../../../shared/model/process';
import { ProcessIndex } from '../processes/process-index';

/** A process as a scan finds it, with what a test gives and plain values for the rest. */
export function sampleOf(fields: Partial<ProcessSample> & { pid: number }): ProcessSample {
  return {
    startTime: fields.pid,
    ppid: 1,
    pgid: fields.pid,
    session: fields.pid,
    name: 'program',
    state: 'sleeping',
    cpuPercent: 0,
    rssBytes: 0,
    threads: 1,
    kernel: false,
    uid: 1000,
    user: 'user',
    argv: ['program'],
    startedAt: 0,
    ...fields,
  };
}

/** A scan that found these processes. */
export function indexOf(...samples: readonly (Partial<ProcessSample> & { pid: number })[]): ProcessIndex {
  return new ProcessIndex({ atMs: 0, samples: samples.map(sampleOf), births: null });
}
