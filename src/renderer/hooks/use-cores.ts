import { useAppState } from './use-app';

/** Cores of the engine's machine; 0 before they are known. */
export function useCores(): number {
  return useAppState((state) => state.live.machine?.corePercents.length ?? 0);
}
