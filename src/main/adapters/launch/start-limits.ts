import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Settings } from '../../../shared/model/settings';
import type { ReportError } from '../../engine/ports';

/** What a program does not inherit from this engine as it is; null: as this engine has it. */
export interface StartLimits {
  /** Soft limit of open files. */
  openFiles: number | null;
  nice: number | null;
  oomScoreAdjust: number | null;
  umask: number | null;
}

export const INHERITED_LIMITS: StartLimits = { openFiles: null, nice: null, oomScoreAdjust: null, umask: null };

/** The limits by the settings of a watch; `operatorsOpenFiles` is what this engine itself was given, as far as that is known. */
export function startLimitsOf(settings: Settings, operatorsOpenFiles: number | null): StartLimits {
  const umask = settings['start.umask'];
  return {
    openFiles: settings['start.openFiles'] ?? operatorsOpenFiles,
    nice: settings['start.nice'],
    oomScoreAdjust: settings['start.oomScoreAdjust'],
    umask: umask === null ? null : Number.parseInt(umask, 8),
  };
}

/** Runs something that forks under another umask: fork(2) hands ours on, and nothing else of ours runs meanwhile. */
export function underUmask<T>(umask: number | null, run: () => T): T {
  if (umask === null) return run();
  const before = process.umask(umask);
  try {
    return run();
  } finally {
    process.umask(before);
  }
}

/**
 * Sets what can be set from outside on a process that was started a moment ago; both outlive an execve(2) of a wrapper. A
 * negative adjustment of the OOM killer is there to protect the watchdog: a program that leaks must not inherit it.
 */
export function applyLimits(
  pid: number,
  { nice, oomScoreAdjust }: StartLimits,
  engineOomScoreAdj: number | null,
  report: ReportError,
): void {
  const attempt = (what: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      // Gone already: nothing is left to be set.
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'ESRCH' && !/ESRCH/.test(String(error))) report(what, error);
    }
  };
  if (nice !== null) attempt('setting the niceness of a program', () => setPriority(pid, nice));
  const adjustment = oomScoreAdjust ?? (engineOomScoreAdj !== null && engineOomScoreAdj < 0 ? 0 : null);
  if (adjustment === null || adjustment === engineOomScoreAdj) return;
  attempt('setting the OOM score adjustment of a program', () =>
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(adjustment)),
  );
}

/** oom_score_adj of this engine, which the operator may change while it runs (choom(1)); null where there is none. */
export function ownOomScoreAdj(): number | null {
  try {
    return Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));
  } catch {
    return null;
  }
}
