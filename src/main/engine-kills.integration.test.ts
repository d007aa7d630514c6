import Database from 'libsql';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchSchema } from '../shared/model/watch';
import { CONFIG_VERSION } from '../shared/model/config';

/** How often the engine is killed; HEALDECK_ENGINE_KILLS=320 is the long run. */
const KILLS = Number(process.env['HEALDECK_ENGINE_KILLS'] ?? 6);
/** The product as `npm run build` makes it. */
const PROGRAM = resolve('out/main/headless.js');
/** On a machine that is busy with all the rest of the tests, too. */
const READY_MS = 120_000;

/** Programs that live on, and programs that die at their own pace; each writes down when it begins and when it dies. */
const STABLE = ['stable-0', 'stable-1', 'stable-2', 'stable-3'];
const CRASHING = [0.3, 0.5, 0.8, 1.3, 2.1, 3.4].map((seconds, at) => ({ name: `crash-${at}`, seconds }));

let root: string;
let dataDir: string;
/** The engine that was started last. */
let engine: ChildProcess | null = null;

interface Life {
  pid: number;
  startedAt: number;
  /** When it was about to exit; null: it was not yet, or was killed. */
  diedAt: number | null;
}

/** A death right before the last engine ended may be too late for that engine to report: the next one does. */
const NOTICE_MS = 3000;

beforeAll(() => {
  if (!existsSync(PROGRAM)) execFileSync('npm', ['run', 'build'], { stdio: 'ignore' });
  root = mkdtempSync(join(tmpdir(), 'healdeck-kills-'));
  dataDir = join(root, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const watch = (name: string, at: number, script: string) =>
    watchSchema.parse({
      id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
      revision: 1,
      name,
      restart: 'always',
      target: { kind: 'command', command: { argv: ['sh', '-c', script, name, logOf(name)], cwd: root } },
    });
  const begin = 'echo "start $$ $(date +%s%3N)" >> "$1"';
  const watches = [
    ...STABLE.map((name, at) => watch(name, at, `${begin}; exec sleep 100000`)),
    ...CRASHING.map(({ name, seconds }, at) =>
      watch(name, 100 + at, `${begin}; sleep ${seconds}; echo "death $$ $(date +%s%3N)" >> "$1"; exit 3`),
    ),
  ];
  const settings = {
    'restart.limit': 1000,
    'restart.mediumLimit': null,
    'restart.longLimit': null,
    'restart.delays': false,
    'storm.restarts': 10_000,
    'heal.giveUpAfter': 10_000,
  };
  const config = JSON.stringify({ version: CONFIG_VERSION, settings, watches });
  writeFileSync(join(dataDir, 'config.json'), config, { mode: 0o600 });
}, 120_000);

afterAll(async () => {
  if (engine !== null) await end(engine, 'SIGKILL');
  for (const name of [...STABLE, ...CRASHING.map((one) => one.name)]) {
    for (const { pid } of livesOf(name)) if (isLife(pid)) process.kill(pid, 'SIGKILL');
  }
  rmSync(root, { recursive: true, force: true });
});

function logOf(name: string): string {
  return join(root, `${name}.starts`);
}

function livesOf(name: string): readonly Life[] {
  if (!existsSync(logOf(name))) return [];
  const lives: Life[] = [];
  for (const line of readFileSync(logOf(name), 'utf8').split('\n')) {
    const [what, pid, at] = line.split(' ');
    if (what === 'start') lives.push({ pid: Number(pid), startedAt: Number(at), diedAt: null });
    const dying = lives.findLast((life) => life.pid === Number(pid));
    if (what === 'death' && dying !== undefined) dying.diedAt = Number(at);
  }
  return lives;
}

/** Whether the pid is, still, one of these programs: they work in a directory of their own. */
function isLife(pid: number): boolean {
  try {
    if (/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) return false;
    return readlinkSync(`/proc/${pid}/cwd`) === root;
  } catch {
    return false;
  }
}

async function startEngine(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  engine = child;
  await new Promise<void>((ready, failed) => {
    let text = '';
    const timer = setTimeout(() => failed(new Error(`not ready: ${text}`)), READY_MS);
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (!text.includes('is ready')) return;
      clearTimeout(timer);
      ready();
    });
    child.once('exit', () => {
      clearTimeout(timer);
      ready();
    });
  });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

interface Row {
  id: number;
  at: number;
  type: string;
  watch: string;
  pid: number | null;
  reason: string | null;
}

const isDeath = ({ type }: Row): boolean => type === 'crash_detected' || type === 'exited' || type === 'stopped';

/** A start of which nobody knows whether it was executed: the engine was killed within the call that starts programs. */
const isInterrupted = ({ type, reason }: Row): boolean => type === 'restart_failed' && reason === 'interrupted';

/** What the programs themselves know, against what the history says. */
function compare(rows: readonly Row[], endedAt: number) {
  const lost: object[] = [];
  const twice: object[] = [];
  const extra: object[] = [];
  let [deaths, starts, withoutPid, interrupted, unknownStarts, reportedStarts] = [0, 0, 0, 0, 0, 0];
  for (const name of [...STABLE, ...CRASHING.map((one) => one.name)]) {
    // Asked before the log is read: one that dies in between has written so by then.
    const living = new Set(
      livesOf(name)
        .map(({ pid }) => pid)
        .filter(isLife),
    );
    const lives = livesOf(name);
    starts += lives.length;
    const ends = rows.filter((row) => row.watch === name && isDeath(row));
    reportedStarts += rows.filter((row) => row.watch === name && /^(?:started|restarted)$/.test(row.type)).length;
    withoutPid += ends.filter((row) => row.pid === null).length;
    const unnamed = rows.filter((row) => row.watch === name && isInterrupted(row));
    interrupted += unnamed.length;
    for (const [at, life] of lives.entries()) {
      if (living.has(life.pid) || (life.diedAt ?? 0) > endedAt - NOTICE_MS) continue;
      deaths += 1;
      const next = lives.slice(at + 1).find(({ pid }) => pid === life.pid)?.startedAt ?? Infinity;
      const own = ends.filter((row) => row.pid === life.pid && row.at >= life.startedAt - 50 && row.at < next);
      if (own.length > 1) twice.push({ name, life, events: own });
      if (own.length > 0) continue;
      const instead = unnamed.find((row) => row.at >= life.startedAt - 50);
      if (instead !== undefined) {
        unknownStarts += 1;
        unnamed.splice(unnamed.indexOf(instead), 1);
        continue;
      }
      const near = rows.filter((row) => row.watch === name && Math.abs(row.at - life.startedAt) < 5000);
      lost.push({ name, life, near });
    }
    if (STABLE.includes(name) && lives.length !== 1) extra.push({ name, lives });
    const alive = lives.filter(({ pid }) => living.has(pid));
    if (alive.length > 1) extra.push({ name, alive });
  }
  return { starts, reportedStarts, deaths, withoutPid, interrupted, unknownStarts, lost, twice, extra };
}

it(
  `reports every death once, and starts nothing twice, over ${KILLS} kills of the engine`,
  async () => {
    let current = await startEngine();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await sleep(Math.random() < 0.3 ? Math.random() * 60 : Math.random() * 1500);
      await end(current, 'SIGKILL');
      if (kill % 4 === 0) await sleep(Math.random() * 400);
      current = await startEngine();
      if (kill % 20 === 0) process.stdout.write(`${kill} kills\n`);
    }
    await sleep(1000);
    await end(current, 'SIGTERM');
    const database = new Database(join(dataDir, 'history.db'), { readonly: true });
    const rows = database
      .prepare(`SELECT id, at, type, watch, pid, data ->> 'reason' AS reason FROM events ORDER BY id`)
      .all() as Row[];
    const integrity = database.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
    database.close();
    // Programs that died after the last engine had ended are for the next one to report.
    const result = compare(rows, rows.findLast(({ type }) => type === 'engine_stopped')?.at ?? Infinity);
    const { lost, twice, extra, ...counts } = result;
    process.stdout.write(`${JSON.stringify({ kills: KILLS, ...counts, lost: lost.length, twice: twice.length })}\n`);
    expect(integrity.integrity_check).toBe('ok');
    expect({ lost, twice, extra, withoutPid: counts.withoutPid }).toEqual({
      lost: [],
      twice: [],
      extra: [],
      withoutPid: 0,
    });
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, at) => (rows[0]?.id ?? 0) + at));
  },
  60_000 + KILLS * 10_000,
);
