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

function usualIntervalMs(readings) {
  return median(readings.slice(1).map((reading, index) => reading.atMs - readings[index].atMs)) ?? 0;
}

/**
 * The times at which a fresh detector alarms over the readings. A detector is emptied at a gap, as the engine does it.
 * `memory` names the reading's memory that counts; `uptimeMs` at the first reading is `bornMs` before it.
 */
export function alarms(createDetector, readings, { bornMs = 0, limitBytes = null, machineMemoryBytes = 8e9 } = {}) {
  const detector = createDetector();
  const gapMs = GAP_INTERVALS * usualIntervalMs(readings);
  const startMs = readings[0]?.atMs ?? 0;
  const found = [];
  let lastMs = startMs;
  for (const reading of readings) {
    if (reading.atMs - lastMs > Math.max(gapMs, 3000)) detector.reset();
    lastMs = reading.atMs;
    const sample = { ...reading, uptimeMs: reading.atMs - startMs + bornMs, limitBytes, machineMemoryBytes };
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
