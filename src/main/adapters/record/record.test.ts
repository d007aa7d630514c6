import { describe, expect, it } from 'vitest';
import { eventQuerySchema } from '../../../shared/model/event';
import { ManualClock } from '../../engine/testing/manual-clock';
import type { StorageNotice } from '../files/notice';
import { testEvent } from '../testing/event';
import { ANSWER_LIMIT_MS, EngineRecord } from './record';
import { clientOf } from './record-host';

/** A record whose disk answers as the test says; `null`: not at all. */
function bench() {
  const clock = new ManualClock();
  const noticed: StorageNotice[] = [];
  const asked: string[] = [];
  const answers: { of: (call: string, args: readonly unknown[]) => unknown } = { of: (_, args) => count(args[0]) };
  const client = clientOf((call, args) => {
    asked.push(call);
    const answer = answers.of(call, args);
    if (answer === null) return new Promise(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const record = new EngineRecord({
    client,
    start: { lastEventId: 0, memories: [] },
    dataDir: '/data',
    clock,
    notify: (notice) => noticed.push(notice),
  });
  return { clock, noticed, asked, answers, record };
}

const count = (entries: unknown): number => (Array.isArray(entries) ? entries.length : 0);
const ALL = eventQuerySchema.parse({ limit: 100 });

describe('a record whose disk hangs', () => {
  it('takes events, says since when they wait, and answers with them', async () => {
    const { clock, record, answers, noticed } = bench();
    answers.of = () => null;
    const since = clock.wallMs();
    record.recordEvent(testEvent(1));
    await clock.advance(1000);
    record.recordEvent(testEvent(2));
    expect([record.unwrittenEvents, record.unwrittenSince]).toEqual([2, since]);
    const listed = record.listEvents(ALL);
    await clock.advance(ANSWER_LIMIT_MS);
    expect((await listed).map(({ id }) => id)).toEqual([1, 2]);
    expect(record.readProblem).toBe('The disk of /data does not answer');
    expect(noticed.map(({ detail }) => detail)).toEqual([expect.stringContaining('the disk does not answer')]);
  });

  it('refuses a change of the configuration instead of hanging with it', async () => {
    const { clock, record, answers } = bench();
    answers.of = () => null;
    const proof = expect(record.proveDisk()).rejects.toThrow('The disk of /data does not answer; nothing was changed');
    await clock.advance(2000);
    await proof;
  });

  it('drops readings that would fill the memory', async () => {
    const { clock, record, answers, asked } = bench();
    answers.of = () => null;
    for (let i = 0; i < 1000; i += 1) record.recordSamples(i, []);
    await clock.advance(0);
    expect(asked).toHaveLength(50);
  });
});

describe('a record whose disk refuses', () => {
  it('answers with what waits, and knows why the rest is missing', async () => {
    const { clock, record, answers } = bench();
    answers.of = () => new Error('disk I/O error');
    record.recordEvent(testEvent(1, { incident: 1 }));
    await clock.advance(0);
    expect(await record.listEvents(ALL)).toEqual([testEvent(1, { incident: 1 })]);
    expect(await record.listIncidentEvents({ limit: 10 })).toEqual([testEvent(1, { incident: 1 })]);
    expect(record.readProblem).toBe('disk I/O error');
    answers.of = (call, args) => (call === 'record' ? count(args[0]) : [testEvent(1)]);
    await clock.advance(1000);
    await record.listEvents(ALL);
    expect([record.readProblem, record.unwrittenEvents]).toEqual([null, 0]);
  });
});

describe('what belongs together', () => {
  it('is handed over in one piece: the events of a turn, and what the next engine must know', async () => {
    const { clock, record, answers } = bench();
    const written: unknown[] = [];
    answers.of = (_, args) => {
      written.push(args[0]);
      return count(args[0]);
    };
    const memory = { watchId: 'w', header: '{}', revision: 1, memory: '{}' };
    const kept = record.written(200);
    record.recordEvent(testEvent(1));
    record.remember([memory]);
    await clock.advance(0);
    await kept;
    expect(written).toEqual([[{ events: [testEvent(1)], memories: [memory] }]]);
    expect(clock.pending).toBe(0);
  });
});
