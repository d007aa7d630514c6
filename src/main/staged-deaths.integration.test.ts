import { execFileSync, spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { EventData, HealdeckEvent } from '../shared/model/event';
import { watchSpecSchema } from '../shared/model/watch';
import { eventually, temporaryFolder } from './adapters/testing/children';
import type { Engine } from './engine/engine';
import { prepareEngines } from './testing/composed';
import { confusionMatrix, readAs, stagesOn, type Stage } from './testing/staged-deaths';

type Explanation = EventData['death_explained'];

/** So that a program which has run for a second has started well. */
const GRACE_MS = 1000;

it(
  'deaths with a known reason are explained by it, and nothing else is ever certain',
  { timeout: 120_000 },
  async () => {
    const engines = await prepareEngines();
    onTestFinished(() => engines.dispose());
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    chmodSync(folder.path, 0o755);
    const { pid: stranger, port: takenPort } = await startStranger();
    const healdeck = await engines.compose(join(folder.path, 'data'));
    const { engine } = healdeck;
    const events: HealdeckEvent[] = [];
    engine.subscribe((change) => void events.push(...(change.events ?? [])));
    onTestFinished(async () => {
      const watches = engine.watches.list().map(({ watch }) => watch.id);
      await Promise.all(watches.map((watch) => engine.watches.stop({ watch, actor: 'cli' })));
      await healdeck.dispose('the test is over');
    });
    const stages = stagesOn({
      ...{ folder: folder.path, stranger, takenPort, freePort: await freePort() },
      onEnd: (dispose) => onTestFinished(dispose),
    });

    // Some at a time: a busy machine is no excuse for a program that was not given a second to start.
    const results: { stage: Stage; explanation: Explanation }[] = [];
    const waiting = [...stages];
    const work = async (): Promise<void> => {
      for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
        results.push({ stage, explanation: await perform(stage, engine, events) });
      }
    };
    await Promise.all([work(), work(), work()]);

    const judged = results.map(({ stage: { name, truth, says, shows }, explanation }) => ({
      ...{ name, truth, said: readAs(explanation), isCertain: explanation.certainty === 'certain' },
      isComplete:
        (says ?? /./).test(explanation.reason) &&
        (shows === undefined || explanation.evidence.some(({ text }) => shows.test(text))),
      explanation: `${explanation.certainty}: ${explanation.reason}`,
    }));
    process.stdout.write(`${judged.length} staged deaths\n${confusionMatrix(judged)}\n`);
    expect(judged.length).toBeGreaterThanOrEqual(25);
    expect(judged.filter(({ truth, said, isCertain }) => isCertain && said !== truth)).toEqual([]);
    expect(judged.filter(({ truth, said, isComplete }) => said !== truth || !isComplete)).toEqual([]);
  },
);

it('a program that ends with its parent is explained by that, where the kernel reports how it ended', async ({
  skip,
}) => {
  if (!hasSetpriv()) return skip('setpriv(1) is not installed');
  const engines = await prepareEngines();
  onTestFinished(() => engines.dispose());
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const mark = `8${process.pid}.5`;
  // What descends from the engine is part of it, and would not be watched.
  const script = `setsid sh -c "setpriv --pdeathsig HUP sleep ${mark}; :" >/dev/null 2>&1 & echo $!`;
  const parent = Number(execFileSync('sh', ['-c', script]));
  onTestFinished(() => killExactly(parent));
  const healdeck = await engines.compose(join(folder.path, 'data'));
  onTestFinished(() => healdeck.dispose('the test is over'));
  const { engine } = healdeck;
  const target = { kind: 'match' as const, by: 'cmdline' as const, pattern: `^sleep ${mark}$` };
  const added = await engine.watches.add(watchSpecSchema.parse({ name: 'child', target, restart: 'never' }), 'cli');
  const found = () => engine.watches.list().find(({ watch }) => watch.id === added.watch.id)?.processes[0];
  await eventually('the child', found);
  const reasons: string[] = [];
  engine.subscribe(({ events = [] }) => {
    for (const event of events) if (event.type === 'death_explained') reasons.push(event.data.reason);
  });
  process.kill(parent, 'SIGKILL');
  await eventually('an explanation', () => reasons.length > 0);
  expect(reasons[0]).toMatch(/^its parent sh \(pid \d+\) ended, which hung up its session|^how it ended is not known/);
});

/** What is said of the end that a stage is about. */
async function perform(stage: Stage, engine: Engine, events: readonly HealdeckEvent[]): Promise<Explanation> {
  const { name, argv, env = {}, cwd = '/', user = null, restart = 'never', act, about } = stage;
  const target = { kind: 'command' as const, command: { argv: [...argv], cwd, env, user } };
  const overrides = { 'start.graceMs': GRACE_MS, 'restart.delays': false };
  const spec = watchSpecSchema.parse({ name, target, restart, overrides });
  const { watch, processes } = await engine.watches.add(spec, 'cli');
  const [program] = processes;
  if (act !== undefined && program !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS + 300));
    await act(program.pid, () => nextPass(engine));
  }
  const explanation = await eventually(
    `an explanation of ${name}: ${JSON.stringify(events.filter((event) => event.watch === name).map(({ message }) => message))}`,
    () =>
      events.find(
        (event): event is Extract<HealdeckEvent, { type: 'death_explained' }> =>
          event.type === 'death_explained' && event.watch === name && (about ?? /./).test(event.data.reason),
      ),
    60_000,
  );
  if (restart === 'always') await engine.watches.stop({ watch: watch.id, actor: 'cli' });
  return explanation.data;
}

/** Resolves after a pass over all processes has begun and ended. */
async function nextPass(engine: Engine): Promise<void> {
  let passes = 0;
  const unsubscribe = engine.subscribe(({ processesChanged }) => {
    if (processesChanged === true) passes += 1;
  });
  // The first one may have begun before.
  await eventually('a pass', () => passes > 1);
  unsubscribe();
}

/** A program that listens, and is none of Healdeck's. */
async function startStranger(): Promise<{ pid: number; port: number }> {
  const script = "const s = require('node:net').createServer().listen(0, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (chunk) => resolve(Number(chunk))));
  return { pid: child.pid ?? 0, port };
}

/** Ends it, if it is still there. */
function killExactly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function hasSetpriv(): boolean {
  try {
    execFileSync('setpriv', ['--version']);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
