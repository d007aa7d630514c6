// What all default rules together cost per process and sample, and how much a process's state holds.
import { memoryUsage } from 'node:process';

const PROCESSES = 1000;
const SAMPLES = 10_000;
const ROUNDS = 5;

/** A plain service at 1 s: a heap like a saw-tooth, bursts of CPU; the other half leaks for ever. */
function sampleAt(index, process) {
  const leak = process % 2 === 0 ? 0 : index * 50_000;
  const bytes = 80_000_000 + ((index * 7919 + process * 104_729) % 1000) * 20_000 + leak;
  return {
    atMs: index * 1000,
    cpuPercent: index % 97 < 5 ? 95 : (index * 31 + process) % 20,
    cpuDemandPercent: null,
    rssBytes: bytes + 5_000_000,
    privateBytes: bytes,
    isDeadlocked: () => false,
    count: 30,
    limit: null,
    zombies: [],
    descendants: 30,
    sameProgramDescendants: 20,
    multiplyingDescendants: 0,
    youngDescendants: 0,
    births: [0, 0, 0, 0],
    servesConnections: null,
    machineCpuPercent: 40,
    limitBytes: null,
    heapLimitBytes: null,
    machineMemoryBytes: 8e9,
    uptimeMs: index * 1000,
    parent: null,
  };
}

function nanosecondsPerSample(createAll) {
  const series = Array.from({ length: 4 }, (_, process) =>
    Array.from({ length: SAMPLES }, (_, index) => sampleAt(index, process)),
  );
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const samples of series) {
      const detectors = createAll();
      const startedAt = process.cpuUsage();
      for (const sample of samples) for (const detector of detectors) detector.observe(sample);
      const { user, system } = process.cpuUsage(startedAt);
      times.push((1000 * (user + system)) / SAMPLES);
    }
  }
  // The first ones are compiled while they run.
  return times.slice(series.length).reduce((sum, time) => sum + time, 0) / (times.length - series.length);
}

/** Needs a garbage collection at will; null without. */
function bytesPerProcess(createAll) {
  if (globalThis.gc === undefined) return null;
  const used = () => {
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, arrayBuffers } = memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const kept = [];
  const fill = () => {
    const detectors = createAll();
    for (let index = 0; index < 400; index++) {
      const sample = sampleAt(index, kept.length);
      for (const detector of detectors) detector.observe(sample);
    }
    kept.push(detectors);
  };
  // What is compiled meanwhile is no state of a process.
  for (let index = 0; index < PROCESSES; index++) fill();
  const before = used();
  for (let index = 0; index < PROCESSES; index++) fill();
  const bytes = (used() - before) / PROCESSES;
  return kept.length > 0 ? bytes : null;
}

export const measureCost = (createAll) => ({
  nanosecondsPerSample: nanosecondsPerSample(createAll),
  bytesPerProcess: bytesPerProcess(createAll),
});
