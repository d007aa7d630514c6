// One scenario in a process of its own: so many targets, each probed again and again; the cost of this process, and how late its
// event loop was. The job is its argument, the result what it prints.
import { request } from 'node:http';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSystemClock } from '../../src/main/adapters/clock';
import { INHERITED_LIMITS } from '../../src/main/adapters/launch/start-limits';
import { NetworkProber } from '../../src/main/adapters/probes/prober';
import { probeCheckSchema } from '../../src/shared/model/probe';

const { kind, targets, hanging, intervalMs, stepMs, seconds, ports } = JSON.parse(process.argv[2]);
const LIMIT_MS = 2000;
/** An engine runs for days: what is measured is code that the engine of JavaScript has compiled long ago. */
const WARM_UP = { http: 3000, node_http: 3000, tcp: 3000, command: 50, nothing: 0 };

const prober = new NetworkProber({
  clock: createSystemClock(),
  secretOf: () => null,
  mask: (text) => text,
  limits: () => INHERITED_LIMITS,
  engineOomScoreAdj: () => null,
  pidfds: null,
  report: (where, error) => console.error(where, error),
});

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
      resolve({ passed });
    };
    asked.on('response', (response) => response.resume().once('end', () => settle(response.statusCode === 200)));
    asked.on('error', () => settle(false));
    asked.end();
  });
}

const ask = { node_http: askByNode, nothing: () => Promise.resolve({ passed: true }) }[kind];
const probe = ask ?? ((check) => prober.ask(check, LIMIT_MS).answer);

const counts = { asked: 0, passed: 0, failed: 0 };
async function attempt(check) {
  counts.asked += 1;
  const { passed } = await probe(check);
  counts[passed ? 'passed' : 'failed'] += 1;
}

// The clock and the children of a prober keep no process alive.
setInterval(() => undefined, 60_000);
for (let i = 0; i < WARM_UP[kind]; i += 1) await attempt(checks[hanging + (i % (targets - hanging))]);

/** Spread evenly over the interval; those of one step begin together. */
const groups = new Map();
checks.forEach((check, i) => {
  const at = Math.floor((i * intervalMs) / targets / stepMs) * stepMs;
  groups.set(at, [...(groups.get(at) ?? []), check]);
});
const timers = [...groups].map(([at, group]) => {
  const run = () => group.forEach((check) => void attempt(check));
  return setTimeout(() => {
    run();
    timers.push(setInterval(run, intervalMs));
  }, at);
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
