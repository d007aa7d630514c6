// One function a task: each takes the data and a rule (`create`, `survivesGaps`) and returns plain numbers.
import {
  alarms,
  growthOf,
  hoursOutside,
  median,
  outside,
  quantile,
  rateInterval,
  scores,
  spaced,
  withRamp,
} from './measure.mjs';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** False alarms are counted at most once in this time, at 1 s sampling and at 60 s. */
const SPACING_MS = 300 * SECOND_MS;
const SLOW_SPACING_MS = HOUR_MS;
/** An alarm this soon after the injection of a cpu fault finds it: these faults last 3 to 6 min. */
const CPU_FAULT_MS = 600 * SECOND_MS;
/** Faults in code come with a new container and go with another one, up to a quarter of an hour later. */
const CODE_FAULT_MS = 900 * SECOND_MS;
/** The clocks of injection and sampling differ by up to a reading: an alarm so shortly before is of the fault. */
const CLOCK_SKEW_MS = 60 * SECOND_MS;

const RAMP = { bytesPerSecond: 30_000, stepBytes: 256 * 1024, afterMs: 4 * HOUR_MS };
/** Programs that run once and end: not one of them may be taken for a leak. */
const JOBS = /(_job|^pgbench|^pg_prepare)/;
/** A healthy process must have been seen this long to say what alarms by chance. */
const LONG_MS = 15 * 60 * SECOND_MS;

/** Sums up the processes of one task. */
function tally() {
  const total = { found: 0, faults: 0, falseAlarms: 0, hours: 0 };
  let edges = 0;
  const delaysMs = [];
  const names = { missed: [], alarmed: [] };
  return {
    /** `alarmTimes` on `readings` whose `stretches` are no healthy background. */
    background(name, readings, alarmTimes, stretches, spacingMs) {
      const falseAlarms = outside(spaced(alarmTimes, spacingMs), stretches).length;
      total.falseAlarms += falseAlarms;
      edges += outside(alarmTimes, stretches).length;
      total.hours += hoursOutside(readings, stretches);
      if (falseAlarms > 0) names.alarmed.push(falseAlarms === 1 ? name : `${name} (${falseAlarms})`);
      return falseAlarms;
    },
    /** A fault from `onsetMs`, found by the first alarm in the stretch: the delay in ms, or null. */
    fault(name, alarmTimes, { fromMs, toMs, onsetMs }) {
      total.faults++;
      const first = alarmTimes.find((atMs) => atMs >= fromMs && atMs <= toMs);
      if (first === undefined) {
        names.missed.push(name);
        return null;
      }
      total.found++;
      delaysMs.push(Math.max(0, first - onsetMs));
      return delaysMs.at(-1);
    },
    result() {
      return {
        ...total,
        ...scores(total),
        f1EveryEdge: scores({ ...total, falseAlarms: edges }).f1,
        falseAlarmsPerHour: total.hours === 0 ? 0 : total.falseAlarms / total.hours,
        falseAlarmInterval: rateInterval(total.falseAlarms, total.hours),
        foundShare: total.faults === 0 ? 0 : total.found / total.faults,
        medianDelayS: delaysMs.length === 0 ? null : median(delaysMs) / SECOND_MS,
        p90DelayS: delaysMs.length === 0 ? null : quantile(delaysMs, 0.9) / SECOND_MS,
        maxDelayS: delaysMs.length === 0 ? null : Math.max(...delaysMs) / SECOND_MS,
        ...names,
      };
    },
  };
}

/** Leaks are counted by how fast they grow, in bytes per second. */
const GROWTH_RATES = [
  { label: '< 8 KB/s', below: 8000 },
  { label: '8 to 20 KB/s', below: 20_000 },
  { label: '20 to 60 KB/s', below: 60_000 },
  { label: '60 to 200 KB/s', below: 200_000 },
  { label: '>= 200 KB/s', below: Infinity },
];
/** What a leak rule is to find: slower growth, or growth that is small beside what was there, is not to be told from noise. */
const CLEAR_LEAK = { bytesPerSecond: 4500, shareIn20Min: 0.25 };

function growthTally() {
  const rates = GROWTH_RATES.map(({ label }) => ({ label, faults: 0, found: 0 }));
  const clear = { faults: 0, found: 0 };
  return {
    fault({ bytesPerSecond, shareIn20Min }, isFound) {
      const groups = [rates[GROWTH_RATES.findIndex(({ below }) => bytesPerSecond < below)]];
      if (bytesPerSecond >= CLEAR_LEAK.bytesPerSecond && shareIn20Min >= CLEAR_LEAK.shareIn20Min) groups.push(clear);
      for (const group of groups) {
        group.faults++;
        if (isFound) group.found++;
      }
    },
    result: () => ({ rates: rates.filter(({ faults }) => faults > 0), clear }),
  };
}

/** What a trace must have recorded for a fault of this kind to be seen. */
const COLUMN_OF = { leak: 'privateBytes', cpu: 'cpuPercent', creep: 'cpuPercent', fd: 'openFiles', thread: 'threads' };

/** Kinds that `tracesTask` can judge. A hang shows in context switches, which no recording has. */
export const TRACE_KINDS = Object.keys(COLUMN_OF);

/**
 * A trace of `kind` holds a fault from its onset to its end; a fault of another kind is no healthy background either. Traces
 * without the column that the rule reads are left out.
 */
export function tracesTask(kind, traces, rule) {
  const total = tally();
  const growth = growthTally();
  let jobs = 0;
  let jobsAlarmed = 0;
  let long = 0;
  let longAlarmed = 0;
  for (const { name, readings, onsetMs, kind: own } of traces) {
    if (!Number.isFinite(readings[0]?.[COLUMN_OF[kind]])) continue;
    const stretches = onsetMs === null ? [] : [{ fromMs: onsetMs, toMs: Infinity }];
    const times = alarms(rule, readings);
    const falseAlarms = total.background(name, readings, times, stretches, SPACING_MS);
    if (JOBS.test(name)) {
      jobs++;
      if (falseAlarms > 0) jobsAlarmed++;
    }
    if (own === 'healthy' && hoursOutside(readings, []) * HOUR_MS > LONG_MS) {
      long++;
      if (times.some((atMs) => atMs - readings[0].atMs > SPACING_MS)) longAlarmed++;
    }
    if (own !== kind) continue;
    const delayMs = total.fault(name, times, { fromMs: onsetMs, toMs: Infinity, onsetMs });
    if (kind === 'leak') growth.fault(growthOf(readings, onsetMs), delayMs !== null);
  }
  const shown = kind === 'leak' ? growth.result() : {};
  return { ...total.result(), ...shown, jobs, jobsAlarmed, alarmShareWithout: long === 0 ? 0 : longAlarmed / long };
}

/** Multiples of the growth that was seen: as far ahead a forecast is judged. */
const FORECAST_GROWTHS = [1, 2, 4, 8];

/** The end of the first epoch whose lowest reading is at least so many bytes; null when the trace ends before. */
function reachedAtMs(readings, fromMs, epochMs, bytes) {
  let endMs = fromMs + epochMs;
  let lowest = Infinity;
  for (const { atMs, privateBytes } of readings) {
    if (atMs < fromMs) continue;
    for (; atMs >= endMs; endMs += epochMs) {
      if (lowest !== Infinity && lowest >= bytes) return endMs;
      lowest = Infinity;
    }
    lowest = Math.min(lowest, privateBytes);
  }
  return null;
}

/** How often the true time lies inside of the interval that an alarm gives, were the limit some growths away. */
export function forecastTask(traces, { create }) {
  let cases = 0;
  let inside = 0;
  for (const { readings, onsetMs, kind } of traces) {
    if (kind !== 'leak') continue;
    const found = [];
    const recording = () => {
      const detector = create();
      const observe = (sample) => {
        const anomaly = detector.observe(sample);
        if (anomaly !== null) found.push({ atMs: sample.atMs, evidence: anomaly.evidence });
        return anomaly;
      };
      return { observe, reset: () => detector.reset() };
    };
    alarms({ create: recording, survivesGaps: true }, readings);
    for (const { atMs, evidence } of found) {
      if (atMs < onsetMs) continue;
      const { samples, grownBytes, bytesPerSecond, limitInMs, limitUncertaintyMs } = evidence;
      const epochMs = samples.at(-1).atMs - samples.at(-2).atMs;
      for (const growths of FORECAST_GROWTHS) {
        const reachedMs = reachedAtMs(readings, atMs, epochMs, samples.at(-1).value + growths * grownBytes);
        if (reachedMs === null) continue;
        const forecastMs = (growths * grownBytes * 1000) / bytesPerSecond;
        cases++;
        if (Math.abs(reachedMs - atMs - forecastMs) <= forecastMs * (limitUncertaintyMs / limitInMs)) inside++;
      }
    }
  }
  return { cases, inside, insideShare: cases === 0 ? 0 : inside / cases, alarmed: [], missed: [] };
}

/** Memory of these pods is free of faults; each is judged once as it is and once with a leak on top. */
export function leakNezha(pods, rule) {
  const total = tally();
  let without = 0;
  for (const { name, readings } of pods) {
    const onsetMs = readings[0].atMs + RAMP.afterMs;
    const healthy = alarms(rule, readings);
    total.background(name, readings, healthy, [], SLOW_SPACING_MS);
    if (healthy.some((atMs) => atMs >= onsetMs)) without++;
    const leaking = alarms(rule, withRamp(readings, RAMP));
    total.fault(name, leaking, { fromMs: onsetMs, toMs: Infinity, onsetMs });
  }
  return { ...total.result(), alarmShareWithout: pods.length === 0 ? 0 : without / pods.length };
}

/** Injections of another kind (exceptions, network delays) are neither a fault to find nor a healthy background. */
export function cpuNezha(pods, rule) {
  const total = tally();
  for (const { name, readings, faults } of pods) {
    const stretches = faults.map(({ atMs, type }) => ({
      fromMs: atMs - CLOCK_SKEW_MS,
      toMs: atMs + (type.startsWith('cpu') ? CPU_FAULT_MS : CODE_FAULT_MS),
      onsetMs: atMs,
      type,
    }));
    const times = alarms(rule, readings);
    total.background(name, readings, times, stretches, SLOW_SPACING_MS);
    for (const stretch of stretches) {
      if (stretch.type.startsWith('cpu')) total.fault(`${name} ${stretch.onsetMs / SECOND_MS}`, times, stretch);
    }
  }
  return total.result();
}

/** A window is found by an alarm inside it. Readings come every 5 min, which is outside what the rules are made for. */
export function cpuNab(series, rule) {
  const total = tally();
  for (const { name, readings, windows } of series) {
    const times = alarms(rule, readings);
    total.background(name, readings, times, windows, SLOW_SPACING_MS);
    for (const { fromMs, toMs } of windows) total.fault(name, times, { fromMs, toMs, onsetMs: fromMs });
  }
  return total.result();
}
