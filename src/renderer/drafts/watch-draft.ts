import type { Dependency } from '../../shared/model/dependency';
import { DEPENDENCY_EXPECTED, dependencyText, parseDependency } from '../../shared/lib/text/dependency-text';
import type { Probe } from '../../shared/model/probe';
import type { ProcessDetails, ProcessSample } from '../../shared/model/process';
import { sameValue, type SettingKey, type Settings } from '../../shared/model/settings';
import {
  commandSchema,
  targetSchema,
  startCommandOf,
  watchSpecSchema,
  type Command,
  type RestartPolicy,
  type Target,
  type WatchSpec,
} from '../../shared/model/watch';
import { instancesText } from '../../shared/lib/instances';
import { parseInstances } from '../../shared/lib/text/instances-text';
import type { Instances } from '../../shared/model/instances';
import { formatArgv, parseArgv, type ArgvSyntax } from '../../shared/lib/text/argv';
import { formatEnvLines, parseEnvLines } from './env-lines';
import { assertNever } from '../../shared/lib/assert-never';
import type { Script } from '../../shared/lib/process/interpreters';
import { baseName, readProgram, titleName } from '../../shared/lib/process/program';
import { hasTwin, proposeAdoption } from './adoption';
import { EMPTY_SCHEDULE, readSchedule, scheduleDraft, scheduleFieldOf } from './schedule-draft';
import type { ScheduleDraft, ScheduleField } from './schedule-draft';
import {
  draftsOfProbes,
  probeFieldOf,
  readProbe,
  readProbeTrial,
  type ProbeDraft,
  type ProbeErrors,
  type ProbeField,
} from './probe-draft';
import { conflictsByKey, idOf, parseSetting, writeSetting } from './setting-fields';
import { SETTING_FIELDS } from './settings-groups';

/** A command as it is typed. */
export interface CommandDraft {
  argvText: string;
  cwd: string;
  envText: string;
  user: string;
}

/** A watch as it is typed: text where the model has structure, and both kinds of target side by side. */
export interface WatchDraft {
  name: string;
  groups: string[];
  kind: Target['kind'];
  /** The command to start: of the target itself, or to start again what matched. */
  command: CommandDraft;
  by: 'name' | 'cmdline' | 'pidfile';
  pattern: string;
  matchUser: string;
  /** For matches: whether processes of containers count too. */
  containers: boolean;
  /** For matches: whether there is a command to start again. */
  hasStart: boolean;
  /** What is to be known about the proposed start command, or null. */
  commandNote: string | null;
  /** null: the default of the kind of target. */
  restart: RestartPolicy | null;
  exitCodes: string[];
  signals: string[];
  autostart: boolean;
  /** As in `2..4`; empty: it is kept once. */
  instances: string;
  /** How many it had when it was opened; null: none. */
  instanceCount: number | null;
  /** Other watches that each start waits for, as in `db` or `db:started`. */
  after: string[];
  probes: ProbeDraft[];
  schedule: ScheduleDraft;
  /** Settings of its own, as typed, by the id of their field; empty: as for all watches. */
  overrides: Readonly<Record<string, string>>;
  /** Those it had before: they stay its own even where they say the same as the setting for all. */
  ownKeys: readonly SettingKey[];
}

/** Fields of the form that can be wrong. */
export type DraftField =
  | 'name'
  | 'groups'
  | 'after'
  | 'command.argvText'
  | 'command.cwd'
  | 'command.envText'
  | 'command.user'
  | 'pattern'
  | 'matchUser'
  | 'exitCodes'
  | 'signals'
  | 'instances'
  | ScheduleField
  | `probes.${number}.${ProbeField}`
  | `overrides.${string}`;

/** What is wrong, by field; `form` is what belongs to none. */
export type DraftErrors = Partial<Record<DraftField | 'form', string>>;

const EMPTY_COMMAND: CommandDraft = { argvText: '', cwd: '', envText: '', user: '' };

/** A draft with everything at its default. */
export function emptyDraft(kind: Target['kind'] = 'command'): WatchDraft {
  return {
    name: '',
    groups: [],
    kind,
    command: EMPTY_COMMAND,
    by: 'name',
    pattern: '',
    matchUser: '',
    containers: false,
    hasStart: false,
    commandNote: null,
    restart: null,
    exitCodes: ['0'],
    signals: [],
    autostart: true,
    ...{ instances: '', instanceCount: null },
    after: [],
    probes: [],
    schedule: EMPTY_SCHEDULE,
    overrides: overrideTexts({}),
    ownKeys: [],
  };
}

/** A watch as it is kept, to be edited. */
export function draftFromSpec(spec: WatchSpec): WatchDraft {
  const { target } = spec;
  const command = startCommandOf(target);
  return {
    ...emptyDraft(target.kind),
    name: spec.name,
    groups: spec.groups,
    command: command === null ? EMPTY_COMMAND : commandDraft(command),
    ...(target.kind === 'command'
      ? {}
      : {
          by: target.by,
          pattern: target.pattern,
          matchUser: target.user ?? '',
          containers: target.namespaces === 'any',
          hasStart: command !== null,
        }),
    restart: spec.restart,
    exitCodes: spec.success.exitCodes.map(String),
    signals: spec.success.signals,
    autostart: spec.autostart,
    instances: spec.instances === undefined ? '' : instancesText(spec.instances),
    instanceCount: spec.instances?.count ?? null,
    after: spec.after.map(dependencyText),
    probes: draftsOfProbes(spec.probes),
    schedule: scheduleDraft(spec.schedule),
    overrides: overrideTexts(spec.overrides),
    ownKeys: Object.keys(spec.overrides) as SettingKey[],
  };
}

function overrideTexts(overrides: Partial<Settings>): Record<string, string> {
  return Object.fromEntries(
    SETTING_FIELDS.map(({ key, id }) => {
      const value = overrides[key];
      return [id, value === undefined ? '' : writeSetting(key, value)];
    }),
  );
}

/**
 * A running process, to be watched: found again and started again as it shows itself. It is started as the user that it runs
 * as now, never with more rights; `engineUser` is whom Healdeck runs as, null where that is not known. `all` are the processes beside
 * which it is to be distinguished.
 */
export function draftFromProcess(
  process: ProcessDetails,
  takenNames: readonly string[],
  engineUser: string | null,
  all: Iterable<ProcessSample> = [],
): WatchDraft {
  const { by, pattern, argv, note } = proposeAdoption(process, hasTwin(process, all));
  const isForeign = process.user !== engineUser;
  const mayStart = !isForeign || engineUser === null || engineUser === 'root';
  const canStart = argv !== null && process.cwd !== null && mayStart;
  const notStartable = `Healdeck runs as ${engineUser ?? ''} and can't start programs as ${process.user}.`;
  return {
    ...emptyDraft('match'),
    name: suggestName(process.argv, process.name, takenNames),
    by,
    pattern,
    // Without a word about it, only processes of the start command's user are found.
    matchUser: isForeign && !canStart ? process.user : '',
    hasStart: canStart,
    command: canStart
      ? {
          ...EMPTY_COMMAND,
          argvText: formatArgv(argv),
          cwd: process.cwd ?? '',
          user: isForeign ? process.user : '',
        }
      : { ...EMPTY_COMMAND, cwd: mayStart ? (process.cwd ?? '') : '', user: isForeign && mayStart ? process.user : '' },
    commandNote: mayStart ? note : notStartable,
  };
}

function commandDraft(command: Command): CommandDraft {
  return {
    argvText: formatArgv(command.argv),
    cwd: command.cwd,
    envText: formatEnvLines(command.env, command.hiddenEnv),
    user: command.user ?? '',
  };
}

/**
 * The spec that a draft describes, or what is wrong with it. Rules of the model are those of its schema. `forAll` are the
 * settings that hold where the watch has none of its own.
 */
export function readDraft(
  draft: WatchDraft,
  syntax: ArgvSyntax,
  forAll: Settings,
): { ok: true; spec: WatchSpec } | { ok: false; errors: DraftErrors } {
  const errors: DraftErrors = {};
  const target = readTarget(draft, syntax, errors);
  const runs = draft.kind !== 'forbidden';
  const exitCodes = draft.exitCodes.map((text) => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN));
  const parsed = watchSpecSchema.safeParse({
    name: draft.name,
    groups: draft.groups,
    target,
    restart: runs ? draft.restart : null,
    success: { exitCodes, signals: draft.signals },
    autostart: draft.autostart,
    instances: readInstances(draft, errors),
    // What only makes sense for a program that is to run may have been typed before.
    ...(runs && {
      after: readAfter(draft, errors),
      probes: readProbes(draft.probes, syntax, errors),
      schedule: readSchedule(draft.schedule, errors),
    }),
    overrides: readOverrides(draft, forAll, errors),
  });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = fieldOfPath(issue.path);
      errors[field] ??= MESSAGES[field] ?? issue.message;
    }
  }
  return parsed.success && Object.keys(errors).length === 0 ? { ok: true, spec: parsed.data } : { ok: false, errors };
}

/** As many as there were, as far as that is allowed. */
function readInstances({ instances, instanceCount }: WatchDraft, errors: DraftErrors): Instances | undefined {
  if (instances.trim() === '') return undefined;
  const parsed = parseInstances(instances);
  if (!parsed.ok) {
    errors.instances = parsed.error;
    return undefined;
  }
  const { min, max } = parsed;
  return { min, max, count: Math.min(max, Math.max(min, instanceCount ?? min)) };
}

function readAfter({ after }: WatchDraft, errors: DraftErrors): Dependency[] {
  return after.flatMap((text) => {
    const dependency = parseDependency(text);
    if (dependency === null) errors.after ??= DEPENDENCY_EXPECTED;
    return dependency ?? [];
  });
}

/** Its own settings alone, for a preview of what they do; the first of their problems where there is one. */
export function readOwnSettings(
  draft: WatchDraft,
  forAll: Settings,
): { ok: true; overrides: Partial<Settings> } | { ok: false; problem: string } {
  const errors: DraftErrors = {};
  const overrides = readOverrides(draft, forAll, errors);
  const [problem] = Object.values(errors);
  return problem === undefined ? { ok: true, overrides } : { ok: false, problem };
}

/** The target alone, for a preview of what it matches; null while it can't be read. A start command counts once it is whole. */
export function readMatchTarget(draft: WatchDraft, syntax: ArgvSyntax): Target | null {
  if (draft.kind === 'command' || draft.pattern === '') return null;
  if (draft.kind === 'forbidden') return { kind: 'forbidden', ...patternOf(draft) };
  const start = draft.hasStart ? commandSchema.safeParse(readCommand(draft.command, syntax, {})) : null;
  return { kind: 'match', ...patternOf(draft), start: start?.success === true ? start.data : null };
}

/** One of its probes and its target, for an attempt before it is saved; the first of their problems where there is one. */
export function readTrial(
  draft: WatchDraft,
  probe: ProbeDraft,
  syntax: ArgvSyntax,
): { ok: true; probe: Probe; target: Target } | { ok: false; problem: string } {
  const read = readProbeTrial(probe, syntax);
  if (!read.ok) return read;
  const errors: DraftErrors = {};
  const target = targetSchema.safeParse(readTarget(draft, syntax, errors));
  const [problem = target.error?.issues[0]?.message] = Object.values(errors);
  return target.success && problem === undefined
    ? { ...read, target: target.data }
    : { ok: false, problem: `${problem ?? 'expected a whole target'} (in the target of the watch)` };
}

function patternOf(draft: WatchDraft) {
  const user = draft.matchUser.trim();
  return {
    by: draft.by,
    pattern: draft.pattern,
    user: user === '' ? null : user,
    ...(draft.containers ? { namespaces: 'any' as const } : {}),
  };
}

/** Which field a path of the spec (`['target', 'start', 'cwd']`, or as text, joined by dots) is typed in. */
export function fieldOfPath(path: readonly PropertyKey[] | string): DraftField | 'form' {
  const parts = typeof path === 'string' ? path.split('.') : path.map(String);
  if (parts[0] === 'spec') parts.shift();
  const [first, second, third] = parts;
  if (first === 'name' || first === 'groups' || first === 'after' || first === 'instances') return first;
  if (first === 'probes')
    return second === undefined ? 'form' : `probes.${Number(second)}.${probeFieldOf(parts.slice(2))}`;
  if (first === 'overrides') return overrideField(parts.slice(1).join('.'));
  if (first === 'success') return second === 'signals' ? 'signals' : 'exitCodes';
  if (first === 'schedule') return scheduleFieldOf(parts.slice(1));
  if (first !== 'target') return 'form';
  if (second === 'pattern' || second === 'by') return 'pattern';
  if (second === 'user') return 'matchUser';
  if (second !== 'command' && second !== 'start') return 'form';
  if (third === 'cwd') return 'command.cwd';
  if (third === 'env') return 'command.envText';
  if (third === 'user') return 'command.user';
  return 'command.argvText';
}

/** Where the schema's words would not fit what was typed. */
const MESSAGES: DraftErrors = {
  exitCodes: 'expected whole numbers from 0 to 255',
};

function overrideField(key: string): DraftField | 'form' {
  return SETTING_FIELDS.some((field) => field.key === key) ? `overrides.${idOf(key)}` : 'form';
}

/** Only what differs from the settings for all, or did before it was opened. */
function readOverrides(draft: WatchDraft, forAll: Settings, errors: DraftErrors): Partial<Settings> {
  const own: Partial<Record<SettingKey, unknown>> = {};
  for (const { key, id } of SETTING_FIELDS) {
    const text = draft.overrides[id] ?? '';
    if (text.trim() === '') continue;
    const read = parseSetting(key, text);
    if (!read.ok) errors[`overrides.${id}`] = read.problem;
    else if (!sameValue(read.value, forAll[key]) || draft.ownKeys.includes(key)) own[key] = read.value;
  }
  const overrides = own as Partial<Settings>;
  for (const [key, conflict] of Object.entries(conflictsByKey(overrides, forAll))) {
    errors[`overrides.${idOf(key)}`] ??= conflict;
  }
  return overrides;
}

function readProbes(drafts: readonly ProbeDraft[], syntax: ArgvSyntax, errors: DraftErrors): readonly unknown[] {
  return drafts.map((draft, at) => {
    const own: ProbeErrors = {};
    const probe = readProbe(draft, syntax, own);
    for (const [field, problem] of Object.entries(own)) errors[`probes.${at}.${field as ProbeField}`] = problem;
    return probe;
  });
}

function readTarget(draft: WatchDraft, syntax: ArgvSyntax, errors: DraftErrors): unknown {
  const wantsCommand = draft.kind === 'command' || (draft.kind === 'match' && draft.hasStart);
  const command = wantsCommand ? readCommand(draft.command, syntax, errors) : null;
  if (draft.kind === 'command') return { kind: 'command', command };
  if (draft.by === 'pidfile' && draft.pattern !== '' && !isAbsolute(draft.pattern)) {
    errors.pattern = 'expected the absolute path of a pidfile, as in /run/nginx.pid';
  }
  if (draft.kind === 'forbidden') return { kind: 'forbidden', ...patternOf(draft) };
  return { kind: 'match', ...patternOf(draft), start: command };
}

function readCommand(draft: CommandDraft, syntax: ArgvSyntax, errors: DraftErrors): unknown {
  const argv = parseArgv(draft.argvText, syntax);
  if (!argv.ok) errors['command.argvText'] = argv.error;
  const env = parseEnvLines(draft.envText);
  if (!env.ok) errors['command.envText'] = env.error;
  if (draft.cwd !== '' && !isAbsolute(draft.cwd)) {
    errors['command.cwd'] = 'expected an absolute directory, as in /srv/app';
  }
  const user = draft.user.trim();
  return {
    argv: argv.ok ? argv.argv : [],
    cwd: draft.cwd,
    env: env.ok ? env.env : {},
    ...(env.ok && env.hiddenEnv.length > 0 && { hiddenEnv: env.hiddenEnv }),
    user: user === '' ? null : user,
  };
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/** A name for a watch of this program that is not taken: the script's for an interpreter, else the program's. */
export function suggestName(argv: readonly string[], processName: string, takenNames: readonly string[]): string {
  const { script, title, base } = readProgram({ name: processName, argv, executable: null });
  const inner = script?.kind === 'code' && isShell(base) ? firstCommandOf(argv[script.at] ?? '') : null;
  if (inner !== null) return suggestName(inner, processName, takenNames);
  const raw = title !== null ? baseName(titleName(title)) : script === null ? base : scriptName(script);
  const clean =
    raw
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .slice(0, 50) || 'program';
  const taken = new Set(takenNames.map((name) => name.toLowerCase()));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? clean : `${clean}-${count}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

function isShell(base: string): boolean {
  return /^(?:ba|da|a|k|z)?sh$/.test(base);
}

/** Commands that only prepare the one that a shell is there for. */
const PREPARATIONS: ReadonlySet<string> = new Set(['cd', 'export', 'set', 'umask', 'ulimit', 'source', '.']);

/** The first command in a text for a shell that does more than to prepare another one; null when it can't be read. */
function firstCommandOf(text: string): readonly string[] | null {
  for (const part of text.split(/&&|\|\||[;|&\n]/)) {
    const parsed = parseArgv(part);
    if (!parsed.ok) return null;
    const argv = parsed.argv.slice(parsed.argv[0] === 'exec' ? 1 : 0);
    const [first] = argv;
    if (first !== undefined && !PREPARATIONS.has(first) && !first.includes('=')) return argv;
  }
  return null;
}

function scriptName(script: Script): string {
  switch (script.kind) {
    case 'file':
    case 'jar':
      return baseName(script.path).replace(/\.\w{1,4}$/, '');
    case 'module':
      return script.name;
    case 'class':
      return script.name.slice(script.name.lastIndexOf('.') + 1);
    case 'code':
      return 'program';
    default:
      return assertNever(script);
  }
}
