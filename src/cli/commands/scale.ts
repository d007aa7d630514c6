import type { Command } from 'commander';
import { instanceSets } from '../../shared/lib/format/instance-sets';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { ScaleChange } from '../../shared/model/instances';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { EngineConnection } from '../client';
import { examples, print, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import { instancesOf } from './chosen-instances';

/** `scale`. */
export function addScaleCommand(program: Command, context: CliContext): void {
  program
    .command('scale')
    .description('run more or fewer instances of a watch, within what --instances allows')
    .usage('[options] NAME NUMBER|+N|-N')
    .argument('<name>', 'name of the watch')
    .argument('<number>', 'how many instances, or how many more (+1) or fewer (-1)')
    .option('--json', 'print its instances as one JSON array')
    // -1 is a number here, not an option.
    .allowUnknownOption()
    .addHelpText(
      'after',
      `${examples('healdeck scale web 3', 'healdeck scale web +1', 'healdeck scale web -1')}

New instances are started; those with the highest numbers are ended, gracefully
and in the background. An instance that comes back has its history again.`,
    )
    .action(async (name: string, number: string, { json }: { json?: boolean }, command: Command) => {
      const change = changeFrom(number);
      const members = await withEngine(command, context, async (client) => {
        await client.watches.scale({ watch: name, change });
        return instancesOf(await client.watches.list(), name);
      });
      print(context, json, members, () => scaledText(name, members));
    });
}

function changeFrom(text: string): ScaleChange {
  if (!/^[+-]?\d{1,9}$/.test(text)) throw usage(`expected a number of instances, as in 3, +1 or -1, got "${text}"`);
  return /^[+-]/.test(text) ? { by: Number(text) } : { to: Number(text) };
}

function scaledText(name: string, members: readonly WatchStatus[]): string {
  return instanceSets(members)
    .map(({ text }) => `${escapeUnprintable(`${name}: ${text}`)}\n`)
    .join('');
}

/** Restarts the instances of each watch one after the other, and reports each that is through. */
export async function rollWatches(
  client: EngineConnection['client'],
  context: CliContext,
  { names, keep, json }: { names: readonly string[]; keep: number | undefined; json: boolean | undefined },
): Promise<boolean> {
  const results: unknown[] = [];
  let isComplete = true;
  for (const name of names) {
    const rolling = client.watches.rollingRestart({ watch: name, ...(keep !== undefined && { keep }) });
    if (json !== true) await reportProgress(client, context, name, rolling);
    const result = await rolling;
    results.push({ watch: name, ...result });
    isComplete &&= result.problem === null;
    const outcome =
      result.problem === null
        ? `${name}: all ${result.restarted.length} instances were restarted`
        : `${name}: stopped, ${result.problem}; restarted: ${result.restarted.join(', ') || 'none'}; as before: ${result.left.join(', ')}`;
    if (json !== true) context.io.out(`${escapeUnprintable(outcome)}\n`);
  }
  if (json === true) print(context, json, results.length === 1 ? results[0] : results, () => '');
  return isComplete;
}

/** Prints how far it is, until it is over. */
async function reportProgress(
  client: EngineConnection['client'],
  { io }: CliContext,
  name: string,
  rolling: Promise<unknown>,
): Promise<void> {
  const over = rolling.then(
    () => null,
    () => null,
  );
  const messages = (await client.live())[Symbol.asyncIterator]();
  let shown = 0;
  try {
    for (;;) {
      const next = await Promise.race([messages.next(), over]);
      if (next === null || next.done === true) return;
      const progress = next.value.watches.find(({ instance }) => instance?.of.name === name)?.instance?.rolling;
      if (progress === undefined || progress.done <= shown) continue;
      shown = progress.done;
      io.out(`${escapeUnprintable(name)}: ${shown} of ${progress.of} instances are through\n`);
    }
  } finally {
    void messages.return?.();
  }
}
