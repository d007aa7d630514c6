import { useEffect, useRef, useState } from 'react';
import type { DrillScenario } from '../../../shared/model/drill';
import { describeFailure, isAbort } from '../../api/errors';
import { applyDrillStep, drillRows, type DrillRow } from '../../words/drill-progress';
import { useApp } from '../../hooks/use-app';

/** A drill of this window. `stopped`: by the operator. */
export type DrillRun =
  | { kind: 'idle' }
  | { kind: 'running'; rows: readonly DrillRow[] }
  | { kind: 'ended'; rows: readonly DrillRow[]; passed: boolean }
  | { kind: 'stopped'; rows: readonly DrillRow[] }
  | { kind: 'broken'; rows: readonly DrillRow[]; problem: string };

export interface Drill {
  run: DrillRun;
  start: (scenarios: readonly DrillScenario[]) => void;
  stop: () => void;
}

/** Runs a drill for as long as the component is there. */
export function useDrill(): Drill {
  const { session } = useApp();
  const [run, setRun] = useState<DrillRun>({ kind: 'idle' });
  const request = useRef<AbortController | null>(null);
  useEffect(() => () => request.current?.abort(), []);

  const follow = async (scenarios: readonly DrillScenario[], { signal }: AbortController) => {
    let rows = drillRows(scenarios);
    const show = (next: DrillRun) => signal.aborted || setRun(next);
    show({ kind: 'running', rows });
    try {
      const steps = await session.ask((client) => client.drill.run({ scenarios: [...scenarios] }, { signal }));
      for await (const step of steps) {
        rows = applyDrillStep(rows, step);
        show(step.kind === 'ended' ? { kind: 'ended', rows, passed: step.passed } : { kind: 'running', rows });
      }
    } catch (error) {
      if (!isAbort(error)) show({ kind: 'broken', rows, problem: describeFailure(error).message });
    }
  };

  return {
    run,
    start: (scenarios) => {
      request.current?.abort();
      request.current = new AbortController();
      void follow(scenarios, request.current);
    },
    stop: () => {
      request.current?.abort();
      setRun((last) => (last.kind === 'running' ? { kind: 'stopped', rows: last.rows } : last));
    },
  };
}
