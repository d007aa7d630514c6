import type { Command } from 'commander';
import { openBrowser } from '../browser';
import { examples, print, withEngine, type CliContext } from '../context';

/** `open`: a fresh address of the web dashboard. */
export function addOpenCommand(program: Command, context: CliContext): void {
  program
    .command('open')
    .description('print an address that opens the web dashboard once')
    .option('--browser', 'open it in a browser too')
    .option('--json', 'print one JSON value: {url}')
    .addHelpText('after', examples('healdeck open', 'healdeck open --browser'))
    .action(async ({ browser, json }: { browser?: boolean; json?: boolean }, command: Command) => {
      const answer = await withEngine(command, context, (client) => client.engine.dashboardUrl());
      print(context, json, answer, () => `${answer.url}\n`);
      if (browser && !(await openBrowser(context.io.platform, answer.url))) {
        context.io.err('No browser was found here; open the address in one.\n');
      }
    });
}
