import type { Command } from 'commander';
import { examples, type CliContext } from '../context';
import { manPage } from '../man/man-page';

/** `man`: the manual page of this very version. */
export function addManCommand(program: Command, context: CliContext, version: string): void {
  program
    .command('man')
    .description('print the manual page, for man(1)')
    .addHelpText('after', examples('healdeck man | man -l -', 'healdeck man > /usr/local/share/man/man1/healdeck.1'))
    // As it is: man breaks its lines.
    .action(() => context.io.out(manPage(program, version)));
}
