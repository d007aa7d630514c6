import type { HealdeckEvent } from '../../shared/model/event';
import { MARKING_EVENTS, type EndedRow, type PastTable, type RecordedTime } from '../../shared/model/past';
import type { ProcessRow } from '../../shared/model/process';
import { seeded } from './fake-random';
import { processRow } from './samples';

const EVERY_MS = 10_000;
const RECORDED_MS = 86_400_000;
const NEAR_MS = 10_000;

/** The table at a moment of the past: the same for the same moment, and a little different from that before. */
export function fakePast(rows: readonly ProcessRow[], events: readonly HealdeckEvent[], at: number): PastTable {
  const moment = Math.floor(at / EVERY_MS) * EVERY_MS;
  const random = seeded(moment / EVERY_MS);
  return {
    at: moment,
    rows: rows
      .filter(({ startedAt }) => startedAt <= moment)
      .map((row) => ({
        ...row,
        protectionReason: null,
        cpuPercent: row.kernel || random() < 0.7 ? 0 : Math.round(random() ** 4 * 1300) / 10,
      })),
    ended: [endedRow(moment, Math.floor(random() * 5000))],
    events: events.filter((event) => Math.abs(Date.parse(event.at) - at) <= NEAR_MS && isMark(event)),
  };
}

/** A day of recording up to now. */
export function fakeRecorded(events: readonly HealdeckEvent[], now: number): RecordedTime {
  const from = now - RECORDED_MS;
  return {
    from,
    to: now,
    marks: events
      .filter((event) => isMark(event) && Date.parse(event.at) >= from)
      .map(({ at, type, watch, incident }) => ({ at: Date.parse(at), kind: type, watch, incident })),
  };
}

function isMark({ type }: HealdeckEvent): boolean {
  return MARKING_EVENTS.includes(type);
}

function endedRow(moment: number, number: number): EndedRow {
  const row = processRow({ pid: 20_000 + number, name: 'cron-job', argv: ['/bin/sh', '-c', 'backup'], cpuPercent: 12 });
  return { ...row, startedAt: moment - 9000, endedAt: moment - 2000 };
}
