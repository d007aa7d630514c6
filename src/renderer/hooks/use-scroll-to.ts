import { useEffect } from 'react';

/** Brings the element with this id into view when the id becomes another; null: nothing. */
export function useScrollTo(id: string | null, block: 'start' | 'nearest' = 'start'): void {
  useEffect(() => {
    if (id !== null) document.getElementById(id)?.scrollIntoView({ block });
  }, [id, block]);
}
