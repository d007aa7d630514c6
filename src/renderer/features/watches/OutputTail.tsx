import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { escapeUnprintable } from '../../../shared/lib/text/escape';
import type { OutputStream } from '../../../shared/model/output';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { startCommandOf } from '../../../shared/model/watch';
import { describeFailure } from '../../api/errors';
import { download } from '../../platform/download';
import { formatBytes, formatCount, plural } from '../../format/format';
import { linesWith, type OutputText } from '../../format/output-lines';
import { rem } from '../../format/text-scale';
import { useApp } from '../../hooks/use-app';
import { useOutput } from './use-output';
import { announce } from '../../platform/announce';
import { Section } from '../../kit/Facts';
import classes from './OutputTail.module.css';

/** Lines that are laid out: more are found by the search, or in the file. */
const LINES_SHOWN = 400;
const DOWNLOAD_LINES = 10_000;

/** What the program of a watch writes, live. */
export function OutputTail({ status }: { status: WatchStatus }) {
  const [stream, setStream] = useState<OutputStream>('out');
  return (
    <Section title="Output">
      {startCommandOf(status.watch.target) === null ? (
        <span className={classes.dim}>
          Healdeck keeps the output only of programs that it starts; this one is only watched.
        </span>
      ) : (
        <Stream key={stream} status={status} stream={stream} onStream={setStream} />
      )}
    </Section>
  );
}

interface StreamProps {
  status: WatchStatus;
  stream: OutputStream;
  onStream: (stream: OutputStream) => void;
}

function Stream({ status, stream, onStream }: StreamProps) {
  const { id } = status.watch;
  const [search, setSearch] = useState('');
  const { text, failure } = useOutput(id, stream);
  const [paused, setPaused] = useState<OutputText | null>(null);
  const seen = paused ?? text;
  const found = linesWith(seen, search);
  return (
    <>
      <div className={classes.toolbar}>
        <SegmentedControl
          size="xs"
          aria-label="Stream"
          value={stream}
          onChange={(value) => onStream(value as OutputStream)}
          data={[
            { value: 'out', label: 'stdout' },
            { value: 'err', label: 'stderr' },
          ]}
        />
        <TextInput
          size="xs"
          aria-label="Search the output"
          placeholder="Only lines with…"
          leftSection={<IconSearch size={rem(14)} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          spellCheck={false}
          className={classes.search}
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={
            paused === null ? (
              <IconPlayerPause size={rem(14)} aria-hidden="true" />
            ) : (
              <IconPlayerPlay size={rem(14)} aria-hidden="true" />
            )
          }
          onClick={() => setPaused(paused === null ? text : null)}
        >
          {paused === null ? 'Pause' : 'Resume'}
        </Button>
        <DownloadButton status={status} stream={stream} />
        <span className={classes.count} role="status">
          {search === '' ? plural(found.length, 'line') : `${formatCount(found.length)} found`}
          {seen.skippedBytes > 0 ? `, ${formatBytes(seen.skippedBytes)} left out` : ''}
        </span>
      </div>
      <div
        className={classes.frame}
        role="log"
        aria-label={`Output of ${status.watch.name}`}
        aria-live="off"
        tabIndex={0}
      >
        <pre className={classes.text}>
          {failure ??
            (found.length === 0
              ? search === ''
                ? 'No output yet.'
                : 'No line has these words.'
              : found.slice(-LINES_SHOWN).map((line, index) => <Line key={index} line={line} search={search} />))}
        </pre>
      </div>
    </>
  );
}

/** A line with what was searched for marked in it. */
function Line({ line, search }: { line: string; search: string }) {
  const visible = escapeUnprintable(line);
  const at = search === '' ? -1 : visible.toLowerCase().indexOf(search.toLowerCase());
  if (at === -1) return <>{`${visible}\n`}</>;
  return (
    <>
      {visible.slice(0, at)}
      <mark>{visible.slice(at, at + search.length)}</mark>
      {`${visible.slice(at + search.length)}\n`}
    </>
  );
}

function DownloadButton({ status, stream }: Omit<StreamProps, 'onStream'>) {
  const { session } = useApp();
  const [isBusy, setBusy] = useState(false);
  const { id, name } = status.watch;
  const save = async () => {
    setBusy(true);
    try {
      const { lines } = await session.ask((client) => client.output.tail({ watch: id, stream, lines: DOWNLOAD_LINES }));
      download(`${name}.${stream}.log`, `${lines.join('\n')}\n`, 'text/plain');
    } catch (error) {
      announce({ tone: 'bad', title: 'Not downloaded', message: describeFailure(error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={rem(14)} aria-hidden="true" />}
      title={`The last ${formatCount(DOWNLOAD_LINES)} lines`}
      loading={isBusy}
      onClick={() => void save()}
    >
      Download
    </Button>
  );
}
