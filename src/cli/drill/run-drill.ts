import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { NO_TIMES, type DrillStep, type DrillTimes } from '../../shared/model/drill';
import type { HealdeckEvent } from '../../shared/model/event';
import { sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import type { WatchSpecInput } from '../../shared/model/watch';
import type { EngineConnection } from '../client';
import { follow } from './follow';
import { busyMachine, judge, type Verdict } from './judge';
import { factsOf, lead, RECHECK_INTERVAL_MS, type Lead } from './lead';
import { openMailbox, type DrillMail, type Mailbox } from './mailbox';
import { DRILL_MARK, endMarked, markedProcesses } from './marked-processes';
import type { DemoProgram, Scenario } from './scenario';
import { BYSTANDER, BYSTANDER_PROCESSES, DRILL_INTERVAL_MS } from './scenarios';
import { startScratchEngine } from './scratch-engine';
import { startStranger, type Stranger } from './stranger';

/** Scenarios that run at the same time: enough to be quick, few enough to leave an engine its share of a small machine. */
const LANES = 3;
/** How soon a process that was killed must be gone: from a table that the kernel empties, not from ours. */
const GONE_TIMEOUT_MS = 15_000;

export interface ScenarioResult extends DrillTimes {
  name: string;
  shows: string;
  passed: boolean;
  /** Why it failed; null when it passed. */
  reason: string | null;
  events: readonly HealdeckEvent[];
  /** The mails about it: when they came in (wall time in ms since the epoch), to whom, and their subjects. */
  mails: readonly Pick<DrillMail, 'at' | 'to' | 'subject'>[];
}

export interface DrillResult {
  passed: boolean;
  scenarios: readonly ScenarioResult[];
  /** Where the data of the scratch engine are, when they are kept. */
  dataDir: string | null;
}

export interface DrillOptions {
  scenarios: readonly Scenario[];
  /** Folder of the demo programs. */
  demoDir: string;
  /** Bundle of the command line, which is also the scratch engine. */
  cli: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
  keepData: boolean;
  /** Aborting it ends the drill early, with everything cleaned up. */
  signal: AbortSignal;
  onStep: (step: DrillStep) => void;
}

/** What a scenario runs with. */
interface Stage extends Lead {
  client: EngineConnection['client'];
  /** Value of the mark that all processes of this drill carry; a slash and the scenario follow. */
  mark: string;
  options: DrillOptions;
  /** Those that live, by the name of their scenario. */
  strangers: Map<string, Stranger>;
}

/** Runs the scenarios in an engine of their own. Rejects only when that engine can't be started or dies, or when it is aborted. */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  const mailbox = await openMailbox();
  try {
    return await runWith(mailbox, options);
  } finally {
    await mailbox.dispose();
  }
}

async function runWith(mailbox: Mailbox, options: DrillOptions): Promise<DrillResult> {
  const mark = randomUUID();
  const engine = await startScratchEngine({ ...options, mark });
  try {
    const { client } = engine;
    options.onStep({ kind: 'ready' });
    await client.settings.setAll({
      values: {
        'sampling.intervalMs': DRILL_INTERVAL_MS,
        // All of these restarts are wanted: the brake that stops a storm of them is not what is drilled.
        'storm.restarts': 1000,
        ...mailbox.settings,
      },
    });
    const { signal, onStep } = options;
    const strangers = new Map<string, Stranger>();
    const operator = operatorOf(client, strangers);
    const machineProblem = (): string | null => busyMachine({ load: loadavg()[0] ?? 0, cores: availableParallelism() });
    const stage: Stage = {
      ...{
        client,
        follower: follow(client),
        mailbox,
        operator,
        machineProblem,
        signal,
        onStep,
        mark,
        options,
        strangers,
      },
    };
    const bystander = await startBystander(stage);
    const results = await inLanes(options.scenarios, (scenario) => play(scenario, stage));
    const scenarios = [...results, await finishBystander(bystander, stage)];
    const passed = scenarios.every((scenario) => scenario.passed);
    return { passed, scenarios, dataDir: options.keepData ? engine.dataDir : null };
  } finally {
    await remove(BYSTANDER, engine.client);
    await engine.dispose(options);
    // Whatever the engine could not end, because it was ended itself: by mark and identity, so nobody else's.
    await endMarked(mark);
  }
}

function operatorOf(client: EngineConnection['client'], strangers: ReadonlyMap<string, Stranger>): Lead['operator'] {
  return {
    endStranger: async (scenario) => strangers.get(scenario)?.end(),
    resetCooldown: async (watch) => void (await client.watches.resetCooldown({ watch })),
    mailProblem: async () => {
      const { channels } = await client.alerts.status();
      return channels.find(({ channel }) => channel === 'mail')?.problem?.message ?? null;
    },
  };
}

/** Runs `LANES` at a time; the results are in the order of the items. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.map((item, index) => ({ item, index }));
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next.index] = await work(next.item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const broken = lanes.find((outcome) => outcome.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results;
}

/** One scenario from its watch's first to its last moment. */
async function play(scenario: Scenario, stage: Stage): Promise<ScenarioResult> {
  const { client, options } = stage;
  options.signal.throwIfAborted();
  options.onStep({ kind: 'begun', scenario: scenario.name });
  try {
    await begin(scenario, stage);
    const verdict = await lead(scenario, stage);
    const left = verdict.kind === 'passed' ? await leftAlive(scenario, stage) : [];
    return report(scenario, stage, left.length === 0 ? verdict : stillAlive(verdict, left));
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return report(scenario, stage, { kind: 'failed', reason, ...NO_TIMES });
  } finally {
    await remove(scenario, client);
    await stage.strangers.get(scenario.name)?.end();
    // The verdict stands; whoever is left of it would only disturb the others.
    await endMarked(markOf(scenario, stage));
  }
}

/** Starts what it needs, what stands in its way, and then its program. */
async function begin(scenario: Scenario, stage: Stage): Promise<void> {
  const { client, strangers } = stage;
  const { needs, stranger, probes, hasPort } = scenario;
  const port = probes !== undefined || hasPort === true ? await freePort() : null;
  if (stranger !== undefined) {
    const own = { [DRILL_MARK]: markOf(scenario, stage) };
    strangers.set(scenario.name, await startStranger(argvOf(stranger, port, stage), own));
  }
  if (needs !== undefined) {
    const { restart } = scenario;
    const needed = { ...needs, restart, name: neededBy(scenario) };
    await client.watches.add({ spec: specOf(needed, port, stage, scenario) });
  }
  const after = needs === undefined ? [] : [{ watch: neededBy(scenario) }];
  await client.watches.add({ spec: { ...specOf(scenario, port, stage), after } });
}

/** The name of the watch that a scenario starts after. */
function neededBy({ name }: Pick<Scenario, 'name'>): string {
  return `${name}-needs`;
}

/** Processes of a scenario that should be gone and are not. */
async function leftAlive(scenario: Scenario, stage: Stage): Promise<readonly ProcessIdentity[]> {
  if (scenario.kind === 'quiet' || !scenario.leavesNothing) return [];
  const deadline = performance.now() + GONE_TIMEOUT_MS;
  for (;;) {
    const alive = markedProcesses(markOf(scenario, stage));
    if (alive.length === 0 || performance.now() > deadline) return alive;
    await stage.follower.news(RECHECK_INTERVAL_MS);
  }
}

function stillAlive(verdict: Verdict, left: readonly ProcessIdentity[]): Verdict {
  return { ...verdict, kind: 'failed', reason: `still alive: pid ${pids(left)}` };
}

/** The program that must be left alone, and all of its processes. */
interface Bystander {
  verdict: Verdict;
  family: readonly ProcessIdentity[];
}

async function startBystander(stage: Stage): Promise<Bystander> {
  stage.options.onStep({ kind: 'begun', scenario: BYSTANDER.name });
  await begin(BYSTANDER, stage);
  const verdict = await lead(BYSTANDER, stage);
  const deadline = performance.now() + GONE_TIMEOUT_MS;
  for (;;) {
    const family = markedProcesses(markOf(BYSTANDER, stage));
    const complete = family.length >= BYSTANDER_PROCESSES || stage.options.platform !== 'linux';
    if (complete || performance.now() > deadline) return { verdict, family };
    await stage.follower.news(RECHECK_INTERVAL_MS);
  }
}

async function finishBystander({ verdict, family }: Bystander, stage: Stage): Promise<ScenarioResult> {
  const alive = markedProcesses(markOf(BYSTANDER, stage));
  const gone = family.filter((one) => !alive.some((other) => sameIdentity(one, other)));
  const now = verdict.kind === 'passed' ? judge(BYSTANDER, factsOf(BYSTANDER, stage)) : verdict;
  await remove(BYSTANDER, stage.client);
  const reason = `no longer alive: pid ${pids(gone)}`;
  return report(BYSTANDER, stage, gone.length === 0 ? now : { ...now, kind: 'failed', reason });
}

async function remove(scenario: Scenario, client: EngineConnection['client']): Promise<void> {
  const { name, needs } = scenario;
  try {
    for (const watch of needs === undefined ? [name] : [name, neededBy(scenario)]) {
      await client.watches.stop({ watch });
      await client.watches.remove({ watch });
    }
  } catch {
    // Not added, or the engine is gone: what is left is found by its mark.
  }
}

function markOf({ name }: Pick<Scenario, 'name'>, { mark }: Stage): string {
  return `${mark}/${name}`;
}

function argvOf({ runtime, file, args }: DemoProgram, port: number | null, { options }: Stage): string[] {
  const own = port === null ? args : [String(port), ...args];
  return [runtime === 'node' ? process.execPath : 'sh', join(options.demoDir, file), ...own];
}

/** `marked`: the scenario whose mark its program carries. */
function specOf(
  scenario: Pick<Scenario, 'name' | 'program' | 'probes' | 'restart' | 'overrides'>,
  port: number | null,
  stage: Stage,
  marked: Pick<Scenario, 'name'> = scenario,
): WatchSpecInput {
  const { demoDir, env } = stage.options;
  const { probes } = scenario;
  const argv = argvOf(scenario.program, port, stage);
  // Inside Electron the same executable is Node only when asked to be.
  const asNode = env['ELECTRON_RUN_AS_NODE'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  return {
    name: scenario.name,
    target: {
      kind: 'command',
      command: { argv, cwd: demoDir, env: { ...asNode, [DRILL_MARK]: markOf(marked, stage) } },
    },
    restart: scenario.restart,
    ...(port !== null && probes !== undefined && { probes: [...probes(port)] }),
    overrides: scenario.overrides,
  };
}

/** A port of this machine that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function report(scenario: Scenario, { follower, mailbox, onStep }: Stage, verdict: Verdict): ScenarioResult {
  const { name, shows } = scenario;
  const { detectedAfterMs, healedAfterMs, mailedAfterMs } = verdict;
  const times = { detectedAfterMs, healedAfterMs, mailedAfterMs };
  const reason =
    verdict.kind === 'failed' ? verdict.reason : verdict.kind === 'waiting' ? `waiting for ${verdict.for}` : null;
  const passed = verdict.kind === 'passed';
  const mails = mailbox.mails().filter(({ watch }) => watch === name);
  onStep({ kind: 'finished', scenario: name, passed, reason, ...times });
  return {
    ...{ name, shows, passed, reason, ...times },
    events: follower.events(name),
    mails: mails.map(({ at, to, subject }) => ({ at, to, subject })),
  };
}

function pids(processes: readonly ProcessIdentity[]): string {
  return processes.map(({ pid }) => pid).join(', ');
}
