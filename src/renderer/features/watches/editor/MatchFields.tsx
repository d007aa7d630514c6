import { Radio, Stack, TextInput } from '@mantine/core';
import type { MatchCandidate, MatchPreview } from '../../../../shared/model/process';
import { plural, pluralNoun } from '../../../format/format';
import { sentence } from '../../../format/sentence';
import type { Answer } from '../../../hooks/use-answer';
import type { WatchDraft } from '../../../drafts/watch-draft';
import { Clip } from '../../../kit/Clip';
import input from '../../../form/SettingInput.module.css';
import { ProcessSearch } from './ProcessSearch';
import type { Editor } from './use-editor';
import classes from './WatchEditor.module.css';

const PREVIEW_ROWS = 6;

const KINDS: Readonly<
  Record<WatchDraft['by'], { word: string; help: string; label: string; placeholder: string; patternHelp: string }>
> = {
  name: {
    word: 'Name',
    help: 'The exact name of the program: its executable, its script or class, or its title.',
    label: 'Program name',
    placeholder: 'nginx',
    patternHelp: 'Case-sensitive',
  },
  cmdline: {
    word: 'Command line',
    help: 'A regular expression (RE2) that is found in the program and its arguments.',
    label: 'Expression',
    placeholder: '^node /srv/app/server\\.mjs',
    patternHelp: 'Searched anywhere in the command line; ^ and $ match its beginning and end',
  },
  pidfile: {
    word: 'Pidfile',
    help: 'The program writes its pid into this file.',
    label: 'Path of the pidfile',
    placeholder: '/run/nginx.pid',
    patternHelp: 'Absolute path of a file whose first line is the pid',
  },
};

/** How a running process is found, and which ones that finds now. */
export function MatchFields({ editor }: { editor: Editor }) {
  const { form, field, matching } = editor;
  const kind = KINDS[form.values.by];
  const ends = form.values.kind === 'forbidden';
  return (
    <>
      <ProcessSearch editor={editor} />
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
        {matching === null ? 'What matches now will be listed here.' : <Preview answer={matching} ends={ends} />}
      </div>
    </>
  );
}

function Preview({ answer, ends }: { answer: Answer<MatchPreview>; ends: boolean }) {
  if (answer.kind === 'asking') return <>Searching…</>;
  if (answer.kind === 'failed') return <span className={classes.refused}>{answer.failure.message}</span>;
  const { candidates, problem } = answer.value;
  // Those that stand in the way come first.
  const rows = candidates.filter(({ verdict }) => verdict !== 'left').sort((a, b) => rank(a) - rank(b));
  const left = candidates.filter(({ verdict }) => verdict === 'left');
  const refused = rows.filter(({ verdict }) => verdict === 'protected').length;
  return (
    <>
      {rows.length === 0 ? (
        <>No process matches now. It is {ends ? 'ended' : 'watched'} as soon as one does.</>
      ) : (
        <strong>
          {plural(rows.length, 'process matches', 'processes match')} now{ends ? ' and will be ended' : ''}
        </strong>
      )}
      {problem === null ? null : <div className={classes.refused}>{sentence(problem)}</div>}
      {refused === 0 ? null : (
        <div className={classes.refused}>
          {refused === 1 ? 'One of them' : `${refused} of them`} can't be {ends ? 'ended' : 'watched'}: a watch that
          matches {pluralNoun(refused, 'it', 'them')} is refused.
        </div>
      )}
      <Candidates rows={rows} />
      {left.length === 0 ? null : (
        <>
          <strong>{plural(left.length, 'process', 'processes')} not included</strong>
          <Candidates rows={left} />
        </>
      )}
    </>
  );
}

/** The first of these processes, each with the reason of its verdict. */
function Candidates({ rows }: { rows: readonly MatchCandidate[] }) {
  const hidden = rows.length - PREVIEW_ROWS;
  return (
    <>
      <ul>
        {rows.slice(0, PREVIEW_ROWS).map((row) => (
          <li key={`${row.pid}:${row.startTime}`}>
            <span>{row.pid}</span>
            <Clip text={row.user} />
            <Clip text={row.argv.join(' ').trimEnd() || row.name} code />
            <span className={row.verdict === 'protected' ? classes.refused : classes.reason}>
              {sentence(row.reason)}
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 ? <div>and {hidden} more</div> : null}
    </>
  );
}

function rank({ verdict }: MatchCandidate): number {
  return verdict === 'protected' ? 0 : 1;
}
