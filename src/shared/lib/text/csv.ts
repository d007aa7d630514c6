import { CHARTED } from '../../findings';
import type { HealdeckEvent } from '../../model/event';
import type { ProbeHistory } from '../../model/probe-history';
import type { HistoryPoint } from '../../model/snapshot';

type Cell = string | number | null | undefined;

/**
 * One line of CSV by RFC 4180, its end included. A text that a spreadsheet would take for a formula gets an apostrophe in
 * front: names and messages come from programs that nobody vouches for (owasp.org, CSV injection). Numbers stay numbers.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Events as CSV, with a line of titles. `data` is JSON. */
export function eventsCsv(events: readonly HealdeckEvent[]): string {
  const titles = ['id', 'at', 'type', 'severity', 'watch', 'pid', 'incident', 'message', 'data'];
  const lines = events.map(({ id, at, type, severity, watch, pid, incident, message, data }) =>
    csvLine([id, at, type, severity, watch, pid, incident, message, JSON.stringify(data)]),
  );
  return csvLine(titles) + lines.join('');
}

/** Readings as CSV, with a line of titles that include the units; lows and highs are empty for single readings. */
export function samplesCsv(points: readonly HistoryPoint[]): string {
  const titles = ['at', 'cpu_percent', 'memory_bytes', 'load', 'span_ms'];
  const spreads = ['cpu_percent_low', 'cpu_percent_high', 'memory_bytes_low', 'memory_bytes_high'];
  const [read, write] = ['disk_read_bytes_per_second', 'disk_write_bytes_per_second'];
  const disk = [read, write, `${read}_low`, `${read}_high`, `${write}_low`, `${write}_high`];
  const counted = CHARTED.filter(({ metric }) => points.some(({ counts }) => counts?.[metric] !== undefined));
  const counts = counted.flatMap(({ metric }) => [metric, `${metric}_low`, `${metric}_high`]);
  const lines = points.map(({ at, cpuPercent, memoryBytes, load, spread, ...rates }) =>
    csvLine([
      ...[new Date(at).toISOString(), rounded(cpuPercent), memoryBytes, rounded(load), spread?.spanMs],
      ...(spread?.cpuPercent.map(rounded) ?? [null, null]),
      ...(spread?.memoryBytes ?? [null, null]),
      ...[rounded(rates.diskReadBytesPerSecond), rounded(rates.diskWriteBytesPerSecond)],
      ...(spread?.diskReadBytesPerSecond?.map(rounded) ?? [null, null]),
      ...(spread?.diskWriteBytesPerSecond?.map(rounded) ?? [null, null]),
      ...counted.flatMap(({ metric }) => [
        rounded(rates.counts?.[metric]),
        ...(spread?.counts?.[metric]?.map(rounded) ?? [null, null]),
      ]),
    ]),
  );
  return csvLine([...titles, ...spreads, ...disk, ...counts]) + lines.join('');
}

/** What is recorded of probes as CSV, with a line of titles that include the units; latencies are empty where no attempt counted. */
export function probesCsv(histories: readonly (Pick<ProbeHistory, 'spanMs' | 'buckets'> & { name: string })[]): string {
  const counts = ['passed', 'failed', 'starved', 'uncounted'];
  const titles = ['probe', 'at', 'span_ms', ...counts, 'latency_ms', 'latency_ms_low', 'latency_ms_high'];
  const lines = histories.flatMap(({ name, spanMs, buckets }) =>
    buckets.map(({ at, passed, failed, starved, uncounted, latencyMs }) =>
      csvLine([
        ...[name, new Date(at).toISOString(), spanMs, passed, failed, starved, uncounted],
        ...[rounded(latencyMs?.mean), rounded(latencyMs?.lowest), rounded(latencyMs?.highest)],
      ]),
    ),
  );
  return csvLine(titles) + lines.join('');
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1000) / 1000;
}
