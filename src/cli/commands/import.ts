import { Option, type Command } from 'commander';
import { shownValue } from '../../shared/lib/events/shown-value';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { ImportConflict, PortableConfig } from '../../shared/model/portable';
import { SETTING_KEYS, type SettingKey, type Settings } from '../../shared/model/settings';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { parseEmailConfig } from '../import/email-config';
import { parsePortableConfig } from '../../shared/import/portable-config';
import { parseProcessList, type ListedWatch } from '../../shared/import/process-list';
import { readGivenFile, refuseFile } from '../import/read-file';
import { importText } from '../output/import-report';
import type { Column } from '../output/table';
import { unreachable } from './override-options';
import { collect } from './collect';
import { plural } from '../../shared/lib/format/values';

/** More would be a wrong file rather than a list of programs; the engine takes no more at once. */
const MAX_WATCHES = 1000;

interface ImportOptions {
  from?: 'process-list' | 'email-config';
  keep?: boolean;
  replace?: boolean;
  group?: readonly string[];
  dryRun?: boolean;
  json?: boolean;
}

/** `import`: a configuration that was exported, or what another program was set up with. */
export function addImportCommand(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('apply a file: all of it, or nothing if a line is wrong; nothing that exists is removed')
    .argument('<file>', 'the file to read: written by "healdeck export", or see --from')
    .addOption(
      new Option(
        '--from <format>',
        'process-list: one program per line, as in: nginx 80 500 (name, CPU %, memory MB); email-config: an email_config.txt',
      ).choices(['process-list', 'email-config']),
    )
    .option('--keep', 'keep existing watches and settings where the exported file differs')
    .option('--replace', 'replace existing watches and settings where the exported file differs')
    .option('--group <name>', 'with --from process-list: put its watches in this group; can be repeated', collect)
    .option('--dry-run', 'only show what would change')
    .option('--json', 'print one JSON value: what was imported, or with --dry-run what would be')
    .addHelpText(
      'after',
      examples(
        'healdeck import healdeck.json --dry-run',
        'healdeck import healdeck.json --keep',
        'healdeck import --from process-list processes.txt --group shop',
        'healdeck import --from email-config email_config.txt',
      ),
    )
    .action((file: string, options: ImportOptions, command: Command) => {
      const { from, keep, replace, group } = options;
      if (keep && replace) throw usage('expected --keep or --replace, not both');
      if (from !== undefined && (keep || replace))
        throw usage('--keep and --replace are for exported files, without --from');
      if (group !== undefined && from !== 'process-list') throw usage('--group is for --from process-list');
      if (from === 'process-list') return importProcessList(context, file, options, command);
      if (from === 'email-config') return importEmailConfig(context, file, options, command);
      return importExported(context, file, options, command);
    });
}

async function importExported(context: CliContext, name: string, options: ImportOptions, command: Command) {
  const { keep, replace, dryRun = false, json } = options;
  const parsed = parsePortableConfig(readGivenFile(context, name));
  if (!parsed.ok) return refuseFile(context, name, parsed.problems);
  const conflict: ImportConflict = keep ? 'keep' : replace ? 'replace' : 'refuse';
  const report = await withEngine(command, context, (client) =>
    client.config.import({ file: parsed.file, conflict, dryRun }),
  );
  print(context, json, report, () => importText(report));
}

async function importEmailConfig(context: CliContext, name: string, options: ImportOptions, command: Command) {
  const parsed = parseEmailConfig(readGivenFile(context, name));
  if (!parsed.ok) return refuseFile(context, name, parsed.problems);
  const { settings, password } = parsed;
  const shown = { settings, secrets: password === null ? [] : ['mail.password' as const] };
  const text = (end: string): string =>
    SETTING_KEYS.flatMap((key) => line(key, settings)).join('') +
    (password === null ? '' : 'mail.password = (not shown)\n') +
    end;
  if (options.dryRun) return print(context, options.json, shown, () => text('Nothing was changed.\n'));

  const file: PortableConfig = { healdeck: 'configuration', version: 1, settings, watches: [], leftOut: [] };
  await withEngine(command, context, async (client) => {
    const given = (await client.secrets.list()).some(
      (secret) => secret.name === 'mail.password' && secret.where === 'environment',
    );
    if (password !== null && given) {
      throw new CliFailure(
        'nothing was imported: the engine reads mail.password from HEALDECK_SMTP_PASSWORD; start it without that variable, or remove sender_password from the file',
      );
    }
    // Settings that the engine would refuse must not leave the password behind.
    await client.config.import({ file, conflict: 'replace', dryRun: true });
    if (password !== null) await client.secrets.set({ name: 'mail.password', value: password });
    await client.config.import({ file, conflict: 'replace' });
  });
  print(context, options.json, shown, () => text('Imported. Try it with: healdeck mail test\n'));
}

function line(key: SettingKey, settings: Partial<Settings>): readonly string[] {
  const value = settings[key];
  return value === undefined ? [] : [`${key} = ${escapeUnprintable(shownValue(key, value))}\n`];
}

async function importProcessList(context: CliContext, file: string, options: ImportOptions, command: Command) {
  const { dryRun, json, group = [] } = options;
  const list = parseProcessList(readGivenFile(context, file));
  if (!list.ok) return refuseFile(context, file, list.problems);
  const specs = list.specs.map((spec) => ({ ...spec, groups: [...group] }));
  if (specs.length > MAX_WATCHES) {
    throw new CliFailure(`nothing was imported: expected at most ${MAX_WATCHES} programs, got ${specs.length}`);
  }
  const warnings = specs.flatMap(({ name, overrides }) =>
    unreachable(overrides, context.io.machine).map((warning) => `${name}: ${warning}`),
  );
  context.io.err(warnings.map((warning) => `healdeck: ${warning}`).join(''));
  if (dryRun) return print(context, json, specs, () => `${printTable(context, COLUMNS, specs)}Nothing was added.\n`);
  const added = await withEngine(command, context, (client) => client.watches.addAll({ specs }));
  print(
    context,
    json,
    added,
    () => `${printTable(context, COLUMNS, specs)}${plural(added.length, 'watch', 'watches')} added.\n`,
  );
}

const COLUMNS: readonly Column<ListedWatch>[] = [
  { title: 'WATCH', text: ({ name }) => name },
  { title: 'PROGRAM', text: ({ target }) => (target.kind !== 'command' ? target.pattern : '') },
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
