import { Textarea, TextInput } from '@mantine/core';
import { parseArgv } from '../../../../shared/lib/text/argv';
import input from '../../../form/SettingInput.module.css';
import { Words } from '../../../kit/Words';
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
          autosize
          minRows={1}
          maxRows={6}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: input.code ?? '' }}
          {...field(
            'command.argvText',
            'Quotes work as in a shell, but no shell runs: pipes, variables and * are plain text',
          )}
        />
        <Arguments text={form.values.command.argvText} windows={syntax.windows} />
      </div>
      <TextInput
        label="Directory"
        placeholder={syntax.windows ? 'C:\\app' : '/srv/app'}
        required
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: input.code ?? '' }}
        {...field('command.cwd', 'Absolute path of its working directory')}
      />
    </>
  );
}

function Arguments({ text, windows }: { text: string; windows: boolean }) {
  const parsed = parseArgv(text, { windows });
  if (!parsed.ok || parsed.argv.length === 0) return null;
  return (
    <>
      <Words label="Arguments as parsed" words={parsed.argv} />
      {parsed.warnings.map((warning) => (
        <div key={warning} className={classes.note}>
          Note: {warning}
        </div>
      ))}
    </>
  );
}
