import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { LeftOut } from '../../shared/model/portable';
import type { SecretStatus } from '../../shared/model/secret';
import { absolutePath, examples, print, withEngine, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { leftOutTexts } from '../output/import-report';
import { plural } from '../../shared/lib/format/values';

const STANDARD_OUTPUT = '-';

/** `export`: settings and watches as a file to take along. */
export function addExportCommand(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('write settings and watches to a file that "healdeck import" reads; secrets are left out')
    .argument('<file>', 'the file to write, or - for standard output')
    .option('--json', 'print one JSON value: {file, settings, watches, leftOut, secrets}')
    .addHelpText('after', examples('healdeck export healdeck.json', 'healdeck export - | gzip > healdeck.json.gz'))
    .action(async (file: string, { json }: { json?: boolean }, command: Command) => {
      if (file === STANDARD_OUTPUT && json) throw new CliFailure('--json: expected the name of a file with it, got -');
      const { config, secrets } = await withEngine(command, context, async (client) => {
        const [exported, list] = await Promise.all([client.config.export(), client.secrets.list()]);
        return { config: exported, secrets: list };
      });
      const text = `${JSON.stringify(config, null, 2)}\n`;
      if (file === STANDARD_OUTPUT) {
        context.io.out(text);
        context.io.err(leftOutText(config.leftOut, secrets));
        return;
      }
      const path = absolutePath(context.io, file);
      try {
        writeFileSync(path, text, { mode: 0o600 });
      } catch (error) {
        throw new CliFailure(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}`);
      }
      const { leftOut } = config;
      const [settings, watches] = [Object.keys(config.settings).length, config.watches.length];
      const result = { file: path, settings, watches, leftOut, secrets: secrets.map(({ name }) => name) };
      print(context, json, result, () => {
        const counts = `${plural(settings, 'setting', 'settings')} and ${plural(watches, 'watch', 'watches')}`;
        return `${counts} exported to ${escapeUnprintable(path)}.\n${leftOutText(leftOut, secrets)}`;
      });
    });
}

function leftOutText(leftOut: readonly LeftOut[], secrets: readonly SecretStatus[]): string {
  const parts = [
    ...(secrets.length === 0 ? [] : [`secrets: ${secrets.map(({ name }) => name).join(', ')}`]),
    ...leftOutTexts(leftOut),
  ];
  if (parts.length === 0) return '';
  return `Left out; set these values after the import:\n${parts.map((part) => `  ${escapeUnprintable(part)}\n`).join('')}`;
}
