// The measure: rising edges of alarms against labelled faults. Never point-adjusted scores.

const HOUR_MS = 3_600_000;
/** A reading later than so many usual intervals is a gap: the engine empties all windows then. */
const GAP_INTERVALS = 3;

export function median(values) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below which this share of them lies, by nearest rank; null of none. */
export function quantile(values, share) {
  if (values.length === 0) return null;
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)];
}

const Z95 = 1.96;

/** The 95 % interval of a rate of events that come by chance, from their count (Poisson; chi-squared by Wilson and Hilferty). */
export function rateInterval(count, hours) {
  if (hours === 0) return { low: 0, high: Infinity };
  const bound = (n, z) => n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3;
  return { low: count === 0 ? 0 : bound(count, -Z95) / hours, high: bound(count + 1, Z95) / hours };
}

const RATE_WINDOW_MS = 20 * 60_000;

/**
 * How fast a leak grows: bytes per second from its onset to the end of the trace, and the growth in 20 min as a share of what
 * was there. Ends are medians of a minute, since heaps are saw-teeth.
 */
export function growthOf(readings, onsetMs) {
  const last = readings.at(-1);
  const bytesAround = (fromMs, toMs) =>
    median(readings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).map(({ privateBytes }) => privateBytes));
  const before = bytesAround(onsetMs - 60_000, onsetMs + 5000) ?? readings[0].privateBytes;
  const after = bytesAround(last.atMs - 60_000, last.atMs);
  const bytesPerSecond = (1000 * (after - before)) / (last.atMs - onsetMs);
  return { bytesPerSecond, shareIn20Min: (bytesPerSecond * RATE_WINDOW_MS) / 1000 / before };
}

function usualIntervalMs(readings) {
  return median(readings.slice(1).map((reading, index) => reading.atMs - readings[index].atMs)) ?? 0;
}

/**
 * The times at which a fresh detector alarms over the readings. A detector is emptied at a gap as the engine does it, unless
 * its rule survives one.
 */
export function alarms(
  { create, survivesGaps = false },
  readings,
  { limitBytes = null, machineMemoryBytes = 8e9 } = {},
) {
  const detector = create();
  const gapMs = GAP_INTERVALS * usualIntervalMs(readings);
  const startMs = readings[0]?.atMs ?? 0;
  const found = [];
  let lastMs = startMs;
  for (const reading of readings) {
    if (!survivesGaps && reading.atMs - lastMs > Math.max(gapMs, 3000)) detector.reset();
    lastMs = reading.atMs;
    const sample = {
      ...reading,
      uptimeMs: reading.atMs - startMs,
      limitBytes,
      heapLimitBytes: null,
      machineMemoryBytes,
    };
    if (detector.observe(sample) !== null) found.push(reading.atMs);
  }
  return found;
}

/** At most one alarm in `spacingMs`: people would take the others for the same one. */
export function spaced(alarmTimes, spacingMs) {
  const kept = [];
  for (const atMs of alarmTimes) {
    if (kept.length === 0 || atMs - kept.at(-1) >= spacingMs) kept.push(atMs);
  }
  return kept;
}

/** Hours from the first to the last reading that lie outside the stretches. */
export function hoursOutside(readings, stretches) {
  if (readings.length < 2) return 0;
  const first = readings[0].atMs;
  const last = readings.at(-1).atMs;
  let ms = last - first;
  for (const { fromMs, toMs } of stretches) ms -= Math.max(0, Math.min(toMs, last) - Math.max(fromMs, first));
  return Math.max(0, ms) / HOUR_MS;
}

export const outside = (alarmTimes, stretches) =>
  alarmTimes.filter((atMs) => !stretches.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs));

/** The readings with a leak on top: so much a second, in steps, from `afterMs` after the first reading. */
export function withRamp(readings, { bytesPerSecond, stepBytes, afterMs }) {
  const onsetMs = (readings[0]?.atMs ?? 0) + afterMs;
  return readings.map((reading) => {
    const leaked = Math.max(0, ((reading.atMs - onsetMs) / 1000) * bytesPerSecond);
    const added = Math.floor(leaked / stepBytes) * stepBytes;
    return { ...reading, rssBytes: reading.rssBytes + added, privateBytes: reading.privateBytes + added };
  });
}

/** Precision, recall and F1; 0 where nothing was alarmed or nothing was there. */
export function scores({ found, faults, falseAlarms }) {
  const precision = found + falseAlarms === 0 ? 0 : found / (found + falseAlarms);
  const recall = faults === 0 ? 0 : found / faults;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
