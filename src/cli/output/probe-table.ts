import { formatDuration } from '../../shared/lib/format/duration';
import { checkText } from '../../shared/lib/format/probe-words';
import type { Probe, ProbeStatus } from '../../shared/model/probe';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { Paint, Style } from './style';
import type { Column } from './table';

/** A probe of a watch, and how it stands. */
export type ProbeRow = Probe & Pick<ProbeStatus, 'state' | 'attempts'>;

/** The probes of a watch with how they stand. Right after an edit the status may not have a new one yet. */
export function probeRows({ watch, probes }: WatchStatus): readonly ProbeRow[] {
  return watch.probes.map((probe) => {
    const { state = 'idle', attempts = [] } = probes.find(({ name }) => name === probe.name) ?? {};
    return { ...probe, state, attempts };
  });
}

/** The columns of the probes in `healdeck status NAME`. */
export function probeColumns(style: Style): readonly Column<ProbeRow>[] {
  return [
    { title: 'PROBE', text: ({ name }) => name },
    { title: 'ROLE', text: ({ role }) => role },
    { title: 'STATE', text: ({ state }) => state, paint: ({ state }, cell) => probePaint(style, state)(cell) },
    { title: 'LATENCY', align: 'right', text: ({ attempts }) => latencyText(attempts.at(-1)?.latencyMs ?? null) },
    { title: 'ASKS', text: ({ check }) => checkText(check) },
    { title: 'EVERY', align: 'right', text: ({ intervalMs }) => formatDuration(intervalMs) },
    { title: 'FAILS AT', text: ({ failures, of }) => `${failures} of ${of}` },
    { title: 'LAST ANSWER', text: ({ attempts }) => attempts.at(-1)?.words ?? '-' },
  ];
}

/** How long an answer took; `-` without one. */
export function latencyText(latencyMs: number | null): string {
  return latencyMs === null ? '-' : formatDuration(latencyMs);
}

function probePaint(style: Style, state: ProbeStatus['state']): Paint {
  const paints: Record<ProbeStatus['state'], Paint> = {
    idle: style.dim,
    unknown: style.warn,
    passing: style.good,
    failing: style.bad,
    done: style.good,
  };
  return paints[state];
}
