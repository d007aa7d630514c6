import { UnstyledButton } from '@mantine/core';
import type { WatchedProcess } from '../../../../shared/model/snapshot';
import { formatBytes, formatPercent } from '../../../format/format';
import { rem } from '../../../format/text-scale';
import { useApp } from '../../../hooks/use-app';
import { Clip } from '../../../kit/Clip';
import table from '../../../kit/DataTable.module.css';
import { Section } from '../../../kit/Facts';
import { Since } from '../../../kit/times';

const ORIGINS: Readonly<Record<WatchedProcess['origin'], string>> = {
  child: 'started here',
  adopted: 'adopted',
  match: 'found',
};

/** The processes of a watch that run now, each a press away. */
export function WatchedProcesses({ processes }: { processes: readonly WatchedProcess[] }) {
  const { ui } = useApp();
  if (processes.length === 0)
    return (
      <Section title="Processes">
        <span className={table.dim}>None is running.</span>
      </Section>
    );
  return (
    <Section title="Processes">
      <div className={table.wrap}>
        <table className={table.table} style={{ minWidth: rem(510) }} aria-label="Processes of this watch">
          <colgroup>
            <col />
            <col style={{ width: rem(104) }} />
            <col style={{ width: rem(86) }} />
            <col style={{ width: rem(84) }} />
            <col style={{ width: rem(104) }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Process</th>
              <th scope="col">Origin</th>
              <th scope="col" className={table.end}>
                CPU <small>% of one core</small>
              </th>
              <th scope="col" className={table.end}>
                Memory
              </th>
              <th scope="col" className={table.end}>
                Uptime
              </th>
            </tr>
          </thead>
          <tbody>
            {processes.map((process) => (
              <tr key={`${process.pid}:${process.startTime}`}>
                <td>
                  <UnstyledButton
                    className={table.name}
                    onClick={() => ui.show({ process: { pid: process.pid, startTime: process.startTime } })}
                  >
                    <Clip text={`${process.pid} ${process.name}`} />
                  </UnstyledButton>
                  <span className={table.sub}>
                    {process.threads} threads, {process.descendants} descendants
                  </span>
                </td>
                <td>{ORIGINS[process.origin]}</td>
                <td className={table.end}>{formatPercent(process.cpuPercent)}</td>
                <td className={table.end}>{formatBytes(process.rssBytes)}</td>
                <td className={table.end}>
                  <Since at={process.startedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
