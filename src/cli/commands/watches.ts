import type { Command } from 'commander';
import { formatCountdown, formatDuration, formatSpan } from '../../shared/lib/format/duration';
import { targetOfInstance } from '../../shared/lib/instances';
import { formatArgv } from '../../shared/lib/text/argv';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { MatchCandidate, MatchPreview } from '../../shared/model/process';
import type { ProbeInput } from '../../shared/model/probe';
import type { WatchStatus } from '../../shared/model/snapshot';
import { targetSchema } from '../../shared/model/watch';
import type { EngineConnection } from '../client';
import { examples, print, withEngine, type CliContext } from '../context';
import { afterColon, CliFailure, usage } from '../failure';
import { findDefinition, instancesOf } from './chosen-instances';
import { collect } from './collect';
import { INSTANCES_HELP } from './instances-option';
import { addWatchOptions, editedSpec, newSpec, type WatchOptions } from './watch-options';
import { OVERRIDES_HELP, overridesOf, unreachable } from './override-options';
import { remoteWarnings } from './probe-options';
import { commandOf } from './processes';
import { forEachWatch } from './several';
import { findByReference, unknownWatchText } from '../../shared/lib/watch-reference';

const MATCH_HELP = `
A match by name is exact: the base name of the executable, of the first word, of the script, module, jar or class that an
interpreter runs, of the first word of a title, or the kernel's name of it. Editors, log followers, shells and others that only
mention it never match. docs/matching.md has the rules and examples; --dry-run prints what they come to.
`;

/** `add`, `edit`, `undo`, `rm` and `restore`: which programs are watched, and how. */
export function addWatchCommands(program: Command, context: CliContext): void {
  addWatchOptions(
    program
      .command('add')
      .allowExcessArguments(true)
      .description('watch a program')
      .usage(
        'NAME [options] -- COMMAND [ARG…]\n       healdeck add NAME --match name|cmdline|pidfile PATTERN [--start -- COMMAND [ARG…]]',
      ),
  )
    .argument('<name>', 'name of the watch')
    .argument(
      '[pattern]',
      'what --match searches for: a program name, a regular expression (RE2), or the path of a pidfile',
    )
    .option('--no-autostart', 'do not start it when the engine starts after a boot')
    .option('--dry-run', 'with --match: print what it matches and why, and add nothing')
    .option('--json', 'print the watch as one JSON value; with --dry-run the processes and their reasons')
    .addHelpText(
      'after',
      examples(
        'healdeck add web --restart always --env PORT=8080 -- node server.mjs',
        'healdeck add db --match pidfile /run/postgresql.pid',
        'healdeck add proxy --match name nginx --dry-run',
        'healdeck add job --match cmdline "worker\\.py --queue=mail" --start -- python3 worker.py --queue=mail',
        'healdeck add db --group shop --group nightly -- postgres -D /srv/db',
        'healdeck add api --cpu 80 --memory 500M --memory-warn 400M --tolerance 3/5 -- node api.mjs',
        'healdeck add backup --cron "30 2 * * *" --time-zone Europe/Berlin -- /usr/local/bin/backup',
        'healdeck add worker --restart-cron "0 4 * * SUN" --max-uptime 7d -- node worker.mjs',
        'healdeck add cron --observe --set cpuSpike.action=restart -- node jobs.mjs',
        'healdeck add web --probe-http http://127.0.0.1:8080/health --probe-interval 5s -- node server.mjs',
        'healdeck add web --instances 2..4 --env PORT={8000+instance} -- node server.mjs',
      ) +
        MATCH_HELP +
        INSTANCES_HELP +
        OVERRIDES_HELP,
    )
    .action(
      async (
        name: string,
        pattern: string | undefined,
        { dryRun, ...options }: WatchOptions & { json?: boolean; dryRun?: boolean },
        command: Command,
      ) => {
        throwIfCommandLacksDashes(command, name, context);
        // Commander gives --no-autostart a default of true, which must not look as if somebody had asked for it.
        const { autostart, ...given } = options;
        const spec = newSpec(name, pattern, autostart === false ? options : given, context.tail, context.io);
        await withEngine(command, context, async (client) => {
          const target = targetSchema.safeParse(spec.target).data;
          const matches =
            target?.kind === 'match'
              ? await client.watches.preview({
                  target: spec.instances === undefined ? target : targetOfInstance(target, 1),
                })
              : null;
          if (dryRun) {
            if (matches === null) throw usage('--dry-run prints what --match finds; this watch only starts a command');
            print(context, options.json, matches, () => explained(matches));
            return;
          }
          warn(context, options, spec.probes);
          const status = await client.watches.add({ spec });
          await printWatch(client, context, options.json, status, matchesText(matches));
        });
      },
    );

  addWatchOptions(
    program
      .command('edit')
      .allowExcessArguments(true)
      .description('change a watch; options that are not given stay as they are')
      .usage('NAME [options] [-- COMMAND [ARG…]]'),
  )
    .argument('<name>', 'name or id of the watch')
    .argument('[pattern]', 'the new pattern, with --match')
    .option('--rename <name>', 'rename the watch')
    .option('--unset-env <name>', 'remove a variable; can be repeated', collect)
    .option('--probe-remove <name>', 'remove a probe; can be repeated', collect)
    .option('--unset-group <name>', 'take it out of this group; can be repeated', collect)
    .option('--unset-after <watch>', 'start it without waiting for this watch; can be repeated', collect)
    .option('--no-instances', 'keep it once again; its first instance goes on')
    .option('--no-observe', 'take action again, even while all other watches are only observed')
    .option('--autostart', 'start it when the engine starts after a boot')
    .option('--no-autostart', 'do not')
    .option('--json', 'print the watch as one JSON value')
    .addHelpText(
      'after',
      examples(
        'healdeck edit web --restart never',
        'healdeck edit web --rename site -- node other.mjs',
        'healdeck edit web --group shop --unset-group nightly',
        'healdeck edit web --memory 1G --limit-action notify --unset cpu.limitPercent',
        'healdeck edit web --instances 2..8',
        'healdeck edit web --probe-name health --probe-http http://127.0.0.1:8080/health --probe-failures 2/3',
      ) + OVERRIDES_HELP,
    )
    .action(
      async (
        name: string,
        pattern: string | undefined,
        options: WatchOptions & { rename?: string; json?: boolean },
        command: Command,
      ) => {
        throwIfCommandLacksDashes(command, name, context);
        const { json, ...changes } = options;
        if (pattern === undefined && context.tail === null && Object.keys(changes).length === 0) {
          throw usage('expected something to change; see: healdeck edit --help');
        }
        await withEngine(command, context, async (client) => {
          const watch = await findDefinition(client, name);
          const spec = editedSpec(watch, pattern, changes, context.tail, context.io);
          const known = watch.probes.map((probe) => JSON.stringify(probe));
          warn(
            context,
            changes,
            spec.probes?.filter((probe) => !known.includes(JSON.stringify(probe))),
          );
          const status = await client.watches.edit({ watch: watch.id, revision: watch.revision, spec });
          await printWatch(client, context, json, status);
        });
      },
    );

  program
    .command('undo')
    .description('undo the last edit of a watch; repeat to undo earlier ones; only until the engine ends')
    .argument('<name>', 'name or id of the watch')
    .option('--json', 'print the watch as one JSON value')
    .addHelpText('after', examples('healdeck undo web'))
    .action(async (name: string, { json }: { json?: boolean }, command: Command) => {
      await withEngine(command, context, async (client) => {
        const watch = await findDefinition(client, name);
        const status = await client.watches.undo({ watch: watch.id, revision: watch.revision });
        await printWatch(client, context, json, status);
      });
    });

  program
    .command('rm')
    .description('stop watching programs; they keep running')
    .argument('<name...>', 'names or ids of the watches')
    .option('--json', 'print one JSON value: {leftRunning}, an array of them for several')
    .addHelpText('after', examples('healdeck rm web', 'healdeck stop web api && healdeck rm web api'))
    .action(async (names: string[], { json }: { json?: boolean }, command: Command) => {
      await withEngine(command, context, (client) =>
        forEachWatch(
          { context, json, names, asList: names.length > 1 },
          (watch) => client.watches.remove({ watch }),
          ({ leftRunning }, name) => {
            const left =
              leftRunning.length === 0
                ? 'none of its processes was running'
                : `left running: pid ${leftRunning.join(', ')}`;
            return `Removed ${escapeUnprintable(name)}; ${left}. To undo: healdeck restore ${escapeUnprintable(name)}\n`;
          },
        ),
      );
    });

  program
    .command('restore')
    .description('undo the removal of watches, with their processes, budgets and history; only until the engine ends')
    .argument('<name...>', 'names or ids of watches that were removed')
    .option('--json', 'print the watch as one JSON value, several as an array')
    .addHelpText('after', examples('healdeck restore web'))
    .action(async (names: string[], { json }: { json?: boolean }, command: Command) => {
      await withEngine(command, context, (client) =>
        forEachWatch(
          { context, json, names, asList: names.length > 1 },
          (watch) => client.watches.restore({ watch }),
          (status) => standing(status, context.io.now()),
        ),
      );
    });
}

/** The words of a program to watch that were written without `--`. */
function throwIfCommandLacksDashes(command: Command, name: string, { tail }: CliContext): void {
  const [, ...words] = command.args;
  if (words.length < 2) return;
  if (tail !== null) throw usage(`expected nothing but a name before --, got: ${formatArgv(words)}`);
  throw usage(
    `put -- before the command, as in: healdeck ${command.name()} ${formatArgv([name])} -- ${formatArgv(words)}`,
  );
}

/** A watch that was added or edited, and how it stands: each of its instances. JSON is that of the first one. */
async function printWatch(
  client: EngineConnection['client'],
  context: CliContext,
  json: boolean | undefined,
  status: WatchStatus,
  more = '',
): Promise<void> {
  const { instance } = status;
  const all = instance === undefined ? [status] : instancesOf(await client.watches.list(), instance.of.name);
  const now = context.io.now();
  print(context, json, status, () => `${all.map((each) => standing(each, now)).join('')}${more}`);
}

/** One line that shows where a watch stands now. */
export function standing(status: WatchStatus, now: number): string {
  const { watch, phase, processes, reason, nextAttemptAt, nextRun, budget, observed } = status;
  const pids = processes.length === 0 ? '' : ` (pid ${processes.map(({ pid }) => pid).join(', ')})`;
  const next = nextAttemptAt === null ? '' : `; next attempt in ${formatDuration(nextAttemptAt - now)}`;
  const run = nextRun === null ? '' : `; next ${nextRun.what} in ${formatSpan(Math.max(0, nextRun.at - now))}`;
  const cooldown = budget.cooldown === null ? '' : `; cooldown, ${formatCountdown(budget.cooldown.until - now)} left`;
  const only = observed ? '; observed only' : '';
  return `${escapeUnprintable(`${watch.name}: ${phase}${pids}: ${reason}${next}${run}${cooldown}${only}`)}\n`;
}

/** Says what is allowed and makes no sense on this machine, or means more than it says. */
function warn({ io }: CliContext, options: WatchOptions, probes: readonly ProbeInput[] = []): void {
  io.err(
    [...unreachable(overridesOf(options) ?? {}, io.machine), ...remoteWarnings(probes, io.machine.hostname)]
      .map((warning) => `healdeck: ${warning}`)
      .join(''),
  );
}

/** The watch of this name or id. Fails when there is none. */
export async function findWatch(client: EngineConnection['client'], reference: string): Promise<WatchStatus> {
  const found = findByReference(await client.watches.list(), reference);
  if (found === undefined) throw new CliFailure(afterColon(unknownWatchText(reference)));
  return found;
}

/** The processes that a new match found at once. */
export function matchesText(preview: MatchPreview | null, title = 'It matches'): string {
  if (preview === null) return '';
  const rows = preview.candidates.filter(({ verdict }) => verdict === 'taken');
  if (rows.length === 0) return preview.problem === null ? 'It matches no running process yet.\n' : '';
  const lines = rows.map((row) => `  ${row.pid}  ${escapeUnprintable(commandOf(row))}\n`);
  return `${title} ${rows.length === 1 ? 'this process' : `these ${rows.length} processes`}:\n${lines.join('')}`;
}

const VERDICTS = {
  taken: 'Matches:',
  protected: 'Protected; a watch that matches this is refused:',
  left: 'Not included:',
} as const satisfies Record<MatchCandidate['verdict'], string>;

/** What a match would take, and what not, with the reason of each. */
export function explained({ candidates, problem }: MatchPreview, taken: string = VERDICTS.taken): string {
  const sections = Object.entries({ ...VERDICTS, taken }).flatMap(([verdict, title]) => {
    const rows = candidates.filter((candidate) => candidate.verdict === verdict);
    const lines = rows.map(
      (row) =>
        `  ${row.pid}  ${row.user}  ${escapeUnprintable(commandOf(row).trimEnd())}\n      ${escapeUnprintable(row.reason)}\n`,
    );
    return rows.length === 0 ? [] : [`${title}\n${lines.join('')}`];
  });
  const nothing = candidates.some(({ verdict }) => verdict === 'taken') ? '' : 'It matches no running process now.\n';
  return `${nothing}${problem === null ? '' : `${escapeUnprintable(problem)}\n`}${sections.join('')}Nothing was added.\n`;
}
