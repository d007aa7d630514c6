import type { Command } from 'commander';
import { examples, print, withEngine, type CliContext } from '../context';
import { standing } from './watches';

const ACTIONS = [
  { name: 'start', description: 'start a watched program, or look for it again' },
  { name: 'stop', description: 'end a watched program with all of its processes; it stays stopped' },
  { name: 'restart', description: 'end a watched program and start it again; never counted as a crash' },
] as const;

/** `start`, `stop` and `restart`: each returns when it is done. */
export function addControlCommands(program: Command, context: CliContext): void {
  for (const { name, description } of ACTIONS) {
    program
      .command(name)
      .description(description)
      .argument('<name>', 'name or id of the watch')
      .option('--json', 'print the watch as one JSON value')
      .addHelpText('after', examples(`healdeck ${name} web`))
      .action(async (watch: string, { json }: { json?: boolean }, command: Command) => {
        const status = await withEngine(command, context, (client) => client.watches[name]({ watch }));
        print(context, json, status, () => standing(status, context.io.now()));
      });
  }
}
