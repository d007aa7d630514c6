import { Radio, Stack, TextInput } from '@mantine/core';
import type { ProcessRow } from '../../../shared/model/process';
import { plural } from '../../lib/format';
import { sentence } from '../../lib/sentence';
import type { Answer } from '../../lib/use-answer';
import type { WatchDraft } from '../../lib/watch-draft';
import { Clip } from '../../ui/Clip';
import input from '../../ui/SettingInput.module.css';
import type { Editor } from './use-editor';
import classes from './WatchEditor.module.css';

const PREVIEW_ROWS = 6;

const KINDS: Readonly<
  Record<WatchDraft['by'], { word: string; help: string; label: string; placeholder: string; patternHelp: string }>
> = {
  name: {
    word: 'Name',
    help: 'The program is called exactly this; scripts of interpreters count by their own name.',
    label: 'Program name',
    placeholder: 'nginx',
    patternHelp: 'Upper and lower case count',
  },
  cmdline: {
    word: 'Command line',
    help: 'A regular expression (RE2) finds it in the program and its arguments.',
    label: 'Expression',
    placeholder: '^node /srv/app/server\\.mjs',
    patternHelp: 'Looked for anywhere in the line; ^ and $ stand for its ends',
  },
  pidfile: {
    word: 'Pidfile',
    help: 'The program writes its pid into this file.',
    label: 'Path of the pidfile',
    placeholder: '/run/nginx.pid',
    patternHelp: 'Absolute path of a file that holds one pid',
  },
};

/** How a running process is found, and which ones that finds now. */
export function MatchFields({ editor }: { editor: Editor }) {
  const { form, field, matching } = editor;
  const kind = KINDS[form.values.by];
  return (
    <>
      <Radio.Group label="Find it by" {...form.getInputProps('by')}>
        <Stack gap={8} mt={6}>
          {Object.entries(KINDS).map(([by, { word, help }]) => (
            <Radio key={by} value={by} label={word} description={help} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={kind.label}
        placeholder={kind.placeholder}
        required
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: input.code ?? '' }}
        {...field('pattern', kind.patternHelp)}
      />
      <div className={classes.preview} role="status" aria-label="Processes that match now">
        {matching === null ? 'What matches now will be listed here.' : <Preview answer={matching} />}
      </div>
    </>
  );
}

function Preview({ answer }: { answer: Answer<readonly ProcessRow[]> }) {
  if (answer.kind === 'asking') return <>Looking…</>;
  if (answer.kind === 'failed') return <span className={classes.refused}>{answer.failure.message}</span>;
  // Those that stand in the way come first.
  const rows = [...answer.value].sort((a, b) => rank(a) - rank(b));
  const refused = rows.filter((row) => row.protectedBecause !== null).length;
  if (rows.length === 0) return <>Nothing matches now. It is watched from the moment something does.</>;
  const hidden = rows.length - PREVIEW_ROWS;
  return (
    <>
      <strong>{plural(rows.length, 'process matches', 'processes match')} now</strong>
      {refused === 0 ? null : (
        <div className={classes.refused}>
          {refused === 1 ? 'One of them' : `${refused} of them`} can’t be watched: a watch that matches{' '}
          {refused === 1 ? 'it' : 'them'} is refused.
        </div>
      )}
      <ul>
        {rows.slice(0, PREVIEW_ROWS).map((row) => (
          <li key={`${row.pid}:${row.startTime}`}>
            <span>{row.pid}</span>
            <Clip text={row.user} />
            <Clip text={row.argv.join(' ') || row.name} code />
            {row.protectedBecause === null ? null : (
              <span className={classes.refused}>{sentence(row.protectedBecause)}</span>
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 ? <span>and {hidden} more</span> : null}
    </>
  );
}

function rank(row: ProcessRow): number {
  return row.protectedBecause === null ? 1 : 0;
}
