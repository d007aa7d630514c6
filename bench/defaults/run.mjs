// Whether an engine with default settings leaves healthy programs alone, however busy they are, and still catches fork bombs.
//   npm run bench:defaults [-- --minutes 10] [--json]
// Exit status: 1 when something healthy was found or touched, or a bomb was not ended within 3 s; 2 when something is missing.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { onPath, runToEnd, startDaemon } from '../restart/processes.mjs';
import { CONNECTIONS, openConnections, workloads } from './workloads.mjs';

const checkout = join(import.meta.dirname, '../..');
const cli = join(checkout, 'bin/healdeck.js');
const BOMBS = 5;
const MAX_BOMB_MS = 3000;
/** What is no finding: the coming and going of the watches themselves. */
const EXPECTED = new Set(['engine_started', 'watch_added', 'started']);

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
});
const minutes = Number(options.minutes);
if (!(minutes >= 0.5 && minutes <= 1440))
  fail(`--minutes: expected 0.5 to 1440, got ${JSON.stringify(options.minutes)}`);
const say = (text) => options.json || console.log(text);

function fail(text) {
  console.error(text);
  process.exit(2);
}

/** What this machine must have, or the end. */
function requirements() {
  if (!existsSync(join(checkout, 'out/main/cli.js'))) fail('The engine is not built yet; run: npm run build');
  if (process.getuid() !== 0) fail('This bench starts programs as other users, which needs root.');
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const bin = versions
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((path) => existsSync(join(path, 'postgres')));
  const missing = ['cc', 'make', 'python3', 'xargs'].filter((program) => onPath(program) === null);
  if (bin === undefined) missing.push('postgresql');
  if (missing.length > 0) fail(`Missing: ${missing.join(', ')} (apt-get install gcc make python3 postgresql)`);
  const id = (option) => Number(runToEnd('id', [option, 'postgres']));
  return { bin, uid: id('-u'), gid: id('-g') };
}

const database = requirements();
const base = mkdtempSync(join(tmpdir(), 'healdeck-bench-defaults-'));
runToEnd('chmod', ['755', base]);
const dataDir = join(base, 'data');
mkdirSync(dataDir, { mode: 0o700 });
/** The engine's environment depends neither on npm nor on who runs this bench. */
const quiet = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEALDECK_')));
const env = { ...quiet, HEALDECK_DATA_DIR: dataDir };
const healdeck = (...args) => runToEnd(process.execPath, [cli, ...args], { env });
const events = () =>
  healdeck('events', '--json', '--limit', '1000')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

function add({ name, cwd, argv, user }) {
  healdeck('add', name, '--cwd', cwd, ...(user === undefined ? [] : ['--user', user]), '--', ...argv);
}

/** What each did of what it is here for, and null where that is too little. */
function achieved(folder, connections) {
  const builds = existsSync(join(folder, 'make/builds'))
    ? readFileSync(join(folder, 'make/builds'), 'utf8').length / 6
    : 0;
  const has = (file) => existsSync(join(folder, file)) || null;
  return {
    'builds by make -j64': builds || null,
    'connections to PostgreSQL': connections === CONNECTIONS ? connections : null,
    'pool of 1 GB is up': has('pool-is-up'),
    'warm-up to 500 MB': minutes < 6 ? 'not awaited' : has('warm-up-is-over'),
    '200 workers launched': has('launched'),
  };
}

/** One bomb: ms from its start to its finding, and to the end of its last process. */
async function defuse(number, program) {
  const name = `bomb-${number}`;
  const startedAt = Date.now();
  const isOf = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(program);
    } catch {
      return false;
    }
  };
  healdeck('add', name, '--user', 'nobody', '--restart', 'never', '--cwd', '/', '--', program, '100', '20');
  let goneMs = null;
  while (goneMs === null && Date.now() - startedAt < 30_000) {
    await sleep(20);
    if (!readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && isOf(entry))) goneMs = Date.now();
  }
  const ofBomb = events().filter(({ watch }) => watch === name);
  const at = (type) => Date.parse(ofBomb.find((event) => event.type === type)?.at ?? '');
  const begun = at('started');
  return { foundMs: at('anomaly_detected') - begun, goneMs: goneMs === null ? Number.NaN : goneMs - begun };
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort());
const engine = startDaemon(process.execPath, [cli, 'run', '--headless', '--port', '0'], { env });
let connections = null;
try {
  const folder = join(base, 'work');
  mkdirSync(folder, { mode: 0o755 });
  const program = join(base, 'fork-bomb');
  runToEnd(onPath('cc') ?? onPath('gcc'), ['-O1', '-o', program, join(checkout, 'demo/fork-bomb.c')]);
  const all = workloads(folder, database);
  for (let tries = 0; !existsSync(join(dataDir, 'engine.sock')) && tries < 300; tries += 1) await sleep(100);
  const server = all.find(({ name }) => name === 'postgres');
  add(server);
  connections = await openConnections(server.socket);
  for (const workload of all) if (workload !== server) add(workload);
  say(`${all.length} watches run, ${connections.open()} connections are open. Watching for ${minutes} min.`);
  await sleep(minutes * 60_000, undefined, { signal: interrupted.signal });

  const findings = events().filter(({ type, watch }) => !EXPECTED.has(type) && watch !== null);
  const noted = events().filter(({ type, watch }) => !EXPECTED.has(type) && watch === null);
  const done = achieved(folder, connections.open());
  connections.end();
  for (const { name } of all) healdeck('stop', name);
  const bombs = [];
  for (let number = 1; number <= BOMBS; number += 1) bombs.push(await defuse(number, program));

  const slow = bombs.filter(({ foundMs, goneMs }) => !(foundMs < MAX_BOMB_MS && goneMs < MAX_BOMB_MS));
  const idle = Object.entries(done).filter(([, value]) => value === null);
  const passed = findings.length === 0 && slow.length === 0 && idle.length === 0;
  if (options.json) console.log(JSON.stringify({ minutes, done, findings, noted, bombs, passed }, null, 2));
  else {
    console.log(`\nNode ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`);
    for (const [what, value] of Object.entries(done)) console.log(`${what}: ${value ?? 'NO'}`);
    for (const { type, watch, message } of [...findings, ...noted]) console.log(`${type} ${watch ?? ''}: ${message}`);
    console.log(`${findings.length} findings about healthy programs.`);
    for (const { foundMs, goneMs } of bombs) console.log(`bomb: found after ${foundMs} ms, gone after ${goneMs} ms`);
    console.log(passed ? 'All holds.' : 'Missed.');
  }
  process.exitCode = passed ? 0 : 1;
} finally {
  connections?.end();
  for (const { watch } of JSON.parse(healdeck('status', '--json')).watches) healdeck('stop', watch.name);
  await engine.end();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}
