import { escapeUnprintable } from '../../shared/lib/text/escape';
import { print, type CliContext } from '../context';
import { CliFailure, describeFailure, EXIT } from '../failure';
import type { ChosenWatches } from './groups';

interface Several extends ChosenWatches {
  context: CliContext;
  json: boolean | undefined;
}

/**
 * Does something to each of these watches, one after the other; what fails for one is reported with its name, and keeps nothing from the
 * others. What was done is verified together at the end. JSON is one value for one watch, and an array of those that were done for a list.
 */
export async function forEachWatch<T>(
  { context, json, names, asList }: Several,
  action: (name: string) => Promise<T>,
  text: (value: T, name: string) => string,
  verify: (values: readonly T[]) => Promise<readonly (T | CliFailure)[]> = (values) => Promise.resolve(values),
): Promise<void> {
  const [only] = names;
  if (only !== undefined && !asList) {
    const [value] = await verify([await action(only)]);
    if (value === undefined || value instanceof CliFailure) throw value ?? new CliFailure('nothing was done');
    return print(context, json, value, () => text(value, only));
  }
  const done: T[] = [];
  const failures: string[] = [];
  for (const name of names) {
    try {
      const value = await action(name);
      done.push(value);
      if (!json) context.show(text(value, name));
    } catch (error) {
      const failure = describeFailure(error);
      if (failure.exitCode === EXIT.noEngine) throw error;
      failures.push(withName(escapeUnprintable(name), failure.message));
    }
  }
  const verified = await verify(done);
  for (const value of verified) if (value instanceof CliFailure) failures.push(escapeUnprintable(value.message));
  const held = verified.filter((value): value is Awaited<T> => !(value instanceof CliFailure));
  if (json) print(context, json, held, () => '');
  if (failures.length > 0) throw new CliFailure(`${failures.length} of ${names.length} failed: ${failures.join('; ')}`);
}

/** Most failures begin with the name of their watch, but not all: those of a disk do not. */
function withName(name: string, message: string): string {
  return message.startsWith(`${name} `) || message.startsWith(`${name}: `) ? message : `${name}: ${message}`;
}
