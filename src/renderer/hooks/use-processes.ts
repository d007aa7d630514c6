import { useEffect } from 'react';
import type { ProcessRow } from '../../shared/model/process';
import { useApp, useAppState } from './use-app';

/** The process table, kept up to date while a component shows it; null until it came for the first time. */
export function useProcesses(): ReadonlyMap<string, ProcessRow> | null {
  const { session } = useApp();
  useEffect(() => session.followProcesses(), [session]);
  return useAppState((state) => (state.processes.seq === null ? null : state.processes.rows));
}
