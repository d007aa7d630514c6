import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { ChannelStatus, TemplateKit } from '../../shared/model/alert';
import { absolutePath, examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { problemText } from '../output/delivery';
import { incidentId } from './incidents';
import { testChannel } from './test-channel';

/** `mail test`, `mail check`, `mail templates` and `mail preview`. */
export function addMailCommands(program: Command, context: CliContext): void {
  const mail = program
    .command('mail')
    .description('test e-mail: send a mail, check the settings, preview a mail')
    .helpCommand(false)
    .addHelpText('after', examples('healdeck mail check', 'healdeck mail test'));

  mail
    .command('test')
    .description("send one mail to each recipient now, and show the server's response")
    .option('--json', 'print one JSON array: [{recipient, delivery}]')
    .addHelpText('after', examples('healdeck mail test'))
    .action(({ json }: { json?: boolean }, command: Command) => testChannel(context, 'mail', json, command));

  mail
    .command('check')
    .description('check the settings against the server, up to the login, without sending')
    .option('--json', 'print the channel as one JSON value')
    .addHelpText('after', examples('healdeck mail check'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const status = await withEngine(command, context, (client) => client.alerts.check({ channel: 'mail' }));
      print(context, json, status, () => checkText(context, status));
      if (status.problem !== null) throw new CliFailure('no mail would arrive');
      if (status.state === 'off') throw new CliFailure(HOW_TO_SET_UP);
    });

  mail
    .command('templates')
    .description('show the variables of mail templates, and the built-in templates')
    .option('--json', 'print one JSON value: {standard, variables}')
    .addHelpText(
      'after',
      examples('healdeck mail templates', "healdeck settings set mail.subjectTemplate '{{hostname}}: {{headline}}'"),
    )
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const kit = await withEngine(command, context, (client) => client.alerts.templates());
      print(context, json, kit, () => templatesText(context, kit));
    });

  mail
    .command('preview')
    .description('show the mail about an incident, or about an example, as it would be sent')
    .argument('[incident]', 'number of an incident')
    .option('--html <file>', 'write its HTML to this file, to be opened in a browser')
    .option('--json', 'print one JSON value: {subject, text, html}')
    .addHelpText('after', examples('healdeck mail preview', 'healdeck mail preview 4711 --html mail.html'))
    .action(async (id: string | undefined, options: { html?: string; json?: boolean }, command: Command) => {
      const { html: file, json } = options;
      if (file !== undefined && json) throw usage('expected --html or --json, not both');
      const incident = id === undefined ? null : incidentId(id);
      const { subject, text, html } = await withEngine(command, context, (client) =>
        client.alerts.preview({ incident }),
      );
      if (file === undefined) {
        return print(
          context,
          json,
          { subject, text, html },
          () => `Subject: ${linesOf(subject)}\n\n${linesOf(text)}\n`,
        );
      }
      const path = absolutePath(context.io, file);
      try {
        writeFileSync(path, html, { mode: 0o600 });
      } catch (error) {
        throw new CliFailure(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}`);
      }
      context.io.out(`${escapeUnprintable(subject)}\nIts HTML is in ${escapeUnprintable(path)}.\n`);
    });
}

const HOW_TO_SET_UP =
  'mail is off: set mail.host, mail.from and mail.to with "healdeck settings set", and the password with "healdeck secrets set mail.password"';

function checkText({ style }: CliContext, { recipients, description, problem, state }: ChannelStatus): string {
  if (state === 'off') return '';
  const where = `${description.replace(/\.$/, '')}, to ${recipients.join(', ')}`;
  // Where no server can be used at all, that is the description, too.
  if (problem?.message.startsWith(description.replace(/\.$/, '')) === true) return problemText(style, problem, 2);
  if (problem === null) return `${style.good('ok')}  ${escapeUnprintable(where)}\n`;
  return `${escapeUnprintable(where)}\n${problemText(style, problem, 2)}`;
}

function templatesText(context: CliContext, { standard, variables }: TemplateKit): string {
  const { style } = context;
  const columns = [
    { title: 'VARIABLE', text: ({ name }: TemplateKit['variables'][number]) => `{{${name}}}` },
    { title: 'MEANING', text: ({ help }: TemplateKit['variables'][number]) => help },
  ];
  return [
    printTable(context, columns, variables),
    `\n${style.dim('mail.subjectTemplate')}\n${linesOf(standard.subject)}\n`,
    `\n${style.dim('mail.textTemplate')}\n${linesOf(standard.text)}\n`,
    `\n${style.dim('mail.htmlTemplate')}: see --json\n`,
  ].join('');
}

/** Text of several lines, safe to print. */
function linesOf(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => escapeUnprintable(line))
    .join('\n');
}
