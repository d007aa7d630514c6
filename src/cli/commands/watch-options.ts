import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Probe } from '../../shared/model/probe';
import {
  sameName,
  type Command as StartCommand,
  type Target,
  type Watch,
  type WatchSpec,
  type WatchSpecInput,
} from '../../shared/model/watch';
import { absolutePath } from '../context';
import { usage } from '../failure';
import type { Dependency } from '../../shared/model/dependency';
import { DEPENDENCY_EXPECTED, dependencyText, parseDependency } from '../../shared/lib/text/dependency-text';
import type { Io } from '../io';
import { collect } from './collect';
import { addInstancesOption, instancesFrom, type InstancesOption } from './instances-option';
import { addScheduleOptions, scheduleFrom, type ScheduleOptions } from './schedule-options';
import { addOverrideOptions, changedOverrides, overridesOf, type OverrideOptions } from './override-options';
import { addProbeOptions, changedProbes, type ProbeOptions } from './probe-options';

/** Where relative paths begin. */
type Place = Pick<Io, 'cwd'>;

/** The options that `add` and `edit` share, as they were written. */
export interface WatchOptions extends OverrideOptions, ProbeOptions, ScheduleOptions, InstancesOption {
  group?: readonly string[];
  unsetGroup?: readonly string[];
  after?: readonly string[];
  unsetAfter?: readonly string[];
  restart?: 'always' | 'on-failure' | 'never' | 'default';
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  secretEnv?: Readonly<Record<string, string>>;
  unsetEnv?: readonly string[];
  user?: string;
  successCodes?: number[];
  successSignals?: string[];
  autostart?: boolean;
  match?: 'name' | 'cmdline' | 'pidfile';
  matchUser?: string;
  matchContainers?: boolean;
  start?: boolean;
}

/** Adds the shared options to a command. */
export function addWatchOptions(command: Command): Command {
  command
    .option('--group <name>', 'put it in this group, too; can be repeated', collect)
    .option(
      '--after <watch[:state]>',
      'start it only once this watch is ready, or: started, completed; with :restart it is also restarted with that one; can be repeated',
      collect,
    )
    .addOption(
      new Option('--match <by>', 'watch running processes found by PATTERN').choices(['name', 'cmdline', 'pidfile']),
    )
    .option(
      '--match-user <user>',
      "only processes of this user (default: the start command's, else the engine's; * for every user)",
    )
    .option('--match-containers', 'also match processes of other pid namespaces, such as containers')
    .option('--no-match-containers', "match only processes of the engine's own pid namespace (default)")
    .option('--start', 'the command after -- starts the matched program when it is not running')
    .addOption(
      new Option(
        '--restart <policy>',
        'when to restart it (default: on-failure for commands, always for matches)',
      ).choices(['always', 'on-failure', 'never', 'default']),
    )
    .option('--cwd <dir>', 'directory to start in (default: the current one)')
    .option('--env <K=V>', 'set a variable; can be repeated', collectVariable)
    .option(
      '--secret-env <K=V>',
      'set a variable whose value is never displayed, whatever its name; can be repeated',
      collectVariable,
    )
    .option(
      '--user <user>',
      'run as this user, with its groups and a login environment; requires an engine run by root ("" for the engine\'s own user)',
    )
    .option('--success-codes <codes>', 'exit codes that do not count as a crash, as in 0,2', parseCodes)
    .option('--success-signals <signals>', 'signals that do not count as a crash, as in SIGTERM,SIGINT', parseSignals);
  return addOverrideOptions(addProbeOptions(addScheduleOptions(addInstancesOption(command))));
}

/** What a new watch is to be. */
export function newSpec(
  name: string,
  pattern: string | undefined,
  options: WatchOptions,
  tail: readonly string[] | null,
  place: Place,
): WatchSpecInput {
  const overrides = changedOverrides({}, overridesOf(options));
  const schedule = scheduleFrom(options, null, place);
  return {
    ...{
      name,
      groups: groupsFrom(options),
      after: afterFrom(options),
      target: newTarget(pattern, options, tail, place),
      ...policyOf(options),
      ...probesOf(options, place),
      overrides,
    },
    ...(schedule !== undefined && { schedule }),
    ...instancesFrom(options),
  };
}

function newTarget(pattern: string | undefined, options: WatchOptions, tail: readonly string[] | null, place: Place) {
  if (options.match === undefined) {
    if (options.matchUser !== undefined || options.matchContainers || options.start) {
      throw usage('--match-user, --match-containers and --start belong to --match');
    }
    if (pattern !== undefined) throw usage(`put -- before the command, as in: healdeck add NAME -- ${pattern}`);
    if (tail === null || tail.length === 0) {
      throw usage('expected a command after --, as in: healdeck add web -- node server.mjs; or --match BY PATTERN');
    }
    return { kind: 'command' as const, command: commandFrom(tail, options, place) };
  }
  if (pattern === undefined) throw usage(`expected a pattern after --match ${options.match}`);
  return {
    kind: 'match' as const,
    by: options.match,
    pattern: options.match === 'pidfile' ? absolutePath(place, pattern) : pattern,
    user: options.matchUser || null,
    ...(options.matchContainers ? { namespaces: 'any' as const } : {}),
    start: startFrom(options, tail, place),
  };
}

/** The start command of a match: the words after `--`, announced by `--start`. */
function startFrom(options: WatchOptions, tail: readonly string[] | null, place: Place): StartCommand | null {
  if (!options.start) {
    if (tail !== null)
      throw usage('a command after -- needs --start here: it starts the matched program when it is not running');
    const given = (['cwd', 'env', 'secretEnv', 'user'] as const).find((key) => options[key] !== undefined);
    if (given !== undefined)
      throw usage(
        `--${given === 'secretEnv' ? 'secret-env' : given} applies to the start of a program: also give --start -- COMMAND`,
      );
    return null;
  }
  if (tail === null || tail.length === 0) throw usage('expected a command after --start --');
  return commandFrom(tail, options, place);
}

function commandFrom(tail: readonly string[], options: WatchOptions, place: Place): StartCommand {
  return {
    argv: [...tail],
    cwd: absolutePath(place, options.cwd ?? '.'),
    ...variablesOf(options),
    user: options.user || null,
  };
}

/** What `--env` and `--secret-env` set; those that were there before are `kept` and `hidden`. */
function variablesOf(
  { env, secretEnv, unsetEnv }: WatchOptions,
  kept: Pick<StartCommand, 'env' | 'hiddenEnv'> = { env: {} },
): Pick<StartCommand, 'env' | 'hiddenEnv'> {
  const isLeft = (name: string): boolean => unsetEnv?.includes(name) !== true;
  const known = Object.entries(kept.env).filter(([name]) => isLeft(name));
  const hidden = (kept.hiddenEnv ?? []).filter((name) => isLeft(name) && !Object.hasOwn(env ?? {}, name));
  const hiddenEnv = [...new Set([...hidden, ...Object.keys(secretEnv ?? {})])];
  return {
    env: { ...Object.fromEntries(known), ...env, ...secretEnv },
    ...(hiddenEnv.length > 0 && { hiddenEnv }),
  };
}

function probesOf(options: ProbeOptions, place: Place, before?: readonly Probe[]): Pick<WatchSpecInput, 'probes'> {
  const probes = changedProbes(options, place, before);
  return probes === undefined ? {} : { probes: [...probes] };
}

/** The groups of a watch that was in those `before`. */
function groupsFrom({ group = [], unsetGroup = [] }: WatchOptions, before: readonly string[] = []): string[] {
  const unknown = unsetGroup.find((name) => !before.some((known) => sameName(known, name)));
  if (unknown !== undefined) {
    throw usage(
      before.length === 0
        ? `the watch is in no group, so it can't leave "${unknown}"`
        : `the watch is not in the group "${unknown}"; its groups: ${before.join(', ')}`,
    );
  }
  const kept = before.filter((known) => !unsetGroup.some((name) => sameName(name, known)));
  return group.reduce(
    (groups: string[], name) => (groups.some((known) => sameName(known, name)) ? groups : [...groups, name]),
    kept,
  );
}

/** What a watch waits for that waited for those `before`; one that is named again gets its new state. */
function afterFrom({ after = [], unsetAfter = [] }: WatchOptions, before: readonly Dependency[] = []): Dependency[] {
  const isNamed = (name: string) => before.some(({ watch }) => sameName(watch, name));
  const unknown = unsetAfter.find((name) => !isNamed(name));
  if (unknown !== undefined) {
    const known = before.length === 0 ? 'it waits for none' : `it waits for ${before.map(dependencyText).join(', ')}`;
    throw usage(`the watch does not start after "${unknown}"; ${known}`);
  }
  const given = after.map((text) => {
    const dependency = parseDependency(text);
    if (dependency === null) throw usage(`${DEPENDENCY_EXPECTED}; got "${text}"`);
    return dependency;
  });
  const isReplaced = ({ watch }: Dependency) =>
    [...unsetAfter, ...given.map((one) => one.watch)].some((name) => sameName(name, watch));
  return [...before.filter((one) => !isReplaced(one)), ...given];
}

function policyOf(options: WatchOptions): Partial<WatchSpecInput> {
  const { restart, successCodes, successSignals, autostart } = options;
  const success = {
    ...(successCodes && { exitCodes: successCodes }),
    ...(successSignals && { signals: successSignals }),
  };
  return {
    ...(restart !== undefined && { restart: restart === 'default' ? null : restart }),
    ...(Object.keys(success).length > 0 && { success }),
    ...(autostart !== undefined && { autostart }),
  };
}

/** The spec of a watch with only what was given changed. */
export function editedSpec(
  watch: Watch,
  pattern: string | undefined,
  options: WatchOptions & { rename?: string },
  tail: readonly string[] | null,
  place: Place,
): WatchSpecInput {
  const { id: _id, revision: _revision, instances, ...spec } = watch;
  const { success, ...policy } = policyOf(options);
  const schedule = scheduleFrom(options, spec.schedule, place);
  return {
    ...spec,
    ...policy,
    ...(schedule !== undefined && { schedule }),
    ...instancesFrom(options, instances),
    name: options.rename ?? spec.name,
    groups: groupsFrom(options, spec.groups),
    after: afterFrom(options, spec.after),
    ...probesOf(options, place, spec.probes),
    success: { ...spec.success, ...success },
    overrides: changedOverrides(spec.overrides, overridesOf(options)),
    target: editedTarget(spec, pattern, options, tail, place),
  };
}

function editedTarget(
  { target }: WatchSpec,
  pattern: string | undefined,
  options: WatchOptions,
  tail: readonly string[] | null,
  place: Place,
): Target {
  if (target.kind === 'command') {
    const { match, matchUser, matchContainers } = options;
    if (match !== undefined || matchUser !== undefined || matchContainers || options.start || pattern !== undefined) {
      throw usage('this watch starts a command; remove it and add another to watch a match instead');
    }
    return { ...target, command: editedCommand(target.command, options, tail, place) };
  }
  if (tail !== null && !options.start) throw usage('a command after -- needs --start here');
  if (pattern === undefined && options.match !== undefined)
    throw usage(`expected a pattern after --match ${options.match}`);
  if (pattern !== undefined && options.match === undefined)
    throw usage('put --match name|cmdline|pidfile before the pattern');
  if (target.kind === 'forbidden' && (options.start || tail !== null)) {
    throw usage('a program that must not run is not started: expected no --start');
  }
  const by = options.match ?? target.by;
  const { namespaces, ...rest } = target;
  const anywhere = options.matchContainers ?? namespaces === 'any';
  const given = pattern ?? target.pattern;
  const found = {
    ...(anywhere ? { namespaces: 'any' as const } : {}),
    by,
    pattern: by === 'pidfile' ? absolutePath(place, given) : given,
    user: options.matchUser === undefined ? target.user : options.matchUser || null,
  };
  return rest.kind === 'forbidden'
    ? { ...rest, ...found }
    : { ...rest, ...found, start: editedStart(rest.start, options, tail, place) };
}

function editedStart(
  start: StartCommand | null,
  options: WatchOptions,
  tail: readonly string[] | null,
  place: Place,
): StartCommand | null {
  if (start !== null) return editedCommand(start, options, tail, place);
  return startFrom(options, tail, place);
}

function editedCommand(
  command: StartCommand,
  options: WatchOptions,
  tail: readonly string[] | null,
  place: Place,
): StartCommand {
  if (tail?.length === 0) throw usage('expected a command after --');
  return {
    argv: tail === null ? command.argv : [...tail],
    cwd: options.cwd === undefined ? command.cwd : absolutePath(place, options.cwd),
    ...variablesOf(options, command),
    user: options.user === undefined ? command.user : options.user || null,
  };
}

function collectVariable(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function parseCodes(text: string): number[] {
  return text.split(',').map((part) => {
    if (!/^\d{1,3}$/.test(part.trim()) || Number(part) > 255)
      throw new InvalidArgumentError('expected exit codes from 0 to 255, as in 0,2.');
    return Number(part);
  });
}

function parseSignals(text: string): string[] {
  const names = text.split(',').map((part) => part.trim().toUpperCase());
  return names.map((name) => (name.startsWith('SIG') ? name : `SIG${name}`));
}
