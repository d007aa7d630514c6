import { looksSecret } from '../../shared/lib/secret-looks';
import {
  portableConfigSchema,
  type ImportConflict,
  type ImportReport,
  type LeftOutVariable,
  type PortableConfig,
} from '../../shared/model/portable';
import {
  resolveSettings,
  sameValue,
  SETTING_KEYS,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../shared/model/settings';
import {
  startCommandOf,
  watchSpecSchema,
  type Command,
  type Target,
  type Watch,
  type WatchSpec,
} from '../../shared/model/watch';
import { Refusal } from './refusal';
import { sameName } from './watch-check';

/** What is in force: settings that somebody has set, and watches. */
export interface Present {
  overrides: Partial<Settings>;
  watches: readonly Watch[];
}

/** What an import comes to. */
export interface ImportPlan extends Present {
  added: readonly Watch[];
  replaced: readonly Watch[];
  report: Omit<ImportReport, 'applied'>;
}

/** The configuration as a file to take along. The same configuration gives the same file, byte for byte. */
export function exportConfig({ overrides, watches }: Present): PortableConfig {
  const leftOut: LeftOutVariable[] = [];
  const specs = watches.map(({ id: _id, revision: _revision, ...spec }) => {
    const { name } = spec;
    return withEnvironment(spec, (env) => {
      const secret = Object.keys(env).filter((variable) => isLeftOut(variable, env[variable] ?? ''));
      leftOut.push(...secret.map((variable) => ({ watch: name, variable })));
      return Object.fromEntries(Object.entries(env).filter(([variable]) => !secret.includes(variable)));
    });
  });
  // Parsing puts every field in the order of its schema, whatever order it was written in.
  return portableConfigSchema.parse({
    healdeck: 'configuration',
    version: 1,
    settings: overrides,
    watches: specs,
    leftOut,
  });
}

/** An empty one, too: it is what a value that was left out becomes where nobody has it, and then exports the same. */
function isLeftOut(variable: string, value: string): boolean {
  return value === '' || looksSecret(variable, value);
}

/**
 * What a file changes. Nothing that is here is ever removed; what is here otherwise than in the file is settled by `conflict`.
 * @throws Refusal `conflict` that names all of it, when nobody has said which wins
 */
export function planImport(options: {
  present: Present;
  file: PortableConfig;
  conflict: ImportConflict;
  newId: () => string;
}): ImportPlan {
  const { present, file, conflict, newId } = options;
  const plan = { added: [] as Watch[], replaced: [] as Watch[], kept: [] as string[], unchanged: [] as string[] };
  const toFill: LeftOutVariable[] = [];
  for (const spec of file.watches) {
    const left = file.leftOut.filter(({ watch }) => watch === spec.name);
    const here = present.watches.find(({ name }) => sameName(name, spec.name));
    const filled = withLeftOut(spec, left, here ?? null);
    if (here !== undefined && isSame(here, filled)) plan.unchanged.push(here.name);
    else if (here !== undefined && conflict !== 'replace') plan.kept.push(here.name);
    else {
      const watch = { ...filled, id: here?.id ?? newId(), revision: (here?.revision ?? 0) + 1 };
      (here === undefined ? plan.added : plan.replaced).push(watch);
      const env = startCommandOf(filled.target)?.env ?? {};
      toFill.push(...left.filter(({ variable }) => env[variable] === ''));
    }
  }

  const set = SETTING_KEYS.filter((key) => file.settings[key] !== undefined);
  const otherwise = set.filter((key) => isOtherwise(present.overrides[key], file.settings[key]));
  if (conflict === 'refuse') refuseConflicts(plan.kept, otherwise);
  const keptSettings = conflict === 'keep' ? otherwise : [];
  const overrides = {
    ...present.overrides,
    ...only(
      file.settings,
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

/** A variable whose value was left out is empty until somebody sets it; a watch that is here already keeps its own. */
function withLeftOut(spec: WatchSpec, left: readonly LeftOutVariable[], here: Watch | null): WatchSpec {
  const before = here === null ? {} : (startCommandOf(here.target)?.env ?? {});
  return withEnvironment(spec, (env) => ({
    ...env,
    ...Object.fromEntries(left.map(({ variable }) => [variable, before[variable] ?? ''])),
  }));
}

function isSame({ id: _id, revision: _revision, ...here }: Watch, wanted: WatchSpec): boolean {
  return canonical(here) === canonical(wanted);
}

/** Fields in the order of the schema, and variables in that of the alphabet: neither order means anything. */
function canonical(spec: WatchSpec): string {
  const sorted = withEnvironment(spec, (env) =>
    Object.fromEntries(Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
  return JSON.stringify(watchSpecSchema.parse(sorted));
}

function isOtherwise(here: SettingValue | undefined, there: SettingValue | undefined): boolean {
  return here !== undefined && there !== undefined && !sameValue(here, there);
}

function refuseConflicts(watches: readonly string[], settings: readonly SettingKey[]): void {
  const problems = [
    ...(watches.length === 0 ? [] : [`watched already, and otherwise: ${watches.join(', ')}`]),
    ...(settings.length === 0 ? [] : [`set already, and otherwise: ${settings.join(', ')}`]),
  ];
  if (problems.length === 0) return;
  throw new Refusal(
    'conflict',
    `Nothing was imported. Here is ${problems.join('; ')}. Say which wins: --keep leaves what is here, --replace takes what the file has`,
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

function withEnvironment(spec: WatchSpec, change: (env: Command['env']) => Command['env']): WatchSpec {
  return { ...spec, target: inTarget(spec.target, (command) => ({ ...command, env: change(command.env) })) };
}

function inTarget(target: Target, change: (command: Command) => Command): Target {
  if (target.kind === 'command') return { ...target, command: change(target.command) };
  return target.start === null ? target : { ...target, start: change(target.start) };
}

function only(settings: Partial<Settings>, keys: readonly SettingKey[]): Partial<Settings> {
  return Object.fromEntries(keys.map((key) => [key, settings[key]])) as Partial<Settings>;
}

const names = (watches: readonly Watch[]): readonly string[] => watches.map(({ name }) => name);
