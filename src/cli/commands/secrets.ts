import type { Command } from 'commander';
import {
  secretNameSchema,
  secretValueSchema,
  SECRET_NAMES,
  secretVariable,
  type SecretName,
  type SecretStatus,
} from '../../shared/model/secret';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import type { Column } from '../output/table';

/** `secrets`, `secrets set` and `secrets unset`: what is set, never what it is. */
export function addSecretCommands(program: Command, context: CliContext): void {
  const secrets = program
    .command('secrets')
    .description('show which passwords and keys are set and where they are stored, never their values')
    .helpCommand(false)
    .option('--json', 'print one JSON array: [{name, where}]')
    .addHelpText('after', examples('healdeck secrets', 'healdeck secrets set mail.password') + NAMES_HELP)
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const list = await withEngine(command, context, (client) => client.secrets.list());
      print(context, json, list, () =>
        list.length === 0
          ? 'No secret is set. Set one with: healdeck secrets set mail.password\n'
          : printTable(context, COLUMNS, list),
      );
    });

  secrets
    .command('set')
    .description('set a secret; its value is prompted for or read from standard input, never given as an argument')
    .argument('<name>', 'name of the secret')
    .option('--json', 'print one JSON value: {name, where}')
    .addHelpText(
      'after',
      examples('healdeck secrets set mail.password', 'healdeck secrets set webhook.url < url.txt') + NAMES_HELP,
    )
    .action(async (written: string, _options: { json?: boolean }, command: Command) => {
      const name = secretName(written);
      const value = secretValueSchema.safeParse(await context.io.secret(`New value of ${name} (not shown): `));
      if (!value.success) throw usage(`${name}: ${value.error.issues[0]?.message ?? 'expected a text'}`);
      const list = await withEngine(command, context, (client) => client.secrets.set({ name, value: value.data }));
      const kept = list.find((secret) => secret.name === name) ?? { name, where: 'file' };
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      print(context, json, kept, () => `${name} is set, ${whereText(kept)}.\n`);
    });

  secrets
    .command('unset')
    .description('remove a secret')
    .argument('<name>', 'name of the secret')
    .option('--json', 'print one JSON value: {name, removed}')
    .addHelpText('after', examples('healdeck secrets unset webhook.key'))
    .action(async (written: string, _options: { json?: boolean }, command: Command) => {
      const name = secretName(written);
      const removed = await withEngine(command, context, async (client) => {
        const before = await client.secrets.list();
        await client.secrets.set({ name, value: null });
        return before.some((secret) => secret.name === name);
      });
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      print(context, json, { name, removed }, () => (removed ? `${name} is removed.\n` : `${name} was not set.\n`));
    });
}

const NAME_WIDTH = Math.max(...SECRET_NAMES.map(({ name }) => name.length));

const NAMES_HELP = `\n\nNames:\n${SECRET_NAMES.map(
  ({ name, meaning }) => `  ${name.padEnd(NAME_WIDTH)}   ${meaning}`,
).join('\n')}`;

const COLUMNS: readonly Column<SecretStatus>[] = [
  { title: 'SECRET', text: ({ name }) => name },
  { title: 'WHERE', text: ({ where }) => where },
  { title: 'MEANING', text: whereText },
];

function whereText({ name, where }: SecretStatus): string {
  const texts: Record<SecretStatus['where'], string> = {
    keyring: 'encrypted by the keyring of this desktop',
    file: 'in secrets.json, which only this user can read; not encrypted',
    environment: `given to the engine as ${secretVariable(name)}`,
    locked: "in a keyring that this engine can't open; set it again",
  };
  return texts[where];
}

/** What was written is not repeated: whoever takes the name for the value would see it in the log of a script. */
function secretName(text: string): SecretName {
  const parsed = secretNameSchema.safeParse(text);
  if (!parsed.success) throw usage(`the name of the secret: ${parsed.error.issues[0]?.message ?? 'not known'}`);
  return parsed.data;
}
