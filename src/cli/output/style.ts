import type { SituationLevel } from '../../shared/lib/format/situation';
import type { Severity } from '../../shared/model/event';
import type { WatchPhase } from '../../shared/model/snapshot';

export type Paint = (text: string) => string;

/** Colours of the terminal's own palette, so that they fit light and dark ones. */
export interface Style {
  good: Paint;
  warn: Paint;
  bad: Paint;
  dim: Paint;
  /** Of what is selected. */
  inverse: Paint;
}

export function createStyle(colours: boolean): Style {
  const code =
    (start: number, end: number): Paint =>
    (text) =>
      colours ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return { good: code(32, 39), warn: code(33, 39), bad: code(31, 39), dim: code(2, 22), inverse: code(7, 27) };
}

/** How a phase of a watch is coloured. */
export function phasePaint(style: Style, phase: WatchPhase): Paint {
  const paints: Record<WatchPhase, Paint> = {
    running: style.good,
    starting: style.warn,
    stopping: style.warn,
    backoff: style.warn,
    blocked: style.warn,
    waiting: style.warn,
    cooldown: style.bad,
    held: style.bad,
    suspended: style.warn,
    failed: style.bad,
    stopped: style.dim,
    absent: style.good,
    present: style.bad,
  };
  return paints[phase];
}

/** How a situation is coloured. */
export function situationPaint(style: Style, level: SituationLevel): Paint {
  const paints: Record<SituationLevel, Paint> = {
    ...{ down: style.bad, troubled: style.warn, busy: style.warn, well: style.good },
    idle: (text) => text,
  };
  return paints[level];
}

/** How the severity of an event is coloured. */
export function severityPaint(style: Style, severity: Severity): Paint {
  const paints: Record<Severity, Paint> = {
    info: (text) => text,
    warning: style.warn,
    high: style.bad,
    critical: style.bad,
  };
  return paints[severity];
}
