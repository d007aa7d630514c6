import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { dataDirOf, examples, print, type CliContext } from '../context';
import { EXIT } from '../failure';
import { drillWithOldNames } from '../output/old-names';
import { endMarked } from '../drill/marked-processes';
import { drillText } from '../drill/drill-text';
import { runDrill, type DrillResult } from '../drill/run-drill';
import { BYSTANDER, SCENARIOS } from '../drill/scenarios';
import { SCRATCH_COMMAND } from '../drill/scratch-engine';
import { DRILL_STEPS_COMMAND, type DrillStep } from '../../shared/model/drill';
import { runHeadless } from '../run/run-headless';

/** What ends a drill early. */
const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const NAMES = SCENARIOS.map(({ name }) => name);

/** `drill`: programs that misbehave on purpose prove detection, heal and mail, in an engine of their own. `onEnd` gets the exit status. */
export function addDrillCommand(program: Command, context: CliContext, onEnd: (exitCode: number) => void): void {
  program
    .command('drill')
    .description(
      'prove that Healdeck works: start programs that misbehave, and verify that each is detected, healed and reported by mail',
    )
    .addArgument(new Argument('[scenario...]', 'which to run (default: all)').choices(NAMES))
    .option('--json', 'print the result as one JSON value')
    .option('--keep', 'keep the data of the drill engine (events, healing.log)')
    .addHelpText(
      'after',
      examples('healdeck drill', 'healdeck drill crash loop --json') +
        `\n\nScenarios:\n${[...SCENARIOS, BYSTANDER].map(({ name, shows }) => `  ${name.padEnd(10)} ${shows}`).join('\n')}` +
        '\n\nThe drill runs in its own engine on an empty data directory, and ends everything that it has started. Your engine,' +
        '\nyour watches and all other processes are not touched. Times are measured from the moment at which a program misbehaves.' +
        '\n\nEach mail must reach a mail server that the drill starts on this machine, for as long as it runs. No mail leaves the' +
        '\nmachine: neither your mail settings nor HEALDECK_SMTP_* are used; `mail test` tests those.',
    )
    .action(async (names: readonly string[], { json, keep }: { json?: boolean; keep?: boolean }) => {
      const abort = new AbortController();
      const result = await drill(context, names, abort, keep ?? false, (step) => {
        if (step.kind !== 'finished' || json) return;
        context.io.err(`${step.scenario}: ${step.passed ? 'passed' : `failed: ${step.reason}`}\n`);
      });
      print(context, json, drillWithOldNames(result), () => drillText(result, context.io.columns, context.style));
      onEnd(result.passed ? EXIT.done : EXIT.failed);
    });

  // The drill of a window: its steps as lines, for as long as somebody listens. Not for people, so not in the help.
  program
    .command(DRILL_STEPS_COMMAND, { hidden: true })
    .addArgument(new Argument('[scenario...]').choices(NAMES))
    .action(async (names: readonly string[]) => {
      const abort = new AbortController();
      onInputEnd(() => abort.abort(new Error('ended early, since no one reads the output; everything is cleaned up')));
      const report = (step: DrillStep): void => context.io.out(`${JSON.stringify(step)}\n`);
      const { passed } = await drill(context, names, abort, false, report);
      report({ kind: 'ended', passed });
      process.stdin.destroy();
      onEnd(passed ? EXIT.done : EXIT.failed);
    });

  // The other end of the drill: an engine that lives as long as its input does. Not for people, so not in the help.
  program
    .command(SCRATCH_COMMAND, { hidden: true })
    .argument('<mark>')
    .action(async (mark: string, _options: object, command: Command) => {
      const dataDir = dataDirOf(command, context.io);
      let orphaned = false;
      onInputEnd(() => {
        orphaned = true;
        process.kill(process.pid, 'SIGTERM');
      });
      const exitCode = await runHeadless({ dataDir, port: 0, open: false, proxyOrigin: null, address: true });
      // An engine leaves its programs running; this one has borne them to be ended.
      await endMarked(mark);
      if (orphaned) rmSync(dataDir, { recursive: true, force: true });
      onEnd(exitCode);
    });
}

/** Runs the named scenarios, or all; a signal, or aborting it, ends the drill early. */
async function drill(
  { io }: CliContext,
  names: readonly string[],
  abort: AbortController,
  keepData: boolean,
  onStep: (step: DrillStep) => void,
): Promise<DrillResult> {
  const stop = (signal: string): void => abort.abort(new Error(`ended early by ${signal}; everything is cleaned up`));
  for (const signal of ENDS) process.on(signal, stop);
  try {
    return await runDrill({
      scenarios: SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name)),
      demoDir: join(__dirname, '..', '..', 'demo'),
      cli: join(__dirname, 'cli.js'),
      env: io.env,
      platform: io.platform,
      keepData,
      signal: abort.signal,
      onStep,
    });
  } finally {
    for (const signal of ENDS) process.off(signal, stop);
  }
}

/** The input is a pipe from whoever wants the work: when they are gone, however they went, it ends. */
function onInputEnd(run: () => void): void {
  process.stdin.on('error', () => undefined);
  process.stdin.on('close', run);
  process.stdin.resume();
}
