import { lastWordsSummary, type LastWordsData } from '../../../shared/events/last-words';
import { downsample } from '../../../shared/lib/format/downsample';
import { utf8Length } from '../../../shared/lib/text/utf8';
import type { ProcessEvidence, RuntimeDump } from '../../../shared/model/last-words';
import type { DraftOfWatch } from '../heal/heal-state';

/** Of an event with last words as JSON: what the history and each client get. */
export const MAX_EVENT_BYTES = 100_000;
/** What an event has beside its data. */
const ENVELOPE_BYTES = 2000;
/** Of the dump as JSON, in which line breaks and quotes take two bytes. */
const MAX_DUMP_JSON_BYTES = 72_000;
const MAX_READINGS = 60;

/** The event with last words, bounded in size; null when there are none. `pid` is that of the main process. */
export function lastWordsReport(
  found: LastWordsData,
  { pid, when }: { pid: number | null; when: 'before its end' | 'after a crash' },
  watchName: string,
): DraftOfWatch | null {
  const readings = downsample(found.readings, MAX_READINGS).map(({ at, cpuPercent, memoryBytes }) => ({
    at: Math.round(at),
    cpuPercent: Math.round(cpuPercent * 10) / 10,
    memoryBytes: Math.round(memoryBytes),
  }));
  const dump = found.dump === null ? null : cutDump(found.dump);
  const left = MAX_EVENT_BYTES - ENVELOPE_BYTES - jsonBytes(readings) - jsonBytes(dump);
  const data: LastWordsData = {
    ...{ readings, processes: cutProcesses(found.processes, left), dump },
    tookMs: Math.round(found.tookMs),
  };
  const summary = lastWordsSummary(data);
  if (summary === '') return null;
  return {
    type: 'last_words',
    severity: 'info',
    pid,
    message: `${watchName}: last words ${when}${pid === null ? '' : ` (pid ${pid})`}: ${summary}`,
    data,
  };
}

function cutDump(dump: RuntimeDump): RuntimeDump {
  let { text, truncated } = dump;
  for (let bytes = jsonBytes(text); bytes > MAX_DUMP_JSON_BYTES; bytes = jsonBytes(text)) {
    text = text.slice(0, Math.floor((text.length * MAX_DUMP_JSON_BYTES) / bytes));
    truncated = true;
  }
  return { ...dump, text, truncated };
}

/** As much as fits into `bytes`: the first processes before the others, threads before what is open. */
function cutProcesses(processes: readonly ProcessEvidence[], bytes: number): ProcessEvidence[] {
  let left = bytes;
  const fits = (item: unknown): boolean => {
    const size = jsonBytes(item) + 1;
    if (size > left) return false;
    left -= size;
    return true;
  };
  return processes.flatMap((process) => {
    const { threads, sockets, files } = process;
    if (!fits({ ...process, threads: [], sockets: [], files: [] })) return [];
    const kept = { threads: threads.filter(fits), sockets: sockets.filter(fits), files: files.filter(fits) };
    const isWhole =
      kept.threads.length === threads.length &&
      kept.sockets.length === sockets.length &&
      kept.files.length === files.length;
    return { ...process, ...kept, isCut: process.isCut || !isWhole };
  });
}

function jsonBytes(value: unknown): number {
  return utf8Length(JSON.stringify(value));
}
