import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../../shared/model/event';
import { eventOf } from '../../testing/samples';
import { describeKind, FINDING_KINDS } from '../../../shared/findings';
import { ALL_FINDINGS, findingFits, findingOf, findingsOf, type Finding } from '../../words/findings';
import { lanesOf, markAt, marksOf, moved, zoomed } from './timeline';

const finding = (at: number, watch = 'web', severity: Finding['severity'] = 'high'): Finding => ({
  ...{ event: eventOf(at) as never, at, watch, kind: 'memory_leak', severity, action: 'restart', observed: false },
});

describe('the span of a timeline', () => {
  it('keeps the moment under the pointer where it is when it is zoomed', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (factor, share) => {
          const span = { from: 1_000_000, to: 5_000_000 };
          const at = span.from + share * (span.to - span.from);
          const next = zoomed(span, factor, at);
          expect((at - next.from) / (next.to - next.from)).toBeCloseTo(share, 6);
        },
      ),
    );
    expect(zoomed({ from: 0, to: 20_000 }, 0.01, 0)).toEqual({ from: 0, to: 10_000 });
  });

  it('moves by a share of its length', () => {
    expect(moved({ from: 0, to: 100 }, -0.2)).toEqual({ from: -20, to: 80 });
  });
});

describe('the marks of a timeline', () => {
  const options = { grouping: 'watch', span: { from: 0, to: 1000 }, width: 1000, reach: 10 } as const;

  it('hold every finding of the span once, and never stand closer than their reach in a lane', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1500), fc.constantFrom('web', 'api'))), (raw) => {
        const findings = raw.map(([at, watch]) => finding(at, watch)).sort((one, other) => other.at - one.at);
        const lanes = lanesOf(findings, 'watch');
        const marks = marksOf(findings, { ...options, lanes });
        expect(marks.flatMap((mark) => mark.findings).length).toBe(findings.filter(({ at }) => at <= 1000).length);
        for (const lane of lanes.keys()) {
          const xs = marks.filter((mark) => mark.lane === lane).map(({ x }) => x);
          xs.slice(1).forEach((x, index) => expect((xs[index] ?? 0) - x).toBeGreaterThanOrEqual(10));
        }
      }),
    );
  });

  it('have the highest severity of what they hold, and are found by their place', () => {
    const findings = [finding(504, 'web', 'critical'), finding(500, 'web', 'info'), finding(100)];
    const marks = marksOf(findings, { ...options, lanes: ['web'] });
    expect(marks.map(({ severity, findings: held }) => [severity, held.length])).toEqual([
      ['critical', 2],
      ['high', 1],
    ]);
    expect(markAt(marks, 0, 108, 10)?.findings).toHaveLength(1);
    expect(markAt(marks, 1, 100, 10)).toBeNull();
    expect(markAt(marks, 0, 300, 10)).toBeNull();
  });
});

describe('findings', () => {
  const limit = (level: 'warn' | 'act'): HealdeckEvent =>
    ({
      ...eventOf(7),
      ...{ type: 'limit_exceeded', watch: 'web', severity: 'high' },
      data: { metric: 'cpu', level, action: 'restart', observed: false },
    }) as unknown as HealdeckEvent;

  it('are anomalies and limits, with what is done about them', () => {
    expect(findingOf(limit('act'))).toMatchObject({ kind: 'cpu_limit', watch: 'web', action: 'restart' });
    expect(findingOf(limit('warn'))).toMatchObject({ action: 'warning' });
    expect(findingOf(eventOf(1))).toBeNull();
  });

  it('come newest first, each once, from the past and from now', () => {
    const at = (id: number) => ({ ...limit('act'), id });
    expect(findingsOf([at(1), at(2)], [at(2), at(3)]).map(({ event }) => event.id)).toEqual([3, 2, 1]);
  });

  it('are filtered by kind, severity, watch and action', () => {
    const one = finding(1);
    expect(findingFits(one, ALL_FINDINGS)).toBe(true);
    expect(findingFits(one, { ...ALL_FINDINGS, kinds: ['zombie'] })).toBe(false);
    expect(findingFits(one, { ...ALL_FINDINGS, severity: 'critical' })).toBe(false);
    expect(findingFits(one, { ...ALL_FINDINGS, watch: 'api' })).toBe(false);
    expect(findingFits(one, { ...ALL_FINDINGS, action: 'kill' })).toBe(false);
  });

  it('have a shape for each kind', () => {
    for (const kind of FINDING_KINDS) expect(describeKind(kind).shape).toBeTruthy();
  });
});
