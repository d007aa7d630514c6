import { getPriority, setPriority } from 'node:os';
import type { Dispose } from '../../engine/ports';

/** Ahead of everything that runs as usual (sched(7)). */
const URGENT_NICE = -19;

/** This process's place in the queue for the processor. */
export interface PriorityBoost {
  /** Puts our first thread before others until what is returned is called; without the right to do so nothing changes. */
  boost: () => Dispose;
  /** A child that was started meanwhile inherited our place: gives it the usual one. */
  resetPriority: (pid: number) => void;
}

/** Among hundreds of processes that all want the processor, a pass over the table would take seconds without it. */
export function createPriorityBoost(): PriorityBoost {
  let emergencies = 0;
  let usualNice: number | null = null;

  /** Only root and CAP_SYS_NICE may (setpriority(2)). */
  const tryToSet = (pid: number, nice: number): boolean => {
    try {
      setPriority(pid, nice);
      return true;
    } catch {
      return false;
    }
  };

  return {
    boost() {
      emergencies += 1;
      if (emergencies === 1) {
        const before = getPriority();
        usualNice = tryToSet(0, URGENT_NICE) ? before : null;
      }
      let over = false;
      return () => {
        if (over) return;
        over = true;
        emergencies -= 1;
        if (emergencies > 0 || usualNice === null) return;
        tryToSet(0, usualNice);
        usualNice = null;
      };
    },

    resetPriority(pid) {
      if (usualNice !== null) tryToSet(pid, usualNice);
    },
  };
}
