import { percentile } from '../restart/statistics.mjs';

/**
 * What must hold for ends that the kernel reports; `idleShare`: CPU while nothing ends, against polling. `timesExitEvent`: on a machine
 * that is too busy for `p95Ms`, where Node's own exit event of the same ends takes longer than that, against this event.
 */
export const TARGETS = { p95Ms: 5, timesExitEvent: 1.5, idleShare: 0.1 };

/** What was measured of one way to notice ends. `lost`: never noticed. */
export function summarize({ delaysMs, exitEventsMs, exits, total, idleCpuMs, idleSeconds }) {
  return {
    total,
    lost: total - delaysMs.length,
    exits,
    p50Ms: percentile(delaysMs, 50),
    p95Ms: percentile(delaysMs, 95),
    maxMs: Math.max(...delaysMs),
    exitEventP50Ms: percentile(exitEventsMs, 50),
    exitEventP95Ms: percentile(exitEventsMs, 95),
    idlePercent: idleCpuMs / idleSeconds / 10,
  };
}

/** What missed its target, in words. `many`: by the kernel as well, with far more descriptors than processes. */
export function misses({ polling, ...byKernel }) {
  const found = [];
  for (const [name, { lost, total }] of Object.entries({ ...byKernel, polling })) {
    if (lost > 0) found.push(`${name}: ${lost} of ${total} ends were not noticed`);
  }
  for (const [name, row] of Object.entries(byKernel)) {
    const isBusy = row.exitEventP95Ms > TARGETS.p95Ms;
    const limitMs = isBusy ? TARGETS.timesExitEvent * row.exitEventP95Ms : TARGETS.p95Ms;
    if (!(row.p95Ms <= limitMs)) {
      found.push(`${name}: p95 ${row.p95Ms.toFixed(2)} ms is more than ${limitMs.toFixed(2)} ms`);
    }
    const share = row.idlePercent / polling.idlePercent;
    if (!(share <= TARGETS.idleShare)) {
      found.push(
        `${name}: idle, it uses ${(100 * share).toFixed(0)} % of the CPU of polling, more than ${100 * TARGETS.idleShare} %`,
      );
    }
  }
  return found;
}

/** A line for people. */
export function line(name, row) {
  const ms = (value) => `${value.toFixed(2)} ms`.padStart(10);
  const idle = `${row.idlePercent.toFixed(3)} %`.padStart(9);
  return `${name.padEnd(8)} ${ms(row.p50Ms)} ${ms(row.p95Ms)} ${ms(row.maxMs)} ${idle} ${String(row.exits).padStart(6)} ${String(row.lost).padStart(5)}`;
}

export const HEADER = `${'by'.padEnd(8)} ${'p50'.padStart(10)} ${'p95'.padStart(10)} ${'max'.padStart(10)} ${'idle CPU'.padStart(9)} ${'exits'.padStart(6)} ${'lost'.padStart(5)}`;
