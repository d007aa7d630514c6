import type { ProbeCheck } from '../model/probe';
import { MAX_INSTANCES, type Instances } from '../model/instances';
import { withStartCommand, type Command, type Target, type Watch, type WatchSpec } from '../model/watch';
import { fnv1a64 } from './hash';

/**
 * Between the name of a watch and the number of an instance. No name of a watch may contain it, so that the name of an instance is never that of
 * another watch; a file, a word of a shell and `--after NAME:STATE` may.
 */
const SEPARATOR = '#';

/** `web#2`. */
export function instanceName(name: string, number: number): string {
  return `${name}${SEPARATOR}${number}`;
}

/** `web` of `web#2`, and of `web`. */
export function baseNameOf(name: string): string {
  const at = name.lastIndexOf(SEPARATOR);
  return at < 0 ? name : name.slice(0, at);
}

/** Whether a name is this one, or that of an instance of the watch of this name. */
export function isNamed(name: string | null, watch: string): boolean {
  return name !== null && (name === watch || baseNameOf(name) === watch);
}

/** The names of all instances of a watch, and of nothing else, lie between these, which are no names themselves. */
export function instanceNamesOf(name: string): { after: string; before: string } {
  // The character that follows the separator.
  return { after: `${name}${SEPARATOR}`, before: `${name}$` };
}

/** 2 of `web#2`; null of `web`. */
export function instanceNumberOf(name: string): number | null {
  const [, digits] = /#(\d{1,4})$/.exec(name) ?? [];
  return digits === undefined ? null : Number(digits);
}

/**
 * The id of an instance: the same for every engine, so that its processes, its budget and its history are found again. The first one
 * has that of its watch: a watch that becomes several keeps the program that runs, and keeps it when it becomes one again.
 */
export function instanceIdOf(id: string, number: number): string {
  if (number === 1) return id;
  const hex = fnv1a64(`${id}${SEPARATOR}${number}`) + fnv1a64(`${number}${SEPARATOR}${id}`);
  // In the form of a UUID of its own kind (version 8 of RFC 9562).
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

/** `{instance}`, or `{8000+instance}` for a sum. */
const PLACEHOLDER = /\{(?:(\d{1,9})\+)?instance\}/g;

/** Whether a text is another one for each instance. */
export function hasInstance(text: string): boolean {
  return text.search(PLACEHOLDER) >= 0;
}

/** A text as an instance has it. */
export function forInstance(text: string, number: number): string {
  return text.replace(PLACEHOLDER, (_, base: string | undefined) => String(Number(base ?? 0) + number));
}

/** What is supervised of a watch: each of its instances as a watch of its own, or itself. */
export function membersOf(watch: Watch): readonly Watch[] {
  const { instances } = watch;
  if (instances === undefined) return [watch];
  return Array.from({ length: instances.count }, (_, at) => memberOf(watch, at + 1));
}

/** Every id that an instance of a watch may have, with its number, beside the watch's own. */
export function furtherInstanceIds(id: string): readonly { id: string; number: number }[] {
  return Array.from({ length: MAX_INSTANCES - 1 }, (_, at) => ({ id: instanceIdOf(id, at + 2), number: at + 2 }));
}

/** One instance as a watch of its own, also one that the watch has no more. */
export function memberOf(watch: Watch, number: number): Watch {
  return { ...specOfInstance(watch, number), id: instanceIdOf(watch.id, number) };
}

/** The definition of one instance, whether the watch has so many or not. */
export function specOfInstance<S extends WatchSpec>(spec: S, number: number): S {
  return {
    ...spec,
    name: instanceName(spec.name, number),
    target: targetOfInstance(spec.target, number),
    probes: spec.probes.map((probe) => ({ ...probe, check: checkOfInstance(probe.check, number) })),
  };
}

/** The same of a target alone. */
export function targetOfInstance(target: Target, number: number): Target {
  const started = withStartCommand(target, (command) => commandOfInstance(command, number));
  return started.kind === 'match' ? { ...started, pattern: forInstance(started.pattern, number) } : started;
}

function commandOfInstance(command: Command, number: number): Command {
  const env = Object.entries(command.env).map(([name, value]) => [name, forInstance(value, number)]);
  return {
    ...command,
    argv: command.argv.map((word) => forInstance(word, number)),
    cwd: forInstance(command.cwd, number),
    env: Object.fromEntries(env) as Command['env'],
  };
}

function checkOfInstance(check: ProbeCheck, number: number): ProbeCheck {
  const filled = everyText(check, (text) => forInstance(text, number));
  if (filled.kind !== 'tcp' || filled.plusInstance === undefined || filled.port === null) return filled;
  const { plusInstance: _, ...rest } = filled;
  return { ...rest, port: filled.port + number };
}

/** The same value with all of its texts changed. */
function everyText<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => everyText(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, everyText<unknown>(item, change)])) as T;
}

/** Whether its instances differ in what they run. */
export function differsByInstance({ target, probes }: Pick<WatchSpec, 'target' | 'probes'>): boolean {
  return hasInstance(JSON.stringify([target, probes])) || probes.some(({ check }) => 'plusInstance' in check);
}

/** `2..4`, or `3` where it is always 3. */
export function instancesText({ min, max }: Pick<Instances, 'min' | 'max'>): string {
  return min === max ? String(min) : `${min}..${max}`;
}

/** The definition that a watch, as it is shown, comes from: its own, or that of all instances. */
export function definitionOf({ watch, instance }: { watch: Watch; instance?: { of: Watch } }): Watch {
  return instance?.of ?? watch;
}
