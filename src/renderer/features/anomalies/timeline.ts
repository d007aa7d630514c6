import { compareSeverity } from '../../../shared/lib/format/severity';
import type { Severity } from '../../../shared/model/event';
import type { Finding } from '../../words/findings';

/** The part of time that is seen, in ms since the epoch. */
export interface Span {
  from: number;
  to: number;
}

const MIN_MS = 10_000;
const MAX_MS = 366 * 86_400_000;

/** The span at `factor` times its length, with the moment `at` where it was. */
export function zoomed({ from, to }: Span, factor: number, at: number): Span {
  const length = Math.min(MAX_MS, Math.max(MIN_MS, (to - from) * factor));
  const share = (at - from) / (to - from);
  return { from: at - share * length, to: at + (1 - share) * length };
}

/** The span moved by a share of its length; to the past below zero. */
export function moved({ from, to }: Span, share: number): Span {
  const byMs = (to - from) * share;
  return { from: from + byMs, to: to + byMs };
}

/** What is drawn at one place: one finding, or several that lie closer than their marks are wide. */
export interface Mark {
  lane: number;
  /** Px from the left of the drawing. */
  x: number;
  /** Newest first, at least one. */
  findings: readonly Finding[];
  /** The highest of them. */
  severity: Severity;
}

/** How findings are put into lanes. */
export type Grouping = 'watch' | 'kind';

/** The lanes of findings, in the order of their names. */
export function lanesOf(findings: readonly Finding[], grouping: Grouping): readonly string[] {
  return [...new Set(findings.map((finding) => finding[grouping]))].sort((one, other) => one.localeCompare(other));
}

/**
 * The marks of a drawing `width` px wide, one pass over the findings (newest first): neighbours of a lane closer than
 * `reach` px become one.
 */
export function marksOf(
  findings: readonly Finding[],
  {
    lanes,
    grouping,
    span,
    width,
    reach,
  }: { lanes: readonly string[]; grouping: Grouping; span: Span; width: number; reach: number },
): Mark[] {
  const laneOf = new Map(lanes.map((name, index) => [name, index]));
  const scale = width / (span.to - span.from);
  const marks: { lane: number; x: number; findings: Finding[]; severity: Severity }[] = [];
  const last = new Map<number, (typeof marks)[number]>();
  for (const finding of findings) {
    if (finding.at < span.from || finding.at > span.to) continue;
    const lane = laneOf.get(finding[grouping]);
    if (lane === undefined) continue;
    const x = (finding.at - span.from) * scale;
    const near = last.get(lane);
    if (near !== undefined && near.x - x < reach) {
      near.findings.push(finding);
      if (compareSeverity(finding.severity, near.severity) > 0) near.severity = finding.severity;
      continue;
    }
    const mark = { lane, x, findings: [finding], severity: finding.severity };
    marks.push(mark);
    last.set(lane, mark);
  }
  return marks;
}

/** The mark at a place, or null: the nearest one within `reach` px of its lane. */
export function markAt(marks: readonly Mark[], lane: number, x: number, reach: number): Mark | null {
  let best: Mark | null = null;
  for (const mark of marks) {
    if (mark.lane !== lane || Math.abs(mark.x - x) > reach) continue;
    if (best === null || Math.abs(mark.x - x) < Math.abs(best.x - x)) best = mark;
  }
  return best;
}
