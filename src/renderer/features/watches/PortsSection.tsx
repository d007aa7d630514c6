import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { formatSocketAddress } from '../../../shared/lib/host/socket-address';
import type { ListeningSocket, WatchPorts } from '../../../shared/model/ports';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useAnswer, useKeptAnswer } from '../../hooks/use-answer';
import { Answered } from '../../kit/Answered';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { Section } from '../../kit/Facts';

/** Where the program of a watch is reached: read when it is shown, when other processes run, and on demand. */
export function PortsSection({ status }: { status: WatchStatus }) {
  const { id } = status.watch;
  const [asked, setAsked] = useState(0);
  const running = status.processes.map(({ pid, startTime }) => `${pid}:${startTime}`).join();
  const answer = useKeptAnswer(
    useAnswer(`${id}/${running}/${asked}`, (client, signal) => client.watches.ports({ watch: id }, { signal })),
  );
  return (
    <Section title="Ports">
      <Answered answer={answer} noun="ports" none="The watch is gone.">
        {([ports]) => (ports === undefined ? null : <Ports ports={ports} />)}
      </Answered>
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={rem(14)} aria-hidden="true" />}
          onClick={() => setAsked(asked + 1)}
        >
          Refresh ports
        </Button>
      </div>
    </Section>
  );
}

function Ports({ ports: { sockets, unread } }: { ports: WatchPorts }) {
  return (
    <>
      {sockets.length === 0 ? (
        <span className={table.dim}>It listens on no port and no unix socket.</span>
      ) : (
        <Sockets sockets={sockets} />
      )}
      {unread.length === 0 ? null : (
        <span className={table.dim}>
          {`Not all is shown: sockets of ${plural(unread.length, 'process', 'processes')} can't be read in full.`}
        </span>
      )}
    </>
  );
}

function Sockets({ sockets }: { sockets: readonly ListeningSocket[] }) {
  return (
    <div className={table.wrap}>
      <table className={table.table} style={{ minWidth: rem(320) }} aria-label="Ports of this watch">
        <colgroup>
          <col />
          <col style={{ width: rem(104) }} />
          <col style={{ width: rem(180) }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Protocol</th>
            <th scope="col">Process</th>
          </tr>
        </thead>
        <tbody>
          {sockets.map((socket) => (
            <tr key={`${socket.protocol} ${formatSocketAddress(socket)}`}>
              <td>
                <Clip text={formatSocketAddress(socket)} />
              </td>
              <td>{socket.protocol}</td>
              <td>
                <Clip text={socket.processes.map(({ pid, name }) => `${pid} ${name}`).join(', ')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
