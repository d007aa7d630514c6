import type { Command } from 'commander';
import { formatCountdown, formatDuration, formatSpan } from '../../shared/lib/format/duration';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { plural } from '../../shared/lib/format/values';
import type { EngineInfo, WatchStatus } from '../../shared/model/snapshot';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { alertsLine } from '../output/alerts-status';
import { addGroupOption, inGroups } from './groups';
import { statusColumns } from '../output/status-table';
import { watchDetails } from '../output/watch-details';
import { usage } from '../failure';
import { findWatch } from './watches';
import type { EngineConnection } from '../client';
import { newestExplanation } from '../../shared/lib/events/newest-explanation';

interface StatusOptions {
  json?: boolean;
  group?: readonly string[];
}

/** `status`. */
export function addStatusCommands(program: Command, context: CliContext): void {
  addGroupOption(program.command('status'))
    .description('show the engine and its watches, or one watch with its probes')
    .usage('[options] [NAME]')
    .argument('[name]', 'name or id of one watch')
    .option('--json', 'print one JSON value: {engine, watches, alerts}, or the watch')
    .addHelpText(
      'after',
      examples(
        'healdeck status',
        'healdeck status web',
        'healdeck status --group shop',
        'healdeck status --json | jq ".watches[].phase"',
      ),
    )
    .action(async (name: string | undefined, { json, group = [] }: StatusOptions, command: Command) => {
      if (name !== undefined) {
        if (group.length > 0) throw usage('expected the name of a watch or --group, not both');
        const { one, cause } = await withEngine(command, context, async (client) => {
          const found = await findWatch(client, name);
          return { one: found, cause: await causeOf(client, found) };
        });
        return print(context, json, one, () => watchDetails(context, one, cause));
      }
      const status = await withEngine(command, context, async (client) => {
        const [engine, watches, alerts] = await Promise.all([
          client.engine.info(),
          client.watches.list(),
          client.alerts.status(),
        ]);
        return { engine, watches: group.length === 0 ? watches : inGroups(watches, group), alerts };
      });
      print(
        context,
        json,
        status,
        () =>
          engineLine(status.engine, context.io.now()) +
          pausedLine(context, status.engine) +
          paceLine(context, status.engine) +
          alertsLine(context, status.alerts) +
          watchesText(context, status.watches),
      );
    });
}

function engineLine(engine: EngineInfo, now: number): string {
  const uptime = formatSpan(now - engine.startedAt);
  const since = engine.unwrittenSince === null ? '' : ` since ${formatSpan(now - engine.unwrittenSince)}`;
  const waiting =
    engine.unwrittenEvents > 0 ? `; waiting for the disk: ${plural(engine.unwrittenEvents, 'event')}${since}` : '';
  return escapeUnprintable(
    `Healdeck ${engine.version} (${engine.shell}) on ${engine.hostname}, pid ${engine.pid}, up ${uptime}, ` +
      `data in ${engine.dataDir}${waiting}`,
  ).concat('\n');
}

/** The storm brake, when it is on. */
function pausedLine({ io, style }: CliContext, { healingPausedUntil }: EngineInfo): string {
  if (healingPausedUntil === null) return '';
  const left = formatCountdown(healingPausedUntil - io.now());
  return `${style.bad('Healing is paused')}: too many restarts over all watches; ${left} left (end it: healdeck reset-cooldown --all)\n`;
}

/** That the machine is too busy for the interval that is set. */
function paceLine({ style }: CliContext, { samplingIntervalMs, settings }: EngineInfo): string {
  if (samplingIntervalMs <= settings['sampling.intervalMs']) return '';
  return `${style.warn('Sampling')} every ${formatDuration(samplingIntervalMs)}: the machine is busy\n`;
}

function watchesText(context: CliContext, watches: readonly WatchStatus[]): string {
  if (watches.length === 0) return 'Nothing is watched yet. Add a program with: healdeck add NAME -- COMMAND\n';
  return printTable(context, statusColumns(context.style, context.io.now(), watches), watches);
}

/** Why a program ended last in the incident that its watch is in; null: it is in none, or that is not explained. */
async function causeOf(client: EngineConnection['client'], { incident }: WatchStatus): Promise<string | null> {
  if (incident === null) return null;
  const [found] = await client.incidents.list({ id: incident, limit: 1 });
  return newestExplanation(found?.events ?? [])?.reason ?? null;
}
