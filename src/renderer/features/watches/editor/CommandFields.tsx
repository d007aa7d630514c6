import { Alert, Button, Textarea, TextInput } from '@mantine/core';
import { IconFolderOpen, IconTerminal2 } from '@tabler/icons-react';
import { Fragment, type KeyboardEvent } from 'react';
import { parseArgv } from '../../../../shared/lib/text/argv';
import input from '../../../form/SettingInput.module.css';
import { Words } from '../../../kit/Words';
import { withShell } from '../../../drafts/derived-watch';
import { chooseDirectory } from '../../../api/desktop';
import { pluralNoun } from '../../../format/format';
import { rem } from '../../../format/text-scale';
import type { Editor } from './use-editor';
import classes from './WatchEditor.module.css';

/** The command line and where it is started. What it is read as stands below it, argument by argument. */
export function CommandFields({ editor }: { editor: Editor }) {
  const { form, syntax, field } = editor;
  return (
    <>
      <div>
        <Textarea
          label="Command line"
          placeholder="node server.mjs --port 8080"
          required
          data-autofocus={editor.focusAt === 'command' ? true : undefined}
          autosize
          minRows={1}
          maxRows={6}
          spellCheck={false}
          onKeyDown={submitOnEnter}
          autoComplete="off"
          classNames={{ input: input.code ?? '' }}
          {...field(
            'command.argvText',
            'One field is enough: the name and the directory follow from it. Quotes work as in a shell',
          )}
        />
        <Arguments
          text={form.values.command.argvText}
          windows={syntax.windows}
          onShell={(text) => form.setFieldValue('command.argvText', text)}
        />
      </div>
      <Directory editor={editor} />
    </>
  );
}

/** Enter sends the form, as in a field of one line; with Shift it begins another line. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

/** Where it is started. A window of the desktop shell can show the directories of the machine; a page in a browser can't. */
function Directory({ editor: { form, field, derived } }: { editor: Editor }) {
  const choose = chooseDirectory;
  const browse = async () => {
    const chosen = await choose?.(form.getValues().command.cwd || (derived.cwd ?? ''));
    if (chosen !== null && chosen !== undefined) form.setFieldValue('command.cwd', chosen);
  };
  return (
    <TextInput
      label="Directory"
      placeholder={derived.cwd ?? ''}
      spellCheck={false}
      autoComplete="off"
      classNames={{ input: input.code ?? '' }}
      {...(choose !== undefined && {
        rightSectionWidth: '6.25rem',
        rightSection: (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconFolderOpen size={rem(15)} aria-hidden="true" />}
            onClick={() => void browse()}
          >
            Browse…
          </Button>
        ),
      })}
      {...field(
        'command.cwd',
        derived.cwd === null
          ? 'Its working directory; ~ is the home directory'
          : `${derived.cwd} unless you enter another; ~ is the home directory`,
      )}
    />
  );
}

interface ArgumentsProps {
  text: string;
  windows: boolean;
  /** Takes the command line with a shell around it. */
  onShell: (text: string) => void;
}

function Arguments({ text, windows, onShell }: ArgumentsProps) {
  const parsed = parseArgv(text, { windows });
  if (!parsed.ok || parsed.argv.length === 0) return null;
  return (
    <>
      <Words label="Arguments as parsed" words={parsed.argv} />
      {parsed.shellSyntax.length === 0 ? null : (
        <Alert mt={8} p="xs" color="yellow" icon={<IconTerminal2 aria-hidden="true" />} role="status">
          {parsed.shellSyntax.map((found, at) => (
            <Fragment key={found}>
              {at === 0 ? '' : at === parsed.shellSyntax.length - 1 ? ' and ' : ', '}
              <code className={classes.syntax}>{found}</code>
            </Fragment>
          ))}{' '}
          {pluralNoun(parsed.shellSyntax.length, 'is', 'are')} plain text here: no shell runs.
          {windows ? null : (
            <div>
              <Button mt={8} size="compact-sm" variant="default" onClick={() => onShell(withShell(text))}>
                Run it in a shell
              </Button>
            </div>
          )}
        </Alert>
      )}
    </>
  );
}
