import { useSyncExternalStore } from 'react';

const STEP_MS = 500;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = Date.now();

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  if (timer === null) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const listener of listeners) listener();
    }, STEP_MS);
  }
  return () => {
    listeners.delete(onChange);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}

/** Wall time in ms, moving on twice a second, so that a countdown is never a whole second behind: one timer for the whole window, and none when nobody looks. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** Wall time in ms, in steps of so many ms: who needs no more is made anew only once in each. */
export function useNowEvery(stepMs: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / stepMs) * stepMs);
}
