import type { Command } from 'commander';
import { examples, withEngine, type CliContext } from '../context';
import { forEachWatch } from './several';
import { standing } from './watches';

const ACTIONS = [
  { name: 'start', description: 'start watched programs, or look for them again' },
  { name: 'stop', description: 'end watched programs with all of their processes; they stay stopped' },
  { name: 'restart', description: 'end watched programs and start them again; never counted as a crash' },
] as const;

/** `start`, `stop` and `restart`: each returns when it is done. */
export function addControlCommands(program: Command, context: CliContext): void {
  for (const { name, description } of ACTIONS) {
    program
      .command(name)
      .description(description)
      .argument('<name...>', 'names or ids of the watches')
      .option('--json', 'print the watch as one JSON value, several as an array')
      .addHelpText('after', examples(`healdeck ${name} web`, `healdeck ${name} web api worker`))
      .action(async (names: string[], { json }: { json?: boolean }, command: Command) => {
        await withEngine(command, context, (client) =>
          forEachWatch(
            { context, json, names },
            (watch) => client.watches[name]({ watch }),
            (status) => standing(status, context.io.now()),
          ),
        );
      });
  }
}
