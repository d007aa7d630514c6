import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { processFilter } from '../../../../shared/lib/process/process-filter';
import { identityKey, type ProcessRow } from '../../../../shared/model/process';
import { plural } from '../../../format/format';
import { sentence } from '../../../format/sentence';
import { rem } from '../../../format/text-scale';
import { useProcesses } from '../../../hooks/use-processes';
import { Clip } from '../../../kit/Clip';
import type { Editor } from './use-editor';
import type { FoundProcess } from './use-found-process';
import classes from './WatchEditor.module.css';

const SHOWN_ROWS = 6;

/** Finds a process that runs now by what is known of it, and offers the ways in which it can be found again. */
export function ProcessSearch({ editor }: { editor: Editor }) {
  const { found, choose, clear } = editor.process;
  const [text, setText] = useState('');
  return (
    <div>
      <TextInput
        label="Search running processes"
        placeholder="nginx, a pid, or a word of the command line"
        data-autofocus={editor.focusAt === 'search' ? true : undefined}
        spellCheck={false}
        autoComplete="off"
        leftSection={<IconSearch size={rem(16)} aria-hidden="true" />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          clear();
        }}
      />
      {found !== null ? (
        <Ways editor={editor} found={found} />
      ) : text.trim() === '' ? null : (
        <Results text={text.trim()} onChoose={(row) => void choose(row)} />
      )}
    </div>
  );
}

function Results({ text, onChoose }: { text: string; onChoose: (row: ProcessRow) => void }) {
  const rows = useProcesses();
  const wanted = useDeferredValue(text);
  if (rows === null) return <p className={classes.found}>Reading the processes…</p>;
  const fits = processFilter({ text: wanted, user: null, watchedOnly: false });
  const those = [...rows.values()].filter((row) => !row.kernel && row.protectionReason === null && fits(row));
  return (
    <div className={classes.found}>
      <span role="status">
        {those.length === 0 ? 'No process fits.' : `${plural(those.length, 'process fits', 'processes fit')}`}
      </span>
      <ul aria-label="Processes that fit">
        {those.slice(0, SHOWN_ROWS).map((row) => (
          <li key={identityKey(row)}>
            <UnstyledButton className={classes.foundRow} onClick={() => onChoose(row)}>
              <span>{row.pid}</span>
              <Clip text={row.user} />
              <Clip text={row.argv.join(' ').trimEnd() || row.name} code />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {those.length > SHOWN_ROWS ? `and ${those.length - SHOWN_ROWS} more: type another word` : null}
    </div>
  );
}

function Ways({ editor, found }: { editor: Editor; found: FoundProcess }) {
  const { process } = found;
  const { by, pattern } = editor.form.values;
  return (
    <div className={classes.found} role="status" aria-label="Ways to find it">
      <strong>
        {process.name}, pid {process.pid}
      </strong>
      {found.kind === 'asking' ? <div>Testing how it can be found again…</div> : null}
      {found.kind === 'failed' ? <div className={classes.refused}>{sentence(found.problem)}</div> : null}
      {found.kind !== 'found' ? null : found.ways.length === 0 ? (
        <div>Nothing finds it for now: it may belong to a watch already. Enter what finds it.</div>
      ) : (
        <div className={classes.ways}>
          {found.ways.map((way) => (
            <Button
              key={`${way.by} ${way.pattern}`}
              size="compact-sm"
              variant={way.by === by && way.pattern === pattern ? 'light' : 'default'}
              aria-pressed={way.by === by && way.pattern === pattern}
              title={way.pattern}
              onClick={() => editor.form.setValues({ by: way.by, pattern: way.pattern })}
            >
              {way.word}: {plural(way.count, 'process', 'processes')}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
