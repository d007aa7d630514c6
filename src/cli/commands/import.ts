import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/escape';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { parseProcessList, type ListedWatch } from '../import/process-list';
import type { Column } from '../output/table';
import { shownValue, unreachable } from './override-options';

/** More would be a wrong file rather than a list of programs; the engine takes no more at once. */
const MOST_WATCHES = 1000;
const SHOWN_PROBLEMS = 20;

/** `import`: watches from the file of another program. */
export function addImportCommand(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('add watches from a file: all of them, or none when a line is wrong')
    .argument('<file>', 'the file to read')
    .addOption(
      new Option('--from <format>', 'process-list: a program a line, as in: nginx 80 500 (name, CPU %, memory MB)')
        .choices(['process-list'])
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'only show what would be added')
    .option('--json', 'print one JSON array: the watches, or with --dry-run what would be added')
    .addHelpText(
      'after',
      examples(
        'healdeck import --from process-list processes.txt --dry-run',
        'healdeck import --from process-list processes.txt',
      ),
    )
    .action(async (file: string, { dryRun, json }: { dryRun?: boolean; json?: boolean }, command: Command) => {
      const specs = readSpecs(context, file);
      const warnings = specs.flatMap(({ name, overrides }) =>
        unreachable(overrides, context.io.machine).map((warning) => `${name}: ${warning}`),
      );
      context.io.err(warnings.map((warning) => `healdeck: ${warning}`).join(''));
      if (dryRun)
        return print(context, json, specs, () => `${printTable(context, COLUMNS, specs)}Nothing was added.\n`);
      const added = await withEngine(command, context, (client) => client.watches.addAll({ specs: [...specs] }));
      print(
        context,
        json,
        added,
        () =>
          `${printTable(context, COLUMNS, specs)}${added.length} ${added.length === 1 ? 'watch' : 'watches'} added.\n`,
      );
    });
}

function readSpecs(context: CliContext, file: string): readonly ListedWatch[] {
  let text: string;
  try {
    text = readFileSync(resolve(context.io.cwd, file), 'utf8');
  } catch (error) {
    throw new CliFailure(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = parseProcessList(text);
  if (!list.ok) {
    const { problems } = list;
    const shown = problems.slice(0, SHOWN_PROBLEMS);
    context.io.err(shown.map((problem) => `healdeck: ${escapeUnprintable(`${file}: ${problem}`)}\n`).join(''));
    throw new CliFailure(
      `nothing was imported: ${problems.length} ${problems.length === 1 ? 'line is' : 'lines are'} wrong`,
    );
  }
  if (list.specs.length > MOST_WATCHES) {
    throw new CliFailure(`nothing was imported: expected at most ${MOST_WATCHES} programs, got ${list.specs.length}`);
  }
  return list.specs;
}

const COLUMNS: readonly Column<ListedWatch>[] = [
  { title: 'WATCH', text: ({ name }) => name },
  { title: 'PROGRAM', text: ({ target }) => (target.kind === 'match' ? target.pattern : '') },
  {
    title: 'CPU',
    align: 'right',
    text: ({ overrides }) => shownValue('cpu.limitPercent', overrides['cpu.limitPercent'] ?? null),
  },
  {
    title: 'MEMORY',
    align: 'right',
    text: ({ overrides }) => shownValue('memory.limitBytes', overrides['memory.limitBytes'] ?? null),
  },
];
