import { describe, expect, it } from 'vitest';
import type { LastWordsData } from '../../../shared/events/last-words';
import type { ProcessEvidence } from '../../../shared/model/last-words';
import { lastWordsReport, MAX_EVENT_BYTES } from './last-words-report';

const NOTHING: LastWordsData = { readings: [], processes: [], dump: null, tookMs: 0 };
const BEFORE = { pid: 7, when: 'before its end' } as const;
const report = (found: Partial<LastWordsData>) => lastWordsReport({ ...NOTHING, ...found }, BEFORE, 'web');

function dataOf(found: Partial<LastWordsData>): LastWordsData {
  const made = report(found);
  if (made?.type !== 'last_words') throw new Error('no last words');
  return made.data;
}

function largeProcess(pid: number): ProcessEvidence {
  return {
    ...{ pid, name: 'server', isCut: false },
    threads: Array.from({ length: 64 }, (_, at) => ({
      ...{ tid: pid + at, name: 'worker', state: 'sleeping' as const, waitChannel: 'futex_do_wait', systemCall: 202 },
      kernelStack: Array.from({ length: 16 }, () => 'a_function_of_the_kernel'),
    })),
    files: Array.from({ length: 128 }, (_, fd) => ({ fd, target: `/srv/${'ä'.repeat(2000)}` })),
    sockets: [{ fd: 500, inode: '81', local: '127.0.0.1:80', remote: null, state: 'LISTEN' }],
  };
}

describe('an event with last words', () => {
  it('is none where there are none', () => expect(report({})).toBeNull());

  it('says what is in it', () => {
    const readings = [{ at: 1, cpuPercent: 1.26, memoryBytes: 2.4 }];
    const dump = { signal: 'SIGQUIT', text: 'x'.repeat(1500), truncated: false };
    expect(report({ readings, dump })).toMatchObject({
      message: 'web: last words before its end (pid 7): 1 reading, a dump by SIGQUIT (1.5 kB)',
      data: { readings: [{ at: 1, cpuPercent: 1.3, memoryBytes: 2 }] },
    });
  });

  it('has at most 60 readings, the extremes and the last among them', () => {
    const readings = Array.from({ length: 300 }, (_, at) => ({ at, cpuPercent: at === 150 ? 99 : 1, memoryBytes: at }));
    const kept = dataOf({ readings }).readings;
    expect(kept.length).toBeLessThanOrEqual(60);
    expect(kept.some(({ cpuPercent }) => cpuPercent === 99)).toBe(true);
    expect(kept.at(-1)?.at).toBe(299);
  });

  it.each([
    ['text', 'thread dump\n"main" waiting\n'],
    ['text in another script', 'スレッド'],
    ['bytes that JSON writes long', '\0\x1b"'],
  ])('is never larger than its limit, whatever is found: %s', (_what, unit) => {
    const dump = { signal: 'SIGQUIT', text: unit.repeat(64 * 1024), truncated: false };
    const processes = Array.from({ length: 9 }, (_, at) => largeProcess(1000 * (at + 1)));
    const readings = Array.from({ length: 300 }, (_, at) => ({
      ...{ at: 1_790_000_000_000 + at, cpuPercent: 100 / 3, memoryBytes: 1e12 + at },
    }));
    const event = lastWordsReport({ readings, processes, dump, tookMs: 1234.5 }, BEFORE, 'w'.repeat(64));
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    const data = dataOf({ readings, processes, dump });
    expect(data.dump?.truncated).toBe(true);
    expect(data.dump?.text.length).toBeGreaterThan(10_000);
    expect(data.processes[0]).toMatchObject({ pid: 1000, isCut: true });
    expect(data.processes[0]?.threads.length).toBeGreaterThan(10);
  });

  it('is whole where all of it fits', () => {
    const { threads, sockets } = largeProcess(7);
    const process = {
      ...largeProcess(7),
      threads: threads.slice(0, 5),
      files: [{ fd: 3, target: '/srv/data' }],
      sockets,
    };
    expect(dataOf({ processes: [process] }).processes).toEqual([process]);
  });
});
