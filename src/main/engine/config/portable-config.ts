import { restoreArgv } from '../../../shared/lib/process/hidden-argv';
import { maskArgv } from '../../../shared/lib/process/mask-argv';
import { MASK } from '../../../shared/lib/process/mask-secrets';
import { looksSecret } from '../../../shared/lib/process/secret-looks';
import {
  portableConfigSchema,
  type ImportConflict,
  type ImportReport,
  type LeftOut,
  type PortableConfig,
} from '../../../shared/model/portable';
import {
  resolveSettings,
  sameValue,
  SETTING_KEYS,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../../shared/model/settings';
import {
  sameName,
  startCommandOf,
  watchSpecSchema,
  withStartCommand,
  type Command,
  type Watch,
  type WatchSpec,
} from '../../../shared/model/watch';
import { Refusal } from '../refusal';

/** What is in force: settings that somebody has set, and watches. */
export interface Present {
  overrides: Partial<Settings>;
  watches: readonly Watch[];
}

/** The result of an import. */
export interface ImportPlan extends Present {
  added: readonly Watch[];
  replaced: readonly Watch[];
  report: Omit<ImportReport, 'applied' | 'keptElsewhere'>;
}

/** The configuration as a file to take along. The same configuration gives the same file, byte for byte. */
export function exportConfig({ overrides, watches }: Present): PortableConfig {
  const leftOut: LeftOut[] = [];
  const words = wordsOf(overrides);
  const specs = watches.map(({ id: _id, revision: _revision, ...spec }) => {
    const { name } = spec;
    return withCommand(spec, (command) => {
      const { env, hiddenEnv = [] } = command;
      const secret = Object.keys(env).filter(
        (variable) => hiddenEnv.includes(variable) || isLeftOut(variable, env[variable] ?? '', words),
      );
      const argv = [...maskArgv(command.argv, words)];
      const hidden = [...argv.keys()].filter((at) => argv[at] !== command.argv[at]);
      leftOut.push(...secret.map((variable) => ({ watch: name, variable })));
      leftOut.push(...hidden.map((at) => ({ watch: name, argument: at + 1 })));
      return {
        ...command,
        argv,
        env: Object.fromEntries(Object.entries(env).filter(([variable]) => !secret.includes(variable))),
      };
    });
  });
  // Parsing puts every field in the order of its schema, whatever order it was written in.
  return portableConfigSchema.parse({
    healdeck: 'configuration',
    version: 1,
    settings: withAlertCommand(overrides, (argv) => maskArgv(argv, words)),
    watches: specs,
    leftOut,
  });
}

/** An empty one, too: it is what a value that was left out becomes where nobody has it, and then exports the same. */
function isLeftOut(variable: string, value: string, words: readonly string[]): boolean {
  return value === '' || looksSecret(variable, value, words);
}

/**
 * What a file changes. Nothing that exists is ever removed; what differs from the file is settled by `conflict`.
 * @throws Refusal `conflict` that names all of it, when `conflict` does not decide
 */
export function planImport(options: {
  present: Present;
  file: PortableConfig;
  conflict: ImportConflict;
  newId: () => string;
}): ImportPlan {
  const { present, file, conflict, newId } = options;
  const plan = { added: [] as Watch[], replaced: [] as Watch[], kept: [] as string[], unchanged: [] as string[] };
  const toFill: LeftOut[] = [];
  const words = wordsOf({ ...file.settings, ...present.overrides });
  for (const spec of file.watches) {
    const left = file.leftOut.filter(({ watch }) => watch === spec.name);
    const here = present.watches.find(({ name }) => sameName(name, spec.name));
    const filled = withLeftOut(spec, left, here ?? null, words);
    if (here !== undefined && isSame(here, filled)) plan.unchanged.push(here.name);
    else if (here !== undefined && conflict !== 'replace') plan.kept.push(here.name);
    else {
      const watch = { ...filled, id: here?.id ?? newId(), revision: (here?.revision ?? 0) + 1 };
      (here === undefined ? plan.added : plan.replaced).push(watch);
      toFill.push(...left.filter((one) => isEmpty(one, startCommandOf(spec.target), startCommandOf(filled.target))));
    }
  }

  const known = present.overrides['command.argv'] ?? [];
  const settings = withAlertCommand(file.settings, (argv) => {
    const restored = restoreArgv(argv, known, words);
    return restored.ok ? restored.argv : argv.map((word) => word.replaceAll(MASK, ''));
  });
  const set = SETTING_KEYS.filter((key) => settings[key] !== undefined);
  const otherwise = set.filter((key) => isOtherwise(present.overrides[key], settings[key]));
  if (conflict === 'refuse') refuseConflicts(plan.kept, otherwise);
  const keptSettings = conflict === 'keep' ? otherwise : [];
  const overrides = {
    ...present.overrides,
    ...only(
      settings,
      set.filter((key) => !keptSettings.includes(key)),
    ),
  };

  const replaced = new Map(plan.replaced.map((watch) => [watch.id, watch]));
  return {
    overrides,
    watches: [...present.watches.map((watch) => replaced.get(watch.id) ?? watch), ...plan.added],
    added: plan.added,
    replaced: plan.replaced,
    report: {
      ...{ added: names(plan.added), replaced: names(plan.replaced), kept: plan.kept, unchanged: plan.unchanged },
      ...{ settings: changes(present.overrides, overrides), keptSettings, toFill },
    },
  };
}

/**
 * A variable whose value was left out is empty until somebody sets it, and so is what an argument hides; a watch that is here
 * already keeps its own.
 */
function withLeftOut(
  spec: WatchSpec,
  left: readonly LeftOut[],
  here: Watch | null,
  words: readonly string[],
): WatchSpec {
  const before = here === null ? null : startCommandOf(here.target);
  return withCommand(spec, (command) => ({
    ...command,
    argv: filledArgv(command.argv, left, before?.argv ?? [], words),
    env: {
      ...command.env,
      ...Object.fromEntries(
        left.flatMap((one) => ('variable' in one ? [[one.variable, before?.env[one.variable] ?? '']] : [])),
      ),
    },
  }));
}

function filledArgv(
  argv: readonly string[],
  left: readonly LeftOut[],
  before: readonly string[],
  words: readonly string[],
): string[] {
  const hidden = left.flatMap((one) => ('argument' in one ? [one.argument - 1] : []));
  if (hidden.length === 0) return [...argv];
  const restored = restoreArgv(argv, before, words);
  if (restored.ok) return restored.argv;
  return argv.map((word, at) => (hidden.includes(at) ? word.replaceAll(MASK, '') : word));
}

/** Whether what was left out could not be filled with what is here. */
function isEmpty(left: LeftOut, inFile: Command | null, filled: Command | null): boolean {
  if ('variable' in left) return filled?.env[left.variable] === '';
  const at = left.argument - 1;
  return filled?.argv[at] === inFile?.argv[at]?.replaceAll(MASK, '');
}

function isSame({ id: _id, revision: _revision, ...here }: Watch, wanted: WatchSpec): boolean {
  return canonical(here) === canonical(wanted);
}

/** Fields in the order of the schema, and variables in that of the alphabet: neither order means anything. */
function canonical(spec: WatchSpec): string {
  const sorted = withCommand(spec, (command) => ({
    ...command,
    env: Object.fromEntries(Object.entries(command.env).sort(([one], [other]) => (one < other ? -1 : 1))),
  }));
  return JSON.stringify(watchSpecSchema.parse(sorted));
}

function isOtherwise(here: SettingValue | undefined, there: SettingValue | undefined): boolean {
  return here !== undefined && there !== undefined && !sameValue(here, there);
}

function refuseConflicts(watches: readonly string[], settings: readonly SettingKey[]): void {
  const problems = [
    ...(watches.length === 0 ? [] : [`watched already with another definition: ${watches.join(', ')}`]),
    ...(settings.length === 0 ? [] : [`set already to another value: ${settings.join(', ')}`]),
  ];
  if (problems.length === 0) return;
  throw new Refusal(
    'conflict',
    `Nothing was imported. Conflicts: ${problems.join('; ')}. Choose what to use: --keep keeps what exists, --replace uses the file`,
  );
}

function changes(before: Partial<Settings>, after: Partial<Settings>): ImportReport['settings'] {
  const [old, now] = [resolveSettings(before), resolveSettings(after)];
  return SETTING_KEYS.filter((key) => !sameValue(old[key], now[key])).map((key) => ({
    key,
    before: old[key],
    after: now[key],
  }));
}

function withCommand(spec: WatchSpec, change: (command: Command) => Command): WatchSpec {
  return { ...spec, target: withStartCommand(spec.target, change) };
}

/** The alert command may hold secrets in its arguments, as those of watches do. */
function withAlertCommand(
  settings: Partial<Settings>,
  change: (argv: readonly string[]) => readonly string[],
): Partial<Settings> {
  const argv = settings['command.argv'];
  return argv === undefined ? settings : { ...settings, 'command.argv': change(argv) };
}

function wordsOf(settings: Partial<Settings>): readonly string[] {
  return resolveSettings(settings)['mask.words'];
}

function only(settings: Partial<Settings>, keys: readonly SettingKey[]): Partial<Settings> {
  return Object.fromEntries(keys.map((key) => [key, settings[key]])) as Partial<Settings>;
}

const names = (watches: readonly Watch[]): readonly string[] => watches.map(({ name }) => name);
