import type { Command } from 'commander';
import { formatCountdown, formatDuration, formatSpan } from '../../shared/lib/format/duration';
import { instanceSets } from '../../shared/lib/format/instance-sets';
import { situationOf, situationText } from '../../shared/lib/format/situation';
import { byUrgency } from '../../shared/lib/format/standing';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { plural } from '../../shared/lib/format/values';
import type { EngineInfo, WatchStatus } from '../../shared/model/snapshot';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { alertsLine } from '../output/alerts-status';
import { instancesOf } from './chosen-instances';
import { addGroupOption, inGroups } from './groups';
import { statusColumns, whyText } from '../output/status-table';
import { phasePaint, situationPaint } from '../output/style';
import { watchDetails } from '../output/watch-details';
import { usage } from '../failure';
import { findWatch } from './watches';

interface StatusOptions {
  json?: boolean;
  group?: readonly string[];
}

/** `status`. */
export function addStatusCommands(program: Command, context: CliContext): void {
  addGroupOption(program.command('status'))
    .aliases(['ls', 'list'])
    .description('show the engine and its watches, or one watch with its probes')
    .usage('[options] [NAME]')
    .argument('[name]', 'name or id of one watch')
    .option('--json', 'print one JSON value: {engine, watches, alerts}, or the watch (an array of its instances)')
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
        const several = await withEngine(command, context, async (client) => {
          const members = instancesOf(await client.watches.list(), name);
          return members.length > 0 ? members : findWatch(client, name);
        });
        if (!isSeveral(several)) return print(context, json, several, () => watchDetails(context, several));
        return print(context, json, several, () => watchesText(context, several));
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
          distressLines(context, status.engine) +
          alertsLine(context, status.alerts) +
          watchesText(context, status.watches, status.engine.distress),
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

/** What is wrong with the machine itself, and since when. */
function distressLines({ io, style }: CliContext, { distress = [] }: EngineInfo): string {
  return distress
    .map(({ severity, detail, sinceAt }) => {
      const paint = severity === 'warning' ? style.warn : style.bad;
      return `${paint('Machine')}: ${escapeUnprintable(detail)} (for ${formatSpan(io.now() - sinceAt)})\n`;
    })
    .join('');
}

/** That the machine is too busy for the interval that is set. */
function paceLine({ style }: CliContext, { samplingIntervalMs, settings }: EngineInfo): string {
  if (samplingIntervalMs <= settings['sampling.intervalMs']) return '';
  return `${style.warn('Sampling')} every ${formatDuration(samplingIntervalMs)}: the machine is busy\n`;
}

function watchesText(
  context: CliContext,
  watches: readonly WatchStatus[],
  distress: EngineInfo['distress'] = [],
): string {
  if (watches.length === 0) return 'Nothing is watched yet. Add a program with: healdeck add NAME -- COMMAND\n';
  const { style, io } = context;
  const now = io.now();
  const situation = situationOf(watches, distress);
  // What is wrong with the machine has lines of its own above.
  const summary = escapeUnprintable(situationText({ ...situation, distress: [] }, now));
  const list = printTable(context, statusColumns(style, now, watches), byUrgency(watches), whyText);
  return `${situationPaint(style, situation.level)(summary)}\n\n${list}${instancesText(context, watches)}`;
}

function isSeveral(one: WatchStatus | readonly WatchStatus[]): one is readonly WatchStatus[] {
  return Array.isArray(one);
}

/** How each watch with instances is as a whole. */
function instancesText({ style }: CliContext, watches: readonly WatchStatus[]): string {
  return instanceSets(watches)
    .map(
      ({ name, text, phase }) => `${escapeUnprintable(name)}: ${phasePaint(style, phase)(escapeUnprintable(text))}\n`,
    )
    .join('');
}
