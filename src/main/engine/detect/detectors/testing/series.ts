import type { Detector, DetectorSample } from '../detector';

export const MB = 1_000_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** A quiet process of an hour's age at time `atMs`, but for what is given. */
export function sampleAt(atMs: number, given: Partial<DetectorSample> = {}): DetectorSample {
  const bytes = given.privateBytes ?? 50 * MB;
  return {
    atMs,
    cpuPercent: 1,
    cpuDemandPercent: null,
    rssBytes: bytes + 10 * MB,
    privateBytes: bytes,
    descendants: 0,
    sameProgramDescendants: null,
    multiplyingDescendants: null,
    youngDescendants: null,
    births: null,
    servesConnections: null,
    machineCpuPercent: 20,
    limitBytes: null,
    heapLimitBytes: null,
    machineMemoryBytes: 8000 * MB,
    uptimeMs: HOUR_MS + atMs,
    ...given,
  };
}

export interface Found<A> {
  atMs: number;
  anomaly: A;
}

/** Feeds one sample every `everyMs` (a number, or a function of the index for an irregular one) for `forMs`. */
export function feed<A>(
  detector: Detector<DetectorSample, A>,
  forMs: number,
  everyMs: number | ((index: number) => number),
  at: (atMs: number) => Partial<DetectorSample>,
  fromMs = 0,
): Found<A>[] {
  const found: Found<A>[] = [];
  let index = 0;
  for (let atMs = fromMs; atMs < fromMs + forMs; atMs += typeof everyMs === 'number' ? everyMs : everyMs(index++)) {
    const anomaly = detector.observe(sampleAt(atMs, at(atMs)));
    if (anomaly !== null) found.push({ atMs, anomaly });
  }
  return found;
}

/** Noise that is the same in every run: from 0 to 1, by index. */
export function noise(index: number): number {
  let state = Math.imul(Math.floor(index) ^ 0x9e3779b9, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}
