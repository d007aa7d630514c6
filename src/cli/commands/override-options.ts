import { InvalidArgumentError, Option, type Command } from 'commander';
import { shownValue } from '../../shared/lib/events/shown-value';
import { parseSettingValue, type SettingKind } from '../../shared/lib/format/units';
import { nearest } from '../../shared/lib/text/nearest';
import { SETTING_KEYS, SETTINGS, type SettingKey, type Settings, type SettingValue } from '../../shared/model/settings';
import { usage } from '../failure';
import type { Io } from '../io';

/** What is said about the settings that one watch has of its own; undefined stands for: as for all. */
export type Overrides = { readonly [K in SettingKey]?: SettingValue | undefined };

/** The options as commander collects them; each is a part of the overrides. */
export interface OverrideOptions {
  cpu?: Overrides;
  cpuWarn?: Overrides;
  memory?: Overrides;
  memoryWarn?: Overrides;
  diskRead?: Overrides;
  diskWrite?: Overrides;
  limitAction?: Overrides;
  scope?: Overrides;
  tolerance?: Overrides;
  stopGrace?: Overrides;
  observe?: boolean;
  set?: Overrides;
  unset?: Overrides;
}

/** Adds the options that give a watch limits and other settings of its own. */
export function addOverrideOptions(command: Command): Command {
  const action = SETTINGS['cpu.action'].choices ?? [];
  const valueOf =
    (...keys: readonly SettingKey[]) =>
    (text: string): Overrides =>
      Object.assign({}, ...keys.map((key) => written(key, text))) as Overrides;
  return command
    .option('--cpu <percent>', 'CPU limit in % of one core, as in 80; "none" for none', valueOf('cpu.limitPercent'))
    .option('--cpu-warn <percent>', 'CPU above which only a warning is given', valueOf('cpu.warnPercent'))
    .option('--memory <size>', 'memory limit, as in 500M or 1.5GB; "none" for none', valueOf('memory.limitBytes'))
    .option('--memory-warn <size>', 'memory above which only a warning is given', valueOf('memory.warnBytes'))
    .option(
      '--disk-read <rate>',
      'limit of reading from disk, as in 50MB/s; "none" for none',
      valueOf('diskRead.limitBytesPerSecond'),
    )
    .option('--disk-write <rate>', 'limit of writing to disk', valueOf('diskWrite.limitBytesPerSecond'))
    .option(
      '--limit-action <action>',
      `what is done above these limits: ${action.join('|')}`,
      valueOf('cpu.action', 'memory.action', 'diskRead.action', 'diskWrite.action'),
    )
    .option(
      '--scope <scope>',
      'limits apply to the process or to its whole tree: process|tree',
      valueOf('limits.scope'),
    )
    .option('--tolerance <n/m>', 'act when n of the last m readings are above a limit, as in 3/5', parseTolerance)
    .option('--stop-grace <duration>', 'time between TERM and KILL, as in 10s', valueOf('stop.graceMs'))
    .option('--observe', 'only report what would be done, take no action')
    .option('--set <key=value>', 'any other setting for this watch; can be repeated', collectSet)
    .addOption(
      new Option('--unset <key>', 'use the setting for all watches again; can be repeated').argParser(collectUnset),
    );
}

/** How the options and `default` are explained at the end of the help. */
export const OVERRIDES_HELP =
  '\n\nThe value "default" uses the setting for all watches again. List of settings: healdeck settings --explain';

/** In the order in which they count: a later one wins. */
const PARTS = [
  ...(['cpu', 'cpuWarn', 'memory', 'memoryWarn', 'diskRead', 'diskWrite'] as const),
  ...(['limitAction', 'scope', 'tolerance', 'stopGrace', 'set', 'unset'] as const),
];

/** All of the given options together; null when there is none. `--unset` wins, then `--set`. */
export function overridesOf(options: OverrideOptions): Overrides | null {
  const given = PARTS.map((part) => options[part]).filter((part) => part !== undefined);
  if (options.observe !== undefined) given.unshift({ observe: options.observe });
  return given.length === 0 ? null : (Object.assign({}, ...given) as Overrides);
}

/** The overrides of a watch with changes made to them. */
export function changedOverrides(before: Partial<Settings>, changes: Overrides | null): Partial<Settings> {
  const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as Partial<Settings>;
}

/** The setting of this name, in any case. */
export function settingKey(text: string): SettingKey {
  const key = SETTING_KEYS.find((each) => each.toLowerCase() === text.toLowerCase());
  if (key === undefined) throw usage(unknownKey(text));
  return key;
}

/** The value of a setting as it was written; the error names key, value and range. */
export function settingValue(key: SettingKey, text: string): SettingValue {
  const parsed = parseSettingValue(text, SETTINGS[key] as SettingKind);
  if (!parsed.ok) throw usage(`${key}: ${parsed.problem}`);
  return parsed.value as SettingValue;
}

/** Ceilings that this machine can never reach, so that nothing would ever happen. */
export function unreachable(settings: Overrides, { memoryBytes, cores }: Io['machine']): readonly string[] {
  const ceilings = [
    ['memory.warnBytes', memoryBytes, 'the memory of this machine'],
    ['memory.limitBytes', memoryBytes, 'the memory of this machine'],
    ['cpu.warnPercent', cores * 100, `the capacity of the ${cores} cores of this machine`],
    ['cpu.limitPercent', cores * 100, `the capacity of the ${cores} cores of this machine`],
  ] as const;
  return ceilings.flatMap(([key, most, what]) => {
    const value = settings[key];
    if (typeof value !== 'number' || value <= most) return [];
    return `warning: ${key}: ${shownValue(key, value)} is more than ${what} (${shownValue(key, roundDown(most))}), so it will never be exceeded\n`;
  });
}

/** The memory of a machine is no round number of bytes. */
function roundDown(value: number): number {
  return value > 1e8 ? Math.floor(value / 1e8) * 1e8 : value;
}

function written(key: SettingKey, text: string): Overrides {
  if (text === 'default') return { [key]: undefined };
  const parsed = parseSettingValue(text, SETTINGS[key] as SettingKind);
  if (!parsed.ok) throw new InvalidArgumentError(`${key}: ${parsed.problem}.`);
  return { [key]: parsed.value };
}

function parseTolerance(text: string): Overrides {
  if (text === 'default') return { 'limits.violations': undefined, 'limits.samples': undefined };
  const [, violations, samples] = /^(\d+)\s*(?:\/|of)\s*(\d+)$/i.exec(text.trim()) ?? [];
  if (violations === undefined || samples === undefined) {
    throw new InvalidArgumentError(`expected n/m (n of the last m readings), as in 3/5, got "${text}".`);
  }
  if (Number(violations) > Number(samples)) {
    throw new InvalidArgumentError(
      `${violations} of ${samples} readings can never be above a limit: expected at most ${samples} of ${samples}, got "${text}".`,
    );
  }
  return { ...written('limits.violations', violations), ...written('limits.samples', samples) };
}

function collectSet(text: string, before: Overrides = {}): Overrides {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`expected KEY=VALUE, as in cpu.limitPercent=80, got "${text}".`);
  return { ...before, ...written(ownKey(text.slice(0, at).trim()), text.slice(at + 1).trim()) };
}

function collectUnset(text: string, before: Overrides = {}): Overrides {
  return { ...before, [ownKey(text.trim())]: undefined };
}

/** A setting that a watch may have of its own. */
function ownKey(text: string): SettingKey {
  const key = SETTING_KEYS.find((each) => each.toLowerCase() === text.toLowerCase());
  if (key === undefined) throw new InvalidArgumentError(`${unknownKey(text)}.`);
  if (!SETTINGS[key].perWatch) {
    throw new InvalidArgumentError(
      `${key} applies to all watches and can't be set for one; see: healdeck settings set ${key}.`,
    );
  }
  return key;
}

function unknownKey(text: string): string {
  const group = SETTING_KEYS.filter((key) => key.split('.')[0]?.toLowerCase() === text.split('.')[0]?.toLowerCase());
  if (group.length > 0) return `no setting is called "${text}"; expected one of: ${group.join(', ')}`;
  const near = nearest(text, SETTING_KEYS);
  const hint = near.length > 0 ? `did you mean: ${near.join(', ')}` : 'see: healdeck settings';
  return `no setting is called "${text}"; ${hint}`;
}
