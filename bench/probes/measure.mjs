// One scenario in a process of its own: so many targets, each probed again and again; the cost of this process, and how late its
// event loop was. The job is its argument, the result what it prints.
import { request } from 'node:http';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSystemClock } from '../../src/main/adapters/clock';
import { createTestProber } from '../../src/main/adapters/testing/prober';
import { AttemptQueue } from '../../src/main/engine/probes/attempt-queue';
import { ProbeLoop } from '../../src/main/engine/probes/probe-loop';
import { probeCheckSchema, probeSchema } from '../../src/shared/model/probe';

const { kind, targets, hanging, intervalMs, areAlone, seconds, ports } = JSON.parse(process.argv[2]);
const LIMIT_MS = 2000;
/** An engine runs for days: what is measured is code that the engine of JavaScript has compiled long ago. */
const WARM_UP = { http: 3000, node_http: 3000, tcp: 3000, command: 50, nothing: 3000 };

const clock = createSystemClock();
const prober = createTestProber({ clock, report: (where, error) => console.error(where, error) });

function checkOf(port, i) {
  switch (kind) {
    case 'tcp':
      return probeCheckSchema.parse({ kind: 'tcp', port });
    case 'command':
      return { kind: 'command', launch: { argv: ['/bin/true'], cwd: '/', env: {}, user: null } };
    default:
      return probeCheckSchema.parse({ kind: 'http', url: `http://127.0.0.1:${port}/health/${i}` });
  }
}

const checks = Array.from({ length: targets }, (_, i) => checkOf(i < hanging ? ports.silent : ports.answering, i));

/** The same over Node's own client, for comparison. */
function askByNode({ url }) {
  const { port, pathname } = new URL(url);
  return new Promise((resolve) => {
    const asked = request({
      ...{ path: pathname, headers: { host: `127.0.0.1:${port}` } },
      createConnection: () => connect(Number(port), '127.0.0.1'),
    });
    const timer = setTimeout(() => asked.destroy(new Error('limit')), LIMIT_MS);
    const settle = (passed) => {
      clearTimeout(timer);
      asked.destroy();
      resolve({ passed, words: '', latencyMs: 0 });
    };
    asked.on('response', (response) => response.resume().once('end', () => settle(response.statusCode === 200)));
    asked.on('error', () => settle(false));
    asked.end();
  });
}

const ask =
  {
    node_http: askByNode,
    nothing: () => Promise.resolve({ passed: true, words: '', latencyMs: 0 }),
  }[kind] ?? ((check) => prober.ask(check, LIMIT_MS).answer);

const counts = { asked: 0, passed: 0, failed: 0 };
async function attempt(check) {
  counts.asked += 1;
  const answer = await ask(check);
  counts[answer.passed ? 'passed' : 'failed'] += 1;
  return answer;
}

// The clock and the children of a prober keep no process alive.
setInterval(() => undefined, 60_000);

/** As the engine asks, with room for all that hang. */
const loopDependencies = {
  ...{ clock, queue: new AttemptQueue(clock, () => targets) },
  ...{ starvation: () => null, counted: () => undefined, answered: () => undefined },
};
function loopOf(check, everyMs) {
  const settings = { intervalMs: everyMs, timeoutMs: LIMIT_MS };
  const probe = probeSchema.parse({ name: 'probe', check: { kind: 'tcp', port: 1 }, ...settings });
  return new ProbeLoop(probe, {
    ...loopDependencies,
    ask: () => ({ answer: attempt(check), cancel: () => undefined }),
  });
}

const warming = checks.slice(hanging, hanging + 50).map((check) => loopOf(check, 100));
for (const loop of warming) loop.start(0);
while (counts.asked < WARM_UP[kind]) await sleep(100);
for (const loop of warming) loop.dispose();

/** Spread evenly over the interval. */
checks.forEach((check, i) => {
  const delayMs = (i * intervalMs) / targets;
  if (!areAlone) loopOf(check, intervalMs).start(delayMs);
  else {
    setTimeout(() => {
      void attempt(check);
      setInterval(() => void attempt(check), intervalMs);
    }, delayMs);
  }
});

await sleep(intervalMs);
const delays = monitorEventLoopDelay({ resolution: 5 });
const isDelayMeasured = process.argv[3] === 'delay';
if (isDelayMeasured) delays.enable();
Object.assign(counts, { asked: 0, passed: 0, failed: 0 });
const before = process.cpuUsage();
const startedMs = performance.now();
await sleep(seconds * 1000);
const { user, system } = process.cpuUsage(before);
const wallMs = performance.now() - startedMs;
const cpuMs = (user + system) / 1000;
const percentile = (percent) => delays.percentile(percent) / 1e6;
process.stdout.write(
  JSON.stringify({
    ...counts,
    percentOfCore: (100 * cpuMs) / wallMs,
    cpuUsPerProbe: (1000 * cpuMs) / counts.asked,
    ...(isDelayMeasured && { delayMs: { p50: percentile(50), p99: percentile(99) } }),
  }),
);
prober.dispose();
process.exit();
