import { useMemo } from 'react';
import { useAppState } from './use-app';

/** Names of the watches by id. The map stays the same while names stay the same, however often their state changes. */
export function useWatchNames(): ReadonlyMap<string, string> {
  const flat = useAppState((state) =>
    [...state.live.watches.values()].map(({ watch }) => `${watch.id}\n${watch.name}`).join('\n\n'),
  );
  return useMemo(
    () =>
      new Map(
        flat
          .split('\n\n')
          .filter((entry) => entry !== '')
          .map((entry) => entry.split('\n') as [string, string]),
      ),
    [flat],
  );
}
