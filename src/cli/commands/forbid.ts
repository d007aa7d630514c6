import { Option, type Command } from 'commander';
import type { ForbiddenTarget, WatchSpecInput } from '../../shared/model/watch';
import { absolutePath, examples, print, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import type { Io } from '../io';
import { collect } from './collect';
import {
  addOverrideOptions,
  changedOverrides,
  OVERRIDES_HELP,
  overridesOf,
  type OverrideOptions,
} from './override-options';
import { explained, matchesText, standing } from './watches';

interface ForbidOptions extends OverrideOptions {
  name?: string;
  cmdline?: string;
  pidfile?: string;
  user?: string;
  containers?: boolean;
  group?: readonly string[];
  dryRun?: boolean;
  json?: boolean;
}

const FORBID_HELP = `
Whatever is found is ended as by stop: TERM to it and to all that it has started, and KILL after stop.graceMs. Healdeck, the programs
of other watches, and what keeps operators logged in are never ended, and a pattern that matches them is refused. Each end counts in the
budget as a restart does: what comes back too often is left running until the cooldown ends. --observe only reports.
healdeck stop NAME lets the program run, healdeck start NAME ends it again.
`;

/** `forbid`: a program that must not run. */
export function addForbidCommand(program: Command, context: CliContext): void {
  const command = program
    .command('forbid')
    .description('watch for a program that must not run, and end it on sight')
    .usage('NAME --name|--cmdline|--pidfile PATTERN [options]')
    .argument('<name>', 'name of the watch')
    .addOption(new Option('--name <program>', 'its exact name').conflicts(['cmdline', 'pidfile']))
    .addOption(
      new Option('--cmdline <regex>', 'an expression (RE2) that its command line matches').conflicts('pidfile'),
    )
    .option('--pidfile <path>', 'the file that contains its pid')
    .option('--user <user>', "only processes of this user (default: the engine's; * for every user)")
    .option('--containers', 'also processes of other pid namespaces, such as containers')
    .option('--group <name>', 'put the watch in this group, too; can be repeated', collect)
    .option('--dry-run', 'print what runs now and would be ended, and add nothing')
    .option('--json', 'print the watch as one JSON value; with --dry-run the processes and their reasons');
  addOverrideOptions(command)
    .addHelpText(
      'after',
      examples(
        'healdeck forbid miner --name xmrig --dry-run',
        'healdeck forbid miner --name xmrig --user "*"',
        'healdeck forbid old-worker --cmdline "^python3 /srv/old/worker\\.py"',
        'healdeck forbid updater --name updaterd --observe',
      ) +
        FORBID_HELP +
        OVERRIDES_HELP,
    )
    .action(async (name: string, { dryRun, json, ...options }: ForbidOptions, command: Command) => {
      const target = targetFrom(options, context.io);
      if (context.tail !== null)
        throw usage('a program that must not run is not started: expected no command after --');
      const spec: WatchSpecInput = {
        ...{ name, groups: [...(options.group ?? [])], target },
        overrides: changedOverrides({}, overridesOf(options)),
      };
      await withEngine(command, context, async (client) => {
        const matches = await client.watches.preview({ target });
        if (dryRun === true) return print(context, json, matches, () => explained(matches, 'Would be ended:'));
        const status = await client.watches.add({ spec });
        print(context, json, status, () => `${standing(status, context.io.now())}${matchesText(matches, 'It ends')}`);
      });
    });
}

function targetFrom({ name, cmdline, pidfile, user, containers }: ForbidOptions, io: Pick<Io, 'cwd'>): ForbiddenTarget {
  const found = {
    kind: 'forbidden',
    user: user || null,
    ...(containers ? { namespaces: 'any' as const } : {}),
  } as const;
  if (name !== undefined) return { ...found, by: 'name', pattern: name };
  if (cmdline !== undefined) return { ...found, by: 'cmdline', pattern: cmdline };
  if (pidfile !== undefined) return { ...found, by: 'pidfile', pattern: absolutePath(io, pidfile) };
  throw usage('expected how the program is found: --name PROGRAM, --cmdline REGEX or --pidfile PATH');
}
