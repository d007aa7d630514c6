import type { Command } from 'commander';
import { parseSettingValue, writeSettingValue } from '../../shared/lib/units';
import { SETTING_KEYS, SETTINGS, type SettingKey, type Settings } from '../../shared/model/settings';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { usage } from '../failure';

/** A setting as it is shown. */
interface SettingRow {
  key: SettingKey;
  value: number | boolean;
  default: number | boolean;
  unit: string;
  range: string;
  help: string;
}

/** `settings get` and `settings set`. */
export function addSettingsCommands(program: Command, context: CliContext): void {
  const settings = program.command('settings').description('show or change settings').helpCommand(false);

  settings
    .command('get')
    .description('show one setting, or all with their units, defaults, ranges and meanings')
    .argument('[key]', 'name of a setting')
    .option('--json', 'print one JSON value: a setting, or an array of all')
    .addHelpText('after', examples('healdeck settings get', 'healdeck settings get sampling.intervalMs'))
    .action(async (key: string | undefined, { json }: { json?: boolean }, command: Command) => {
      const asked = key === undefined ? null : settingKey(key);
      const values = await withEngine(command, context, (client) => client.settings.get());
      if (asked !== null) {
        const row = rowOf(asked, values);
        return print(context, json, row, () => `${written(row, row.value)}\n`);
      }
      const rows = SETTING_KEYS.map((each) => rowOf(each, values));
      print(context, json, rows, () => printTable(context, columns(), rows));
    });

  settings
    .command('set')
    .description('change a setting; it is in force at once')
    .argument('<key>', 'name of a setting')
    .argument('<value>', 'durations as 5s or 500ms, sizes as 10MB, flags as true or false')
    .option('--json', 'print the setting as one JSON value')
    .addHelpText(
      'after',
      examples('healdeck settings set sampling.intervalMs 5s', 'healdeck settings set output.maxBytes 20MB'),
    )
    .action(async (key: string, text: string, { json }: { json?: boolean }, command: Command) => {
      const asked = settingKey(key);
      const { unit, default: standard } = SETTINGS[asked];
      const parsed = parseSettingValue(text, { unit, isFlag: typeof standard === 'boolean' });
      if (!parsed.ok) throw usage(`${asked}: ${parsed.problem}`);
      const { value } = parsed;
      const values = await withEngine(command, context, (client) => client.settings.set({ key: asked, value }));
      const row = rowOf(asked, values);
      print(context, json, row, () => `${asked} = ${written(row, row.value)}\n`);
    });
}

function settingKey(text: string): SettingKey {
  const key = SETTING_KEYS.find((each) => each.toLowerCase() === text.toLowerCase());
  if (key === undefined) throw usage(`no setting is called "${text}"; expected one of: ${SETTING_KEYS.join(', ')}`);
  return key;
}

function rowOf(key: SettingKey, values: Settings): SettingRow {
  const { unit, range, help, default: standard } = SETTINGS[key];
  return { key, value: values[key], default: standard, unit, range, help };
}

function written({ unit }: SettingRow, value: number | boolean): string {
  const text = writeSettingValue(value, unit);
  return unit === '' || unit === 'ms' || unit === 'bytes' ? text : `${text} ${unit}`;
}

function columns() {
  return [
    { title: 'KEY', text: ({ key }: SettingRow) => key },
    { title: 'VALUE', text: (row: SettingRow) => written(row, row.value) },
    { title: 'DEFAULT', text: (row: SettingRow) => written(row, row.default) },
    { title: 'RANGE', text: ({ range, unit }: SettingRow) => (unit === '' ? range : `${range} ${unit}`) },
    { title: 'MEANING', text: ({ help }: SettingRow) => help },
  ];
}
