import { print, type CliContext } from '../context';
import { CliFailure, describeFailure, EXIT } from '../failure';

/**
 * Does something to each of these watches, one after the other; what fails for one is reported, and keeps nothing from the others.
 * JSON is one value for one watch, and an array of those that were done for several.
 */
export async function forEachWatch<T>(
  { context, json, names }: { context: CliContext; json: boolean | undefined; names: readonly string[] },
  action: (name: string) => Promise<T>,
  text: (value: T, name: string) => string,
): Promise<void> {
  if (names.length === 1) {
    const [name = ''] = names;
    const value = await action(name);
    return print(context, json, value, () => text(value, name));
  }
  const done: T[] = [];
  const failures: string[] = [];
  for (const name of names) {
    try {
      const value = await action(name);
      done.push(value);
      if (!json) context.io.out(text(value, name));
    } catch (error) {
      const failure = describeFailure(error);
      if (failure.exitCode === EXIT.noEngine) throw error;
      failures.push(failure.message);
    }
  }
  if (json) print(context, json, done, () => '');
  if (failures.length > 0) throw new CliFailure(`${failures.length} of ${names.length} failed: ${failures.join('; ')}`);
}
