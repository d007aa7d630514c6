import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../model/event';
import { incidentMarkdown } from './incident-markdown';
import { incidentsOf } from './incidents';

function story(message: string, stderrTail: readonly string[] = []) {
  const base = { watch: 'web', pid: 7, incident: 1, severity: 'high' as const };
  const events = [
    {
      ...base,
      id: 1,
      at: '2026-01-31T12:00:00.000Z',
      type: 'crash_detected',
      message,
      data: {
        ...{ exitCode: null, signal: 'SIGSEGV', uptimeSeconds: 9, stderrTail },
        ...{ policy: 'always', remaining: 0, whileEngineWasDown: false },
      },
    },
    {
      ...base,
      id: 2,
      at: '2026-01-31T12:00:12.000Z',
      type: 'recovered',
      message: 'web has recovered',
      data: { attempts: 1, durationMs: 12_000 },
    },
  ] as HealdeckEvent[];
  const [incident] = incidentsOf(events);
  if (incident === undefined) throw new Error('expected a story');
  return incident;
}

describe('an incident as Markdown', () => {
  it('tells when, how it ended and what happened after how long', () => {
    const text = incidentMarkdown(story('web crashed', ['boom']), 'kiosk-3');
    expect(text).toContain('## Incident 1: web crashed');
    expect(text).toContain('- Machine: kiosk-3');
    expect(text).toContain('recovered after 12 s');
    expect(text).toContain('| +0 s | 12:00:00.000 | web crashed |');
    expect(text).toContain('| +12 s | 12:00:12.000 | web has recovered |');
    expect(text).toContain('```\nboom\n```');
  });

  it('stays one table and one block, whatever programs are called and print', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ unit: 'grapheme' })), (message, stderr) => {
        const text = incidentMarkdown(story(`a${message}`, stderr), 'host');
        const rows = text.split('\n').filter((line) => line.startsWith('| +'));
        expect(rows).toHaveLength(2);
        const block = text.split('Last lines of its standard error:')[1] ?? '';
        const fence = /^`{3,}$/m.exec(block)?.[0];
        if (stderr.length > 0) expect(block.split('\n').filter((line) => line === fence)).toHaveLength(2);
        expect(text).not.toMatch(/(?<!\\)<script/);
      }),
    );
    const hostile = incidentMarkdown(story('x | y\n# h @everyone <b>', ['```', '~~~~']), 'host');
    expect(hostile).toContain('x \\| y');
    expect(hostile).toContain('\\@everyone \\<b\\>');
    expect(hostile).toContain('````\n```\n~~~~\n````');
  });

  it('has the beginning of the last dump', () => {
    const incident = story('web crashed');
    const text = Array.from({ length: 100 }, (_, at) => `line ${at}`).join('\n');
    const words = {
      ...{ ...incident.events[0], id: 3, type: 'last_words', message: 'last words' },
      data: { readings: [], processes: [], dump: { signal: 'SIGQUIT', text, truncated: false }, tookMs: 1 },
    } as HealdeckEvent;
    const written = incidentMarkdown({ ...incident, events: [...incident.events, words] }, 'host');
    expect(written).toContain('First 20 of 100 lines of its dump by SIGQUIT:\n\n```\nline 0\n');
    expect(written).toContain('line 19\n```\n');
    expect(written).not.toContain('line 20');
  });
});
