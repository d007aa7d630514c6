// Loaded into the engine (`node --require`): how late its timers are, in ms on the clock and of processor time, into $PROBE_FILE.
const { writeFileSync } = require('node:fs');

const wall = [];
const cpu = [];
let [seenMs, seenCpu] = [performance.now(), process.cpuUsage()];
const PERIOD_MS = 1;

function measure() {
  const { user, system } = process.cpuUsage(seenCpu);
  wall.push(Math.max(0, performance.now() - seenMs - PERIOD_MS));
  cpu.push((user + system) / 1000);
  [seenMs, seenCpu] = [performance.now(), process.cpuUsage()];
  setTimeout(measure, PERIOD_MS).unref();
}

function figures(values) {
  values.sort((a, b) => a - b);
  const at = (part) => Math.round((values[Math.floor(values.length * part)] ?? 0) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), max: at(0.999999) };
}

// The bench asks for the figures since it asked last; whatever happens then is none of them.
process.on('SIGUSR2', () => {
  writeFileSync(
    process.env.PROBE_FILE,
    JSON.stringify({ turns: wall.length, wallMs: figures(wall), cpuMs: figures(cpu) }),
  );
  wall.length = 0;
  cpu.length = 0;
  [seenMs, seenCpu] = [performance.now(), process.cpuUsage()];
});
measure();
