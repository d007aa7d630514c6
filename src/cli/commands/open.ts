import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { examples, print, withEngine, type CliContext } from '../context';
import { openBrowser } from '../../host/open-browser';

const NOTES = `
Whoever opens the address first, within a minute, gets a session of the dashboard. It belongs to the
user whose browser has opened it (on Linux), and ends 15 minutes after its last page was closed, and
with the engine. --browser opens the dashboard through a page in the data directory that only the
user of the engine can read; a browser that may not read it (such as a snap) needs the address.
`;

/** `open`: a fresh address of the web dashboard. */
export function addOpenCommand(program: Command, context: CliContext): void {
  program
    .command('open')
    .description('print an address that opens the web dashboard once, within a minute')
    .option('--browser', 'open it in a browser too')
    .option('--json', 'print one JSON value: {url}')
    .addHelpText('after', examples('healdeck open', 'healdeck open --browser'))
    .addHelpText('after', NOTES)
    .action(async ({ browser, json }: { browser?: boolean; json?: boolean }, command: Command) => {
      const { url, path } = await withEngine(command, context, async (client) => ({
        ...(await client.engine.dashboardUrl()),
        // Other users can read the arguments of a program, so a browser gets a page that they can't read, not the address.
        path: browser ? (await client.engine.dashboardPage()).path : null,
      }));
      print(context, json, { url }, () => `${url}\n`);
      if (path !== null && !(await openBrowser(context.io.platform, pathToFileURL(path).href))) {
        context.io.err('No browser was found here; open the address in one.\n');
      }
    });
}
