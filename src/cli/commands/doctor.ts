import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { dataDirOf, examples, print, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { judge, type Check } from '../doctor/checks';
import { gatherFacts } from '../doctor/facts';

/** `doctor`: what this machine offers, and what to do about what is missing. */
export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check this machine and suggest fixes')
    .option('--json', 'print one JSON value: {checks: [{name, result, finding, advice}]}')
    .addHelpText('after', examples('healdeck doctor'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const checks = judge(await gatherFacts(context.io, dataDirOf(command, context.io)));
      print(context, json, { checks }, () => checks.map((check) => line(context, check)).join(''));
      const failed = checks.filter(({ result }) => result === 'fail').length;
      if (failed > 0) throw new CliFailure(`${failed} of ${checks.length} checks failed`);
    });
}

function line({ style }: CliContext, { name, result, finding, advice }: Check): string {
  const paint = { ok: style.good, warn: style.warn, fail: style.bad }[result];
  const todo = advice === null ? '' : `${' '.repeat(22)}→ ${escapeUnprintable(advice)}\n`;
  return `${paint(result.padEnd(4))}  ${name.padEnd(14)}  ${escapeUnprintable(finding)}\n${todo}`;
}
