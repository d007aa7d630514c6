import type { Command } from 'commander';
import { shownValue } from '../../shared/lib/events/shown-value';
import { expectationOf, type SettingKind } from '../../shared/lib/format/units';
import {
  resolveSettings,
  sameValue,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../shared/model/settings';
import { examples, print, withEngine, type CliContext } from '../context';
import { CliFailure, EXIT } from '../failure';
import { settingKey, settingValue, unreachable } from './override-options';
import { findWatch } from './watches';

/** A setting as it is shown; `value` is null also where no engine could be asked. */
interface SettingRow {
  key: SettingKey;
  value: SettingValue;
  default: SettingValue;
  unit: string;
  range: string;
  help: string;
  choices: readonly string[] | null;
  perWatch: boolean;
}

interface GetOptions {
  all?: boolean;
  explain?: boolean;
  watch?: string;
  json?: boolean;
}

/** `settings`, `settings get` and `settings set`. */
export function addSettingsCommands(program: Command, context: CliContext): void {
  const settings = addGetOptions(program.command('settings'))
    .description('show or change settings')
    .helpCommand(false)
    .addHelpText('after', examples('healdeck settings --explain', 'healdeck settings set cpu.limitPercent 90'))
    .action((options: GetOptions, command: Command) => show(undefined, options, command));

  addGetOptions(settings.command('get'))
    .description('show one setting, or those that were changed')
    .argument('[key]', 'name of a setting')
    .addHelpText(
      'after',
      examples(
        'healdeck settings get',
        'healdeck settings get sampling.intervalMs',
        'healdeck settings get --watch web',
      ),
    )
    // The options of `settings` itself may stand before or after the word `get`.
    .action((key: string | undefined, _options: GetOptions, command: Command) =>
      show(key, command.optsWithGlobals(), command),
    );

  settings
    .command('set')
    .description('change a setting for all watches; it takes effect at once')
    .argument('<key>', 'name of a setting')
    .argument('<value>', 'durations as 5s, sizes as 10MB, shares as 80%, flags as true or false, none, or default')
    .option('--json', 'print the setting as one JSON value')
    .addHelpText(
      'after',
      examples('healdeck settings set sampling.intervalMs 5s', 'healdeck settings set memory.limitBytes 500M'),
    )
    .action(async (key: string, text: string, _options: { json?: boolean }, command: Command) => {
      const asked = settingKey(key);
      const given = text === 'default' ? null : { value: settingValue(asked, text) };
      const values = await withEngine(command, context, async (client) => {
        const { value } = given ?? { value: await defaultOf(asked, () => client.settings.get()) };
        context.io.err(
          unreachable({ [asked]: value }, context.io.machine)
            .map((warning) => `healdeck: ${warning}`)
            .join(''),
        );
        return client.settings.set({ key: asked, value });
      });
      const row = rowOf(asked, values);
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      print(context, json, row, () => `${asked} = ${onThisMachine(context, row)}\n`);
    });

  settings
    .command('undo')
    .description('undo the last change of settings; repeat to undo earlier ones; only until the engine ends')
    .option('--json', 'print the settings that were restored as one JSON array')
    .addHelpText('after', examples('healdeck settings undo'))
    .action(async (_options: { json?: boolean }, command: Command) => {
      const { before, values } = await withEngine(command, context, async (client) => ({
        before: await client.settings.get(),
        values: await client.settings.undo({ keys: null }),
      }));
      const rows = SETTING_KEYS.filter((key) => !sameValue(before[key], values[key])).map((key) => rowOf(key, values));
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      print(context, json, rows, () => rows.map((row) => `${row.key} = ${shownValue(row.key, row.value)}\n`).join(''));
    });

  async function show(key: string | undefined, options: GetOptions, command: Command): Promise<void> {
    const asked = key === undefined ? null : settingKey(key);
    const values = await valuesOf(options, command);
    if (asked !== null && !options.explain) {
      const row = rowOf(asked, values);
      return print(context, options.json, row, () => `${shownValue(asked, row.value)}\n`);
    }
    const rows = (asked === null ? SETTING_KEYS : [asked]).map((each) => rowOf(each, values));
    print(context, options.json, asked === null ? rows : rows[0], () =>
      options.explain
        ? rows.map((row) => explained(context, row, values !== null)).join('\n')
        : options.all
          ? rows.map(({ key, value, help }) => `${key} = ${shownValue(key, value)}\n    ${help}\n`).join('')
          : changedText(rows, values),
    );
  }

  /** Null without an engine: what settings mean can be explained by everyone. */
  async function valuesOf({ watch, explain }: GetOptions, command: Command): Promise<Settings | null> {
    try {
      return await withEngine(command, context, async (client) =>
        watch === undefined ? client.settings.get() : (await findWatch(client, watch)).settings,
      );
    } catch (error) {
      if (explain && watch === undefined && error instanceof CliFailure && error.exitCode === EXIT.noEngine)
        return null;
      throw error;
    }
  }
}

function addGetOptions(command: Command): Command {
  return command
    .option('--all', 'show all settings with their meanings, not only those that were changed')
    .option(
      '--explain',
      'show the unit, default, range and meaning of each setting, and whether a watch may have its own',
    )
    .option('--watch <name>', 'show the settings in force for this watch')
    .option('--json', 'print one JSON value: a setting, or an array of all');
}

/** What a setting is when nobody sets it: that depends on the profile. */
async function defaultOf(key: SettingKey, current: () => Promise<Settings>): Promise<SettingValue> {
  if (key === 'profile') return SETTINGS.profile.default;
  return resolveSettings({ profile: (await current()).profile })[key];
}

function rowOf(key: SettingKey, values: Settings | null): SettingRow {
  const { unit, range, help, default: standard, perWatch, choices } = SETTINGS[key];
  const value = values === null ? null : values[key];
  return { key, value, default: standard, unit, range, help, choices: choices ?? null, perWatch };
}

/** The settings that are not as they are by default, and where the others are. */
function changedText(rows: readonly SettingRow[], values: Settings | null): string {
  const standards = resolveSettings(values === null ? {} : { profile: values.profile });
  const changed = rows.filter(({ key, value }) =>
    key === 'profile' ? value !== SETTINGS.profile.default : !sameValue(value, standards[key]),
  );
  const count =
    changed.length === 0
      ? `All ${rows.length} settings have their default values`
      : `${changed.length} of ${rows.length} settings differ from their defaults`;
  return `${changed.map(({ key, value }) => `${key} = ${shownValue(key, value)}\n`).join('')}${count}; show them all: healdeck settings --all\n`;
}

/** A value as it is shown; a share of one core also as that of all cores. */
function onThisMachine({ io }: CliContext, { key, unit, value }: SettingRow): string {
  const shown = shownValue(key, value);
  const { cores } = io.machine;
  if (unit !== '% of one core' || typeof value !== 'number' || cores < 2) return shown;
  return `${shown} (${Math.round((value / cores) * 10) / 10}% of this machine)`;
}

/** All that is to be known about a setting, in lines. */
function explained(context: CliContext, row: SettingRow, valueKnown: boolean): string {
  const { key, unit, help, perWatch } = row;
  const facts = [
    ...(valueKnown ? [['value', onThisMachine(context, row)]] : []),
    ['default', shownValue(key, row.default)],
    ['range', expectationOf(SETTINGS[key] as SettingKind)],
    ['unit', unit === '' ? '-' : unit],
    ['per watch', perWatch ? `yes: healdeck edit NAME --set ${key}=VALUE` : 'no, it applies to all watches'],
  ];
  const lines = facts.map(([name = '', text = '']) => `  ${context.style.dim(name.padEnd(9))}  ${text}\n`);
  return `${key}\n  ${help}\n${lines.join('')}`;
}
