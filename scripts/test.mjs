/**
 * `npm test`: everything, in one go, on after a failure, so that one run shows all of them. Installs what it needs where it may.
 * The last line is `N passed, N failed`; each static check and the build count as one test.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD, INSTALL, needsInstall, nodeProblem, npm, ROOT, tool } from './lib/project.mjs';
import {
  afterRepetition,
  countPlaywright,
  countVitest,
  failedFiles,
  isWorthRepeating,
  judge,
  playwrightFailures,
  vitestFailures,
} from './lib/reports.mjs';
import { findChromium, prepareTestHost } from './lib/test-host.mjs';
import { ensureTestElectron } from './test-electron.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const work = mkdtempSync(join(roomyMemory() ?? tmpdir(), 'hd-'));
const reports = mkdtempSync(join(work, 'reports-'));
const temporary = mkdtempSync(join(work, 't-'));
// As /tmp: some tests run programs as other users.
chmodSync(work, 0o755);
chmodSync(temporary, 0o1777);
const results = [];
/** Each test that failed, repetitions included, by the name of its step. */
const failures = [];
/** How the steps that watch real processes run what failed in them once more; by name. */
const repetitions = new Map();

/**
 * A folder in memory, if there is one with room for what all tests keep at once: hundreds of them write files and wait for the disk,
 * and a slow one would be measured with what they test. Those about a slow or full disk bring their own.
 */
function roomyMemory() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 4 * 2 ** 30 ? '/dev/shm' : null;
  } catch {
    return null;
  }
}

/** Runs a step and keeps its counts; `counts` and `failed` read its report, a step without is one test. */
async function step(name, command, { env, ...report } = {}) {
  say(`\n=== ${name}`);
  const { status, tookMs } = await run(command, { env: { ...process.env, ...env }, stdio: 'inherit' });
  conclude(name, report, status, tookMs);
}

/** Begins a step that keeps one core busy, beside those that follow. Call what it returns to wait for it; then it shows what it said. */
function beside(name, command, { env, ...report } = {}) {
  const file = join(reports, `${name}.txt`);
  const output = openSync(file, 'w');
  const ended = run(command, { env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
  return async () => {
    const { status, tookMs } = await ended;
    say(`\n=== ${name}\n${readFileSync(file, 'utf8').trim()}`);
    conclude(name, report, status, tookMs);
  };
}

/** Runs a command in the project; its exit status, 1 when it could not be started or was ended by a signal. */
function run([program, ...args], options) {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (status) => resolve({ status, tookMs: performance.now() - began });
    const env = { ...options.env, TMPDIR: temporary };
    spawn(program, args, { cwd: ROOT, ...options, env })
      .once('error', (error) => {
        say(`${program}: ${error.message}`);
        end(1);
      })
      .once('exit', (status) => end(status ?? 1));
  });
}

function conclude(name, report, status, tookMs) {
  record(name, judge(readCounts(report, status), status), tookMs);
  failures.push(...readFailures(report).map((failure) => `${name}: ${failure}`));
}

function readCounts({ counts }, status) {
  if (counts === undefined) return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  try {
    return counts();
  } catch (error) {
    say(`No report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function readFailures({ failed = () => [] }) {
  try {
    return failed();
  } catch {
    // Said already where its counts were read.
    return [];
  }
}

function record(name, counts, tookMs) {
  results.push({ name, ...counts, tookMs });
}

/** A step that can't be done is one failure, with the reason. */
function cannot(name, reason) {
  say(`\n=== ${name}\n${reason}`);
  record(name, { passed: 0, failed: 1, skipped: 0 }, 0);
}

const readReport = (name) => JSON.parse(readFileSync(join(reports, name), 'utf8'));

async function vitest(project, ...files) {
  const name = `${project}${files.length > 0 ? '-again' : ''}.json`;
  const options = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, name)}`];
  const counts = () => countVitest(readReport(name));
  const failed = () => vitestFailures(readReport(name));
  await step(project, tool('vitest/vitest.mjs', 'run', '--project', project, ...options, ...files), { counts, failed });
}

/** The tests of a project that meets the kernel. */
async function withKernel(project) {
  await vitest(project);
  repetitions.set(project, () => vitest(project, ...failedFiles(readReport(`${project}.json`))));
}

/** Runs once more, with nothing beside it, what failed while both cores were busy; what it counts takes the place of the failures. */
async function repeatFailures() {
  for (const [name, repeat] of repetitions) {
    const first = results.find((result) => result.name === name);
    if (!isWorthRepeating(first)) continue;
    say(`\n=== ${name}: ${first.failed} failed; once more, alone`);
    await repeat();
    const second = results.pop();
    Object.assign(first, afterRepetition(first, second), { tookMs: first.tookMs + second.tookMs });
  }
}

/** A promise that never rejects, so that it may be left alone for a while: of the value, or of the error. */
const settle = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

async function electronOfTests() {
  return process.env.ELECTRON_OVERRIDE_DIST_PATH || ensureTestElectron();
}

/** What real processes are watched for. */
async function watching(missing, electron) {
  if (missing !== null) {
    await withKernel('integration');
    await withKernel('machine');
    return cannot('e2e', missing);
  }
  if (electron.error !== undefined) {
    cannot('e2e', `No Electron to test with: ${electron.error.message}`);
    await withKernel('integration');
    return withKernel('machine');
  }
  const env = { HEALDECK_CHROMIUM: findChromium(), ELECTRON_OVERRIDE_DIST_PATH: electron.value };
  // Pages of a fake engine watch nothing, and get what the tests beside them leave of the processors.
  const [, pictures, options] = playwright('e2e pictures', env, 'pictures');
  const drawn = beside('e2e pictures', patiently(pictures), options);
  await withKernel('integration');
  await drawn();
  // Nothing may run beside these: what they start is judged by how busy the machine is.
  await withKernel('machine');
  await step(...playwright('e2e cli', env, 'cli'));
  await step(...playwright('e2e windows', env, 'electron', 'browser'));
}

/** A step of Playwright's: its name, command and options. Each has a folder of its own for what failed. */
function playwright(name, env, ...projects) {
  const options = ['--reporter=list,json', ...projects.map((project) => `--project=${project}`)];
  const output = `--output=test-results/${name.replaceAll(' ', '-')}`;
  const run = (report, ...more) => [
    name,
    tool('@playwright/test/cli.js', 'test', ...options, output, ...more),
    {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, report) },
      counts: () => countPlaywright(readReport(report)),
      failed: () => playwrightFailures(readReport(report)),
    },
  ];
  repetitions.set(name, () => step(...run(`${name} again.json`, '--last-failed')));
  return run(`${name}.json`);
}

/** The same command, behind all others in line for the processors where the system can do that. */
function patiently(command) {
  return process.platform === 'win32' ? command : ['nice', '-n', '19', ...command];
}

function summary() {
  const total = { passed: 0, failed: 0 };
  say('');
  for (const failure of failures) say(failure.replaceAll(`${ROOT}/`, ''));
  for (const { name, passed, failed, skipped, again = 0, tookMs } of results) {
    total.passed += passed;
    total.failed += failed;
    const skips =
      (skipped > 0 ? `, ${skipped} skipped` : '') + (again > 0 ? `, ${again} only when repeated alone` : '');
    say(
      `${failed === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${passed} passed, ${failed} failed${skips} (${(tookMs / 1000).toFixed(1)} s)`,
    );
  }
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function test() {
  const problem = nodeProblem();
  if (problem !== null) {
    cannot('node', problem);
    return summary();
  }
  // These mostly wait for the network, where they have anything to do: nothing before the integration tests needs them, and they need no
  // package of ours.
  const preparing = settle(prepareTestHost(say));
  const fetching = settle(electronOfTests());
  if (needsInstall() && (await run(INSTALL, { env: process.env, stdio: 'inherit' })).status !== 0) {
    cannot('install', 'npm ci failed; is the npm registry reachable?');
    await Promise.all([preparing, fetching]);
    return summary();
  }
  const lint = beside('lint', npm('run', '--silent', 'lint'));
  await step('types', npm('run', '--silent', 'types'));
  await step('layers', npm('run', '--silent', 'layers'));
  await step('formatted', npm('run', '--silent', 'formatted'));
  await vitest('unit');
  // Before the integration tests, some of which run what was built.
  await step('build', BUILD);
  const host = await preparing;
  const electron = await fetching;
  // From here on real processes are watched: nothing may take processors from them.
  await lint();
  await watching(host.error?.message ?? host.value, electron);
  await repeatFailures();
  return summary();
}

try {
  process.exitCode = await test();
} finally {
  rmSync(work, { recursive: true, force: true });
}
