import { InvalidArgumentError, type Command } from 'commander';
import { inActionOrder } from '../../shared/lib/action-order';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { writeDuration } from '../../shared/lib/format/units';
import { PROBE_LIMITS } from '../../shared/model/probe';
import { SETTINGS } from '../../shared/model/settings';
import type { WatchEndPreview } from '../../shared/model/process';
import { examples, withEngine, type CliContext } from '../context';
import { previewWithOldNames } from '../output/old-names';
import { CliFailure, usage } from '../failure';
import { durationFrom } from './duration-option';
import { waitUntilReady } from './wait-until-ready';
import { addGroupOption, chosenWatches } from './groups';
import { candidateTable } from './processes';
import { rollWatches } from './scale';
import { forEachWatch } from './several';
import { verifyStarts } from './verify-starts';
import { standing } from './watches';

const ACTIONS = [
  { name: 'start', description: 'start watched programs, or search for them again' },
  { name: 'stop', description: 'end watched programs with all of their processes; they stay stopped' },
  { name: 'restart', description: 'end watched programs and start them again; never counted as a crash' },
] as const;

/** As long as a start may take by default (`start.readyMs`). */
const WAIT_TIMEOUT_MS = SETTINGS['start.readyMs'].default;

interface ControlOptions {
  json?: boolean;
  dryRun?: boolean;
  all?: boolean;
  wait?: boolean;
  timeout?: number;
  group?: readonly string[];
  rolling?: boolean;
  keep?: number;
}

/** `start`, `stop` and `restart`: each returns when it is done. */
export function addControlCommands(program: Command, context: CliContext): void {
  for (const { name, description } of ACTIONS) {
    const ended = addGroupOption(program.command(name))
      .description(description)
      .usage('[options] NAME… | --group GROUP | --all')
      .argument('[name...]', 'names or ids of the watches')
      .option('--all', 'all watches')
      .option('--json', 'print the watch as one JSON value, several or a group as an array')
      .addHelpText(
        'after',
        examples(`healdeck ${name} web`, `healdeck ${name} web api worker`, `healdeck ${name} --group shop`),
      )
      .action(async (names: string[], options: ControlOptions, command: Command) => {
        const { json, dryRun, all = false, wait, timeout, group = [], rolling, keep } = options;
        if (keep !== undefined && rolling !== true) throw usage('--keep belongs to --rolling');
        if (timeout !== undefined && wait !== true) throw usage('--timeout belongs to --wait');
        if (rolling === true) return roll(command, context, names, options);
        await withEngine(command, context, async (client) => {
          const chosen = await chosenWatches(client, { names, groups: group, all }, (members) =>
            inActionOrder(name, members).flat(),
          );
          if (dryRun === true) {
            return forEachWatch(
              { context, json, ...chosen },
              async (watch) => previewWithOldNames(await client.watches.endPreview({ watch })),
              (preview, watch) => whatEnds(context, name, watch, preview),
            );
          }
          return forEachWatch(
            { context, json, ...chosen },
            async (watch) => {
              const status = await client.watches[name]({ watch });
              return wait === true ? waitUntilReady(client, status, timeout ?? WAIT_TIMEOUT_MS) : status;
            },
            (status) => standing(status, context.io.now()),
            name === 'stop' || wait === false ? undefined : (started) => verifyStarts(client, started),
          );
        });
      });
    if (name !== 'stop') {
      ended
        .option(
          '--wait',
          'return once each is ready, by its readiness and startup probes; fail where it does not get ready',
        )
        .option('--no-wait', 'return at once; by default it fails where a program ends within a second')
        .option(
          '--timeout <duration>',
          `with --wait: how long to wait for each (default: ${writeDuration(WAIT_TIMEOUT_MS)})`,
          durationFrom(100, PROBE_LIMITS.maxIntervalMs),
        );
    }
    if (name === 'restart') {
      ended
        .option('--rolling', 'restart the instances of watches one after the other, each once the one before is ready')
        .option('--keep <n>', 'with --rolling: how many stay ready (default: all but one)', asKeep);
    }
    if (name !== 'start') ended.option('--dry-run', 'only list the processes that would end');
  }
}

async function roll(
  command: Command,
  context: CliContext,
  names: readonly string[],
  { json, keep, wait, dryRun, group = [] }: ControlOptions,
): Promise<void> {
  if (wait === true || dryRun === true)
    throw usage('--rolling waits for each instance by itself; expected no --wait or --dry-run');
  if (names.length === 0 || group.length > 0)
    throw usage('expected the names of watches with instances after --rolling');
  const isComplete = await withEngine(command, context, (client) =>
    rollWatches(client, context, { names, keep, json }),
  );
  if (!isComplete) throw new CliFailure('the rolling restart has stopped');
}

function asKeep(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError(`expected a number of instances, got "${text}".`);
  return Number(text);
}

function whatEnds(context: CliContext, action: string, watch: string, { ends, refused }: WatchEndPreview): string {
  const kept = refused.map(({ pid, name, reason }) => `pid ${pid} (${name}) is never ended: ${reason}.\n`).join('');
  const named = escapeUnprintable(watch);
  const list =
    ends.length === 0
      ? `No process of ${named} is running.\n`
      : `The ${action} of ${named} would end:\n${candidateTable(context, ends)}`;
  return `${list}${kept.split('\n').map(escapeUnprintable).join('\n')}Nothing was done.\n`;
}
