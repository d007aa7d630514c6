import type { Command } from 'commander';
import { versionsText } from '../../shared/lib/crash/crash-groups';
import { plural } from '../../shared/lib/format/values';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { CRASH_DAYS, type CrashGroup } from '../../shared/model/crash-group';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { sparkline } from '../output/sparkline';
import type { Column } from '../output/table';
import { addQueryOptions, queryOf, type QueryOptions } from './list-query';

/** `crashes`: each kind of crash once, however often it occurred. */
export function addCrashesCommand(program: Command, context: CliContext): void {
  addQueryOptions(
    program.command('crashes').description('list each kind of crash once with its occurrences, or show one in full'),
    'crashes seen',
    50,
  )
    .argument('[id]', 'id of a crash, or its first digits: its last words and its incidents')
    .option('--json', 'print one JSON array of crashes, or the one crash')
    .addHelpText('after', examples('healdeck crashes --since 7d', 'healdeck crashes 3f2a'))
    .action(async (id: string | undefined, options: QueryOptions, command: Command) => {
      if (id !== undefined) return showOne(id, options, command);
      const query = queryOf(options, context.io.now());
      const groups = await withEngine(command, context, (client) => client.crashes.list(query));
      print(context, options.json, groups, () =>
        groups.length === 0
          ? 'No crashes detected.\n'
          : printTable(context, columns(context), groups, ({ title }) => title),
      );
    });

  async function showOne(id: string, { json }: QueryOptions, command: Command): Promise<void> {
    if (!/^[0-9a-f]{1,32}$/.test(id)) throw usage(`expected the first digits of the id of a crash, got "${id}"`);
    const groups = await withEngine(command, context, (client) => client.crashes.list({ id, limit: 2 }));
    const [group, another] = groups;
    if (group === undefined)
      throw new CliFailure(`no crash has an id that begins with ${id}; healdeck crashes lists them`);
    if (another !== undefined)
      throw usage(`several crashes have an id that begins with ${id}: give more of its digits`);
    print(context, json, group, () => crashText(context, group));
  }
}

function columns({ style, instant }: CliContext): readonly Column<CrashGroup>[] {
  const paints = { new: style.bad, regressed: style.bad, ongoing: style.warn, resolved: style.dim };
  return [
    { title: 'ID', text: ({ id }) => id.slice(0, 8) },
    { title: 'STATE', text: ({ state }) => state, paint: ({ state }, cell) => paints[state](cell) },
    { title: 'TIMES', align: 'right', text: ({ count }) => String(count) },
    { title: `${CRASH_DAYS} DAYS`, drop: 3, text: ({ perDay }) => sparkline(perDay, CRASH_DAYS) },
    { title: 'FIRST', drop: 2, text: ({ firstAt }) => instant(firstAt) },
    { title: 'LAST', text: ({ lastAt }) => instant(lastAt) },
    { title: 'WATCHES', text: ({ watches }) => watches.join(', ') },
  ];
}

function crashText({ style, instant }: CliContext, group: CrashGroup): string {
  const { id, state, count, firstAt, lastAt, firstAfter, versions, watches, incidents, title, stderrTail } = group;
  const after = firstAfter === null ? '' : ` after ${firstAfter} was changed`;
  const rows = [
    ['state', state],
    ['occurred', `${plural(count, 'time')}, first ${instant(firstAt)}${after}, last ${instant(lastAt)}`],
    ...(versions === null ? [] : [['seen in', versionsText(versions, instant)]]),
    ['watches', watches.join(', ')],
    ['incidents', incidents.length === 0 ? 'none' : incidents.join(', ')],
  ];
  const facts = rows.map(([name = '', text = '']) => `    ${style.dim(name.padEnd(9))}  ${escapeUnprintable(text)}\n`);
  const words = stderrTail.map((line) => `    ${escapeUnprintable(line)}\n`);
  const heading = words.length === 0 ? '' : `${style.dim('Its last words on standard error:')}\n`;
  return `${escapeUnprintable(`Crash ${id}: ${title}`)}\n${facts.join('')}${heading}${words.join('')}`;
}
