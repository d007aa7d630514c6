import { Command, CommanderError } from 'commander';
import { formatArgv } from '../shared/lib/text/argv';
import { addAlertCommands } from './commands/alerts';
import { addCompletionCommands } from './commands/completion';
import { addControlCommands } from './commands/control';
import { addCooldownCommands } from './commands/cooldowns';
import { addCrashesCommand } from './commands/crashes';
import { addDoctorCommand } from './commands/doctor';
import { addDrillCommand } from './commands/drill';
import { addEventsCommand } from './commands/events';
import { addExportCommand } from './commands/export';
import { addForbidCommand } from './commands/forbid';
import { addGroupsCommand } from './commands/groups';
import { addGraphCommand } from './commands/graph';
import { addImportCommand } from './commands/import';
import { addIncidentCommands } from './commands/incidents';
import { addInspectCommand } from './commands/inspect';
import { addLogsCommand } from './commands/logs';
import { addMailCommands } from './commands/mail';
import { addManCommand } from './commands/man';
import { addMuteCommands } from './commands/mutes';
import { addNextCommand } from './commands/next';
import { addOpenCommand } from './commands/open';
import { addProbeCommand } from './commands/probe';
import { addProcessCommands } from './commands/processes';
import { addPastCommands } from './commands/past';
import { addPortsCommand } from './commands/ports';
import { addRunCommand } from './commands/run';
import { addScaleCommand } from './commands/scale';
import { addSecretCommands } from './commands/secrets';
import { addServiceCommands } from './commands/service';
import { addSettingsCommands } from './commands/settings';
import { addStatusCommands } from './commands/status';
import { addTopCommand } from './commands/top';
import { addWatchCommands } from './commands/watches';
import { createContext, print } from './context';
import { describeFailure, EXIT } from './failure';
import { forForeignWord } from './foreign-words';
import type { Io } from './io';
import { argumentTerm } from './output/argument-term';

/** Runs one command line (without the program's name) and resolves to its exit status; it never rejects. */
export async function runCli(argv: readonly string[], io: Io, version: string): Promise<number> {
  // The words after -- belong to the watched program: none of them may be read as an option of ours.
  const at = argv.indexOf('--');
  const own = at < 0 ? argv : argv.slice(0, at);
  const context = createContext(io, at < 0 ? null : argv.slice(at + 1));
  let exitCode: number = EXIT.done;

  const program = new Command('healdeck')
    .description('Keeps processes alive: detects crashes, restarts programs, and reports why.')
    .version(version, '-v, --version', 'print the version')
    .option('--data-dir <dir>', "directory of all of Healdeck's data (also HEALDECK_DATA_DIR)")
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('(for its options, repeat the command with --help)')
    .addHelpText('after', '\nExit status: 0 done, 1 failed, 2 wrong usage, 3 no engine is running.')
    .configureOutput({
      ...{ writeOut: context.show, writeErr: io.err, getOutHelpWidth: () => io.columns ?? 80 },
      outputError: (text, write) => write(text.replace(/^error: /, 'healdeck: ')),
    })
    .configureHelp({
      minWidthToWrap: 30,
      // That a command has options goes without saying, and its description needs the room.
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
    .exitOverride();
  addRunCommand(program, context, (code) => (exitCode = code));
  addStatusCommands(program, context);
  addTopCommand(program, context);
  addNextCommand(program, context);
  addProcessCommands(program, context);
  addInspectCommand(program, context);
  addPortsCommand(program, context);
  addGraphCommand(program, context);
  addEventsCommand(program, context);
  addIncidentCommands(program, context);
  addCrashesCommand(program, context);
  addPastCommands(program, context);
  addLogsCommand(program, context);
  addWatchCommands(program, context);
  addForbidCommand(program, context);
  addControlCommands(program, context);
  addScaleCommand(program, context);
  addProbeCommand(program, context);
  addGroupsCommand(program, context);
  addCooldownCommands(program, context);
  addAlertCommands(program, context);
  addMuteCommands(program, context);
  addMailCommands(program, context);
  addExportCommand(program, context);
  addImportCommand(program, context);
  addSettingsCommands(program, context);
  addSecretCommands(program, context);
  addOpenCommand(program, context);
  addServiceCommands(program, context, version);
  addDoctorCommand(program, context);
  addDrillCommand(program, context, (code) => (exitCode = code));
  addCompletionCommands(program, context);
  addManCommand(program, context, version);
  program
    .command('version')
    .description('print the version')
    .option('--json', 'print one JSON value: {version}')
    .action(({ json }: { json?: boolean }) => print(context, json, { version }, () => `${version}\n`));

  try {
    if (own.length === 0) {
      program.outputHelp();
      return EXIT.usage;
    }
    await program.parseAsync([...own], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said already what was wrong with the words; help and version are no errors.
    if (error instanceof CommanderError) {
      const hint = hintFor(error, own, context.tail);
      if (hint !== null) io.err(`(${hint})\n`);
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    const failure = describeFailure(error);
    io.err(`healdeck: ${failure.message}\n`);
    return failure.exitCode;
  }
}

/** What else may help whoever wrote these words. */
function hintFor(
  { code, message }: CommanderError,
  own: readonly string[],
  tail: readonly string[] | null,
): string | null {
  if (code === 'commander.unknownCommand') {
    const instead = forForeignWord(/'([^']*)'/.exec(message)?.[1] ?? '');
    return instead === null ? null : `what you may mean is called: ${instead}`;
  }
  // The options of the program that is to be watched were read as ours.
  if (code !== 'commander.unknownOption' || tail !== null) return null;
  const at = own.findIndex((word) => word === 'add' || word === 'edit');
  const [name, ...command] = at < 0 ? [] : own.slice(at + 1);
  return name === undefined || command.length < 2 || command[0]?.startsWith('-')
    ? null
    : `put -- before a command: healdeck ${own[at]} ${name} -- ${formatArgv(command)}`;
}
