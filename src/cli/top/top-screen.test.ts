import stringWidth from 'string-width';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import type { HealdeckEvent } from '../../shared/model/event';
import type { WatchStatus } from '../../shared/model/snapshot';
import { createStyle } from '../output/style';
import { topScreen } from './top-screen';
import { FIRST_TOP_STATE, onKey, withMessage } from './top-state';

function status(name: string, more: Partial<WatchStatus> = {}): WatchStatus {
  return {
    ...{
      watch: { id: name, name, groups: [], target: { kind: 'command' } },
      phase: 'running',
      readiness: null,
      reason: 'Running',
      cause: null,
    },
    ...{ programStatus: null, processes: [], use: { cpuPercent: 0, memoryBytes: 0 }, nextRun: null, observed: false },
    ...{ budget: { windows: [], cooldown: null, trips: 0 }, nextAttemptAt: null, settings: DEFAULT_SETTINGS },
    ...more,
  } as unknown as WatchStatus;
}

const CAUSE =
  'crashed 5 times (exit code 1): port 8101 is in use by python3 (pid 4711), which is no process of this watch';
const stateOf = (watches: readonly WatchStatus[], events: readonly Partial<HealdeckEvent>[] = []) =>
  withMessage(FIRST_TOP_STATE, {
    ...{ kind: 'delta', seq: 1, removedWatchIds: [], watches },
    machine: { corePercents: [50, 0], memoryUsedBytes: 4e9, memoryTotalBytes: 8e9, loadAverages: [0.5, 0.4, 0.3] },
    events,
  } as unknown as Parameters<typeof withMessage>[1]);
const screenOf = (columns: number, rows: number) => ({
  ...{ columns, rows, now: 1000, style: createStyle(false), instant: () => '2026-01-01 00:00:01Z' },
});

describe('the screen of top', () => {
  it('says first what is down, then each watch, then why the selected one is where it is', () => {
    const event = { at: '2026-01-01T00:00:01.000Z', severity: 'high', watch: 'api', message: 'api crashed' } as const;
    const state = stateOf([status('web'), status('api', { phase: 'failed', reason: 'Failed', cause: CAUSE })], [event]);
    const lines = topScreen(state, screenOf(80, 24));
    expect(lines[0]).toBe('api is down · 1 running');
    expect(lines[1]).toContain('CPU [|||       ] 25 %   Memory [|||||     ] 4 GB of 8 GB');
    expect(lines[4]).toMatch(/^api +failed/);
    expect(lines.slice(18, 22).join(' ')).toContain(`api: ${CAUSE}. Failed`.slice(0, 60));
    expect(lines.slice(-4).join(' ')).toContain('api crashed');
    expect(lines).toHaveLength(24);
  });

  it('shows the question it waits for', () => {
    const asked = onKey(stateOf([status('web')]), 's').state;
    expect(topScreen(asked, screenOf(80, 24)).at(-1)).toBe('Stop web? y/n');
  });

  it('lets no name write to the terminal', () => {
    const lines = topScreen(stateOf([status('\u001b[2J')]), screenOf(80, 24));
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('keeps what is selected in sight among more watches than fit', () => {
    const many = stateOf(Array.from({ length: 60 }, (_, at) => status(`w${at}`)));
    const lines = topScreen(onKey(many, 'end').state, screenOf(80, 24));
    expect(lines.some((line) => line.startsWith('w59 '))).toBe(true);
  });

  it('is never larger than the terminal', () => {
    const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 4, max: 60 }) });
    const watches = fc.array(fc.record({ name: fc.string({ maxLength: 64 }), cause: fc.constantFrom(null, CAUSE) }));
    fc.assert(
      fc.property(size, watches, ({ columns, rows }, all) => {
        const state = stateOf(all.map(({ name, cause }, at) => status(`${name}${at}`, { cause, phase: 'failed' })));
        const lines = topScreen(state, screenOf(columns, rows));
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
