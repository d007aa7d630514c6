import { lastWordsSummary } from '../../shared/events/last-words';
import type { Evidence } from '../../shared/lib/events/evidence';
import { dumpLines, threadWords } from '../../shared/lib/events/last-words';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { EventData } from '../../shared/model/event';
import type { OpenSocket, ProcessEvidence, RuntimeDump, ThreadEvidence } from '../../shared/model/last-words';
import { formatBytes, formatPercent, plural, WINDOW_WRITING } from '../format/format';
import { ChartHead } from '../kit/ChartCard';
import { Clip, Whole } from '../kit/Clip';
import { CopyTextButton } from '../kit/CopyTextButton';
import table from '../kit/DataTable.module.css';
import { Preformatted } from '../kit/Facts';
import { FoldedSection } from '../kit/FoldedSection';
import { EvidenceChart } from './EvidenceChart';
import classes from './LastWordsSection.module.css';

/** What a program did before it ended, folded up; nothing where that was not kept. */
export function LastWordsSection({ words }: { words: EventData['last_words'] | null }) {
  if (words === null) return null;
  const { readings, processes, dump } = words;
  return (
    <FoldedSection title="Last words" note={lastWordsSummary(words, WINDOW_WRITING)}>
      {() => (
        <>
          <Readings readings={readings} />
          {processes.map((process) => (
            <Process key={process.pid} process={process} />
          ))}
          {dump === null ? null : <Dump dump={dump} />}
        </>
      )}
    </FoldedSection>
  );
}

function Readings({ readings }: Pick<EventData['last_words'], 'readings'>) {
  const last = readings.at(-1);
  if (last === undefined) return null;
  const of = (value: (reading: (typeof readings)[number]) => number, unit: string): Evidence => ({
    readings: readings.map((reading) => ({ at: reading.at, value: value(reading) })),
    ...{ unit, threshold: null, thresholdName: '' },
  });
  return (
    <div className={classes.charts}>
      <ChartHead title="CPU" value={formatPercent(last.cpuPercent)} unit="of one core" />
      <EvidenceChart evidence={of(({ cpuPercent }) => cpuPercent, '% of one core')} end="ended here" />
      <ChartHead title="Memory" value={formatBytes(last.memoryBytes)} unit="resident" />
      <EvidenceChart evidence={of(({ memoryBytes }) => memoryBytes, 'bytes')} end="ended here" />
    </div>
  );
}

function Process({ process }: { process: ProcessEvidence }) {
  const { pid, name, threads, files, sockets, isCut } = process;
  return (
    <div className={classes.process}>
      <h4>
        <Clip text={`${name}, pid ${pid}${isCut ? '; not all is listed' : ''}`} />
      </h4>
      <Rows
        label={`Threads of pid ${pid}`}
        head={['Thread', 'State', 'In the kernel']}
        rows={threads.map((thread) => [`${thread.name} (${thread.tid})`, threadWords(thread), kernelWords(thread)])}
      />
      <Rows
        label={`Sockets of pid ${pid}`}
        head={['Socket', 'Local', 'Remote']}
        rows={sockets.map((socket) => [socketWords(socket), socket.local ?? '–', socket.remote ?? '–'])}
      />
      {files.length === 0 ? null : (
        <>
          <h4>Open files</h4>
          <Preformatted label={`Open files of pid ${pid}`}>
            {files.map(({ fd, target }) => `${String(fd).padStart(4)}  ${escapeUnprintable(target)}`).join('\n')}
          </Preformatted>
        </>
      )}
    </div>
  );
}

/** The functions of the kernel that it is in, the innermost first; where that may not be read, its system call. */
function kernelWords({ kernelStack, systemCall }: ThreadEvidence): string {
  if (kernelStack.length > 0) return kernelStack.join(' ← ');
  return systemCall === null ? '–' : `system call ${systemCall}`;
}

function socketWords({ fd, inode, state }: OpenSocket): string {
  return `${fd}: ${state ?? `socket ${inode}`}`;
}

/** A small table of texts, which scrolls when it is long; nothing where there are no rows. */
function Rows({ label, head, rows }: { label: string; head: readonly string[]; rows: readonly (readonly string[])[] }) {
  if (rows.length === 0) return null;
  return (
    <div className={`${table.wrap} ${classes.scroll}`} tabIndex={0} role="region" aria-label={label}>
      <table className={`${table.table} ${classes.table}`}>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column}>
                  <Whole text={cell} code={column > 0} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Dump({ dump }: { dump: RuntimeDump }) {
  const lines = dumpLines(dump);
  const { signal, truncated } = dump;
  if (lines.length === 0) return <p className={table.dim}>Nothing was written after {signal}.</p>;
  const text = lines.join('\n');
  return (
    <div className={classes.process}>
      <div className={classes.dumpHead}>
        <h4>
          Dump by {signal}, {truncated ? 'the first ' : ''}
          {plural(lines.length, 'line')}
        </h4>
        <CopyTextButton label="Copy the dump" text={() => text} />
      </div>
      <Preformatted label="Dump">{text}</Preformatted>
    </div>
  );
}
