import { useSyncExternalStore } from 'react';

/** The size of the root font where nobody has asked for another, in px. */
const NORMAL_PX = 16;

/** A length that grows with the text the user asks for: so many px at its normal size. */
export function rem(px: number): string {
  return `${px / NORMAL_PX}rem`;
}

/**
 * How much larger than normal the text is; 1 at its normal size. It is for what must be known in px: rows of which only
 * those in view exist, drawings, axes. All else is given in rem.
 */
export function useTextScale(): number {
  return useSyncExternalStore(subscribe, () => watched?.scale ?? measure());
}

const listeners = new Set<() => void>();
/** The scale as it was last measured; null while nobody listens. */
let watched: { scale: number; stop: () => void } | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  watched ??= watch();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    watched?.stop();
    watched = null;
  };
}

/** No event reports another text size; an element that is as large as the text does. */
function watch(): { scale: number; stop: () => void } {
  const probe = document.createElement('div');
  Object.assign(probe.style, { position: 'fixed', width: '1rem', visibility: 'hidden' });
  document.body.append(probe);
  const observer = new ResizeObserver(() => {
    if (watched !== null) watched.scale = measure();
    for (const listener of listeners) listener();
  });
  observer.observe(probe);
  return {
    scale: measure(),
    stop: () => {
      observer.disconnect();
      probe.remove();
    },
  };
}

function measure(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / NORMAL_PX;
}
