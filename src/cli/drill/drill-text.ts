import { formatDuration } from '../../shared/lib/format/duration';
import type { Style } from '../output/style';
import { table } from '../output/table';
import type { DrillResult, ScenarioResult } from './run-drill';

/** The result of a drill for people; `columns` is the width of the terminal, null where there is none. */
export function drillText(result: DrillResult, columns: number | null, style: Style): string {
  const rows = table<ScenarioResult>(
    [
      { title: 'SCENARIO', text: ({ name }) => name },
      { title: 'DETECTED AFTER', text: ({ detectedAfterMs }) => duration(detectedAfterMs), align: 'right' },
      { title: 'HEALED AFTER', text: ({ healedAfterMs }) => duration(healedAfterMs), align: 'right' },
      { title: 'MAILED AFTER', text: ({ mailedAfterMs }) => duration(mailedAfterMs), align: 'right' },
      {
        title: 'RESULT',
        text: ({ passed }) => (passed ? 'pass' : 'fail'),
        paint: ({ passed }, cell) => (passed ? style.good(cell) : style.bad(cell)),
      },
      { title: 'EVENTS', text: ({ events }) => eventsText(events.map(({ type }) => type)) },
    ],
    result.scenarios,
    { columns },
  );
  const failures = result.scenarios.filter(({ passed }) => !passed).map(({ name, reason }) => `${name}: ${reason}\n`);
  const kept = result.dataDir === null ? '' : `The data of its engine are in ${result.dataDir}\n`;
  return rows + failures.join('') + kept;
}

function duration(ms: number | null): string {
  return ms === null ? '-' : formatDuration(ms);
}

/** `started, restarted x5, cooldown_started`. */
function eventsText(types: readonly string[]): string {
  const runs: { type: string; times: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.times += 1;
    else runs.push({ type, times: 1 });
  }
  return runs.map(({ type, times }) => (times === 1 ? type : `${type} x${times}`)).join(', ');
}
